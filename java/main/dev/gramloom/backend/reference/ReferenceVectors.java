package dev.gramloom.backend.reference;

import dev.gramloom.backend.AdamRates;

/** What an optimiser does with whole tensors, number by number. */
final class ReferenceVectors {
  private ReferenceVectors() {}

  static void combine(double[] factors, float[][] terms, float[] out, int length) {
    for (int i = 0; i < length; i++) {
      double sum = 0;
      for (int t = 0; t < factors.length; t++) {
        sum += factors[t] * terms[t][i];
      }
      out[i] = (float) sum;
    }
  }

  static void adamStep(
      AdamRates rates, int step, float[] gradient, float[] m, float[] v, float[] x, int length) {
    double mean = 1 - StrictMath.pow(rates.beta1(), step);
    double square = 1 - StrictMath.pow(rates.beta2(), step);
    for (int i = 0; i < length; i++) {
      double g = gradient[i];
      m[i] = (float) (rates.beta1() * m[i] + (1 - rates.beta1()) * g);
      v[i] = (float) (rates.beta2() * v[i] + (1 - rates.beta2()) * g * g);
      double root = Math.sqrt(v[i] / square) + rates.epsilon();
      x[i] -= (float) (rates.rate() * (m[i] / mean) / root);
    }
  }
}
