package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/**
 * A dried-out mud flat: plates with curled-up rims between deep cracks, younger hair cracks inside
 * them, a dusty crust with grit and small stones.
 */
final class Earth implements Material {
  private static final int SEED = 1327;

  /** Mean width of a plate in pixels. */
  private static final double PLATE = 66;

  @Override
  public BufferedImage draw() {
    Noise.Cell cell = new Noise.Cell();
    Canvas canvas = new Canvas().fill((x, y, s) -> mud(x, y, cell, s));
    Light light =
        new Light(-0.7, -0.5, 0.85)
            .strengths(0.88, 0.45)
            .shadows(0.35, 20)
            .skyReach(16)
            .specular(0.02, 2);
    return Shading.develop(canvas, light);
  }

  private static boolean mud(double x, double y, Noise.Cell cell, Surface s) {
    double wx = x + 15 * Noise.fbm(SEED, x / 50, y / 50, 5, 0.45);
    double wy = y + 15 * Noise.fbm(SEED + 1, x / 50, y / 50, 5, 0.45);
    Noise.worley(SEED + 2, wx / PLATE, wy / PLATE, 1, cell);
    int plate = cell.id;
    double edge = cell.edge * PLATE;
    double inX = cell.dx;
    double inY = cell.dy;
    Noise.worley(SEED + 3, wx / 31 + 0.2 * inX, wy / 31, 1, cell);
    double young = cell.edge * 31;
    int part = cell.id;
    double ragged = 0.5 * Noise.fbm(SEED + 4, x / 4, y / 4, 3);
    double width = 2.4 + 1.2 * Noise.fbm(SEED + 5, x / 45, y / 45, 2);
    double solid = Noise.step(-0.7, 0.9, edge + ragged - width);
    double hair = Noise.step(1.6, 0.1, young + ragged - 0.4);
    hair *= Noise.step(-0.15, 0.4, Noise.fbm(SEED + 6, x / 60, y / 60, 3));
    double curl = Noise.step(17, 1, edge - width);
    double rough = Noise.fbm(SEED + 7, x / 12, y / 12, 5, 0.55);
    double grit = Noise.value(SEED + 8, x / 1.5, y / 1.5) - 0.5;
    double flat = 2.6 * curl * curl + 1.1 * rough + 0.5 * grit + 1.5 * Noise.unit(plate, 1, 1);
    flat += Noise.range(plate, 2, 2, -2.5, 2.5) * inX + Noise.range(plate, 3, 3, -2.5, 2.5) * inY;
    flat += 0.7 * Noise.unit(part, 1, 1) * Noise.step(0, 4, young);
    double deep = -15 + 2 * rough + grit;
    s.height = Noise.mix(deep, flat - 2.2 * hair, solid);
    crust(x, y, plate, rough, s);
    s.blend(0xc9b598, 0.35 * curl * solid);
    s.blend(0x5b4735, 0.5 * hair);
    s.blend(0x463527, 0.7 * (1 - solid));
    s.tone(1 + 0.13 * grit);
    s.gloss = 0.2;
    grains(x, y, solid, cell, s);
    return true;
  }

  private static void crust(double x, double y, int plate, double rough, Surface s) {
    double broad = Noise.fbm(SEED + 9, x / 80, y / 80, 5, 0.55);
    s.color(0xa98f70).blend(0xbda687, 0.45 + 0.6 * broad).blend(0x8f7357, 0.35 - 0.6 * broad);
    s.tone(0.94 + 0.12 * Noise.unit(plate, 4, 4)).tone(1 + 0.08 * rough);
    s.blend(0x85674b, 0.45 * Noise.step(0.1, 0.8, Noise.fbm(SEED + 10, x / 20, y / 20, 5, 0.6)));
    s.blend(0xd4c3a8, 0.4 * Noise.step(0.2, 0.9, Noise.fbm(SEED + 11, x / 14, y / 14, 5, 0.6)));
  }

  private static void grains(double x, double y, double solid, Noise.Cell cell, Surface s) {
    Noise.worley(SEED + 12, x / 7, y / 7, 1, cell);
    double radius = Noise.range(cell.id, 1, 1, -0.35, 0.24);
    double d = 1 - cell.f1 / StrictMath.max(radius, 1e-3);
    if (radius > 0.03 && d > 0) {
      s.height += 7 * radius * StrictMath.sqrt(d);
      s.blend(Noise.unit(cell.id, 2, 2) < 0.6 ? 0x7d6853 : 0xc8bba4, 0.75 * Noise.step(0, 0.3, d));
      s.blend(0x463527, 0.5 * (1 - solid));
    }
  }
}
