package dev.gramloom.backend.cuda;

import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.Memory;
import dev.gramloom.backend.Precision;
import dev.gramloom.backend.Program;
import dev.gramloom.failure.Failure;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * The arithmetic on one NVIDIA GPU. Tensors stay there; only sums that Java asks for and finished
 * pictures come back.
 *
 * <p>Every sum has an order that depends on sizes alone: the same input gives the same bytes. Not
 * thread-safe, but any thread may call.
 */
public final class CudaBackend extends CudaVerbs {
  private static final int CONTEXT = 256; // MiB: code, and what the driver keeps for itself
  private static final int SUMS =
      128; // MiB: of parts of Gram matrices, and borders of small pictures
  private static final int BORDER = 16; // of a picture wider than 192, less than this part

  private final Device device;
  private final DeviceMemory memory;
  private final Stream stream;
  private final Downloads downloads;
  private Thread entered;

  /** Opens a GPU, to compute in float32. */
  public CudaBackend(int ordinal) {
    this(ordinal, Precision.FP32);
  }

  /**
   * Opens a GPU.
   *
   * @param ordinal which, from 0
   * @param precision of convolutions
   * @throws Failure UNAVAILABLE if it cannot work here, or not so: why, and what would help
   */
  public CudaBackend(int ordinal, Precision precision) {
    this(Device.open(ordinal), precision);
  }

  private CudaBackend(Device device, Precision precision) {
    this(
        device,
        new DeviceMemory(device),
        new Stream(device),
        TensorCores.chosen(device, precision));
  }

  private CudaBackend(Device device, DeviceMemory memory, Stream stream, Precision precision) {
    super(memory, stream, precision);
    this.device = device;
    this.memory = memory;
    this.stream = stream;
    downloads = new Downloads(device, memory, stream);
    entered = Thread.currentThread();
  }

  DeviceMemory memory() {
    return memory;
  }

  /** Where all verbs go. */
  Stream stream() {
    return stream;
  }

  /** The device, and what computes what. */
  public String description() {
    return "%s; convolutions by %s; products by %s"
        .formatted(device.description(), convolution.description(), products.description());
  }

  @Override
  void enter() {
    if (entered != Thread.currentThread()) {
      entered = Thread.currentThread();
      device.enter();
    }
  }

  @Override
  public String name() {
    return "cuda";
  }

  /** GPUs of one name with libraries of one version sum in the same order. */
  @Override
  public String machine() {
    return "%s with %s and %s".formatted(device.name(), convolution.version(), products.version());
  }

  /**
   * Beside the tensors: a picture of the largest size with its border, its slopes where both are
   * halves, workspaces, and what sums keep.
   */
  @Override
  public Memory requireMemory(long floats, long largest) {
    enter();
    long need =
        ((floats + largest + largest / BORDER) * Float.BYTES >> 20)
            + CONTEXT
            + SUMS
            + convolution.mebibytes()
            + products.mebibytes();
    return device.requireMemory(need);
  }

  @Override
  public long floats(Kernel kernel, Collection<Shape> inputs) {
    return CudaFilters.floats(kernel);
  }

  @Override
  public Tensor zeros(Shape shape) {
    enter();
    CudaTensor tensor = new CudaTensor(shape, memory.allocate(CudaTensor.bytes(shape)), stream);
    fill(0, tensor);
    return tensor;
  }

  @Override
  public Tensor upload(Shape shape, float... values) {
    enter();
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "%s holds %d floats, got %d".formatted(shape, shape.size(), values.length));
    }
    return new CudaTensor(shape, memory.upload(values), stream);
  }

  @Override
  public Tensor view(Tensor of, Shape shape) {
    DeviceMemory.Block block = CudaTensor.block(of);
    if (CudaTensor.bytes(shape) > block.bytes()) {
      throw new IllegalArgumentException(
          "%s does not fit the %d bytes of %s".formatted(shape, block.bytes(), of));
    }
    return new CudaTensor(shape, block, stream);
  }

  @Override
  public Filters filters(Kernel kernel) {
    enter();
    if (!OwnMultiplier.fits(kernel.size())) {
      throw new IllegalArgumentException("a filter of " + kernel.size() + " pixels is too large");
    }
    return new CudaFilters(kernel, memory);
  }

  @Override
  public Supplier<float[]> laterValues(Tensor x) {
    enter();
    return downloads.begin(x);
  }

  @Override
  public Program program(Program.Steps steps) {
    enter();
    return new CudaProgram(this, steps);
  }

  @Override
  public void await() {
    enter();
    stream.await();
  }

  @Override
  public void trim() {
    enter();
    convolution.trim();
    products.trim();
    sums.close();
    downloads.trim();
  }

  @Override
  public void close() {
    enter();
    convolution.close();
    products.close();
    downloads.close();
    memory.close();
    kernels.close();
    stream.close();
  }
}
