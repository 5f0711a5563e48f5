package dev.gramloom.loss;

import java.util.Locale;

/**
 * What the squared distance ‖G − T‖² of two Gram matrices is multiplied by, in published programs
 * and in ours. G = F Fᵀ / M, N channels, M pixels of the layer, P pixels of the picture.
 *
 * <p>Programs that do not divide F Fᵀ by M need exemplar and output to be of one size; here both
 * are divided by their own M and the factor makes up for it with the output's M.
 */
public enum GramNormalization {
  /** Ours: 1 / ‖T‖², so that a weight means the same at every layer and network. */
  RELATIVE,
  /**
   * 1 / (4 N²): ‖F Fᵀ − F̂ F̂ᵀ‖² / (4 N² M²), Gatys, Ecker and Bethge 2015, arXiv:1505.07376,
   * equation 2.
   */
  GATYS,
  /** 1 / N⁴: F Fᵀ / (N M), mean squared error (Johnson's neural-style and its port to PyTorch). */
  NEURAL_STYLE,
  /**
   * M² / (36 P²): F Fᵀ, divided by (2 · 3 · P)², 3 the picture's channels (the example of Keras and
   * what was derived from it).
   */
  KERAS;

  /** As in flags: "neural-style". */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The factor of ‖G − T‖².
   *
   * @param squaredNorm ‖T‖²
   * @param channels N
   * @param pixels M
   * @param picturePixels P
   */
  public double factor(double squaredNorm, int channels, double pixels, double picturePixels) {
    double n = channels;
    return switch (this) {
      case RELATIVE -> squaredNorm > 0 ? 1 / squaredNorm : 1;
      case GATYS -> 1 / (4 * n * n);
      case NEURAL_STYLE -> 1 / (n * n * n * n);
      case KERAS -> pixels * pixels / (36 * picturePixels * picturePixels);
    };
  }

  /**
   * The factor of ‖F − C‖² in the same program's content loss.
   *
   * @param squaredNorm ‖C‖²
   * @param size N M
   */
  public double contentFactor(double squaredNorm, long size) {
    return switch (this) {
      case RELATIVE -> squaredNorm > 0 ? 1 / squaredNorm : 1;
      case GATYS -> 0.5; // Gatys, Ecker and Bethge 2016, equation 1
      case NEURAL_STYLE -> 1.0 / size; // mean squared error
      case KERAS -> 1;
    };
  }
}
