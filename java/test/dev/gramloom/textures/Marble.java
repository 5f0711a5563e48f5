package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/**
 * Polished white marble: grey clouds drawn out along one direction, veins at three scales that
 * swell, fade and branch, rusty stains beside the strongest, and a crystalline grain.
 */
final class Marble implements Material {
  private static final int SEED = 5503;

  /** How firmly veins keep to one direction; without it they close into rings. */
  private static final double DRIFT = 1.3;

  @Override
  public BufferedImage draw() {
    Canvas canvas = new Canvas().fill(Marble::stone);
    Light light = new Light(-0.1, -0.1, 1).strengths(0.6, 0.34).specular(0, 1);
    return Shading.develop(canvas, light);
  }

  private static boolean stone(double x, double y, Surface s) {
    double along = 0.82 * x + 0.57 * y;
    double across = 0.82 * y - 0.57 * x;
    double bendX = 40 * Noise.fbm(SEED, along / 130, across / 100, 5, 0.42);
    double bendY = 34 * Noise.fbm(SEED + 1, along / 120, across / 90, 5, 0.42);
    double u = along + bendX;
    double v = across + bendY;
    double cloud = Noise.fbm(SEED + 2, u / 190, v / 70, 6, 0.55);
    double wisps = Noise.fbm(SEED + 3, u / 90, v / 22, 5, 0.6);
    s.color(0xe9e7e2);
    s.blend(0xb9bcbe, 0.85 * Noise.step(-0.25, 0.9, cloud + 0.45 * wisps));
    s.blend(0xf6f4ef, 0.8 * Noise.step(0.0, 0.9, -cloud + 0.3 * wisps));
    double bold = vein(SEED + 10, u / 170, v / 115, 0.05, u / 60, v / 60);
    double middle = vein(SEED + 20, u / 110, v / 66, 0.06, u / 40, v / 40);
    double thin = vein(SEED + 30, (u + 0.5 * v) / 66, v / 41, 0.05, u / 30, v / 30);
    double halo = vein(SEED + 10, u / 170, v / 115, 0.34, u / 60, v / 60);
    s.blend(0x9da0a2, 0.6 * halo);
    s.blend(0xb59b78, 0.45 * halo * Noise.step(0.1, 0.8, Noise.fbm(SEED + 4, x / 50, y / 50, 4)));
    s.blend(0x8d9093, 0.45 * thin);
    s.blend(0x777b80, 0.65 * middle);
    s.blend(0x565a60, 0.85 * bold);
    double crystal = Noise.value(SEED + 5, x / 2.1, y / 2.1) - 0.5;
    double sugar = Noise.fbm(SEED + 6, x / 4.5, y / 4.5, 3);
    s.tone(1 + 0.022 * crystal + 0.016 * sugar);
    s.height = 0;
    return true;
  }

  /**
   * Veins along contours of a tilted noise: 0..1, its width and strength wandering along its way.
   */
  private static double vein(int seed, double x, double y, double width, double px, double py) {
    double front = 0.8 * Noise.fbm(seed, x, y, 3, 0.34) + DRIFT * y;
    double level = StrictMath.abs(front - Noise.floor(front + 0.5));
    double swell = Noise.fbm(seed + 1, px, py, 3);
    double strength = Noise.step(-0.5, 0.5, Noise.fbm(seed + 2, px / 2, py / 2, 3));
    double w = width * (0.8 + 0.8 * swell);
    if (w <= 0) {
      return 0;
    }
    double t = StrictMath.max(0, 1 - level / w);
    return strength * t * (0.4 + 0.6 * t);
  }
}
