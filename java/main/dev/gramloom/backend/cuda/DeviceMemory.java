package dev.gramloom.backend.cuda;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * Allocates memory on the device. What is closed is freed at once; what was forgotten is freed when
 * the garbage collector has noticed and more memory is asked for.
 */
final class DeviceMemory implements AutoCloseable {
  /** An address that Java can read: kernels get it as a number. */
  private static final class Address extends CUdeviceptr {
    long value() {
      return getNativePointer();
    }
  }

  /** Some memory. Freed once, by whichever of its owner and the collector comes first. */
  static final class Block implements AutoCloseable {
    private final Freed freed;
    private final long bytes;

    private Block(Freed freed, long bytes) {
      this.freed = freed;
      this.bytes = bytes;
    }

    /** For kernels. */
    long address() {
      return freed.address.value();
    }

    /** For copies. */
    CUdeviceptr pointer() {
      return freed.address;
    }

    long bytes() {
      return bytes;
    }

    @Override
    public void close() {
      freed.free();
    }
  }

  /** What frees a block; holds no reference to it. */
  private static final class Freed {
    private final Address address;
    private final long bytes;
    private final AtomicLong held;
    private boolean done;

    Freed(Address address, long bytes, AtomicLong held) {
      this.address = address;
      this.bytes = bytes;
      this.held = held;
      held.addAndGet(bytes);
    }

    /** A device that was lost has nothing to free: the result is of no interest. */
    void free() {
      if (!done) {
        done = true;
        held.addAndGet(-bytes);
        JCudaDriver.cuMemFree(address);
      }
    }
  }

  private static final class Watch extends PhantomReference<Block> {
    private final Freed freed;

    Watch(Block block, ReferenceQueue<Block> forgotten) {
      super(block, forgotten);
      this.freed = block.freed;
    }
  }

  private final ReferenceQueue<Block> forgotten = new ReferenceQueue<>();
  private final Set<Watch> watched = new HashSet<>();
  private final Device device;

  /** Of a device that is entered whenever this is called. */
  DeviceMemory(Device device) {
    this.device = device;
  }

  /** Some memory of any content. */
  Block allocate(long bytes) {
    freeForgotten();
    Address address = new Address();
    int result = JCudaDriver.cuMemAlloc(address, bytes);
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      System.gc();
      freeForgotten();
      result = JCudaDriver.cuMemAlloc(address, bytes);
    }
    Status.check("allocate %d MiB".formatted(bytes >> 20), result);
    Block block = new Block(new Freed(address, bytes, device.held()), bytes);
    watched.add(new Watch(block, forgotten));
    return block;
  }

  /** A copy of some values. */
  Block upload(float... values) {
    Block block = allocate((long) values.length * Float.BYTES);
    Status.check(
        "upload", JCudaDriver.cuMemcpyHtoD(block.pointer(), Pointer.to(values), block.bytes()));
    return block;
  }

  /** A copy of some numbers. */
  Block upload(int... values) {
    Block block = allocate((long) values.length * Integer.BYTES);
    Status.check(
        "upload", JCudaDriver.cuMemcpyHtoD(block.pointer(), Pointer.to(values), block.bytes()));
    return block;
  }

  /** Also forgets what its owners have closed. */
  private void freeForgotten() {
    for (var watch = forgotten.poll(); watch != null; watch = forgotten.poll()) {
      ((Watch) watch).freed.free();
    }
    watched.removeIf(watch -> watch.freed.done);
  }

  /** Frees everything that is left. */
  @Override
  public void close() {
    watched.forEach(watch -> watch.freed.free());
    watched.clear();
  }
}
