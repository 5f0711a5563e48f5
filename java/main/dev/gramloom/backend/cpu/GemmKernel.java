package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The loops of {@link Gemm} for three and four vectors.
 *
 * <p>They look alike and stay so. Nested loops, or a helper around fromArray, make the compiler box
 * vectors, ten times slower; and strides that are fields of an object, not arguments, cost two
 * vectors half their speed.
 */
final class GemmKernel {
  private GemmKernel() {}

  static void add4(
      int depth,
      float[] x,
      int at,
      int row,
      int step,
      int run,
      int skip,
      float[] b,
      int bt,
      int next,
      float[] m,
      int mt,
      int mRow) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector b0 = zero, b1 = zero, b2 = zero, b3 = zero;
    FloatVector c0 = zero, c1 = zero, c2 = zero, c3 = zero;
    FloatVector d0 = zero, d1 = zero, d2 = zero, d3 = zero;
    FloatVector e0 = zero, e1 = zero, e2 = zero, e3 = zero;
    FloatVector f0 = zero, f1 = zero, f2 = zero, f3 = zero;
    int row2 = 2 * row, row3 = 3 * row, row4 = 4 * row, row5 = 5 * row;
    for (int c = 0, i = at, left = run; c < depth; c++, bt += next) {
      FloatVector v0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector v1 = FloatVector.fromArray(SPECIES, b, bt + LANES);
      FloatVector v2 = FloatVector.fromArray(SPECIES, b, bt + 2 * LANES);
      FloatVector v3 = FloatVector.fromArray(SPECIES, b, bt + 3 * LANES);
      FloatVector k = FloatVector.broadcast(SPECIES, x[i]);
      a0 = v0.fma(k, a0);
      a1 = v1.fma(k, a1);
      a2 = v2.fma(k, a2);
      a3 = v3.fma(k, a3);
      k = FloatVector.broadcast(SPECIES, x[i + row]);
      b0 = v0.fma(k, b0);
      b1 = v1.fma(k, b1);
      b2 = v2.fma(k, b2);
      b3 = v3.fma(k, b3);
      k = FloatVector.broadcast(SPECIES, x[i + row2]);
      c0 = v0.fma(k, c0);
      c1 = v1.fma(k, c1);
      c2 = v2.fma(k, c2);
      c3 = v3.fma(k, c3);
      k = FloatVector.broadcast(SPECIES, x[i + row3]);
      d0 = v0.fma(k, d0);
      d1 = v1.fma(k, d1);
      d2 = v2.fma(k, d2);
      d3 = v3.fma(k, d3);
      k = FloatVector.broadcast(SPECIES, x[i + row4]);
      e0 = v0.fma(k, e0);
      e1 = v1.fma(k, e1);
      e2 = v2.fma(k, e2);
      e3 = v3.fma(k, e3);
      k = FloatVector.broadcast(SPECIES, x[i + row5]);
      f0 = v0.fma(k, f0);
      f1 = v1.fma(k, f1);
      f2 = v2.fma(k, f2);
      f3 = v3.fma(k, f3);
      i += step;
      if (--left == 0) {
        left = run;
        i += skip;
      }
    }
    a0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    a1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    a2.add(FloatVector.fromArray(SPECIES, m, mt + 2 * LANES)).intoArray(m, mt + 2 * LANES);
    a3.add(FloatVector.fromArray(SPECIES, m, mt + 3 * LANES)).intoArray(m, mt + 3 * LANES);
    mt += mRow;
    b0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    b1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    b2.add(FloatVector.fromArray(SPECIES, m, mt + 2 * LANES)).intoArray(m, mt + 2 * LANES);
    b3.add(FloatVector.fromArray(SPECIES, m, mt + 3 * LANES)).intoArray(m, mt + 3 * LANES);
    mt += mRow;
    c0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    c1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    c2.add(FloatVector.fromArray(SPECIES, m, mt + 2 * LANES)).intoArray(m, mt + 2 * LANES);
    c3.add(FloatVector.fromArray(SPECIES, m, mt + 3 * LANES)).intoArray(m, mt + 3 * LANES);
    mt += mRow;
    d0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    d1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    d2.add(FloatVector.fromArray(SPECIES, m, mt + 2 * LANES)).intoArray(m, mt + 2 * LANES);
    d3.add(FloatVector.fromArray(SPECIES, m, mt + 3 * LANES)).intoArray(m, mt + 3 * LANES);
    mt += mRow;
    e0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    e1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    e2.add(FloatVector.fromArray(SPECIES, m, mt + 2 * LANES)).intoArray(m, mt + 2 * LANES);
    e3.add(FloatVector.fromArray(SPECIES, m, mt + 3 * LANES)).intoArray(m, mt + 3 * LANES);
    mt += mRow;
    f0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    f1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    f2.add(FloatVector.fromArray(SPECIES, m, mt + 2 * LANES)).intoArray(m, mt + 2 * LANES);
    f3.add(FloatVector.fromArray(SPECIES, m, mt + 3 * LANES)).intoArray(m, mt + 3 * LANES);
  }

  static void add3(
      int depth,
      float[] x,
      int at,
      int row,
      int step,
      int run,
      int skip,
      float[] b,
      int bt,
      int next,
      float[] m,
      int mt,
      int mRow) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector a0 = zero, a1 = zero, a2 = zero;
    FloatVector b0 = zero, b1 = zero, b2 = zero;
    FloatVector c0 = zero, c1 = zero, c2 = zero;
    FloatVector d0 = zero, d1 = zero, d2 = zero;
    FloatVector e0 = zero, e1 = zero, e2 = zero;
    FloatVector f0 = zero, f1 = zero, f2 = zero;
    int row2 = 2 * row, row3 = 3 * row, row4 = 4 * row, row5 = 5 * row;
    for (int c = 0, i = at, left = run; c < depth; c++, bt += next) {
      FloatVector v0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector v1 = FloatVector.fromArray(SPECIES, b, bt + LANES);
      FloatVector v2 = FloatVector.fromArray(SPECIES, b, bt + 2 * LANES);
      FloatVector k = FloatVector.broadcast(SPECIES, x[i]);
      a0 = v0.fma(k, a0);
      a1 = v1.fma(k, a1);
      a2 = v2.fma(k, a2);
      k = FloatVector.broadcast(SPECIES, x[i + row]);
      b0 = v0.fma(k, b0);
      b1 = v1.fma(k, b1);
      b2 = v2.fma(k, b2);
      k = FloatVector.broadcast(SPECIES, x[i + row2]);
      c0 = v0.fma(k, c0);
      c1 = v1.fma(k, c1);
      c2 = v2.fma(k, c2);
      k = FloatVector.broadcast(SPECIES, x[i + row3]);
      d0 = v0.fma(k, d0);
      d1 = v1.fma(k, d1);
      d2 = v2.fma(k, d2);
      k = FloatVector.broadcast(SPECIES, x[i + row4]);
      e0 = v0.fma(k, e0);
      e1 = v1.fma(k, e1);
      e2 = v2.fma(k, e2);
      k = FloatVector.broadcast(SPECIES, x[i + row5]);
      f0 = v0.fma(k, f0);
      f1 = v1.fma(k, f1);
      f2 = v2.fma(k, f2);
      i += step;
      if (--left == 0) {
        left = run;
        i += skip;
      }
    }
    a0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    a1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    a2.add(FloatVector.fromArray(SPECIES, m, mt + 2 * LANES)).intoArray(m, mt + 2 * LANES);
    mt += mRow;
    b0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    b1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    b2.add(FloatVector.fromArray(SPECIES, m, mt + 2 * LANES)).intoArray(m, mt + 2 * LANES);
    mt += mRow;
    c0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    c1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    c2.add(FloatVector.fromArray(SPECIES, m, mt + 2 * LANES)).intoArray(m, mt + 2 * LANES);
    mt += mRow;
    d0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    d1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    d2.add(FloatVector.fromArray(SPECIES, m, mt + 2 * LANES)).intoArray(m, mt + 2 * LANES);
    mt += mRow;
    e0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    e1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    e2.add(FloatVector.fromArray(SPECIES, m, mt + 2 * LANES)).intoArray(m, mt + 2 * LANES);
    mt += mRow;
    f0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    f1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    f2.add(FloatVector.fromArray(SPECIES, m, mt + 2 * LANES)).intoArray(m, mt + 2 * LANES);
  }
}
