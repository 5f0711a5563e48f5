package dev.gramloom.backend.cuda;

import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUgraph;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * An order in which a device works: each kernel and copy begins when those before it have ended,
 * whatever other streams do. The device must be entered.
 */
final class Stream implements AutoCloseable {
  /** Doubles that one call brings, at most. */
  static final int MOST_DOUBLES = 4096;

  private final CUstream handle = new CUstream();
  private final Device device;
  private Pointer
      landing; // pinned, [MOST_DOUBLES]; a copy to the heap would make the host wait twice

  Stream(Device device) {
    this.device = device;
    Status.check(
        "make a stream", JCudaDriver.cuStreamCreate(handle, CUstream_flags.CU_STREAM_NON_BLOCKING));
  }

  CUstream handle() {
    return handle;
  }

  /** Returns when all work has been done. */
  void await() {
    Status.check("finish", JCudaDriver.cuStreamSynchronize(handle));
  }

  /**
   * Waits, and copies to the heap; from whatever thread.
   *
   * @param to an array, from its beginning
   */
  void download(DeviceMemory.Block from, long bytes, Pointer to) {
    device.enter();
    await();
    Status.check("download", JCudaDriver.cuMemcpyDtoH(to, from.pointer(), bytes));
  }

  /**
   * Waits, and returns some doubles; from whatever thread.
   *
   * @param count at most {@link #MOST_DOUBLES}
   */
  double[] doubles(DeviceMemory.Block from, int count) {
    device.enter();
    if (landing == null) {
      landing = new Pointer();
      Status.check(
          "pin memory", JCudaDriver.cuMemAllocHost(landing, (long) MOST_DOUBLES * Double.BYTES));
    }
    long bytes = (long) count * Double.BYTES;
    Status.check("download", JCudaDriver.cuMemcpyDtoHAsync(landing, from.pointer(), bytes, handle));
    await();
    double[] values = new double[count];
    landing.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder()).asDoubleBuffer().get(values);
    return values;
  }

  /**
   * Records what the stream is told, in place of doing it. Memory can be neither made nor freed
   * meanwhile, and nothing waited for.
   */
  Graph capture(Runnable work) {
    CUgraph recorded = new CUgraph();
    int mode = CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
    Status.check("record", JCudaDriver.cuStreamBeginCapture(handle, mode));
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      if (JCudaDriver.cuStreamEndCapture(handle, recorded) == 0) {
        JCudaDriver.cuGraphDestroy(recorded);
      }
      throw e;
    }
    Status.check("record", JCudaDriver.cuStreamEndCapture(handle, recorded));
    return new Graph(recorded);
  }

  @Override
  public void close() {
    if (landing != null) {
      JCudaDriver.cuMemFreeHost(landing);
    }
    JCudaDriver.cuStreamDestroy(handle);
  }
}
