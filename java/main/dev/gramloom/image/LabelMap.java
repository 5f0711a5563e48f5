package dev.gramloom.image;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of a picture, drawn in few distinct colours.
 *
 * <p>Colours that hardly differ are one, and what is neither (the noise of a JPEG, the soft rim of
 * a brush) belongs to the nearest: so a map need not be clean.
 *
 * @param colors [parts][3], red, green and blue of 0..1, the largest part first
 */
public record LabelMap(List<float[]> colors) {
  /** Colours nearer than this are one, distance in RGB of 0..1. */
  private static final double SAME = 0.2;

  /** Least share of the map that makes a part. */
  private static final double LEAST = 0.002;

  private static final int MOST = 16;
  private static final int STEPS = 16; // a channel is counted in so many levels

  /** A colour and how many pixels have about it. */
  private static final class Cluster {
    private final double[] sum = new double[3];
    private int count;

    float[] mean() {
      return new float[] {
        (float) (sum[0] / count), (float) (sum[1] / count), (float) (sum[2] / count)
      };
    }

    void add(Cluster other) {
      for (int c = 0; c < 3; c++) {
        sum[c] += other.sum[c];
      }
      count += other.count;
    }
  }

  /**
   * Finds a map's colours.
   *
   * @param name of the map, for a refusal
   * @throws Failure BAD_DATA if there are more than 16: then it is no map
   */
  public static LabelMap of(Image map, String name) {
    Map<Integer, Cluster> counted = new HashMap<>();
    int m = map.pixels();
    for (int i = 0; i < m; i++) {
      int key = 0;
      for (int c = 0; c < 3; c++) {
        key = key * STEPS + Math.min(STEPS - 1, (int) (map.rgb()[c * m + i] * STEPS));
      }
      Cluster cluster = counted.computeIfAbsent(key, k -> new Cluster());
      cluster.count++;
      for (int c = 0; c < 3; c++) {
        cluster.sum[c] += map.rgb()[c * m + i];
      }
    }
    List<Cluster> sorted = new ArrayList<>(counted.values());
    sorted.sort(
        Comparator.<Cluster>comparingInt(cluster -> -cluster.count)
            .thenComparingDouble(cluster -> cluster.mean()[0])
            .thenComparingDouble(cluster -> cluster.mean()[1])
            .thenComparingDouble(cluster -> cluster.mean()[2]));
    List<Cluster> parts = merged(sorted);
    parts.removeIf(part -> part.count < LEAST * m);
    parts.sort(Comparator.comparingInt(part -> -part.count));
    if (parts.size() > MOST) {
      throw new Failure(
          ExitCode.BAD_DATA,
          "%s: a map must have at most %d distinct colours, it has %d"
              .formatted(name, MOST, parts.size()));
    }
    return new LabelMap(parts.stream().map(Cluster::mean).toList());
  }

  /** Each joins the first, most frequent colour that is the same. */
  private static List<Cluster> merged(List<Cluster> sorted) {
    List<Cluster> parts = new ArrayList<>();
    List<float[]> centres = new ArrayList<>();
    for (Cluster cluster : sorted) {
      float[] color = cluster.mean();
      int same = 0;
      while (same < centres.size() && distance(centres.get(same), color) >= SAME) {
        same++;
      }
      if (same < centres.size()) {
        parts.get(same).add(cluster);
      } else {
        parts.add(cluster);
        centres.add(color);
      }
    }
    return parts;
  }

  /**
   * The parts of a map that is drawn in these colours.
   *
   * @return one plane a colour, 1 where the map's pixel is nearest to it, else 0
   */
  public List<Plane> parts(Image map) {
    int m = map.pixels();
    List<Plane> planes = new ArrayList<>();
    colors.forEach(color -> planes.add(new Plane(map.height(), map.width(), new float[m])));
    float[] pixel = new float[3];
    for (int i = 0; i < m; i++) {
      for (int c = 0; c < 3; c++) {
        pixel[c] = map.rgb()[c * m + i];
      }
      planes.get(nearest(pixel)).values()[i] = 1;
    }
    return planes;
  }

  /**
   * The first colour of another map that this one has not got; null if there is none.
   *
   * @param other that is to have no other colours than this
   */
  public float[] missing(LabelMap other) {
    for (float[] color : other.colors) {
      if (distance(colors.get(nearest(color)), color) >= SAME) {
        return color;
      }
    }
    return null;
  }

  private int nearest(float[] pixel) {
    int nearest = 0;
    for (int i = 1; i < colors.size(); i++) {
      if (distance(colors.get(i), pixel) < distance(colors.get(nearest), pixel)) {
        nearest = i;
      }
    }
    return nearest;
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int c = 0; c < 3; c++) {
      sum += (a[c] - b[c]) * (double) (a[c] - b[c]);
    }
    return Math.sqrt(sum);
  }
}
