package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/**
 * Worn full-grain leather: polygonal grain of uneven size, broad folds and creases, pores, dye that
 * has gathered in the valleys and rubbed off the ridges.
 */
final class Leather implements Material {
  private static final int SEED = 1117;

  @Override
  public BufferedImage draw() {
    Noise.Cell cell = new Noise.Cell();
    Canvas canvas = new Canvas().fill((x, y, s) -> hide(x, y, cell, s));
    Light light =
        new Light(-0.6, -0.65, 0.95)
            .strengths(0.8, 0.45)
            .shadows(0.5, 6)
            .skyReach(7)
            .specular(0.34, 5);
    return Shading.develop(canvas, light);
  }

  private static boolean hide(double x, double y, Noise.Cell cell, Surface s) {
    double wx = x + 5 * Noise.fbm(SEED, x / 26, y / 26, 4);
    double wy = y + 5 * Noise.fbm(SEED + 1, x / 26, y / 26, 4);
    double stretch = 1 + 0.22 * Noise.fbm(SEED + 2, x / 90, y / 90, 2);
    Noise.worley(SEED + 3, wx / 9.5, wy / 8.6, 0.95, cell);
    double big = Noise.step(-0.02, 0.24, cell.edge * stretch);
    double dome = 1 - cell.f1 * cell.f1;
    double lot = Noise.unit(cell.id, 1, 1);
    double split = Noise.step(0.25, 0.7, Noise.fbm(SEED + 4, x / 40, y / 40, 3) + lot - 0.3);
    Noise.worley(SEED + 5, wx / 5.8, wy / 5.4, 0.95, cell);
    double small = 1 - split * (1 - Noise.step(0.0, 0.26, cell.edge));
    double crease = crease(wx, wy);
    double fine = Noise.fbm(SEED + 6, x / 2.4, y / 2.4, 3);
    double pore = Noise.step(0.62, 0.9, Noise.gradient(SEED + 7, x / 3.1, y / 3.1));
    double swell = Noise.fbm(SEED + 8, x / 55, y / 55, 3);
    s.height = 0.7 * big + 2.3 * dome + 0.4 * small + 1.3 * swell + 0.16 * fine;
    s.height -= 0.9 * crease + 0.6 * pore;
    double mottle = Noise.fbm(SEED + 9, x / 75, y / 75, 5, 0.55);
    s.color(0x65381f).blend(0x834a29, 0.45 + 0.7 * mottle).tone(0.97 + 0.06 * lot);
    double valley = 1 - big * (0.45 + 0.55 * small);
    s.blend(0x3a2014, 0.22 * valley + 0.12 * crease + 0.3 * pore);
    double rubbed = Noise.step(0.1, 0.9, Noise.fbm(SEED + 10, x / 45, y / 45, 5) + 0.3 * swell);
    s.blend(0xb5865a, 0.38 * rubbed * big * small);
    s.tone(1 + 0.07 * fine);
    s.gloss = (0.65 + 0.35 * mottle) * (0.5 + 0.5 * big);
    return true;
  }

  /** Long, branching creases, 0..1. */
  private static double crease(double x, double y) {
    double level = StrictMath.abs(Noise.fbm(SEED + 11, x / 95, y / 60, 3));
    double strength = Noise.step(-0.1, 0.7, Noise.fbm(SEED + 12, x / 60, y / 60, 2));
    return Noise.step(0.075, 0.0, level) * strength;
  }
}
