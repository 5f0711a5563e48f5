package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/**
 * A lawn seen from above: thousands of folded, tapering blades in tufts, from old straw in the dark
 * at the bottom to fresh blades in the sun.
 */
final class Grass implements Material {
  private static final int SEED = 8803;
  private static final int BLADES = 15000;

  /** Length of one drawn piece of a blade, in pixels. */
  private static final double PIECE = 0.7;

  private static final int[] GREENS = {
    0x3f5a1f, 0x4f6f27, 0x5f7f2e, 0x6f8f38, 0x7f9a42, 0x557a33, 0x8aa34d, 0x476628, 0x93a552,
  };
  private static final int[] STRAWS = {0xa79a62, 0x8f7f4f, 0xb8a877, 0x776840, 0x8d9a50};

  @Override
  public BufferedImage draw() {
    Canvas canvas = new Canvas().fill(Grass::soil);
    for (int k = 0; k < BLADES; k++) {
      blade(canvas, k);
    }
    Light light =
        new Light(-0.5, -0.6, 0.95)
            .strengths(1.0, 0.5)
            .shadows(0.5, 26)
            .skyReach(20)
            .specular(0.12, 3);
    return Shading.develop(canvas, light);
  }

  private static boolean soil(double x, double y, Surface s) {
    s.height = -4 + 2 * Noise.fbm(SEED, x / 8, y / 8, 3);
    s.color(0x2e2a18).blend(0x3a4420, Noise.value(SEED + 1, x / 6, y / 6));
    s.gloss = 0;
    return true;
  }

  private static double of(int k, int which, double low, double high) {
    return Noise.range(SEED + 2, k, which, low, high);
  }

  private static void blade(Canvas canvas, int k) {
    double age = k / (double) BLADES;
    double border = 30;
    double x = of(k, 1, -border, Canvas.SIZE + border);
    double y = of(k, 2, -border, Canvas.SIZE + border);
    double comb = 3.5 * Noise.fbm(SEED + 3, x / 70, y / 70, 2);
    double angle = comb + of(k, 3, -1.9, 1.9);
    double bend = of(k, 4, -0.022, 0.022);
    double length = of(k, 5, 18, 34) + 26 * age * of(k, 6, 0.2, 1);
    double width = of(k, 7, 0.8, 1.5) + 0.7 * age;
    double base = 10 * age + of(k, 8, -3, 5) + 3 * Noise.fbm(SEED + 4, x / 45, y / 45, 2);
    double rise = of(k, 9, 3, 11);
    double droop = of(k, 10, 0.2, 1.3);
    int pieces = (int) (length / PIECE);
    for (int i = 0; i <= pieces; i++) {
      double t = i / (double) pieces;
      double dx = StrictMath.cos(angle);
      double dy = StrictMath.sin(angle);
      double w = width * StrictMath.min(1, 0.55 + 2.5 * t) * StrictMath.sqrt(1 - t * t * t);
      double z = base + rise * (2 * t - (0.6 + droop) * t * t);
      piece(canvas, k, new double[] {x, y, dx, dy, w, z, t, age});
      x += dx * PIECE;
      y += dy * PIECE;
      angle += bend * (0.5 + t);
    }
  }

  /** One piece; {@code p} is x, y, direction x, y, half-width, height, position 0..1, age 0..1. */
  private static void piece(Canvas canvas, int k, double[] p) {
    double r = p[4] + 0.6;
    canvas.stamp(
        p[0] - r,
        p[1] - r,
        p[0] + r,
        p[1] + r,
        (x, y, s) -> {
          double along = (x - p[0]) * p[2] + (y - p[1]) * p[3];
          double across = (y - p[1]) * p[2] - (x - p[0]) * p[3];
          double u = across / (p[4] + 0.05);
          if (StrictMath.abs(along) > 0.6 || u < -1 || u > 1) {
            return false;
          }
          s.height = p[5] + (0.35 + 0.5 * StrictMath.abs(u)) * StrictMath.min(p[4], 1.4);
          color(k, u, p[6], p[7], s);
          return true;
        });
  }

  private static void color(int k, double u, double t, double age, Surface s) {
    boolean dry = of(k, 11, 0, 1) > 0.72 + 0.26 * age;
    int[] palette = dry ? STRAWS : GREENS;
    s.color(palette[(int) of(k, 12, 0, palette.length)]);
    s.tone(of(k, 13, 0.85, 1.12));
    s.blend(dry ? 0x6d5c38 : 0x9aa26a, 0.55 * Noise.step(0.35, 0, t));
    double yellow = of(k, 14, -0.5, 0.6);
    s.blend(0xb5a860, yellow * Noise.step(0.7, 1, t));
    double stripe = Noise.gradient(SEED + k, 3.2 * u, 0.4 + 1.5 * t);
    s.tone((1 + 0.09 * stripe) * (0.8 + 0.2 * Noise.step(0, 0.4, t)));
    s.blend(0xb9c78a, 0.25 * Noise.step(0.22, 0, StrictMath.abs(u)));
    double blotch = Noise.gradient(SEED + 5 + k, 9 * t, 0.7 * u);
    s.blend(0x8c7d45, 0.35 * Noise.step(0.4, 0.9, blotch));
    s.gloss = dry ? 0.3 : 0.8;
  }
}
