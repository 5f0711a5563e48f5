package dev.gramloom.textures;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * River pebbles: stones of falling size thrown until no more fit, each a flattened, slightly lumpy
 * ellipsoid with its own rock (plain, speckled, banded or veined), lying on dark sand.
 */
final class Pebbles implements Material {
  private static final int SEED = 1201;
  private static final int THROWS = 60000;
  private static final double LARGEST = 44;
  private static final double SMALLEST = 4.5;

  private static final int[] ROCKS = {
    0x8d8a84, 0x6f6e6c, 0xa79f92, 0x55575a, 0xb9ad99, 0x8a7663, 0x9c8470, 0x7b5f50, 0xc9c2b4,
    0x48494b, 0x77786f, 0xa08d79, 0x6a5a4e, 0xd6d0c6, 0x8f9292, 0x5e666b, 0x8d6353, 0xb59a78,
  };

  /** One stone: centre, half-axes and height in pixels, its axis as a unit vector. */
  private record Stone(
      int id, double x, double y, double a, double b, double ax, double ay, double base) {
    /** The outline's radius towards a direction. */
    double radius(double dx, double dy) {
      double u = dx * ax + dy * ay;
      double v = dy * ax - dx * ay;
      return a * b * StrictMath.sqrt((u * u + v * v) / (b * b * u * u + a * a * v * v + 1e-12));
    }

    double property(int which, double low, double high) {
      return Noise.range(SEED + id, which, 77, low, high);
    }
  }

  @Override
  public BufferedImage draw() {
    Canvas canvas = new Canvas().fill(Pebbles::sand);
    for (Stone stone : throwStones()) {
      double r = 1.15 * stone.a();
      canvas.stamp(
          stone.x() - r,
          stone.y() - r,
          stone.x() + r,
          stone.y() + r,
          (x, y, s) -> stone(stone, x, y, s));
    }
    Light light =
        new Light(-0.55, -0.62, 0.85)
            .strengths(0.98, 0.44)
            .shadows(0.28, 30)
            .skyReach(26)
            .specular(0.12, 4);
    return Shading.develop(canvas, light);
  }

  private static List<Stone> throwStones() {
    List<Stone> stones = new ArrayList<>();
    double border = Canvas.MARGIN + 10;
    double span = Canvas.SIZE + 2 * border;
    for (int k = 0; k < THROWS; k++) {
      double t = k / (double) THROWS;
      double fall = 1 - StrictMath.sqrt(StrictMath.sqrt(t));
      double a = SMALLEST + (LARGEST - SMALLEST) * fall * Noise.range(SEED, k, 1, 0.75, 1.25);
      double b = a * Noise.range(SEED, k, 2, 0.58, 0.95);
      double angle = Noise.range(SEED, k, 3, 0, 2 * StrictMath.PI);
      double x = Noise.unit(SEED, k, 4) * span - border;
      double y = Noise.unit(SEED, k, 5) * span - border;
      double base = 1 + 0.16 * a * Noise.range(SEED, k, 6, 0.0, 2.0);
      Stone stone = new Stone(k, x, y, a, b, StrictMath.cos(angle), StrictMath.sin(angle), base);
      if (fits(stone, stones)) {
        stones.add(stone);
      }
    }
    return stones;
  }

  private static boolean fits(Stone stone, List<Stone> stones) {
    for (Stone other : stones) {
      double dx = other.x() - stone.x();
      double dy = other.y() - stone.y();
      double reach = stone.a() + other.a();
      if (dx * dx + dy * dy < reach * reach) {
        double touch = stone.radius(dx, dy) + other.radius(dx, dy);
        if (dx * dx + dy * dy < 0.83 * touch * touch) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean sand(double x, double y, Surface s) {
    double grains = Noise.value(SEED + 2, x / 1.7, y / 1.7);
    s.height = -2 + 1.6 * grains + 1.5 * Noise.fbm(SEED + 3, x / 14, y / 14, 3);
    s.color(0x4c4238).blend(0x8d7f6c, 0.8 * Noise.value(SEED + 4, x / 1.3, y / 1.3));
    s.tone(0.85);
    s.gloss = 0.1;
    return true;
  }

  private static boolean stone(Stone stone, double x, double y, Surface s) {
    double dx = x - stone.x();
    double dy = y - stone.y();
    double u = (dx * stone.ax() + dy * stone.ay()) / stone.a();
    double v = (dy * stone.ax() - dx * stone.ay()) / stone.b();
    double lump = 0.13 * Noise.gradient(SEED + stone.id(), u * 1.1 + 9, v * 1.1 + 4);
    double r2 = (u * u + v * v + stone.property(1, -0.3, 0.9) * u * u * v * v) * (1 + 2 * lump);
    if (r2 >= 1) {
      return false;
    }
    double r = StrictMath.sqrt(r2);
    double dome = StrictMath.sqrt(1 - r2 * Noise.mix(1, r, stone.property(2, 0.2, 1)));
    double thickness = stone.b() * stone.property(3, 0.42, 0.75);
    double tilt = 0.12 * (u * stone.property(4, -1, 1) + v * stone.property(5, -1, 1));
    double dents = Noise.fbm(SEED + stone.id(), x / 11, y / 11, 4);
    s.height = stone.base() + thickness * (dome + tilt * dome) + 0.45 * dents;
    double pores = Noise.fbm(SEED + 7, x / 1.9, y / 1.9, 2);
    s.height += stone.property(17, 0.05, 0.32) * pores;
    rock(stone, dx, dy, s);
    s.blend(0x4a4036, 0.45 * Noise.step(0.8, 1, r2));
    s.gloss = stone.property(6, 0.2, 1);
    return true;
  }

  private static void rock(Stone stone, double dx, double dy, Surface s) {
    int seed = SEED + 31 * stone.id();
    s.color(ROCKS[(int) (stone.property(7, 0, 1) * ROCKS.length)]);
    double patches = Noise.fbm(seed, dx / 17, dy / 17, 4);
    double warm = stone.property(8, -0.04, 0.05);
    s.tint(1 + warm, 1, 1 - 1.2 * warm).tone(stone.property(9, 0.86, 1.12) * (1 + 0.13 * patches));
    double kind = stone.property(10, 0, 1);
    if (kind < 0.4) {
      double coarse = stone.property(11, 1.1, 2.2);
      double speck = Noise.gradient(seed + 1, dx / coarse, dy / coarse);
      s.blend(0x2a2a2b, 0.7 * Noise.step(0.25, 0.7, speck));
      s.blend(0xe6e1d8, 0.55 * Noise.step(-0.3, -0.75, speck));
    } else if (kind < 0.6) {
      double across = dx * stone.property(12, -1, 1) + dy * stone.property(13, -1, 1);
      double bands = Noise.fbm(seed + 2, across / 5 + 0.4 * patches, 0.01 * dx, 3);
      s.tone(1 + 0.17 * bands);
    } else if (kind < 0.78) {
      vein(stone, dx, dy, seed, s);
    }
    double fine = Noise.fbm(seed + 4, dx / 1.9, dy / 1.9, 3, 0.7);
    s.tone(1 + 0.085 * fine);
    s.blend(0x8c6a48, 0.3 * Noise.step(0.25, 0.9, Noise.fbm(seed + 5, dx / 9, dy / 9, 3)));
  }

  private static void vein(Stone stone, double dx, double dy, int seed, Surface s) {
    double nx = stone.property(14, -1, 1);
    double ny = StrictMath.sqrt(1 - nx * nx);
    double wander = 3 * Noise.fbm(seed + 3, dx / 15, dy / 15, 3);
    double off = dx * nx + dy * ny + wander + stone.property(15, -0.4, 0.4) * stone.b();
    double width = stone.property(16, 0.5, 2.4);
    s.blend(0xe9e4da, 0.8 * Noise.step(width + 0.7, width * 0.5, StrictMath.abs(off)));
    double second = StrictMath.abs(dx * ny - dy * nx + 1.6 * wander - 0.3 * stone.a());
    s.blend(0xdfd9cd, 0.5 * Noise.step(1.2, 0.2, second));
  }
}
