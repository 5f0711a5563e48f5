package dev.gramloom.backend;

import dev.gramloom.color.Moments;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Resampling;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Collection;
import java.util.List;

/**
 * Another backend with a clock beside it: what each verb takes, for each shape it is called with.
 *
 * <p>Tensors and filters are the other backend's own and pass through both ways. Closing this
 * closes the other.
 *
 * <p>Not thread-safe.
 */
public final class TimedBackend extends Stopwatch {
  /**
   * All calls of one verb with one shape.
   *
   * @param what "convolve 3x3 64 -&gt; 128 at 384 x 256": verb, channels, width x height
   * @param calls how many
   * @param nanoseconds of wall time, all calls together
   * @param flop multiply-adds of all calls, counted as two; 0 for verbs that are not made of them
   */
  public record Row(String what, long calls, long nanoseconds, double flop) {}

  /**
   * @param other does the work
   */
  public TimedBackend(Backend other) {
    super(other);
  }

  @Override
  public String name() {
    return other.name();
  }

  @Override
  public String machine() {
    return other.machine();
  }

  @Override
  public Memory requireMemory(long floats, long largest) {
    return other.requireMemory(floats, largest);
  }

  @Override
  public long floats(Shape shape) {
    return other.floats(shape);
  }

  @Override
  public long floats(Kernel kernel, Collection<Shape> inputs) {
    return other.floats(kernel, inputs);
  }

  @Override
  public Tensor zeros(Shape shape) {
    return timed("zeros", shape, () -> other.zeros(shape));
  }

  @Override
  public Tensor upload(Shape shape, float... values) {
    return timed("upload", shape, () -> other.upload(shape, values));
  }

  @Override
  public Tensor view(Tensor memory, Shape shape) {
    return timed("view", shape, () -> other.view(memory, shape));
  }

  @Override
  public Filters filters(Kernel kernel) {
    Shape size = new Shape(1, kernel.size(), kernel.size());
    TimedCall key = new TimedCall("filters", 0, kernel.inputs(), kernel.outputs(), size);
    return timed(key, 0, () -> other.filters(kernel));
  }

  @Override
  public void fill(float value, Tensor x) {
    timed("fill", x, () -> other.fill(value, x));
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    timed("copy", to, () -> other.copy(from, to));
  }

  @Override
  public void scale(float scale, Tensor x) {
    timed("scale", x, () -> other.scale(scale, x));
  }

  @Override
  public void addScaled(float scale, Tensor x, Tensor accumulator) {
    timed("addScaled", x, () -> other.addScaled(scale, x, accumulator));
  }

  @Override
  public void combine(double[] factors, List<Tensor> terms, Tensor out) {
    timed("combine", out, () -> other.combine(factors, terms, out));
  }

  @Override
  public double[][] dots(List<Tensor> a, List<Tensor> b) {
    return timed("dots", a.get(0).shape(), () -> other.dots(a, b));
  }

  @Override
  public double dot(Tensor a, Tensor b) {
    return timed("dot", a.shape(), () -> other.dot(a, b));
  }

  @Override
  public void adamStep(AdamRates rates, int step, Tensor gradient, Tensor m, Tensor v, Tensor x) {
    timed("adamStep", x, () -> other.adamStep(rates, step, gradient, m, v, x));
  }

  @Override
  public void convolve(Tensor x, Filters filters, Edges edges, Activation activation, Tensor y) {
    convolution(
        "convolve", filters.kernel(), x, () -> other.convolve(x, filters, edges, activation, y));
  }

  @Override
  public void convolveAdjoint(
      Tensor y, Tensor dY, Filters filters, Edges edges, Activation activation, Tensor dX) {
    convolution(
        "convolveAdjoint",
        filters.kernel(),
        dX,
        () -> other.convolveAdjoint(y, dY, filters, edges, activation, dX));
  }

  @Override
  public void averagePool(Tensor x, Edges edges, Tensor y) {
    timed("averagePool", x, () -> other.averagePool(x, edges, y));
  }

  @Override
  public void averagePoolAdjoint(Tensor dY, Edges edges, Tensor dX) {
    timed("averagePoolAdjoint", dX, () -> other.averagePoolAdjoint(dY, edges, dX));
  }

  @Override
  public void maxPool(Tensor x, Edges edges, Tensor y) {
    timed("maxPool", x, () -> other.maxPool(x, edges, y));
  }

  @Override
  public void maxPoolAdjoint(Tensor x, Tensor y, Tensor dY, Edges edges, Tensor dX) {
    timed("maxPoolAdjoint", dX, () -> other.maxPoolAdjoint(x, y, dY, edges, dX));
  }

  @Override
  public void energy(Tensor x, int[][] groups, float epsilon, Tensor y) {
    timed("energy", x, () -> other.energy(x, groups, epsilon, y));
  }

  @Override
  public void energyAdjoint(Tensor x, Tensor y, Tensor dY, int[][] groups, Tensor dX) {
    timed("energyAdjoint", dX, () -> other.energyAdjoint(x, y, dY, groups, dX));
  }

  @Override
  public void multiplyMask(Tensor x, Tensor mask, Tensor y) {
    timed("multiplyMask", x, () -> other.multiplyMask(x, mask, y));
  }

  @Override
  public void resample(Tensor x, Resampling axes, Tensor y) {
    timed("resample", y, () -> other.resample(x, axes, y));
  }

  @Override
  public Moments moments(Tensor x, Tensor mask) {
    return timed("moments", x.shape(), () -> other.moments(x, mask));
  }

  @Override
  public void matchColors(Tensor x, Tensor mask, Tensor exemplar, Tensor exemplarMask, Tensor y) {
    timed("matchColors", y, () -> other.matchColors(x, mask, exemplar, exemplarMask, y));
  }

  @Override
  public void gram(Tensor a, Tensor centreA, Tensor b, Tensor centreB, Tensor out) {
    product("gram", a, b, () -> other.gram(a, centreA, b, centreB, out));
  }

  @Override
  public void addProduct(
      float scale, Tensor matrix, boolean transposed, Tensor x, Tensor centre, Tensor accumulator) {
    product(
        "addProduct",
        x,
        accumulator,
        () -> other.addProduct(scale, matrix, transposed, x, centre, accumulator));
  }

  @Override
  public void gram(Masked a, Masked b, Tensor out) {
    product("gram", a.x(), b.x(), () -> other.gram(a, b, out));
  }

  @Override
  public void addProduct(float scale, Tensor matrix, boolean transposed, Masked x, Tensor sum) {
    product("addProduct", x.x(), sum, () -> other.addProduct(scale, matrix, transposed, x, sum));
  }

  @Override
  public void channelMeans(Tensor x, Tensor out) {
    timed("channelMeans", x, () -> other.channelMeans(x, out));
  }

  @Override
  public void addPerChannel(float scale, Tensor v, Tensor accumulator) {
    timed("addPerChannel", accumulator, () -> other.addPerChannel(scale, v, accumulator));
  }

  @Override
  public double totalVariation(Tensor x, Edges edges, float scale, Tensor gradient) {
    return timed(
        "totalVariation", x.shape(), () -> other.totalVariation(x, edges, scale, gradient));
  }

  @Override
  public double rangePenalty(Tensor x, float scale, Tensor gradient) {
    return timed("rangePenalty", x.shape(), () -> other.rangePenalty(x, scale, gradient));
  }

  @Override
  public void await() {
    other.await();
  }

  @Override
  public void trim() {
    other.trim();
  }

  @Override
  public void close() {
    other.close();
  }
}
