package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.CpuTensor.values;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.AdamRates;
import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.HeapTensor;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.Masked;
import dev.gramloom.backend.Memory;
import dev.gramloom.backend.Shapes;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Resampling;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Collection;
import java.util.List;

/**
 * All cores and their vector units, through {@code jdk.incubator.vector}. Tensors are {@link
 * CpuTensor}s; sums run in float32 within blocks of some thousand terms and in double across them.
 *
 * <p>Not thread-safe: one caller, who is one of the workers.
 */
public final class CpuBackend implements Backend {
  /** Floats that the threads share, whatever the size of the pictures: 48 MiB. */
  private static final long SHARED = 12 << 20;

  /** Floats that a thread has for itself: 8 MiB. */
  private static final long OWN = 2 << 20;

  private final Workers workers;
  private final CpuConvolution convolution;

  /**
   * @param threads at least 1; results do not depend on it
   */
  public CpuBackend(int threads) {
    workers = new Workers(threads);
    convolution = new CpuConvolution(workers);
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String machine() {
    return "%s, %d-bit vectors".formatted(System.getProperty("os.arch"), Lanes.LANES * Float.SIZE);
  }

  /** "2 threads, 512-bit vectors": for {@code gramloom backends}. */
  public String description() {
    return "%d threads, %d-bit vectors".formatted(workers.count(), Lanes.LANES * Float.SIZE);
  }

  @Override
  public Memory requireMemory(long floats, long largest) {
    return HeapTensor.requireMemory(floats + SHARED + OWN * workers.count(), largest);
  }

  @Override
  public long floats(Kernel kernel, Collection<Shape> inputs) {
    return CpuFilters.floats(kernel, inputs);
  }

  @Override
  public long floats(Shape shape) {
    return CpuTensor.floats(shape);
  }

  @Override
  public Tensor zeros(Shape shape) {
    return CpuTensor.zeros(shape).of(workers);
  }

  @Override
  public Tensor upload(Shape shape, float... values) {
    return CpuTensor.copyOf(shape, values).of(workers);
  }

  @Override
  public Tensor view(Tensor memory, Shape shape) {
    return CpuTensor.view(memory, shape);
  }

  @Override
  public Filters filters(Kernel kernel) {
    return convolution.filters(kernel);
  }

  private static int length(Tensor x) {
    return CpuTensor.of(x).length();
  }

  @Override
  public void fill(float value, Tensor x) {
    Rows.fill(workers, value, CpuTensor.of(x));
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    Shapes.same("copy", from, to);
    workers.forRanges(
        length(to),
        (first, last) -> System.arraycopy(values(from), first, values(to), first, last - first));
  }

  @Override
  public void scale(float scale, Tensor x) {
    float[] v = values(x);
    workers.forRanges(length(x), (from, to) -> Rows.scale(scale, v, from, to));
  }

  @Override
  public void addScaled(float scale, Tensor x, Tensor accumulator) {
    Shapes.same("addScaled", x, accumulator);
    float[] v = values(x);
    float[] sum = values(accumulator);
    workers.forRanges(length(x), (from, to) -> Rows.addScaled(scale, v, sum, from, to));
  }

  @Override
  public void combine(double[] factors, List<Tensor> terms, Tensor out) {
    Shapes.combination(factors, terms, out);
    CpuVectors.combine(workers, factors, arrays(terms), values(out), length(out));
  }

  @Override
  public double dot(Tensor a, Tensor b) {
    return dots(List.of(a), List.of(b))[0][0];
  }

  @Override
  public double[][] dots(List<Tensor> a, List<Tensor> b) {
    Tensor first = a.get(0);
    a.forEach(x -> Shapes.same("dot", first, x));
    b.forEach(x -> Shapes.same("dot", first, x));
    return CpuVectors.dots(workers, arrays(a), arrays(b), length(first));
  }

  private static float[][] arrays(List<Tensor> tensors) {
    return tensors.stream().map(CpuTensor::values).toArray(float[][]::new);
  }

  @Override
  public void adamStep(AdamRates rates, int step, Tensor gradient, Tensor m, Tensor v, Tensor x) {
    CpuPixels.adamStep(
        workers, rates, step, values(gradient), values(m), values(v), values(x), length(x));
  }

  @Override
  public void convolve(Tensor x, Filters filters, Edges edges, Activation activation, Tensor y) {
    Shapes.convolution(x, filters.kernel(), activation, y);
    CpuTensor output = CpuTensor.of(y);
    convolution.forward(CpuTensor.of(x), (CpuFilters) filters, edges, activation, output);
  }

  @Override
  public void convolveAdjoint(
      Tensor y, Tensor dY, Filters filters, Edges edges, Activation activation, Tensor dX) {
    Shapes.convolution(dX, filters.kernel(), activation, y);
    Shapes.same("convolveAdjoint", y, dY);
    convolution.adjoint(
        CpuTensor.of(y),
        CpuTensor.of(dY),
        (CpuFilters) filters,
        edges,
        activation,
        CpuTensor.of(dX));
  }

  @Override
  public void averagePool(Tensor x, Edges edges, Tensor y) {
    Shapes.expect("averagePool", Shapes.pooled(x.shape()), y);
    new CpuPooling(workers, CpuTensor.of(x), CpuTensor.of(y), edges).average();
  }

  @Override
  public void averagePoolAdjoint(Tensor dY, Edges edges, Tensor dX) {
    Shapes.expect("averagePoolAdjoint", Shapes.pooled(dX.shape()), dY);
    new CpuPooling(workers, CpuTensor.of(dX), CpuTensor.of(dY), edges).averageAdjoint();
  }

  @Override
  public void maxPool(Tensor x, Edges edges, Tensor y) {
    Shapes.expect("maxPool", Shapes.pooled(x.shape()), y);
    new CpuPooling(workers, CpuTensor.of(x), CpuTensor.of(y), edges).maximum();
  }

  @Override
  public void maxPoolAdjoint(Tensor x, Tensor y, Tensor dY, Edges edges, Tensor dX) {
    Shapes.expect("maxPoolAdjoint", Shapes.pooled(dX.shape()), dY);
    Shapes.same("maxPoolAdjoint", y, dY);
    Shapes.same("maxPoolAdjoint", x, dX);
    new CpuPooling(workers, CpuTensor.of(dX), CpuTensor.of(dY), edges)
        .maximumAdjoint(CpuTensor.of(x));
  }

  @Override
  public void energy(Tensor x, int[][] groups, float epsilon, Tensor y) {
    Shapes.expect("energy", x.shape().withChannels(groups.length), y);
    CpuEnergy.forward(workers, CpuTensor.of(x), groups, epsilon, CpuTensor.of(y));
  }

  @Override
  public void energyAdjoint(Tensor x, Tensor y, Tensor dY, int[][] groups, Tensor dX) {
    Shapes.expect("energyAdjoint", x.shape().withChannels(groups.length), y);
    Shapes.same("energyAdjoint", y, dY);
    Shapes.same("energyAdjoint", x, dX);
    CpuEnergy.adjoint(
        workers, CpuTensor.of(x), CpuTensor.of(y), CpuTensor.of(dY), groups, CpuTensor.of(dX));
  }

  @Override
  public void multiplyMask(Tensor x, Tensor mask, Tensor y) {
    Shapes.expect("multiplyMask", x.shape().withChannels(1), mask);
    Shapes.same("multiplyMask", x, y);
    CpuPixels.multiplyMask(workers, CpuTensor.of(x), values(mask), CpuTensor.of(y));
  }

  @Override
  public void resample(Tensor x, Resampling axes, Tensor y) {
    Shapes.resampling(x, axes, y);
    CpuResampling.resample(workers, CpuTensor.of(x), axes, CpuTensor.of(y));
  }

  @Override
  public void gram(Tensor a, Tensor centreA, Tensor b, Tensor centreB, Tensor out) {
    Shapes.gram(a, centreA, b, centreB, out);
    CpuGram.gram(workers, Features.of(a, centreA), Features.of(b, centreB), values(out));
  }

  @Override
  public void gram(Masked a, Masked b, Tensor out) {
    Shapes.gram(a.x(), a.centre(), b.x(), b.centre(), out);
    CpuGram.gram(workers, Features.of(a), Features.of(b), values(out));
  }

  @Override
  public void addProduct(
      float scale, Tensor matrix, boolean transposed, Tensor x, Tensor centre, Tensor accumulator) {
    Shapes.product(matrix, transposed, x, centre, accumulator);
    var factor = new CpuProduct.Matrix(scale, values(matrix), transposed);
    CpuProduct.add(workers, factor, Features.of(x, centre), CpuTensor.of(accumulator));
  }

  @Override
  public void addProduct(float scale, Tensor matrix, boolean transposed, Masked x, Tensor sum) {
    Shapes.product(matrix, transposed, x.x(), x.centre(), sum);
    var factor = new CpuProduct.Matrix(scale, values(matrix), transposed);
    CpuProduct.add(workers, factor, Features.of(x), CpuTensor.of(sum));
  }

  @Override
  public void channelMeans(Tensor x, Tensor out) {
    Shapes.expect("channelMeans", Shapes.perChannel(x), out);
    CpuPixels.channelMeans(workers, CpuTensor.of(x), values(out));
  }

  @Override
  public void addPerChannel(float scale, Tensor v, Tensor accumulator) {
    Shapes.expect("addPerChannel", Shapes.perChannel(accumulator), v);
    CpuPixels.addPerChannel(workers, scale, values(v), CpuTensor.of(accumulator));
  }

  @Override
  public double totalVariation(Tensor x, Edges edges, float scale, Tensor gradient) {
    Shapes.same("totalVariation", x, gradient);
    CpuTensor pixels = CpuTensor.of(x);
    float[] slopes = values(gradient);
    return CpuPixels.steps(workers, pixels, true, edges.vertical(), scale, slopes)
        + CpuPixels.steps(workers, pixels, false, edges.horizontal(), scale, slopes);
  }

  @Override
  public double rangePenalty(Tensor x, float scale, Tensor gradient) {
    Shapes.same("rangePenalty", x, gradient);
    return CpuPixels.rangePenalty(
        workers, values(x), length(x), x.shape().size(), scale, values(gradient));
  }

  @Override
  public void await() {
    workers.settle();
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
