package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/**
 * Hand-knitted wool in stocking stitch: columns of interlocking V's of a three-ply yarn, uneven
 * from stitch to stitch, heathered from fibres of several colours, with a halo of loose hairs.
 */
final class Knit implements Material {
  private static final int SEED = 1229;

  /** Width of a column of stitches and height of a row, in pixels. */
  private static final double WALE = 32;

  private static final double ROW = 23;
  private static final int HAIRS = 5200;

  private static final int[] HEATHER = {0x3f5565, 0x4e6878, 0x5d7887, 0x6f8894, 0x8496a0};

  @Override
  public BufferedImage draw() {
    Canvas canvas = new Canvas().fill(Knit::stitches);
    for (int k = 0; k < HAIRS; k++) {
      hair(canvas, k);
    }
    Light light =
        new Light(-0.45, -0.7, 0.9)
            .strengths(0.85, 0.5)
            .shadows(0.5, 16)
            .skyReach(15)
            .specular(0.03, 2);
    return Shading.develop(canvas, light);
  }

  private static boolean stitches(double x, double y, Surface s) {
    double wx =
        x + 3 * Noise.fbm(SEED, x / 90, y / 90, 2) + 0.8 * Noise.fbm(SEED + 1, x / 20, y / 20, 2);
    double wy =
        y
            + 3 * Noise.fbm(SEED + 2, x / 90, y / 90, 2)
            + 1.1 * Noise.fbm(SEED + 3, x / 22, y / 22, 2);
    int wale = Noise.floor(wx / WALE);
    double across = 2 * (wx / WALE - wale) - 1;
    int side = across < 0 ? 0 : 1;
    double t = StrictMath.abs(across);
    s.height = -5;
    s.color(0x1c252c);
    double slant = 1.02 * t + 0.22 * (1 - t) * t;
    double p = wy / ROW + slant + 0.12 * (Noise.unit(SEED, wale, 4) - 0.5);
    int row = Noise.floor(p);
    for (int k = -1; k <= 1; k++) {
      leg(Noise.hash(SEED + side, wale, row + k), p - row - k - 0.5, t, side, s);
    }
    s.tone(1 + 0.05 * Noise.fbm(SEED + 5, x / 50, y / 50, 3));
    s.gloss = 0.5;
    return true;
  }

  /** One leg of a V: {@code f} rows off its centre line, {@code t} 0 at the V's foot to 1. */
  private static void leg(int id, double f, double t, int side, Surface s) {
    double along = t * 0.75 * WALE + Noise.range(id, 1, 0, 0, 9);
    double plump = 0.60 + Noise.range(id, 2, 0, -0.05, 0.05);
    double swell = plump * (0.80 + 0.9 * t * (1 - t)) + 0.03 * Noise.gradient(id, along / 5, 0.3);
    double off = f + Noise.range(id, 3, 0, -0.05, 0.05);
    double u = off / swell;
    if (u <= -1 || u >= 1) {
      return;
    }
    double bow = 1 - (1.9 * t - 0.95) * (1.9 * t - 0.95);
    double q = along / 8.5 + (side == 0 ? 0.75 : -0.75) * u;
    double ply = 2 * StrictMath.abs(q - Noise.floor(q) - 0.5);
    double round = StrictMath.sqrt(1 - ply * ply * 0.9);
    double fibre = Noise.fbm(id + 5, along / 6 + 0.6 * u, 7 * u + (side == 0 ? q : -q), 3, 0.6);
    double fuzz = Noise.fbm(id + 6, along / 1.6, 6 * u, 2);
    double z = 6.5 * StrictMath.sqrt(1 - u * u) + 3.4 * bow - 1.6 * t - 1.2 * u;
    z += 1.5 * round + 0.7 * fibre + 0.35 * fuzz;
    if (z < s.height + 5) {
      return;
    }
    s.height = z - 5;
    double dye = 0.48 + 0.30 * fibre + 0.16 * Noise.fbm(id + 7, along / 9, u, 2);
    s.ramp(HEATHER, dye).tone((0.80 + 0.2 * round) * (1 + 0.10 * fuzz));
    double fleck = Noise.gradient(id + 8, along / 5, 5 * u);
    s.blend(0xb5bcbc, 0.45 * Noise.step(0.45, 0.8, fleck));
    s.blend(0x2f3f4e, 0.5 * Noise.step(-0.45, -0.8, fleck));
  }

  private static void hair(Canvas canvas, int k) {
    double x = Noise.range(SEED + 30, k, 1, -10, Canvas.SIZE + 10);
    double y = Noise.range(SEED + 30, k, 2, -10, Canvas.SIZE + 10);
    double angle = Noise.range(SEED + 30, k, 3, 0, 2 * StrictMath.PI);
    double bend = Noise.range(SEED + 30, k, 4, -0.12, 0.12);
    double strength = Noise.range(SEED + 30, k, 6, 0.2, 0.75);
    int color = HEATHER[k % HEATHER.length];
    int length = (int) Noise.range(SEED + 30, k, 5, 8, 34);
    for (int step = 0; step < length; step++) {
      angle += bend + 0.15 * Noise.gradient(SEED + 31 + k, step / 6.0, 0.5);
      x += 0.4 * StrictMath.cos(angle);
      y += 0.4 * StrictMath.sin(angle);
      double lift = canvas.heightAt(x, y) + 0.3;
      canvas.stamp(
          x,
          y,
          x,
          y,
          (px, py, s) -> {
            s.height = lift;
            s.blend(color, strength).blend(0xaab6bb, 0.4 * strength);
            return true;
          });
    }
  }
}
