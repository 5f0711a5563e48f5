package dev.gramloom.optimize;

import dev.gramloom.backend.Backend;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;

/** Functions to go downhill on. */
enum Landscapes {
  /** Axes whose curvature goes from 1 to 10 000. */
  VALLEY {
    @Override
    double at(float[] x, float[] g) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        double curvature = Math.pow(1e4, (double) i / (x.length - 1));
        double off = x[i] - target(i);
        sum += 0.5 * curvature * off * off;
        g[i] = (float) (curvature * off);
      }
      return sum;
    }
  },
  /** Rosenbrock's, pair by pair: a bent valley. Least, 0, at all ones. */
  BANANA {
    @Override
    double at(float[] x, float[] g) {
      double sum = 0;
      for (int i = 0; i < x.length; i += 2) {
        double bend = x[i + 1] - (double) x[i] * x[i];
        double rest = 1 - (double) x[i];
        sum += 100 * bend * bend + rest * rest;
        g[i] = (float) (-400 * bend * x[i] - 2 * rest);
        g[i + 1] = (float) (200 * bend);
      }
      return sum;
    }
  },
  /** Falls towards a cliff, beyond which there are no numbers. */
  CLIFF {
    @Override
    double at(float[] x, float[] g) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        boolean beyond = x[i] > 0.7 + 0.01 * i;
        sum += beyond ? Double.NaN : 1 / (1.0 + x[i] + 2);
        g[i] = beyond ? Float.NaN : (float) (-1 / ((3.0 + x[i]) * (3.0 + x[i])));
      }
      return sum;
    }
  },
  /** Sum of distances: a kink where it is least. */
  KINK {
    @Override
    double at(float[] x, float[] g) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        sum += (1 + i) * Math.abs(x[i] - target(i));
        g[i] = (1 + i) * Math.signum(x[i] - target(i));
      }
      return sum;
    }
  },
  /** A slope that says the opposite of the values. */
  LIE {
    @Override
    double at(float[] x, float[] g) {
      double value = VALLEY.at(x, g);
      for (int i = 0; i < x.length; i++) {
        g[i] = -g[i];
      }
      return value;
    }
  },
  /** Overflows a little away from the start. */
  TOWER {
    @Override
    double at(float[] x, float[] g) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        double off = x[i] - target(i);
        double height = Math.exp(30 * off * off);
        sum += height;
        g[i] = (float) (60 * off * height);
      }
      return sum;
    }
  },
  /** No slope anywhere. */
  PLAIN {
    @Override
    double at(float[] x, float[] g) {
      return 42;
    }
  },
  /** No number anywhere. */
  VOID {
    @Override
    double at(float[] x, float[] g) {
      Arrays.fill(g, Float.NaN);
      return Double.NaN;
    }
  },
  /** Waves all over. */
  WAVES {
    @Override
    double at(float[] x, float[] g) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        sum += Math.cos(20.0 * x[i]) + (double) x[i] * x[i];
        g[i] = (float) (-20 * Math.sin(20.0 * x[i]) + 2.0 * x[i]);
      }
      return sum;
    }
  },
  /** A bowl as shallow as single precision can tell. */
  DUST {
    @Override
    double at(float[] x, float[] g) {
      double value = VALLEY.at(x, g);
      for (int i = 0; i < x.length; i++) {
        g[i] *= 1e-25f;
      }
      return 1e-25 * value;
    }
  };

  /** Where VALLEY, KINK and DUST are least. */
  static float target(int i) {
    return 0.3f + 0.05f * (i % 7);
  }

  /** The value at x; sets the gradient g, which is zero before. */
  abstract double at(float[] x, float[] g);

  /** On a backend's tensors. */
  Objective objective(Backend backend) {
    return (x, gradient) -> {
      float[] g = new float[(int) x.shape().size()];
      double value = at(x.toArray(), g);
      try (Tensor slope = backend.upload(x.shape(), g)) {
        backend.copy(slope, gradient);
      }
      return value;
    };
  }
}
