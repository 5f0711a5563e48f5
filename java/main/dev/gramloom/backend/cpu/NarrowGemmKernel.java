package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** The loops of {@link Gemm} for one and two vectors; see {@link GemmKernel}. */
final class NarrowGemmKernel {
  private NarrowGemmKernel() {}

  static void add2(
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
    FloatVector a0 = zero, a1 = zero;
    FloatVector b0 = zero, b1 = zero;
    FloatVector c0 = zero, c1 = zero;
    FloatVector d0 = zero, d1 = zero;
    FloatVector e0 = zero, e1 = zero;
    FloatVector f0 = zero, f1 = zero;
    int row2 = 2 * row, row3 = 3 * row, row4 = 4 * row, row5 = 5 * row;
    for (int c = 0, i = at, left = run; c < depth; c++, bt += next) {
      FloatVector v0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector v1 = FloatVector.fromArray(SPECIES, b, bt + LANES);
      FloatVector k = FloatVector.broadcast(SPECIES, x[i]);
      a0 = v0.fma(k, a0);
      a1 = v1.fma(k, a1);
      k = FloatVector.broadcast(SPECIES, x[i + row]);
      b0 = v0.fma(k, b0);
      b1 = v1.fma(k, b1);
      k = FloatVector.broadcast(SPECIES, x[i + row2]);
      c0 = v0.fma(k, c0);
      c1 = v1.fma(k, c1);
      k = FloatVector.broadcast(SPECIES, x[i + row3]);
      d0 = v0.fma(k, d0);
      d1 = v1.fma(k, d1);
      k = FloatVector.broadcast(SPECIES, x[i + row4]);
      e0 = v0.fma(k, e0);
      e1 = v1.fma(k, e1);
      k = FloatVector.broadcast(SPECIES, x[i + row5]);
      f0 = v0.fma(k, f0);
      f1 = v1.fma(k, f1);
      i += step;
      if (--left == 0) {
        left = run;
        i += skip;
      }
    }
    a0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    a1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    mt += mRow;
    b0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    b1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    mt += mRow;
    c0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    c1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    mt += mRow;
    d0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    d1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    mt += mRow;
    e0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    e1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
    mt += mRow;
    f0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    f1.add(FloatVector.fromArray(SPECIES, m, mt + LANES)).intoArray(m, mt + LANES);
  }

  static void add1(
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
    FloatVector a0 = zero;
    FloatVector b0 = zero;
    FloatVector c0 = zero;
    FloatVector d0 = zero;
    FloatVector e0 = zero;
    FloatVector f0 = zero;
    int row2 = 2 * row, row3 = 3 * row, row4 = 4 * row, row5 = 5 * row;
    for (int c = 0, i = at, left = run; c < depth; c++, bt += next) {
      FloatVector v0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector k = FloatVector.broadcast(SPECIES, x[i]);
      a0 = v0.fma(k, a0);
      k = FloatVector.broadcast(SPECIES, x[i + row]);
      b0 = v0.fma(k, b0);
      k = FloatVector.broadcast(SPECIES, x[i + row2]);
      c0 = v0.fma(k, c0);
      k = FloatVector.broadcast(SPECIES, x[i + row3]);
      d0 = v0.fma(k, d0);
      k = FloatVector.broadcast(SPECIES, x[i + row4]);
      e0 = v0.fma(k, e0);
      k = FloatVector.broadcast(SPECIES, x[i + row5]);
      f0 = v0.fma(k, f0);
      i += step;
      if (--left == 0) {
        left = run;
        i += skip;
      }
    }
    a0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    mt += mRow;
    b0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    mt += mRow;
    c0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    mt += mRow;
    d0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    mt += mRow;
    e0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
    mt += mRow;
    f0.add(FloatVector.fromArray(SPECIES, m, mt)).intoArray(m, mt);
  }
}
