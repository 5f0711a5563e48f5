package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/**
 * Painted steel long after: scabs of old blue-grey paint with lifted edges over several generations
 * of rust, pitted and powdery, with stains creeping from the bare metal into the paint.
 */
final class Rust implements Material {
  private static final int SEED = 7703;

  private static final int[] OXIDES = {
    0x2b1a15, 0x41261c, 0x5c3220, 0x774326, 0x905630, 0xa66d41, 0xb78a5c
  };

  @Override
  public BufferedImage draw() {
    Noise.Cell cell = new Noise.Cell();
    Canvas canvas = new Canvas().fill((x, y, s) -> metal(x, y, cell, s));
    Light light =
        new Light(-0.65, -0.6, 0.95)
            .strengths(0.85, 0.45)
            .shadows(0.35, 9)
            .skyReach(9)
            .specular(0.09, 3);
    return Shading.develop(canvas, light);
  }

  private static boolean metal(double x, double y, Noise.Cell cell, Surface s) {
    double wx = x + 9 * Noise.fbm(SEED, x / 30, y / 30, 4);
    double wy = y + 9 * Noise.fbm(SEED + 1, x / 30, y / 30, 4);
    oxide(x, y, wx, wy, cell, s);
    double field = Noise.fbm(SEED + 2, wx / 75, wy / 75, 5, 0.52);
    field += 0.14 * Noise.fbm(SEED + 3, x / 7, y / 7, 3);
    double cover = field - 0.12;
    if (cover > -0.4) {
      paint(x, y, cover, s);
    }
    s.tone(1 + 0.08 * Noise.fbm(SEED + 4, x / 1.6, y / 1.6, 2));
    return true;
  }

  private static void oxide(double x, double y, double wx, double wy, Noise.Cell cell, Surface s) {
    double broad = Noise.fbm(SEED + 10, wx / 90, wy / 90, 5, 0.55);
    double medium = Noise.fbm(SEED + 11, wx / 19, wy / 19, 5, 0.6);
    double fine = Noise.fbm(SEED + 12, x / 3.2, y / 3.2, 4, 0.6);
    double scale = 2.4 * medium + 1.3 * broad + 3;
    double layer = Noise.floor(scale) + Noise.step(0.7, 1, scale - Noise.floor(scale));
    Noise.worley(SEED + 13, x / 8.5, y / 8.5, 1, cell);
    boolean pitted = Noise.unit(cell.id, 1, 1) < 0.38 + 0.4 * broad;
    double radius = Noise.range(cell.id, 2, 2, 0.12, 0.42);
    double pit = pitted ? Noise.step(radius, 0.3 * radius, cell.f1 + 0.06 * fine) : 0;
    s.height = 0.9 * layer + 0.9 * medium + 0.75 * fine - 2.2 * pit;
    double powder = Noise.step(0.1, 0.8, Noise.fbm(SEED + 14, wx / 40, wy / 40, 5) + 0.3 * fine);
    double tone = 0.4 + 0.22 * broad + 0.2 * medium + 0.14 * fine - 0.3 * pit;
    s.ramp(OXIDES, tone + 0.18 * powder);
    s.blend(0x4a3a36, 0.5 * Noise.step(0.1, 0.8, Noise.fbm(SEED + 15, wx / 28, wy / 28, 4)));
    s.blend(0xc9924f, 0.4 * powder * Noise.step(0.2, 0.8, fine + 0.4));
    s.gloss = 0.5 * (1 - powder);
  }

  private static void paint(double x, double y, double cover, Surface s) {
    double edge = Noise.step(0, 0.035, cover);
    double bare = s.height;
    double red = s.red;
    double green = s.green;
    double blue = s.blue;
    double curl = Noise.step(0.22, 0.03, cover);
    double blister = Noise.step(0.35, 0.9, Noise.fbm(SEED + 20, x / 11, y / 11, 2));
    double brush = Noise.fbm(SEED + 21, x / 40, y / 3.5, 3);
    double fade = Noise.fbm(SEED + 22, x / 55, y / 55, 5);
    s.color(0x6a7c7f).blend(0x98a49e, 0.5 + 0.6 * fade).tone(1 + 0.04 * brush);
    double stain = Noise.fbm(SEED + 23, x / 22, y / 34, 5) + 1.1 * Noise.step(0.4, 0.02, cover);
    s.blend(0x8a5a38, 0.75 * Noise.step(0.45, 1.5, stain));
    s.blend(
        0x4b3a31, 0.7 * Noise.step(0.3, 0.95, Noise.fbm(SEED + 24, x / 6, y / 7, 4) + 0.3 * stain));
    s.blend(0xb8bdb4, 0.5 * Noise.step(0.06, 0.01, cover));
    double speck = Noise.step(0.5, 0.8, Noise.fbm(SEED + 25, x / 4, y / 4, 3));
    s.blend(0x5a2f1e, 0.9 * speck);
    s.red = Noise.mix(red, s.red, edge);
    s.green = Noise.mix(green, s.green, edge);
    s.blue = Noise.mix(blue, s.blue, edge);
    double top = 5.0 + 1.6 * curl + 1.2 * blister + 0.12 * brush - 1.2 * speck;
    s.height = Noise.mix(bare, StrictMath.max(top, 0.4 * bare + 4), edge);
    s.gloss = Noise.mix(s.gloss, 0.6, edge);
    s.blend(0x24140f, 0.5 * Noise.step(-0.1, 0, cover) * (1 - edge));
  }
}
