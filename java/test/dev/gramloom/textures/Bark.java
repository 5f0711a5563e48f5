package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/**
 * Bark of an old tree: tall plates torn apart by dark fissures, each plate flaking in layers, with
 * fine vertical fibres and patches of grey-green lichen.
 */
final class Bark implements Material {
  private static final int SEED = 3307;

  /** Width of a plate in pixels; plates are about three times as tall. */
  private static final double PLATE = 44;

  private static final double STRETCH = 3.4;

  private static final int[] WOODS = {0x3b2a20, 0x574233, 0x75604d, 0x8f7c68, 0xa39482};

  @Override
  public BufferedImage draw() {
    Noise.Cell cell = new Noise.Cell();
    Canvas canvas = new Canvas().fill((x, y, s) -> bark(x, y, cell, s));
    Light light =
        new Light(-0.75, -0.35, 0.8)
            .strengths(0.85, 0.5)
            .shadows(0.45, 26)
            .skyReach(22)
            .specular(0.05, 3);
    return Shading.develop(canvas, light);
  }

  private static boolean bark(double x, double y, Noise.Cell cell, Surface s) {
    double wx = x + 20 * Noise.fbm(SEED, x / 85, y / 130, 4);
    double wy = y + 30 * Noise.fbm(SEED + 1, x / 50, y / 90, 4);
    wx += 2.4 * Noise.fbm(SEED + 2, x / 7, y / 13, 3);
    Noise.worley(SEED + 3, wx / PLATE, wy / (STRETCH * PLATE), 0.95, cell);
    int plate = cell.id;
    double edge = border(cell, PLATE, STRETCH * PLATE);
    double sideways = cell.acrossX * cell.acrossX;
    double deep = Noise.mix(0.3, 1, sideways / (sideways + 4 * (1 - sideways) / STRETCH / STRETCH));
    double level = Noise.fbm(SEED + 5 + (plate & 15), wx / 22, wy / 46, 5, 0.55);
    Noise.worley(SEED + 4, wx / 19 + 0.4 * level, wy / 27, 0.95, cell);
    int flake = cell.id;
    double crack = border(cell, 19, 27);
    double terraces = terrace(2.2 * level + 3 + 1.6 * Noise.unit(flake, 1, 1));
    double fibres = Noise.fbm(SEED + 6, wx / 2.4, wy / 24, 3);
    double cords = Noise.ridged(SEED + 11, wx / 9, wy / 60, 3);
    double grit = Noise.fbm(SEED + 12, x / 2.2, y / 2.6, 4, 0.65);
    double wide = 9 + 5 * Noise.fbm(SEED + 13, x / 40, y / 70, 2);
    double rise = 1 - deep * Noise.step(wide, 0, edge - 1.0 + 3.5 * level);
    double seam = Noise.step(1.5, 0.2, crack) * Noise.step(-0.3, 0.5, level + 0.2);
    s.height = 12 * rise + 2.3 * terraces * rise - 2.2 * seam * rise + 1.1 * fibres + 0.75 * grit;
    s.height += (2.5 * Noise.unit(plate, 2, 2) + 1.5 * cords) * rise + 2.5 * cords * (1 - rise);
    double tone = 0.22 + 0.3 * rise + 0.09 * terraces + 0.14 * fibres + 0.12 * cords - 0.2 * seam;
    color(x, y, plate, flake, s, tone);
    s.blend(0x3a2418, 0.6 * (1 - rise));
    s.tone(1 + 0.13 * grit + 0.05 * fibres);
    s.gloss = 0.3;
    return true;
  }

  /** Distance to the border in pixels, cells being {@code width} by {@code height} pixels. */
  private static double border(Noise.Cell cell, double width, double height) {
    double ax = cell.acrossX / width;
    double ay = cell.acrossY / height;
    return cell.edge / StrictMath.sqrt(ax * ax + ay * ay);
  }

  private static void color(double x, double y, int plate, int flake, Surface s, double tone) {
    double broad = Noise.fbm(SEED + 7, x / 80, y / 110, 4);
    s.ramp(WOODS, tone + 0.12 * broad + 0.16 * (Noise.unit(flake, 3, 3) - 0.5));
    double warm = 0.09 * (Noise.unit(plate, 4, 4) - 0.5) + 0.07 * (Noise.unit(flake, 5, 5) - 0.5);
    s.tint(1 + warm, 1, 1 - warm);
    s.blend(0x7d4f33, 0.4 * Noise.step(0.1, 0.9, Noise.fbm(SEED + 8, x / 16, y / 34, 4)));
    double lichen =
        Noise.fbm(SEED + 9, x / 38, y / 48, 5) + 0.25 * Noise.fbm(SEED + 10, x / 3, y / 3, 2);
    double raised = Noise.step(0.3, 0.75, tone);
    s.blend(0x8f9580, 0.6 * Noise.step(0.25, 0.7, lichen) * raised);
    s.blend(0xb7b8a4, 0.5 * Noise.step(0.6, 0.95, lichen) * raised);
  }

  /** Rounds a level down to steps with short, steep risers. */
  private static double terrace(double level) {
    int floor = Noise.floor(level);
    return floor + Noise.step(0.72, 1, level - floor);
  }
}
