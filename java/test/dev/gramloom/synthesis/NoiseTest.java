package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Normal noise, each value by its number. */
class NoiseTest {
  private static final int COUNT = 200_000;

  private static double[] values(long seed) {
    Noise noise = new Noise(seed);
    return LongStream.range(0, COUNT).mapToDouble(noise::normal).toArray();
  }

  private static double correlation(double[] a, double[] b, int shift) {
    double sum = 0;
    for (int i = shift; i < a.length; i++) {
      sum += a[i] * b[i - shift];
    }
    return sum / a.length;
  }

  @Test
  void aValueDependsOnItsNumberAlone() {
    double[] forwards = values(5);
    Noise noise = new Noise(5);
    double[] backwards = new double[COUNT];
    for (int i = COUNT - 1; i >= 0; i--) {
      backwards[i] = noise.normal(i);
    }
    assertArrayEquals(forwards, backwards);
    double[] parallel =
        LongStream.range(0, COUNT).parallel().mapToDouble(new Noise(5)::normal).toArray();
    assertArrayEquals(forwards, parallel);
  }

  @Test
  void itIsNormal() {
    double[] values = values(1);
    double error = 1 / Math.sqrt(COUNT);
    double[] moments = new double[5];
    for (int k = 1; k < moments.length; k++) {
      int power = k;
      moments[k] = DoubleStream.of(values).map(v -> Math.pow(v, power)).sum() / COUNT;
    }
    assertEquals(0, moments[1], 5 * error);
    assertEquals(1, moments[2], 5 * Math.sqrt(2) * error);
    assertEquals(0, moments[3], 5 * Math.sqrt(15) * error);
    assertEquals(3, moments[4], 5 * Math.sqrt(96) * error);
    double within = DoubleStream.of(values).filter(v -> Math.abs(v) < 1).count() / (double) COUNT;
    assertEquals(0.682689, within, 5 * 0.4655 * error);
    assertTrue(DoubleStream.of(values).allMatch(Double::isFinite));
  }

  @Test
  void neighboursAndSeedsHaveNothingToDoWithEachOther() {
    double[] values = values(0);
    double allowed = 5 / Math.sqrt(COUNT);
    for (int shift : new int[] {1, 2, 3, 64, 1024}) {
      assertEquals(0, correlation(values, values, shift), allowed);
    }
    for (long seed : new long[] {1, 2, -1, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE}) {
      for (int shift : new int[] {0, 1, 2}) {
        assertEquals(0, correlation(values, values(seed), shift), allowed, "seed " + seed);
      }
    }
  }

  @Test
  void itIsTheSameOnEveryMachine() {
    Noise noise = new Noise(2026);
    double[] first = {noise.normal(0), noise.normal(1), noise.normal(1L << 40)};
    double[] golden = {-1.1192003084284858, 1.4079714633805194, 0.7948248640649704};
    assertArrayEquals(golden, first, "old pictures cannot be made again");
  }
}
