package dev.gramloom.pyramid;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.util.ArrayList;
import java.util.List;

/**
 * The sizes and iterations of a run, coarse to fine.
 *
 * <p>Sizes are free: nothing is padded to a multiple and nothing is cropped. A torus of any whole
 * number of pixels is one period, and everything that happens to it keeps it one period: filters
 * wrap, resampling wraps, and where an odd number is halved for the next octave the n pixels are
 * shared out evenly among n/2 windows around the circle (see {@code PoolAxis}). So a texture of 33
 * x 517 pixels tiles as exactly as one of 512 x 512.
 *
 * @param scales at least one, each larger than the one before
 */
public record ScaleSchedule(List<Scale> scales) {
  /** Shortest side of a picture that can be made. */
  public static final int MIN_SIDE = 32;

  /** Longest side of a picture that can be made. */
  public static final int MAX_SIDE = 16_384;

  /** Rungs of the default ladder: quarter, half, full. */
  public static final int RUNGS = 3;

  /**
   * @throws Failure if the sizes cannot be made or do not grow
   */
  public ScaleSchedule {
    scales = List.copyOf(scales);
    Scale last = null;
    for (Scale scale : scales) {
      check(scale);
      if (last != null
          && (scale.width() < last.width()
              || scale.height() < last.height()
              || scale.size().equals(last.size()))) {
        throw usage(
            "scales must grow from coarse to fine, got %s after %s"
                .formatted(scale.size(), last.size()));
      }
      last = scale;
    }
    if (last == null) {
      throw usage("at least one scale is needed");
    }
  }

  private static void check(Scale scale) {
    int longest = Math.max(scale.width(), scale.height());
    if (scale.shortSide() < MIN_SIDE || longest > MAX_SIDE) {
      throw usage(
          "sizes must be from %d to %d pixels a side, got %s"
              .formatted(MIN_SIDE, MAX_SIDE, scale.size()));
    }
    if (scale.iterations() < 1 || scale.iterations() > 100_000) {
      throw usage("iterations must be from 1 to 100000 a scale, got " + scale.iterations());
    }
  }

  private static Failure usage(String message) {
    return new Failure(ExitCode.USAGE, message);
  }

  /**
   * The sizes of the ladder that ends at width x height: quarter, half, full, without those whose
   * shorter side would be under {@link #MIN_SIDE}.
   *
   * @return [rungs][2], width and height
   */
  public static List<int[]> ladder(int width, int height) {
    List<int[]> sizes = new ArrayList<>();
    for (int rung = RUNGS - 1; rung >= 0; rung--) {
      int w = rounded(width, rung);
      int h = rounded(height, rung);
      if (rung == 0 || Math.min(w, h) >= MIN_SIDE) {
        sizes.add(new int[] {w, h});
      }
    }
    return sizes;
  }

  private static int rounded(int side, int rung) {
    return (int) Math.round(side / (double) (1 << rung));
  }

  /** The last and largest. */
  public Scale finest() {
    return scales.get(scales.size() - 1);
  }

  /** The size of a scale as a share of the finest, by the shorter sides. */
  public double factor(Scale scale) {
    return (double) scale.shortSide() / finest().shortSide();
  }
}
