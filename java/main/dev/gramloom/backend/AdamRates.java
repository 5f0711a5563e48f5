package dev.gramloom.backend;

/**
 * Adam's constants (Kingma and Ba, arXiv:1412.6980).
 *
 * @param rate α, in the unit of x
 * @param beta1 memory of the mean
 * @param beta2 memory of the mean square
 * @param epsilon keeps the division finite
 */
public record AdamRates(double rate, double beta1, double beta2, double epsilon) {
  /** The paper's constants with a rate for pixels of 0..1. */
  public static AdamRates pixels(double rate) {
    return new AdamRates(rate, 0.9, 0.999, 1e-8);
  }
}
