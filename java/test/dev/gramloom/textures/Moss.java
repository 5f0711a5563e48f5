package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/**
 * Star moss from above: cushions covered with thousands of small sprigs, each a star of pointed
 * leaflets, bright at the young middle, brown and dark where it is old or deep.
 */
final class Moss implements Material {
  private static final int SEED = 1429;
  private static final int SPRIGS = 9500;

  private static final int[] GREENS = {
    0x5c6b25, 0x6f7f2c, 0x4b5c22, 0x82903a, 0x657534, 0x93994a, 0x55662b,
  };

  @Override
  public BufferedImage draw() {
    Noise.Cell cell = new Noise.Cell();
    Canvas canvas =
        new Canvas()
            .fill((x, y, s) -> {
              double crumbs = Noise.fbm(SEED + 9, x / 2.2, y / 2.2, 3);
              s.height = mound(x, y, cell) - 9 + 1.6 * crumbs;
              s.color(0x36341a).blend(0x555c28, 0.4 + 0.7 * crumbs);
              s.gloss = 0;
              return true;
            });
    for (int k = 0; k < SPRIGS; k++) {
      sprig(canvas, k, cell);
    }
    Light light =
        new Light(-0.5, -0.6, 0.95)
            .strengths(1.0, 0.55)
            .shadows(0.5, 24)
            .skyReach(22)
            .specular(0.06, 3);
    return Shading.develop(canvas, light);
  }

  private static double mound(double x, double y, Noise.Cell cell) {
    double wx = x + 14 * Noise.fbm(SEED + 2, x / 50, y / 50, 3);
    double wy = y + 14 * Noise.fbm(SEED + 3, x / 50, y / 50, 3);
    Noise.worley(SEED + 4, wx / 70, wy / 70, 1, cell);
    double dome = Noise.step(0, 0.42, cell.edge);
    return 16 * dome + 8 * Noise.fbm(SEED + 5, x / 24, y / 24, 3);
  }

  private static double of(int k, int which, double low, double high) {
    return Noise.range(SEED + 6, k, which, low, high);
  }

  private static void sprig(Canvas canvas, int k, Noise.Cell cell) {
    double x = of(k, 1, -25, Canvas.SIZE + 25);
    double y = of(k, 2, -25, Canvas.SIZE + 25);
    double base = mound(x, y, cell) + of(k, 3, -6, 3);
    double size = of(k, 4, 5, 9) * (1 + 0.25 * Noise.fbm(SEED + 7, x / 40, y / 40, 2));
    double turn = of(k, 5, 0, 6);
    double leanX = of(k, 6, -0.35, 0.35);
    double leanY = of(k, 7, -0.35, 0.35);
    for (int ring = 0; ring < 3; ring++) {
      int leaves = 7 - ring;
      double reach = size * (1 - 0.3 * ring);
      for (int i = 0; i < leaves; i++) {
        double angle =
            turn + ring * 0.5 + 6.2832 * (i + of(k, 20 + 8 * ring + i, -0.25, 0.25)) / leaves;
        double dx = StrictMath.cos(angle) + leanX;
        double dy = StrictMath.sin(angle) + leanY;
        double length = reach * of(k, 60 + 8 * ring + i, 0.75, 1.2);
        leaf(canvas, k, new double[] {x, y, dx, dy, length, base + 1.1 * ring, ring});
      }
    }
  }

  /** A leaflet; {@code p} is x, y, direction x, y, length, height at the stem, ring. */
  private static void leaf(Canvas canvas, int k, double[] p) {
    double norm = StrictMath.sqrt(p[2] * p[2] + p[3] * p[3]) + 1e-6;
    double ux = p[2] / norm;
    double uy = p[3] / norm;
    double length = p[4] * StrictMath.min(1.25, 0.4 + 0.6 * norm);
    double endX = p[0] + ux * length;
    double endY = p[1] + uy * length;
    canvas.stamp(
        StrictMath.min(p[0], endX) - 1.5,
        StrictMath.min(p[1], endY) - 1.5,
        StrictMath.max(p[0], endX) + 1.5,
        StrictMath.max(p[1], endY) + 1.5,
        (x, y, s) -> {
          double t = ((x - p[0]) * ux + (y - p[1]) * uy) / length;
          double across = (y - p[1]) * ux - (x - p[0]) * uy;
          double width = 1.3 * (0.45 + 1.5 * t) * (1 - t);
          if (t < 0 || t > 1 || StrictMath.abs(across) > width) {
            return false;
          }
          s.height = p[5] + 2.4 * t - 3.4 * t * t + 0.5 * StrictMath.abs(across);
          color(k, t, p, s);
          return true;
        });
  }

  private static void color(int k, double t, double[] p, Surface s) {
    double ring = p[6];
    double patch = Noise.fbm(SEED + 8, p[0] / 75, p[1] / 75, 4);
    s.color(GREENS[(int) of(k, 8, 0, GREENS.length)])
        .tone(of(k, 9, 0.85, 1.15) * (1 + 0.12 * patch));
    s.tone(0.66 + 0.34 * Noise.step(-6, 17, p[5]));
    s.blend(0xa3a148, 0.5 * Noise.step(0.1, 0.9, patch))
        .blend(0x3d5528, 0.5 * Noise.step(0, 0.9, -patch));
    s.blend(0xaeb25a, 0.16 * ring + 0.3 * Noise.step(0.5, 0, t) * (ring > 1 ? 1 : 0));
    s.blend(0x4a4a22, 0.35 * (1 - 0.5 * ring));
    boolean old = of(k, 10, 0, 1) < 0.1;
    s.blend(0x8a6b3a, old ? 0.6 : 0.25 * Noise.step(0.7, 1, t));
    s.gloss = 0.6;
  }
}
