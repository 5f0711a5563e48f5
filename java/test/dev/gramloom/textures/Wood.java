package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/**
 * A flat-sawn oak board: growth rings stretched along the board, open pores crowded where each ring
 * starts, medullary flecks and fine fibres, lightly oiled.
 */
final class Wood implements Material {
  private static final int SEED = 6607;

  /** Mean width of a growth ring on the surface, in pixels. */
  private static final double RING = 17;

  private static final int[] OAK = {0xc6a176, 0xb98f62, 0xa97c50, 0x916440, 0x744a2d};

  @Override
  public BufferedImage draw() {
    Noise.Cell cell = new Noise.Cell();
    Canvas canvas = new Canvas().fill((x, y, s) -> board(x, y, cell, s));
    Light light =
        new Light(-0.7, -0.25, 1.1)
            .strengths(0.75, 0.45)
            .shadows(0.4, 4)
            .skyReach(4)
            .specular(0.05, 4);
    return Shading.develop(canvas, light);
  }

  private static boolean board(double x, double y, Noise.Cell cell, Surface s) {
    double sway = 10 * Noise.fbm(SEED, x / 200, y / 420, 3);
    double wx = x + sway + 1.3 * Noise.fbm(SEED + 1, x / 14, y / 90, 3);
    double r = wx / RING + 4.2 * Noise.fbm(SEED + 2, wx / 190, y / 640, 3, 0.4);
    r +=
        0.5 * Noise.gradient(SEED + 3, r * 0.55, 0.5)
            + 0.05 * Noise.fbm(SEED + 4, x / 3, y / 40, 2);
    int ring = Noise.floor(r);
    double phase = r - ring;
    double early = Noise.step(0.42, 0.02, phase) + Noise.step(0.96, 1, phase);
    double late = Noise.step(0.25, 0.95, phase) * Noise.step(1.0, 0.955, phase);
    double strength = 0.55 + 0.9 * Noise.unit(SEED + 5, ring, 1);
    double fibres = Noise.fbm(SEED + 6, wx / 1.1, y / 50, 3);
    double broad = Noise.fbm(SEED + 7, wx / 45, y / 400, 4);
    s.ramp(OAK, 0.2 + 0.55 * late * strength + 0.22 * broad + 0.12 * fibres + 0.1 * early);
    double warm = 0.035 * Noise.fbm(SEED + 8, wx / 30, y / 300, 2);
    s.tint(1 + warm, 1, 1 - warm);
    s.height = 0.14 * fibres + 0.08 * late;
    flecks(x, y, wx, cell, s);
    pores(wx, y, early, cell, s);
    s.tone(1 + 0.05 * Noise.fbm(SEED + 9, x / 1.5, y / 4, 2));
    s.gloss = 0.6;
    return true;
  }

  /** Dark dashes along the grain: wide and crowded in early wood, hair-fine elsewhere. */
  private static void pores(double wx, double y, double early, Noise.Cell cell, Surface s) {
    Noise.worley(SEED + 20, wx / 1.9, y / 24, 0.95, cell);
    pore(cell, 0.12 + 0.8 * early, 0.2 + 0.2 * early, 1.9, s);
    Noise.worley(SEED + 21, wx / 1.3 + 0.3, y / 38, 0.95, cell);
    pore(cell, 0.35, 0.17, 1.3, s);
  }

  private static void pore(Noise.Cell cell, double share, double radius, double scale, Surface s) {
    if (Noise.unit(cell.id, 1, 1) > share) {
      return;
    }
    double size = radius * Noise.range(cell.id, 2, 2, 0.6, 1.3);
    double d = cell.dx * cell.dx / (size * size) + cell.dy * cell.dy / 0.2;
    double depth = Noise.step(1.1, 0.2, d);
    s.blend(0x4b2f1b, 0.7 * depth * Noise.range(cell.id, 3, 3, 0.3, 1));
    s.height -= 0.7 * depth * scale * size;
  }

  private static void flecks(double x, double y, double wx, Noise.Cell cell, Surface s) {
    Noise.worley(SEED + 30, wx / 5 + y / 60, y / 26, 0.95, cell);
    if (Noise.unit(cell.id, 1, 1) < 0.3) {
      double d = cell.dx * cell.dx / 0.05 + cell.dy * cell.dy / 0.12;
      double patch = Noise.step(-0.2, 0.5, Noise.fbm(SEED + 31, x / 60, y / 120, 2));
      s.blend(0xdcb98a, 0.4 * Noise.step(1, 0.3, d) * patch);
    }
  }
}
