package dev.gramloom.backend.cuda;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;

/** Recorded work, which one call starts: its kernels then follow each other without the host. */
final class Graph implements AutoCloseable {
  private final CUgraphExec executable = new CUgraphExec();

  /**
   * @param recorded is destroyed
   */
  Graph(CUgraph recorded) {
    int result = JCudaDriver.cuGraphInstantiate(executable, recorded, 0);
    JCudaDriver.cuGraphDestroy(recorded);
    Status.check("prepare what was recorded", result);
  }

  /** Starts it, as the stream's next work. */
  void launch(Stream stream) {
    Status.check("start a graph", JCudaDriver.cuGraphLaunch(executable, stream.handle()));
  }

  @Override
  public void close() {
    JCudaDriver.cuGraphExecDestroy(executable);
  }
}
