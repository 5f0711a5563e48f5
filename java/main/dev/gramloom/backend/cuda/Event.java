package dev.gramloom.backend.cuda;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** A moment of a stream that another stream, or the host, can wait for. The device is entered. */
final class Event implements AutoCloseable {
  private final CUevent handle = new CUevent();

  Event() {
    int flags = CUevent_flags.CU_EVENT_DISABLE_TIMING;
    Status.check("make an event", JCudaDriver.cuEventCreate(handle, flags));
  }

  /** It comes when the stream has done all that it was told so far. */
  void record(Stream stream) {
    Status.check("mark a moment", JCudaDriver.cuEventRecord(handle, stream.handle()));
  }

  /** What the stream is told from now on begins after it; the host goes on. */
  void precede(Stream stream) {
    Status.check("order two streams", JCudaDriver.cuStreamWaitEvent(stream.handle(), handle, 0));
  }

  /** Returns when it has come. */
  void await() {
    Status.check("download", JCudaDriver.cuEventSynchronize(handle));
  }

  @Override
  public void close() {
    JCudaDriver.cuEventDestroy(handle);
  }
}
