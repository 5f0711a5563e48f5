package dev.gramloom.textures;

/**
 * Seeded noise on the plane: hashes, gradient noise, fractal sums, ridges and Voronoi cells. Every
 * function is a pure function of its seed and position; nothing repeats within a picture.
 */
final class Noise {
  private Noise() {}

  /** The nearest feature points around a position; lengths are in cells. */
  static final class Cell {
    /** Distance to the nearest feature point. */
    double f1;

    /** Distance to the second nearest feature point. */
    double f2;

    /** Distance to the border between the two nearest cells (perpendicular bisector). */
    double edge;

    /** Position relative to the nearest feature point. */
    double dx;

    double dy;

    /** Unit vector across the border, from the nearest cell towards the second nearest. */
    double acrossX;

    double acrossY;

    /** Hash of the nearest cell, fit as a seed for its properties. */
    int id;
  }

  /** Mixes a seed and two lattice coordinates into 32 well-spread bits. */
  static int hash(int seed, int x, int y) {
    int h = seed * 0x9E3779B1 ^ x * 0x85EBCA77 ^ y * 0xC2B2AE3D;
    h = (h ^ (h >>> 15)) * 0x2C1B3C6D;
    h = (h ^ (h >>> 12)) * 0x297A2D39;
    h = (h ^ (h >>> 15)) * 0x85EBCA6B;
    return h ^ (h >>> 16);
  }

  /** A uniform number in [0, 1) for a seed and two counters. */
  static double unit(int seed, int x, int y) {
    return (hash(seed, x, y) >>> 8) * (1.0 / (1 << 24));
  }

  /** A uniform number in [low, high) for a seed and two counters. */
  static double range(int seed, int x, int y, double low, double high) {
    return low + (high - low) * unit(seed, x, y);
  }

  /** White noise over samples, -1..1, triangular: a stand-in for fine grain. */
  static double grain(int seed, int x, int y) {
    return unit(seed, x, y) - unit(seed + 7919, x, y);
  }

  /** Value noise in 0..1, features one unit wide. */
  static double value(int seed, double x, double y) {
    int ix = floor(x);
    int iy = floor(y);
    double u = fade(x - ix);
    double v = fade(y - iy);
    double top = mix(unit(seed, ix, iy), unit(seed, ix + 1, iy), u);
    double bottom = mix(unit(seed, ix, iy + 1), unit(seed, ix + 1, iy + 1), u);
    return mix(top, bottom, v);
  }

  /** Gradient noise, about -1..1 with mean 0, features one unit wide. */
  static double gradient(int seed, double x, double y) {
    int ix = floor(x);
    int iy = floor(y);
    double fx = x - ix;
    double fy = y - iy;
    double u = fade(fx);
    double v = fade(fy);
    double top = mix(slope(seed, ix, iy, fx, fy), slope(seed, ix + 1, iy, fx - 1, fy), u);
    double bottom =
        mix(slope(seed, ix, iy + 1, fx, fy - 1), slope(seed, ix + 1, iy + 1, fx - 1, fy - 1), u);
    return 1.7 * mix(top, bottom, v);
  }

  /** Sum of octaves of gradient noise, each rotated against the last to hide the lattice. */
  static double fbm(int seed, double x, double y, int octaves) {
    return fbm(seed, x, y, octaves, 0.5);
  }

  /** {@link #fbm(int, double, double, int)} with the given ratio between amplitudes. */
  static double fbm(int seed, double x, double y, int octaves, double gain) {
    double sum = 0;
    double amplitude = 1;
    double px = x;
    double py = y;
    for (int i = 0; i < octaves; i++) {
      sum += amplitude * gradient(seed + 101 * i, px, py);
      amplitude *= gain;
      double rx = 2.03 * (0.8 * px - 0.6 * py) + 13.7;
      py = 2.03 * (0.6 * px + 0.8 * py) - 5.3;
      px = rx;
    }
    return sum;
  }

  /** Octaves of {@code 1 - |gradient|}, 0..1: sharp crests where the noise crosses zero. */
  static double ridged(int seed, double x, double y, int octaves) {
    double sum = 0;
    double total = 0;
    double amplitude = 1;
    double px = x;
    double py = y;
    for (int i = 0; i < octaves; i++) {
      double crest = 1 - StrictMath.min(1, 1.4 * StrictMath.abs(gradient(seed + 101 * i, px, py)));
      sum += amplitude * crest * crest;
      total += amplitude;
      amplitude *= 0.5;
      double rx = 2.07 * (0.8 * px - 0.6 * py) + 3.1;
      py = 2.07 * (0.6 * px + 0.8 * py) + 9.2;
      px = rx;
    }
    return sum / total;
  }

  /** Voronoi cells of one jittered point per unit square; fills and returns {@code cell}. */
  static Cell worley(int seed, double x, double y, double jitter, Cell cell) {
    int ix = floor(x);
    int iy = floor(y);
    double best = 1e9;
    double second = 1e9;
    double secondX = 0;
    double secondY = 0;
    for (int cy = iy - 1; cy <= iy + 1; cy++) {
      for (int cx = ix - 1; cx <= ix + 1; cx++) {
        int id = hash(seed, cx, cy);
        double dx = x - cx - 0.5 - jitter * ((id & 0xffff) / 65536.0 - 0.5);
        double dy = y - cy - 0.5 - jitter * ((id >>> 16) / 65536.0 - 0.5);
        double d = dx * dx + dy * dy;
        if (d < best) {
          second = best;
          secondX = cell.dx;
          secondY = cell.dy;
          best = d;
          cell.dx = dx;
          cell.dy = dy;
          cell.id = id;
        } else if (d < second) {
          second = d;
          secondX = dx;
          secondY = dy;
        }
      }
    }
    cell.f1 = StrictMath.sqrt(best);
    cell.f2 = StrictMath.sqrt(second);
    double gapX = cell.dx - secondX;
    double gapY = cell.dy - secondY;
    double gap = StrictMath.sqrt(gapX * gapX + gapY * gapY) + 1e-9;
    cell.acrossX = gapX / gap;
    cell.acrossY = gapY / gap;
    cell.edge = (second - best) / (2 * gap);
    return cell;
  }

  /** Hermite step from 0 at {@code low} to 1 at {@code high}; falls when low is above high. */
  static double step(double low, double high, double x) {
    double t = clamp((x - low) / (high - low));
    return t * t * (3 - 2 * t);
  }

  static double clamp(double x) {
    return x < 0 ? 0 : x > 1 ? 1 : x;
  }

  static double mix(double a, double b, double t) {
    return a + (b - a) * t;
  }

  static int floor(double x) {
    int i = (int) x;
    return x < i ? i - 1 : i;
  }

  private static double fade(double t) {
    return t * t * t * (t * (t * 6 - 15) + 10);
  }

  private static double slope(int seed, int ix, int iy, double fx, double fy) {
    int h = hash(seed, ix, iy);
    return ((h & 0xffff) / 32768.0 - 1) * fx + ((h >>> 16) / 32768.0 - 1) * fy;
  }
}
