package dev.gramloom.backend.cpu;

/**
 * Winograd's minimal filtering F(m x m, 3 x 3): Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A turns T x T pixels,
 * T = m + 2, into m x m sums with T² multiplications in place of 9 m².
 *
 * <p>Source: Lavin and Gray 2015, arXiv:1509.09308, section 4, for the points 0, ±1, ±2, (±½,) ∞.
 * In F(6, 3) the rows of ±2 and ±½ are scaled by powers of two (exactly, G up and B down), which
 * brings their numbers nearer to each other. Bᵀ is in {@link WinogradInput}, Aᵀ in {@link
 * WinogradOutput}, G in {@link WinogradWeights}: each as the sums that a vector unit does.
 */
enum WinogradTransform {
  /** F(4 x 4, 3 x 3): 6 x 6 frequencies. */
  F4(4),
  /** F(6 x 6, 3 x 3): 8 x 8 frequencies. */
  F6(6);

  private final int outputs;

  WinogradTransform(int outputs) {
    this.outputs = outputs;
  }

  /** m: sums of a tile along one axis. */
  int outputs() {
    return outputs;
  }

  /** T = m + 2: pixels of a tile and frequencies, along one axis. */
  int size() {
    return outputs + 2;
  }

  /** T²: frequencies of a tile. */
  int frequencies() {
    return size() * size();
  }
}
