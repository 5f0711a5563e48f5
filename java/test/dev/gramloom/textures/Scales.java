package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/**
 * An old roof of plain clay tiles with rounded ends ("beaver tails"), hung in overlapping courses:
 * every tile sits a little askew, has its own firing, soot, lichen and a worn edge.
 */
final class Scales implements Material {
  private static final int SEED = 9901;

  /** Visible height of a course and distance between tiles, in pixels. */
  private static final double COURSE = 39;

  private static final double WIDTH = 51;

  private static final int[] CLAYS = {
    0x8a5f49, 0x77523f, 0x94694f, 0x6b4c3f, 0x9b7458, 0x7f5a4c, 0x5c4740, 0xa37d60, 0x866a58,
  };

  @Override
  public BufferedImage draw() {
    Canvas canvas = new Canvas().fill(Scales::roof);
    Light light =
        new Light(-0.5, -0.8, 0.9)
            .strengths(0.88, 0.45)
            .shadows(0.3, 16)
            .skyReach(14)
            .specular(0.05, 3);
    return Shading.develop(canvas, light);
  }

  private static boolean roof(double x, double y, Surface s) {
    double wx = x + 1.5 * Noise.fbm(SEED, x / 110, y / 110, 2);
    double wy = y + 1.8 * Noise.fbm(SEED + 1, x / 110, y / 110, 2);
    int low = Noise.floor(wy / COURSE);
    s.height = -6;
    s.color(0x241c18);
    for (int row = low - 1; row <= low + 2; row++) {
      double shift = 0.5 * WIDTH * (row & 1) + Noise.range(SEED, row, 5, -3, 3);
      int column = Noise.floor((wx + shift) / WIDTH);
      double cx = (column + 0.5) * WIDTH - shift;
      int id = Noise.hash(SEED, column, row);
      if (tile(id, wx - cx, wy - (row + 0.1) * COURSE, x, y, s)) {
        return true;
      }
    }
    return true;
  }

  /** Draws a tile if it covers (u, v), measured from the middle of its lower end. */
  private static boolean tile(int id, double u0, double v0, double x, double y, Surface s) {
    double turn = Noise.range(id, 1, 0, -0.035, 0.035);
    double u = u0 - turn * v0 - Noise.range(id, 2, 0, -1, 1);
    double v = v0 + turn * u0 - Noise.range(id, 3, 0, -2.5, 2.5);
    double half = WIDTH / 2 - Noise.range(id, 4, 0, 0.5, 1.6);
    double arc = 24;
    double inside = half - StrictMath.abs(u);
    double q = (v + arc) / arc;
    if (q > 0) {
      double k = u / half;
      double round = StrictMath.sqrt(k * k * (0.6 + 0.4 * k * k) + q * q);
      inside = StrictMath.min(inside, (1 - round) * arc);
    }
    double chip = Noise.step(0.4, 0.85, Noise.fbm(SEED + 3, x / 10, y / 10, 2));
    inside += 0.5 * Noise.fbm(id, x / 6, y / 6, 3) - 4.5 * chip * Noise.range(id, 5, 0, 0, 1);
    if (inside < 0) {
      return false;
    }
    double rough = Noise.fbm(id + 1, x / 6, y / 6, 4);
    double bow = 1 - u * u / (half * half);
    double lift = 0.115 + Noise.range(id, 6, 0, -0.012, 0.014);
    s.height = lift * v + 8 + 0.8 * bow + Noise.range(id, 7, 0, -0.02, 0.02) * u;
    s.height += 0.35 * rough - 1.4 * Noise.step(2.4, 0, inside);
    clay(id, u, v, x, y, inside, rough, s);
    return true;
  }

  private static void clay(
      int id, double u, double v, double x, double y, double inside, double rough, Surface s) {
    s.color(CLAYS[(int) (Noise.unit(id, 8, 0) * CLAYS.length)]);
    s.tone(Noise.range(id, 9, 0, 0.86, 1.12));
    double cloud = Noise.fbm(id + 2, u / 22, v / 30, 4);
    s.tone(1 + 0.12 * cloud + 0.12 * rough);
    double drip = Noise.fbm(id + 3, u / 4.5, v / 45, 4);
    double soot = Noise.step(-0.1, 1.0, drip + Noise.range(id, 10, 0, -0.4, 0.5));
    s.blend(0x38302c, 0.6 * soot * Noise.step(8, -40, v));
    s.blend(0xb48d6d, 0.35 * Noise.step(0.2, 0.9, -drip));
    s.tone(1 + 0.18 * (Noise.value(SEED + 4, x / 1.4, y / 1.4) - 0.5));
    s.blend(0xb59b82, 0.45 * Noise.step(2.6, 0.4, inside + rough));
    double patch =
        Noise.fbm(SEED + 5, x / 42, y / 42, 5, 0.6) + 0.25 * Noise.fbm(SEED + 6, x / 3, y / 3, 2);
    double lichen = Noise.step(0.4, 0.75, patch);
    s.blend(0x9c9f8a, 0.75 * lichen);
    s.blend(
        0xc2c0a6, 0.6 * lichen * Noise.step(0.1, 0.6, Noise.fbm(SEED + 7, x / 2.5, y / 2.5, 2)));
    double moss = Noise.fbm(SEED + 8, x / 30, y / 30, 5) + Noise.step(-22, -46, v) * 0.5;
    double tuft = Noise.step(0.62, 0.95, moss);
    s.blend(0x5e6139, 0.75 * tuft);
    s.height += 0.5 * lichen + tuft * (1.4 + Noise.fbm(SEED + 9, x / 2, y / 2, 2));
    s.gloss = 0.4 * (1 - tuft);
  }
}
