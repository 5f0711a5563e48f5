package dev.gramloom.backend.cuda;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.AdamRates;
import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Masked;
import dev.gramloom.backend.Precision;
import dev.gramloom.backend.Shapes;
import dev.gramloom.backend.cuda.CudaColors.Pixels;
import dev.gramloom.backend.cuda.CudaGram.Features;
import dev.gramloom.color.Moments;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Resampling;
import dev.gramloom.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * The verbs on tensors that are there: shapes are checked, the device entered, kernels launched.
 */
abstract class CudaVerbs implements Backend {
  final Kernels kernels;
  final CudaConvolution convolution;
  final CudaGram products;
  final CudaSums sums;
  private final CudaPooling pooling;
  private final CudaPixels pixels;
  private final CudaResampling resampling;
  private final CudaColors colors;

  /** With all parts on the device that this thread has entered. */
  CudaVerbs(DeviceMemory memory, Stream stream, Precision precision) {
    kernels = new Kernels(stream);
    convolution = new CudaConvolution(kernels, memory, stream, precision);
    pooling = new CudaPooling(kernels);
    products = new CudaGram(kernels, memory, stream, precision);
    sums = new CudaSums(kernels, memory, stream);
    pixels = new CudaPixels(kernels, memory, stream);
    resampling = new CudaResampling(kernels, memory);
    colors = new CudaColors(kernels, memory, stream);
  }

  /** Makes this thread's calls go to the device. */
  abstract void enter();

  @Override
  public void fill(float value, Tensor x) {
    enter();
    pixels.fill(value, x);
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    Shapes.same("copy", from, to);
    enter();
    pixels.copy(from, to);
  }

  @Override
  public void scale(float scale, Tensor x) {
    enter();
    pixels.scale(scale, x);
  }

  @Override
  public void addScaled(float scale, Tensor x, Tensor accumulator) {
    Shapes.same("addScaled", x, accumulator);
    enter();
    pixels.addScaled(scale, x, accumulator);
  }

  @Override
  public void combine(double[] factors, List<Tensor> terms, Tensor out) {
    Shapes.combination(factors, terms, out);
    enter();
    pixels.combine(factors, terms, out);
  }

  @Override
  public double dot(Tensor a, Tensor b) {
    return sums.now(laterDot(a, b));
  }

  @Override
  public double[][] dots(List<Tensor> a, List<Tensor> b) {
    for (Tensor tensor : a) {
      b.forEach(other -> Shapes.same("dots", tensor, other));
    }
    enter();
    return sums.dots(a, b);
  }

  @Override
  public void adamStep(AdamRates rates, int step, Tensor gradient, Tensor m, Tensor v, Tensor x) {
    enter();
    pixels.adamStep(rates, step, gradient, m, v, x);
  }

  @Override
  public void convolve(Tensor x, Filters filters, Edges edges, Activation activation, Tensor y) {
    Shapes.convolution(x, filters.kernel(), activation, y);
    enter();
    convolution.forward(x, (CudaFilters) filters, edges, activation, y);
  }

  @Override
  public void convolveAdjoint(
      Tensor y, Tensor dY, Filters filters, Edges edges, Activation activation, Tensor dX) {
    Shapes.convolution(dX, filters.kernel(), activation, y);
    Shapes.same("convolveAdjoint", y, dY);
    enter();
    convolution.adjoint(y, dY, (CudaFilters) filters, edges, activation, dX);
  }

  @Override
  public void averagePool(Tensor x, Edges edges, Tensor y) {
    Shapes.expect("averagePool", Shapes.pooled(x.shape()), y);
    enter();
    pooling.average(x, edges, y);
  }

  @Override
  public void averagePoolAdjoint(Tensor dY, Edges edges, Tensor dX) {
    Shapes.expect("averagePoolAdjoint", Shapes.pooled(dX.shape()), dY);
    enter();
    pooling.averageAdjoint(dY, edges, dX);
  }

  @Override
  public void maxPool(Tensor x, Edges edges, Tensor y) {
    Shapes.expect("maxPool", Shapes.pooled(x.shape()), y);
    enter();
    pooling.maximum(x, edges, y);
  }

  @Override
  public void maxPoolAdjoint(Tensor x, Tensor y, Tensor dY, Edges edges, Tensor dX) {
    Shapes.expect("maxPoolAdjoint", Shapes.pooled(dX.shape()), dY);
    Shapes.same("maxPoolAdjoint", y, dY);
    Shapes.same("maxPoolAdjoint", x, dX);
    enter();
    pooling.maximumAdjoint(x, y, dY, edges, dX);
  }

  @Override
  public void energy(Tensor x, int[][] members, float epsilon, Tensor y) {
    Shapes.expect("energy", x.shape().withChannels(members.length), y);
    enter();
    pixels.energy(x, members, epsilon, y);
  }

  @Override
  public void energyAdjoint(Tensor x, Tensor y, Tensor dY, int[][] members, Tensor dX) {
    Shapes.expect("energyAdjoint", x.shape().withChannels(members.length), y);
    Shapes.same("energyAdjoint", y, dY);
    Shapes.same("energyAdjoint", x, dX);
    enter();
    pixels.energyAdjoint(x, y, dY, members, dX);
  }

  @Override
  public void multiplyMask(Tensor x, Tensor mask, Tensor y) {
    Shapes.expect("multiplyMask", x.shape().withChannels(1), mask);
    Shapes.same("multiplyMask", x, y);
    enter();
    pixels.multiplyMask(x, mask, y);
  }

  @Override
  public void resample(Tensor x, Resampling axes, Tensor y) {
    Shapes.resampling(x, axes, y);
    enter();
    resampling.resample(x, axes, y);
  }

  @Override
  public Moments moments(Tensor x, Tensor mask) {
    Shapes.colors(x, mask);
    enter();
    return colors.moments(new Pixels(x, mask));
  }

  @Override
  public void matchColors(Tensor x, Tensor mask, Tensor exemplar, Tensor exemplarMask, Tensor y) {
    Shapes.colors(x, mask);
    Shapes.colors(exemplar, exemplarMask);
    Shapes.same("matchColors", x, y);
    enter();
    colors.match(new Pixels(x, mask), new Pixels(exemplar, exemplarMask), y);
  }

  @Override
  public void gram(Tensor a, Tensor centreA, Tensor b, Tensor centreB, Tensor out) {
    Shapes.gram(a, centreA, b, centreB, out);
    enter();
    products.gram(Features.of(a, centreA), Features.of(b, centreB), out);
  }

  @Override
  public void gram(Masked a, Masked b, Tensor out) {
    Shapes.gram(a.x(), a.centre(), b.x(), b.centre(), out);
    enter();
    products.gram(Features.of(a), Features.of(b), out);
  }

  @Override
  public void addProduct(
      float scale, Tensor matrix, boolean transposed, Tensor x, Tensor centre, Tensor accumulator) {
    Shapes.product(matrix, transposed, x, centre, accumulator);
    enter();
    products.addProduct(scale, matrix, transposed, x, centre, accumulator);
  }

  @Override
  public void addProduct(float scale, Tensor matrix, boolean transposed, Masked x, Tensor sum) {
    Shapes.product(matrix, transposed, x.x(), x.centre(), sum);
    enter();
    products.addProduct(scale, matrix, transposed, Features.of(x), sum);
  }

  @Override
  public void channelMeans(Tensor x, Tensor out) {
    Shapes.expect("channelMeans", Shapes.perChannel(x), out);
    enter();
    products.means(x, out);
  }

  @Override
  public void addPerChannel(float scale, Tensor v, Tensor accumulator) {
    Shapes.expect("addPerChannel", Shapes.perChannel(accumulator), v);
    enter();
    pixels.addPerChannel(scale, v, accumulator);
  }

  @Override
  public double totalVariation(Tensor x, Edges edges, float scale, Tensor gradient) {
    return sums.now(laterTotalVariation(x, edges, scale, gradient));
  }

  @Override
  public double rangePenalty(Tensor x, float scale, Tensor gradient) {
    return sums.now(laterRangePenalty(x, scale, gradient));
  }

  @Override
  public DoubleSupplier laterDot(Tensor a, Tensor b) {
    Shapes.same("dot", a, b);
    enter();
    return sums.laterDot(a, b);
  }

  @Override
  public DoubleSupplier laterTotalVariation(Tensor x, Edges edges, float scale, Tensor gradient) {
    Shapes.same("totalVariation", x, gradient);
    enter();
    return sums.laterTotalVariation(x, edges, scale, gradient);
  }

  @Override
  public DoubleSupplier laterRangePenalty(Tensor x, float scale, Tensor gradient) {
    Shapes.same("rangePenalty", x, gradient);
    enter();
    return sums.laterRangePenalty(x, scale, gradient);
  }
}
