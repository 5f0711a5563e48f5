package dev.gramloom.weights;

import java.util.Locale;

/**
 * What a file's first kernel says of the rest.
 *
 * @param known which of those that many people hold it is, or null
 * @param convention how pixels were fed to the network
 * @param description of the network and of how its numbers are kept, for people
 * @param transposed whether height and width of all kernels are exchanged in the file
 * @param flipped whether all kernels are rotated by half a turn (true convolution) in the file
 * @param reversed whether the first kernel's colours come in the other order in the file
 * @param scale factor from the file's first kernel to ours
 */
record Recognition(
    KnownWeights known,
    Convention convention,
    String description,
    boolean transposed,
    boolean flipped,
    boolean reversed,
    double scale) {

  /** Largest relative error of a known kernel; one is known to four decimals only. */
  private static final double TOLERANCE = 2e-3;

  /** A file whose convention is said and is not that of known weights: nothing is changed. */
  static Recognition said(Convention convention, Recognition found) {
    String description = found == null ? "a VGG that nobody knows" : found.description;
    KnownWeights known = found == null ? null : found.known;
    return new Recognition(known, convention, description, false, false, false, 1);
  }

  /**
   * Compares a first kernel with those that are known, in all the ways in which tools write one.
   *
   * @param weights [K][3][3][3]
   * @param bias of the first filter
   * @return null if it is none of them
   */
  static Recognition of(float[] weights, double bias) {
    for (KnownWeights known : KnownWeights.values()) {
      for (int way = 0; way < 8; way++) {
        boolean transposed = (way & 1) != 0;
        boolean flipped = (way & 2) != 0;
        boolean reversed = (way & 4) != 0;
        double[] plane = plane(weights, reversed ? 2 : 0, transposed, flipped);
        double factor = factor(plane, known.plane());
        if (factor > 0) {
          return of(known, transposed, flipped, reversed, factor, bias / known.bias());
        }
      }
    }
    return null;
  }

  private static Recognition of(
      KnownWeights known,
      boolean transposed,
      boolean flipped,
      boolean reversed,
      double kernelFactor,
      double biasFactor) {
    StringBuilder how = new StringBuilder(known.title());
    how.append(transposed ? ", height and width exchanged" : "");
    how.append(flipped ? ", kernels rotated" : "");
    how.append(reversed ? ", colors reversed" : "");
    double scale = 1;
    if (!near(kernelFactor, 1) && near(biasFactor, 1)) {
      scale = 1 / kernelFactor; // made for pixels of another range
      how.append(String.format(Locale.ROOT, ", pixels %.4g times smaller", kernelFactor));
    } else if (!near(kernelFactor, 1)) {
      how.append(", activations normalized");
    }
    return new Recognition(
        known, known.convention(), how.toString(), transposed, flipped, reversed, scale);
  }

  private static boolean near(double a, double b) {
    return Math.abs(a - b) <= TOLERANCE * Math.abs(b);
  }

  /** The first filter's weights for one colour, [3][3], as they would be in our order. */
  private static double[] plane(float[] weights, int channel, boolean transposed, boolean flipped) {
    double[] plane = new double[9];
    for (int i = 0; i < 9; i++) {
      plane[i] = weights[9 * channel + source(i, transposed, flipped)];
    }
    return plane;
  }

  /** Where in a file's 3x3 the i-th of ours is. */
  private static int source(int i, boolean transposed, boolean flipped) {
    int turned = flipped ? 8 - i : i;
    return transposed ? turned % 3 * 3 + turned / 3 : turned;
  }

  /** f with a = f · b, or NaN if there is no such positive number. */
  private static double factor(double[] a, double[] b) {
    double ab = 0;
    double bb = 0;
    for (int i = 0; i < 9; i++) {
      ab += a[i] * b[i];
      bb += b[i] * b[i];
    }
    double factor = ab / bb;
    double error = 0;
    for (int i = 0; i < 9; i++) {
      error += (a[i] - factor * b[i]) * (a[i] - factor * b[i]);
    }
    boolean same = Math.sqrt(error) <= TOLERANCE * factor * Math.sqrt(bb);
    return same ? factor : Double.NaN;
  }

  /** A kernel of the file as ours. */
  float[] ours(float[] weights, boolean first) {
    boolean asItIs = !transposed && !flipped && !(first && (reversed || scale != 1));
    if (asItIs) {
      return weights;
    }
    float[] ours = new float[weights.length];
    for (int plane = 0; plane < weights.length / 9; plane++) {
      int from = first && reversed ? plane / 3 * 3 + 2 - plane % 3 : plane;
      for (int i = 0; i < 9; i++) {
        float weight = weights[9 * from + source(i, transposed, flipped)];
        ours[9 * plane + i] = first ? (float) (scale * weight) : weight;
      }
    }
    return ours;
  }
}
