package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/**
 * A weathered brick wall in running bond: hand-made bricks with chipped, wavy edges, each fired to
 * its own colour, in recessed sandy mortar that is smeared here and there over the faces.
 */
final class Bricks implements Material {
  private static final int SEED = 2203;

  /** Distance between courses, and between bricks of a course, in pixels. */
  private static final double COURSE = 43;

  private static final double LENGTH = 118;
  private static final double JOINT = 8.5;

  private static final int[] FIRED = {
    0x9c5a43, 0x8f4c39, 0xa8664b, 0x7d4235, 0xb0745a, 0x94503a, 0x6d4038, 0xa35c40, 0x87493b,
    0xb5805f, 0x5c3a36, 0x9a5b49,
  };

  @Override
  public BufferedImage draw() {
    Canvas canvas = new Canvas().fill(Bricks::wall);
    Light light =
        new Light(-0.6, -0.75, 0.95)
            .strengths(0.86, 0.42)
            .shadows(0.3, 14)
            .skyReach(12)
            .specular(0.05, 3);
    return Shading.develop(canvas, light);
  }

  private static boolean wall(double x, double y, Surface s) {
    double wy = y + 1.6 * Noise.fbm(SEED, x / 90, y / 90, 2);
    int row = Noise.floor(wy / COURSE);
    double shift = (row & 1) * LENGTH / 2 + Noise.range(SEED, row, 1, -7, 7);
    double wx = x + 1.2 * Noise.fbm(SEED + 1, x / 70, y / 70, 2) + shift;
    int column = Noise.floor(wx / LENGTH);
    int id = Noise.hash(SEED, column, row);
    double turn = Noise.range(id, 1, 0, -0.014, 0.014);
    double dx = wx - (column + 0.5) * LENGTH - Noise.range(id, 2, 0, -1.6, 1.6);
    double dy = wy - (row + 0.5) * COURSE - Noise.range(id, 3, 0, -1.1, 1.1);
    double u = dx - turn * dy;
    double v = dy + turn * dx;
    double inside = inside(id, u, v, x, y);
    mortar(x, y, s);
    double bed = s.height;
    double cover = Noise.step(-0.2, 1.0, inside);
    if (cover > 0) {
      double red = s.red;
      double green = s.green;
      double blue = s.blue;
      face(id, u, v, x, y, inside, s);
      double smear = smear(x, y, inside);
      cover *= 1 - smear;
      s.height += 0.5 * smear;
      s.red = Noise.mix(red, s.red, cover);
      s.green = Noise.mix(green, s.green, cover);
      s.blue = Noise.mix(blue, s.blue, cover);
      s.height = Noise.mix(bed, s.height, Noise.step(-0.2, 1.2, inside));
    }
    s.tone(1 + 0.07 * Noise.fbm(SEED + 9, x / 120, y / 120, 3));
    return true;
  }

  /** How far inside the brick's chipped outline, in pixels; negative in the joint. */
  private static double inside(int id, double u, double v, double x, double y) {
    double a = (LENGTH - JOINT) / 2 + Noise.range(id, 4, 0, -1.6, 1.2);
    double b = (COURSE - JOINT) / 2 + Noise.range(id, 5, 0, -1.1, 0.8);
    double corner = Noise.range(id, 6, 0, 2.5, 6);
    double px = StrictMath.max(0, StrictMath.abs(u) - a + corner);
    double py = StrictMath.max(0, StrictMath.abs(v) - b + corner);
    double d = corner - StrictMath.sqrt(px * px + py * py);
    if (px == 0 && py == 0) {
      d = StrictMath.min(a - StrictMath.abs(u), b - StrictMath.abs(v));
    }
    double wave =
        1.3 * Noise.fbm(id, u / 17, v / 17, 3) + 0.7 * Noise.gradient(id + 1, u / 4, v / 4);
    double chip = Noise.step(0.32, 0.8, Noise.fbm(SEED + 3, x / 13, y / 13, 2));
    return d + wave - 6.5 * chip * Noise.range(id, 7, 0, 0.2, 1.2);
  }

  private static void mortar(double x, double y, Surface s) {
    double sand = Noise.value(SEED + 4, x / 1.5, y / 1.5) - 0.5;
    double lumps = Noise.fbm(SEED + 5, x / 9, y / 9, 3);
    s.height = 1.1 * sand + 0.9 * lumps;
    s.color(0xada395).blend(0x8a7f71, 0.5 + 0.6 * lumps);
    s.tone(1 + 0.16 * (Noise.value(SEED + 6, x / 1.2, y / 1.2) - 0.5));
    double dirt = Noise.fbm(SEED + 7, x / 60, y / 60, 4);
    s.blend(0x5d554b, 0.55 * Noise.step(-0.1, 0.9, dirt));
    s.gloss = 0;
  }

  private static void face(
      int id, double u, double v, double x, double y, double inside, Surface s) {
    double rough = Noise.fbm(id + 2, u / 7, v / 7, 4);
    double pitted = Noise.fbm(SEED + 15, x / 26, y / 26, 2);
    double pit = Noise.step(0.5, 0.85, Noise.fbm(SEED + 8, x / 4.2, y / 3.6, 2) + 0.25 * pitted);
    double crease = Noise.step(0.86, 0.99, Noise.ridged(id + 3, u / 34, v / 11, 1));
    double lean = Noise.range(id, 8, 0, -0.05, 0.05) * v + Noise.range(id, 9, 0, -0.012, 0.012) * u;
    double rim = 2.2 * Noise.step(0, 5, inside);
    s.height = 2.8 + rim + lean + 0.75 * rough - 1.1 * pit - 0.9 * crease;
    s.height += Noise.range(id, 10, 0, -0.6, 0.8);
    s.color(FIRED[(int) (Noise.unit(id, 11, 0) * FIRED.length)]);
    s.blend(0x7d6c62, 0.16).tone(Noise.range(id, 12, 0, 0.86, 1.14));
    double fire = Noise.fbm(id + 4, u / 38, v / 26, 4);
    s.blend(0x472f2e, 0.75 * Noise.step(0.1, 0.95, fire + Noise.range(id, 13, 0, -0.5, 0.3)));
    s.blend(0xc38b66, 0.5 * Noise.step(0.05, 0.9, -fire));
    s.tone(1 + 0.13 * rough - 0.18 * pit);
    double speck = Noise.value(SEED + 10, x / 1.4, y / 1.4);
    s.tone(1 + 0.2 * (speck - 0.5));
    s.blend(0xd9c5ae, 0.55 * Noise.step(0.86, 0.97, Noise.value(SEED + 11, x / 2.3, y / 2.3)));
    s.blend(0x3a2a28, 0.5 * Noise.step(0.87, 0.98, Noise.value(SEED + 12, x / 2.7, y / 2.7)));
    s.blend(0xbfae9d, 0.5 * Noise.step(0.2, 1, Noise.fbm(SEED + 13, x / 45, y / 45, 5)));
    s.blend(0xb9a690, 0.35 * Noise.step(3, 0, inside));
    s.gloss = 0.4;
  }

  private static double smear(double x, double y, double inside) {
    double near = Noise.step(9, 0, inside);
    double patch = Noise.fbm(SEED + 14, x / 22, y / 16, 5);
    return 0.85 * Noise.step(0.25, 0.8, patch - 0.5 + 0.75 * near);
  }
}
