package dev.gramloom.backend;

import dev.gramloom.color.ColorMatching;
import dev.gramloom.color.Moments;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Resampling;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Collection;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The arithmetic the synthesis needs, once per kind of hardware.
 *
 * <p>{@code ReferenceBackend} defines what each verb means; the others must agree with it to the
 * tolerance that {@code BackendParityTest} states. Inputs come first, outputs last, and never
 * overlap. A plain verb overwrites its output; an adjoint, and every verb named "add", adds to what
 * its output holds. Sizes that do not fit are the programmer's error: {@link
 * IllegalArgumentException} naming both shapes.
 *
 * <p>H and W are the input's; h = max(1, H/2) and w = max(1, W/2) after pooling.
 */
public interface Backend extends AutoCloseable {
  /** "reference", "cpu", … */
  String name();

  /**
   * The kind of machine: where it is the same, so are the results to the last bit. It says nothing
   * of what they do not depend on.
   */
  default String machine() {
    return System.getProperty("os.arch");
  }

  /**
   * Refuses early what could not be allocated later.
   *
   * @param floats that will be needed at the same time: of tensors, filters and the caller's own
   * @param largest floats of the largest tensor
   * @return the need, with what the backend takes for itself, and what there is
   * @throws dev.gramloom.failure.Failure OUT_OF_MEMORY if there is less
   */
  Memory requireMemory(long floats, long largest);

  /** Floats of memory that a tensor of this shape takes: its size, and gaps where there are any. */
  default long floats(Shape shape) {
    return shape.size();
  }

  /**
   * Floats of memory, at most, that a kernel's {@link #filters} take beside the kernel itself once
   * they were used both ways; none where it is used as it is.
   *
   * @param inputs of the convolutions, [C][H][W]
   */
  default long floats(Kernel kernel, Collection<Shape> inputs) {
    return 0;
  }

  /** A tensor of zeros. */
  Tensor zeros(Shape shape);

  /** A tensor holding a copy of {@code values}, [C][H][W]. */
  Tensor upload(Shape shape, float... values);

  /**
   * A tensor of another shape in the memory of one that is no longer needed; its content is
   * anything.
   *
   * @param shape that takes no more {@link #floats(Shape)} than {@code memory} was made with
   */
  Tensor view(Tensor memory, Shape shape);

  /** Packs a kernel for {@link #convolve}. */
  Filters filters(Kernel kernel);

  /** x = value everywhere. */
  void fill(float value, Tensor x);

  /** to = from; shapes equal. */
  void copy(Tensor from, Tensor to);

  /** x *= scale. */
  void scale(float scale, Tensor x);

  /** accumulator += scale · x; shapes equal. */
  void addScaled(float scale, Tensor x, Tensor accumulator);

  /** out = Σ factor_i · term_i, accumulated in double; shapes equal, out none of the terms. */
  void combine(double[] factors, List<Tensor> terms, Tensor out);

  /** Sum of products, accumulated in double; shapes equal. */
  double dot(Tensor a, Tensor b);

  /** Every {@link #dot} of one of {@code a} with one of {@code b}, [a][b], to the bit. */
  default double[][] dots(List<Tensor> a, List<Tensor> b) {
    double[][] dots = new double[a.size()][b.size()];
    for (int i = 0; i < a.size(); i++) {
      for (int j = 0; j < b.size(); j++) {
        dots[i][j] = dot(a.get(i), b.get(j));
      }
    }
    return dots;
  }

  /**
   * One step of Adam (Kingma and Ba, arXiv:1412.6980, algorithm 1), all [C][H][W]: m and v become
   * the new running means of the gradient and its square, and x moves.
   *
   * @param step t, from 1
   */
  void adamStep(AdamRates rates, int step, Tensor gradient, Tensor m, Tensor v, Tensor x);

  /** y [K or 2K][H][W] = activation(W ⋆ x + b), x [C][H][W]; the picture goes on as edges say. */
  void convolve(Tensor x, Filters filters, Edges edges, Activation activation, Tensor y);

  /**
   * dX [C][H][W] += adjoint of {@link #convolve} at the point whose output was y.
   *
   * @param y the forward output; where it is not positive an activation lets no gradient through
   * @param dY of y's shape; holds anything afterwards
   */
  void convolveAdjoint(
      Tensor y, Tensor dY, Filters filters, Edges edges, Activation activation, Tensor dX);

  /** y [C][h][w] = weighted mean over each window of {@link PoolAxis}, x [C][H][W]. */
  void averagePool(Tensor x, Edges edges, Tensor y);

  /** dX [C][H][W] += adjoint of {@link #averagePool} of dY [C][h][w]. */
  void averagePoolAdjoint(Tensor dY, Edges edges, Tensor dX);

  /** y [C][h][w] = maximum over each window of {@link PoolAxis}, x [C][H][W]. */
  void maxPool(Tensor x, Edges edges, Tensor y);

  /**
   * dX [C][H][W] += dY [C][h][w], each at the first pixel of its window that equals y's maximum.
   */
  void maxPoolAdjoint(Tensor x, Tensor y, Tensor dY, Edges edges, Tensor dX);

  /**
   * y [G][H][W]: y_g = √(ε + Σ x_c²) over the channels c of group g, x [C][H][W].
   *
   * @param groups [G][members], channels of x
   * @param epsilon ε &gt; 0, keeps the slope finite where there is nothing
   */
  void energy(Tensor x, int[][] groups, float epsilon, Tensor y);

  /** dX [C][H][W] += adjoint of {@link #energy}: x_c · dY_g / y_g for every group c is in. */
  void energyAdjoint(Tensor x, Tensor y, Tensor dY, int[][] groups, Tensor dX);

  /** y [C][H][W] = x · mask, mask [1][H][W] for every channel. */
  void multiplyMask(Tensor x, Tensor mask, Tensor y);

  /**
   * out [1][N][K] = (A − α 1ᵀ)(B − β 1ᵀ)ᵀ / M, A [N][H][W] and B [K][H][W] read as [N][M], [K][M].
   *
   * @param centreA α, [1][1][N], or null for zero
   * @param centreB β, [1][1][K], or null for zero
   */
  void gram(Tensor a, Tensor centreA, Tensor b, Tensor centreB, Tensor out);

  /**
   * accumulator [N][H][W] += scale · D · (x − χ 1ᵀ), x [K][H][W] read as [K][M].
   *
   * @param matrix D as [1][N][K], or its transpose [1][K][N] where {@code transposed}
   * @param centre χ, [1][1][K], or null for zero
   */
  void addProduct(
      float scale, Tensor matrix, boolean transposed, Tensor x, Tensor centre, Tensor accumulator);

  /**
   * out [1][N][K] = A Bᵀ / M of masked features. What is here is the definition; a backend may mask
   * as it goes.
   */
  default void gram(Masked a, Masked b, Tensor out) {
    try (Tensor madeA = a.made(this);
        Tensor madeB = a.equals(b) ? null : b.made(this)) {
      gram(madeA, null, madeB == null ? madeA : madeB, null, out);
    }
  }

  /** accumulator [N][H][W] += scale · D · x, as above, of masked features. */
  default void addProduct(
      float scale, Tensor matrix, boolean transposed, Masked x, Tensor accumulator) {
    try (Tensor made = x.made(this)) {
      addProduct(scale, matrix, transposed, made, null, accumulator);
    }
  }

  /**
   * y [C][h][w] = x [C][H][W] at another size. What is here is the definition, on the host; a
   * backend gives the same bytes. Not within a {@link #program}.
   *
   * @param axes from x's size to y's
   */
  default void resample(Tensor x, Resampling axes, Tensor y) {
    Shapes.resampling(x, axes, y);
    try (Tensor made = upload(y.shape(), axes.apply(x.toArray()))) {
      copy(made, y);
    }
  }

  /**
   * Mean and covariance of the colours of x [3][H][W], the same bits on every backend.
   *
   * @param mask [1][H][W], the pixels that are counted are above 0; null for all
   * @throws IllegalArgumentException also if the mask keeps no pixel
   */
  default Moments moments(Tensor x, Tensor mask) {
    Shapes.colors(x, mask);
    return Moments.of(x.toArray(), mask == null ? null : mask.toArray());
  }

  /**
   * y [3][H][W] = x [3][H][W] in the colours of an exemplar [3][h][w], as {@link ColorMatching}
   * defines it; a backend gives the same bytes. Not within a {@link #program}.
   *
   * @param mask [1][H][W] of x, as in {@link #moments}; exemplarMask [1][h][w] likewise
   */
  default void matchColors(Tensor x, Tensor mask, Tensor exemplar, Tensor exemplarMask, Tensor y) {
    Shapes.colors(x, mask);
    Shapes.colors(exemplar, exemplarMask);
    Shapes.same("matchColors", x, y);
    float[] kept = mask == null ? null : mask.toArray();
    float[] wanted = exemplarMask == null ? null : exemplarMask.toArray();
    float[] rgb = ColorMatching.match(x.toArray(), kept, exemplar.toArray(), wanted);
    try (Tensor made = upload(y.shape(), rgb)) {
      copy(made, y);
    }
  }

  /** out [1][1][C] = mean of each channel over its pixels, x [C][H][W]. */
  void channelMeans(Tensor x, Tensor out);

  /** accumulator [C][H][W] += scale · v_c at every pixel of channel c, v [1][1][C]. */
  void addPerChannel(float scale, Tensor v, Tensor accumulator);

  /**
   * Returns the mean squared step along each axis, both added: mean over channels and pixels of
   * (x[i+1] − x[i])², where a wrapping axis also steps from its last pixel to its first. Adds scale
   * · its derivative to gradient.
   */
  double totalVariation(Tensor x, Edges edges, float scale, Tensor gradient);

  /**
   * Returns the mean squared distance of x to the interval 0..1, and adds scale · its derivative to
   * gradient.
   */
  double rangePenalty(Tensor x, float scale, Tensor gradient);

  /**
   * {@link #dot}, to be read later: a GPU does not keep the caller waiting. Within a {@link
   * #program} it is read when the run is over.
   */
  default DoubleSupplier laterDot(Tensor a, Tensor b) {
    double dot = dot(a, b);
    return () -> dot;
  }

  /** {@link #totalVariation}, to be read later. */
  default DoubleSupplier laterTotalVariation(Tensor x, Edges edges, float scale, Tensor gradient) {
    double value = totalVariation(x, edges, scale, gradient);
    return () -> value;
  }

  /** {@link #rangePenalty}, to be read later. */
  default DoubleSupplier laterRangePenalty(Tensor x, float scale, Tensor gradient) {
    double value = rangePenalty(x, scale, gradient);
    return () -> value;
  }

  /**
   * x's values as they are now, [C][H][W], to be read later: a GPU goes on working while they come.
   * Not within a {@link #program}.
   */
  default Supplier<float[]> laterValues(Tensor x) {
    float[] values = x.toArray();
    return () -> values;
  }

  /**
   * Steps that will be made many times. The processor calls them each time; a GPU listens to them
   * once or twice, and then makes them by itself.
   */
  default Program program(Program.Steps steps) {
    return Program.told(steps);
  }

  /** Returns when all verbs called before have ended: a GPU is told, and works later. */
  default void await() {}

  /** A good moment to give the memory of closed tensors back to the machine. */
  void trim();

  @Override
  void close();
}
