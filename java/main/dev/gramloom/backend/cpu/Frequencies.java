package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.MicroKernel.LANES;
import static dev.gramloom.backend.cpu.MicroKernel.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * How the T x T frequencies of a tile lie in memory, for all steps of a Winograd convolution.
 *
 * <p>Two rows of frequencies are interleaved, those that are the sum and the difference of the same
 * two terms: of F(6, 3) the rows 1 and 2, 3 and 4, 5 and 6, and what is left, 0 and 7. What the two
 * rows are made from is then a pair of neighbours in memory, which one load spreads over a whole
 * vector. A pair of rows takes {@link #PAIR} floats, columns filled up with zeros; a tile's pairs
 * follow each other and are cut into slices of a vector's length.
 */
final class Frequencies {
  /** Columns of a tile, T filled up. */
  static final int COLUMNS = 8;

  /** Floats of a pair of rows. */
  static final int PAIR = 2 * COLUMNS;

  /** Vectors of a pair of rows. */
  static final int PARTS = PAIR / LANES;

  /** Columns of a part. */
  static final int PART_COLUMNS = COLUMNS / PARTS;

  static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, SPECIES.vectorShape());

  /** Lanes of a vector in pairs, each with its neighbour's value. */
  static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(SPECIES, i -> i ^ 1);

  /** Each lane of a half twice. */
  private static final VectorShuffle<Float> LOW = VectorShuffle.fromOp(SPECIES, i -> i / 2);

  private static final VectorShuffle<Float> HIGH =
      VectorShuffle.fromOp(SPECIES, i -> LANES / 2 + i / 2);

  /** Every second lane, in either half. */
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(SPECIES, i -> 2 * i % LANES);

  private static final VectorShuffle<Float> ODD =
      VectorShuffle.fromOp(SPECIES, i -> (2 * i + 1) % LANES);

  private static final VectorMask<Float> ODD_LANES = VectorMask.fromLong(SPECIES, 0xAAAA);
  private static final VectorMask<Float> UPPER_LANES =
      VectorMask.fromLong(SPECIES, -1L << LANES / 2);

  private Frequencies() {}

  /** Which pair a row of T belongs to. */
  static int pair(int row, int size) {
    return row == size - 1 ? 0 : (row + 1) / 2;
  }

  /** The first row of a pair. */
  static int firstRow(int pair) {
    return pair == 0 ? 0 : 2 * pair - 1;
  }

  /** The second row of a pair of T rows. */
  static int secondRow(int pair, int size) {
    return pair == 0 ? size - 1 : 2 * pair;
  }

  /** Where a frequency is among a tile's floats. */
  static int place(int row, int column, int size) {
    int odd = row == size - 1 || row > 0 && row % 2 == 0 ? 1 : 0;
    return pair(row, size) * PAIR + 2 * column + odd;
  }

  /** to[i] = even[i] and odd[i], two floats a double, for {@code count} of them: whole vectors. */
  static void interleave(float[] rows, int even, int odd, int count, double[] to, int at) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector a = FloatVector.fromArray(SPECIES, rows, even + i);
      FloatVector b = FloatVector.fromArray(SPECIES, rows, odd + i);
      FloatVector low = a.rearrange(LOW).blend(b.rearrange(LOW), ODD_LANES);
      low.reinterpretAsDoubles().intoArray(to, at + i);
      FloatVector high = a.rearrange(HIGH).blend(b.rearrange(HIGH), ODD_LANES);
      high.reinterpretAsDoubles().intoArray(to, at + i + LANES / 2);
    }
  }

  /** The two floats of a double, over and over. */
  static FloatVector spread(double pair) {
    return DoubleVector.broadcast(DOUBLES, pair).reinterpretAsFloats();
  }

  /** Undoes {@link #interleave} for {@code count} pairs; writes up to a vector more. */
  static void separate(double[] pairs, int from, int count, float[] to, int even, int odd) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector low = DoubleVector.fromArray(DOUBLES, pairs, from + i).reinterpretAsFloats();
      FloatVector high =
          DoubleVector.fromArray(DOUBLES, pairs, from + i + LANES / 2).reinterpretAsFloats();
      low.rearrange(EVEN).blend(high.rearrange(EVEN), UPPER_LANES).intoArray(to, even + i);
      low.rearrange(ODD).blend(high.rearrange(ODD), UPPER_LANES).intoArray(to, odd + i);
    }
  }

  /** A column of a matrix for a part: its entries, each twice, as far as there are rows. */
  static float[] doubled(double[] entries, int part) {
    float[] lanes = new float[LANES];
    for (int i = 0; i < LANES; i++) {
      int entry = part * PART_COLUMNS + i / 2;
      lanes[i] = entry < entries.length ? (float) entries[entry] : 0;
    }
    return lanes;
  }
}
