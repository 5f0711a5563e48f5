package dev.gramloom.backend.cuda;

import dev.gramloom.tensor.Tensor;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/**
 * Brings pictures to the heap while the device computes: copied aside in the order of the work, and
 * from there, on a stream of their own, into pinned memory. One is under way at a time.
 */
final class Downloads implements AutoCloseable {
  /** Larger ones are waited for: so much pinned memory is not to be had everywhere. */
  private static final long MOST_PINNED = 1L << 30; // bytes

  private final Device device;
  private final DeviceMemory memory;
  private final Stream work;
  private Stream stream; // this and the rest: when first asked for
  private Event copied; // aside holds the values
  private Event arrived; // and landing does
  private DeviceMemory.Block aside;
  private Pointer landing;
  private Arrival last;

  /**
   * @param work fills the tensors
   */
  Downloads(Device device, DeviceMemory memory, Stream work) {
    this.device = device;
    this.memory = memory;
    this.work = work;
  }

  /** Values that come. */
  private final class Arrival implements Supplier<float[]> {
    private final int count;
    private float[] values; // null until they were fetched

    Arrival(int count) {
      this.count = count;
    }

    @Override
    public float[] get() {
      if (values == null) {
        device.enter();
        arrived.await();
        values = new float[count];
        long bytes = (long) count * Float.BYTES;
        landing.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
      }
      return values;
    }
  }

  /** The tensor's values as the work until now leaves them; from whatever thread. */
  Supplier<float[]> begin(Tensor x) {
    long bytes = CudaTensor.bytes(x.shape());
    if (bytes > MOST_PINNED) {
      float[] values = x.toArray();
      return () -> values;
    }
    if (last != null) {
      last.get(); // the next one takes its place
    }
    makeRoom(bytes);
    Status.check(
        "copy",
        JCudaDriver.cuMemcpyDtoDAsync(
            aside.pointer(), CudaTensor.block(x).pointer(), bytes, work.handle()));
    copied.record(work);
    copied.precede(stream);
    Status.check(
        "download",
        JCudaDriver.cuMemcpyDtoHAsync(landing, aside.pointer(), bytes, stream.handle()));
    arrived.record(stream);
    last = new Arrival(Math.toIntExact(x.shape().size()));
    return last;
  }

  private void makeRoom(long bytes) {
    if (stream == null) {
      stream = new Stream(device);
      copied = new Event();
      arrived = new Event();
    }
    if (aside == null || aside.bytes() < bytes) {
      trim();
      aside = memory.allocate(bytes);
      landing = new Pointer();
      Status.check("pin memory", JCudaDriver.cuMemAllocHost(landing, bytes));
    }
  }

  /** Gives memory back, until the next one. */
  void trim() {
    if (last != null) {
      last.get();
      last = null;
    }
    if (aside != null) {
      aside.close();
      aside = null;
    }
    if (landing != null) {
      JCudaDriver.cuMemFreeHost(landing);
      landing = null;
    }
  }

  /** What is still under way is lost. */
  @Override
  public void close() {
    last = null;
    if (stream != null) {
      stream.close();
      copied.close();
      arrived.close();
      stream = null;
    }
    trim();
  }
}
