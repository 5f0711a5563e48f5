package dev.gramloom.backend.cuda;

import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.Memory;
import dev.gramloom.failure.Failure;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Collection;

/**
 * The arithmetic on one NVIDIA GPU. Tensors stay there; only sums that Java asks for and finished
 * pictures come back.
 *
 * <p>Every sum has an order that depends on sizes alone: the same input gives the same bytes. Not
 * thread-safe, but any thread may call.
 */
public final class CudaBackend extends CudaVerbs {
  private static final int CONTEXT = 256; // MiB: code, and what the driver keeps for itself

  private final Device device;
  private final DeviceMemory memory;
  private Thread entered;

  /**
   * Opens a GPU.
   *
   * @param ordinal which, from 0
   * @throws Failure UNAVAILABLE if it cannot work here: why, and what would help
   */
  public CudaBackend(int ordinal) {
    this(Device.open(ordinal));
  }

  private CudaBackend(Device device) {
    this(device, new DeviceMemory(device));
  }

  private CudaBackend(Device device, DeviceMemory memory) {
    super(memory);
    this.device = device;
    this.memory = memory;
    entered = Thread.currentThread();
  }

  /** The device, and what computes what. */
  public String description() {
    return "%s; convolutions by %s, products by Gramloom's own"
        .formatted(device.description(), convolution.description());
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
    return "%s with %s".formatted(device.name(), convolution.version());
  }

  /**
   * Beside the tensors: two pictures of the largest size with borders, and a workspace, for
   * convolutions.
   */
  @Override
  public Memory requireMemory(long floats, long largest) {
    enter();
    long need =
        ((floats + 2 * largest + largest / 4) * Float.BYTES >> 20)
            + CONTEXT
            + convolution.mebibytes();
    return device.requireMemory(need);
  }

  @Override
  public long floats(Kernel kernel, Collection<Shape> inputs) {
    return CudaFilters.floats(kernel);
  }

  @Override
  public Tensor zeros(Shape shape) {
    enter();
    CudaTensor tensor = new CudaTensor(shape, memory.allocate(CudaTensor.bytes(shape)), device);
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
    return new CudaTensor(shape, memory.upload(values), device);
  }

  @Override
  public Tensor view(Tensor of, Shape shape) {
    DeviceMemory.Block block = CudaTensor.block(of);
    if (CudaTensor.bytes(shape) > block.bytes()) {
      throw new IllegalArgumentException(
          "%s does not fit the %d bytes of %s".formatted(shape, block.bytes(), of));
    }
    return new CudaTensor(shape, block, device);
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
  public void await() {
    enter();
    Device.await();
  }

  @Override
  public void trim() {
    enter();
    convolution.trim();
    products.close();
    sums.close();
  }

  @Override
  public void close() {
    enter();
    convolution.close();
    memory.close();
    kernels.close();
  }
}
