package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.HeapTensor.length;
import static dev.gramloom.backend.HeapTensor.values;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.AdamRates;
import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.HeapTensor;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.Memory;
import dev.gramloom.backend.Shapes;
import dev.gramloom.backend.cpu.CpuGram.Features;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * All cores and their vector units, through {@code jdk.incubator.vector}. Tensors are planar [C][H]
 * [W]; sums run in float32 within blocks of some thousand terms and in double across them.
 *
 * <p>Not thread-safe: one caller, who is one of the workers.
 */
public final class CpuBackend implements Backend {
  /** Floats of the threads' scratches, about, whatever the size of the pictures: 96 MiB. */
  private static final long OWN = 24 << 20;

  private final Workers workers;
  private final Map<Kernel, SoftReference<CpuFilters>> packed = new WeakHashMap<>();
  private float[] padded = new float[0]; // the adjoint of a convolution, before folding

  /**
   * @param threads at least 1; results do not depend on it
   */
  public CpuBackend(int threads) {
    workers = new Workers(threads);
  }

  @Override
  public String name() {
    return "cpu";
  }

  /** "2 threads, 512-bit vectors": for {@code gramloom backends}. */
  public String description() {
    return "%d threads, %d-bit vectors".formatted(workers.count(), MicroKernel.LANES * Float.SIZE);
  }

  /**
   * What all multiply-add units of so many cores could do; measuring it takes about 0.3 s.
   *
   * @param threads at least 1
   * @return floating-point operations in a second, a multiply-add counted as two
   */
  public static double peakRate(int threads) {
    return PeakRate.measure(threads);
  }

  @Override
  public Memory requireMemory(long floats, long largest) {
    return HeapTensor.requireMemory(floats + OWN, largest);
  }

  @Override
  public long floats(Kernel kernel, Collection<Shape> inputs) {
    return PackedFloats.of(kernel, inputs);
  }

  @Override
  public Tensor zeros(Shape shape) {
    return HeapTensor.zeros(shape);
  }

  @Override
  public Tensor upload(Shape shape, float... values) {
    return HeapTensor.copyOf(shape, values);
  }

  @Override
  public Tensor view(Tensor memory, Shape shape) {
    return HeapTensor.view(memory, shape);
  }

  @Override
  public Filters filters(Kernel kernel) {
    SoftReference<CpuFilters> known = packed.get(kernel);
    CpuFilters filters = known == null ? null : known.get();
    if (filters == null) {
      filters = new CpuFilters(kernel, workers);
      packed.put(kernel, new SoftReference<>(filters));
    }
    return filters;
  }

  @Override
  public void fill(float value, Tensor x) {
    workers.forRanges(length(x), (from, to) -> Arrays.fill(values(x), from, to, value));
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    Shapes.same("copy", from, to);
    System.arraycopy(values(from), 0, values(to), 0, length(to));
  }

  @Override
  public void scale(float scale, Tensor x) {
    float[] v = values(x);
    workers.forRanges(
        length(x),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            v[i] *= scale;
          }
        });
  }

  @Override
  public void addScaled(float scale, Tensor x, Tensor accumulator) {
    Shapes.same("addScaled", x, accumulator);
    float[] v = values(x);
    float[] sum = values(accumulator);
    workers.forRanges(length(x), (from, to) -> Rows.addScaled(scale, v, sum, from, to));
  }

  @Override
  public double dot(Tensor a, Tensor b) {
    Shapes.same("dot", a, b);
    return CpuPixels.dot(workers, values(a), values(b), length(a));
  }

  @Override
  public void adamStep(AdamRates rates, int step, Tensor gradient, Tensor m, Tensor v, Tensor x) {
    CpuPixels.adamStep(
        workers, rates, step, values(gradient), values(m), values(v), values(x), length(x));
  }

  @Override
  public void convolve(Tensor x, Filters filters, Edges edges, Activation activation, Tensor y) {
    Shapes.convolution(x, filters.kernel(), activation, y);
    CpuFilters cpu = (CpuFilters) filters;
    WinogradTransform transform =
        method(filters.kernel().inputs(), filters.kernel().outputs(), cpu, x).transform();
    if (transform == null) {
      new CpuConvolution(workers, cpu, edges, x.shape()).forward(values(x), activation, values(y));
    } else {
      Planes planes = Planes.of(values(x), edges, x.shape());
      WinogradConvolution.forward(
          workers, cpu.winograd(transform), filters.kernel().bias(), planes, activation, values(y));
    }
  }

  private static ConvolutionMethod method(int inputs, int outputs, CpuFilters filters, Tensor x) {
    Shape shape = x.shape();
    return ConvolutionMethod.of(
        filters.kernel().size(), inputs, outputs, shape.height(), shape.width());
  }

  @Override
  public void convolveAdjoint(
      Tensor y, Tensor dY, Filters filters, Edges edges, Activation activation, Tensor dX) {
    Shapes.convolution(dX, filters.kernel(), activation, y);
    Shapes.same("convolveAdjoint", y, dY);
    CpuFilters cpu = (CpuFilters) filters;
    int outputs = filters.kernel().outputs();
    WinogradTransform transform = method(outputs, filters.kernel().inputs(), cpu, dX).transform();
    if (transform == null) {
      adjointDirectly(y, dY, cpu, edges, activation, dX);
      return;
    }
    Edges beyond = new Edges(Planes.adjoint(edges.vertical()), Planes.adjoint(edges.horizontal()));
    Shape shape = dX.shape().withChannels(outputs);
    Planes planes = new Planes(values(dY), values(y), activation, beyond, shape);
    WinogradWeights weights = cpu.winogradAdjoint(transform);
    WinogradConvolution.adjoint(
        workers, weights, CpuFilters.adjointView(weights), planes, edges, values(dX));
  }

  private void adjointDirectly(
      Tensor y, Tensor dY, CpuFilters filters, Edges edges, Activation activation, Tensor dX) {
    var convolution = new CpuConvolution(workers, filters, edges, dX.shape());
    if (padded.length < convolution.paddedSize()) {
      padded = new float[convolution.paddedSize()];
    }
    convolution.adjoint(values(y), values(dY), activation, padded, values(dX));
  }

  @Override
  public void averagePool(Tensor x, Edges edges, Tensor y) {
    Shapes.expect("averagePool", Shapes.pooled(x.shape()), y);
    new CpuPooling(workers, x.shape(), edges).average(values(x), values(y));
  }

  @Override
  public void averagePoolAdjoint(Tensor dY, Edges edges, Tensor dX) {
    Shapes.expect("averagePoolAdjoint", Shapes.pooled(dX.shape()), dY);
    new CpuPooling(workers, dX.shape(), edges).averageAdjoint(values(dY), values(dX));
  }

  @Override
  public void maxPool(Tensor x, Edges edges, Tensor y) {
    Shapes.expect("maxPool", Shapes.pooled(x.shape()), y);
    new CpuPooling(workers, x.shape(), edges).maximum(values(x), values(y));
  }

  @Override
  public void maxPoolAdjoint(Tensor x, Tensor y, Tensor dY, Edges edges, Tensor dX) {
    Shapes.expect("maxPoolAdjoint", Shapes.pooled(dX.shape()), dY);
    Shapes.same("maxPoolAdjoint", y, dY);
    Shapes.same("maxPoolAdjoint", x, dX);
    new CpuPooling(workers, dX.shape(), edges).maximumAdjoint(values(x), values(dY), values(dX));
  }

  @Override
  public void energy(Tensor x, int[][] groups, float epsilon, Tensor y) {
    Shapes.expect("energy", x.shape().withChannels(groups.length), y);
    CpuPixels.energy(workers, values(x), x.shape().pixels(), groups, epsilon, values(y));
  }

  @Override
  public void energyAdjoint(Tensor x, Tensor y, Tensor dY, int[][] groups, Tensor dX) {
    Shapes.expect("energyAdjoint", x.shape().withChannels(groups.length), y);
    Shapes.same("energyAdjoint", y, dY);
    Shapes.same("energyAdjoint", x, dX);
    CpuPixels.energyAdjoint(
        workers, values(x), values(y), values(dY), x.shape().pixels(), groups, values(dX));
  }

  @Override
  public void multiplyMask(Tensor x, Tensor mask, Tensor y) {
    Shapes.expect("multiplyMask", x.shape().withChannels(1), mask);
    Shapes.same("multiplyMask", x, y);
    CpuPixels.multiplyMask(workers, values(x), x.shape(), values(mask), values(y));
  }

  private static Features features(Tensor x, Tensor centre) {
    float[] offsets = centre == null ? null : values(centre);
    return new Features(values(x), x.shape().channels(), x.shape().pixels(), offsets);
  }

  @Override
  public void gram(Tensor a, Tensor centreA, Tensor b, Tensor centreB, Tensor out) {
    Shapes.gram(a, centreA, b, centreB, out);
    CpuGram.gram(workers, features(a, centreA), features(b, centreB), values(out));
  }

  @Override
  public void addProduct(
      float scale, Tensor matrix, boolean transposed, Tensor x, Tensor centre, Tensor accumulator) {
    Shapes.product(matrix, transposed, x, centre, accumulator);
    CpuGram.addProduct(
        workers,
        new CpuGram.Matrix(scale, values(matrix), transposed, accumulator.shape().channels()),
        features(x, centre),
        values(accumulator));
  }

  @Override
  public void channelMeans(Tensor x, Tensor out) {
    Shapes.expect("channelMeans", Shapes.perChannel(x), out);
    CpuPixels.channelMeans(workers, values(x), x.shape(), values(out));
  }

  @Override
  public void addPerChannel(float scale, Tensor v, Tensor accumulator) {
    Shapes.expect("addPerChannel", Shapes.perChannel(accumulator), v);
    CpuPixels.addPerChannel(workers, scale, values(v), accumulator.shape(), values(accumulator));
  }

  @Override
  public double totalVariation(Tensor x, Edges edges, float scale, Tensor gradient) {
    Shapes.same("totalVariation", x, gradient);
    Shape s = x.shape();
    return CpuPixels.steps(workers, values(x), s, true, edges.vertical(), scale, values(gradient))
        + CpuPixels.steps(
            workers, values(x), s, false, edges.horizontal(), scale, values(gradient));
  }

  @Override
  public double rangePenalty(Tensor x, float scale, Tensor gradient) {
    Shapes.same("rangePenalty", x, gradient);
    return CpuPixels.rangePenalty(workers, values(x), length(x), scale, values(gradient));
  }

  @Override
  public void trim() {
    System.gc(); // else a scale's arrays, hundreds of MiB, stay until the next scale's do not fit
  }

  @Override
  public void close() {
    workers.close();
  }
}
