package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/**
 * Coarse linen in plain weave: yarns of uneven thickness and colour pass over and under each other,
 * twisted from fibres, with slubs, small gaps and stray hairs.
 */
final class Cloth implements Material {
  private static final int SEED = 4409;

  /** Distance between yarns in pixels. */
  private static final double PITCH = 9.5;

  private static final int HAIRS = 900;

  private static final int[] WARP = {0xa8977c, 0xb7a68b, 0xc4b69c, 0x9c8a6f, 0xbcae95};
  private static final int[] WEFT = {0x9b8a70, 0xaf9d81, 0x8e7d64, 0xb8a88e, 0xa5947a};

  @Override
  public BufferedImage draw() {
    Surface other = new Surface();
    Canvas canvas = new Canvas().fill((x, y, s) -> weave(x, y, s, other));
    for (int k = 0; k < HAIRS; k++) {
      hair(canvas, k);
    }
    Light light =
        new Light(-0.6, -0.7, 1.0)
            .strengths(0.82, 0.5)
            .shadows(0.45, 10)
            .skyReach(9)
            .specular(0.06, 3);
    return Shading.develop(canvas, light);
  }

  private static boolean weave(double x, double y, Surface s, Surface other) {
    double wx = x + 3.2 * Noise.fbm(SEED, x / 80, y / 80, 2);
    double wy = y + 3.2 * Noise.fbm(SEED + 1, x / 80, y / 80, 2);
    yarn(SEED + 10, wx, wy, WARP, 0, s);
    yarn(SEED + 20, wy, wx, WEFT, 1, other);
    if (other.height > s.height) {
      s.height = other.height;
      s.red = other.red;
      s.green = other.green;
      s.blue = other.blue;
    }
    if (s.height < -3.4) {
      s.height = -3.4;
      s.color(0x4d4335);
    }
    s.tone(1 + 0.05 * Noise.fbm(SEED + 2, x / 60, y / 60, 3));
    s.gloss = 0.5;
    return true;
  }

  /** A yarn running along {@code along}; {@code phase} tells whether it starts over or under. */
  private static void yarn(
      int seed, double across, double along, int[] dyes, int phase, Surface s) {
    int index = Noise.floor(across / PITCH);
    double slub = Noise.fbm(seed + 1, index * 7.7, along / 55, 3);
    double wander = 0.9 * Noise.fbm(seed + 2, index * 5.3, along / 16, 2);
    double width = PITCH * (0.46 + 0.085 * slub + 0.05 * (Noise.unit(seed, index, 3) - 0.5));
    double u = (across - (index + 0.5) * PITCH - wander) / width;
    if (u <= -1 || u >= 1) {
      s.height = -9;
      return;
    }
    double wave = StrictMath.cos(StrictMath.PI * (along / PITCH - 0.5 + index + phase));
    double over = 0.5 + 0.5 * wave;
    double twist = along / 5.2 + 0.9 * u + 0.5 * slub;
    double strand = Noise.gradient(seed + 4 + index, twist, 1.4 * u + 0.35 * along / PITCH);
    double fibre = Noise.fbm(seed + 5, (along + 4.0 * u) / 5.5, across / 0.85, 2);
    s.height = 2.6 * wave + 3.2 * StrictMath.sqrt(1 - u * u) - 2.2 + 0.5 * strand + 0.45 * fibre;
    double dye = Noise.unit(seed, index, 6) + 0.25 * slub;
    s.ramp(dyes, dye).tone(1 + 0.09 * strand + 0.13 * fibre);
    s.tone(0.84 + 0.16 * over + 0.07 * (Noise.unit(seed, index, 7) - 0.5));
    double fleck = Noise.gradient(seed + 8, along / 7, across / 1.6);
    s.blend(0x6b5840, 0.6 * Noise.step(0.55, 0.9, fleck));
    s.blend(0xddd2bd, 0.5 * Noise.step(-0.5, -0.9, fleck));
  }

  private static void hair(Canvas canvas, int k) {
    double x = Noise.range(SEED + 30, k, 1, -10, Canvas.SIZE + 10);
    double y = Noise.range(SEED + 30, k, 2, -10, Canvas.SIZE + 10);
    double angle = Noise.range(SEED + 30, k, 3, 0, 2 * StrictMath.PI);
    double bend = Noise.range(SEED + 30, k, 4, -0.09, 0.09);
    int length = (int) Noise.range(SEED + 30, k, 5, 10, 44);
    for (int step = 0; step < length; step++) {
      angle += bend + 0.12 * Noise.gradient(SEED + 31 + k, step / 6.0, 0.5);
      x += 0.4 * StrictMath.cos(angle);
      y += 0.4 * StrictMath.sin(angle);
      double lift = canvas.heightAt(x, y) + 0.35;
      canvas.stamp(
          x,
          y,
          x,
          y,
          (px, py, s) -> {
            s.height = lift;
            s.blend(0xcfc2a8, 0.75);
            return true;
          });
    }
  }
}
