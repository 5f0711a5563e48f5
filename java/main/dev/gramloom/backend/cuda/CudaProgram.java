package dev.gramloom.backend.cuda;

import dev.gramloom.backend.Program;

/**
 * Steps that the device makes by itself: made once as they are told, recorded the second time, and
 * started by one call from then on; told and recorded anew when memory that they use has moved.
 */
final class CudaProgram implements Program {
  private static final long NEVER = -1;

  private final CudaBackend backend;
  private final Steps steps;
  private final LaterSums sums;
  private Graph graph;
  private long told = NEVER; // the memory's generation then

  CudaProgram(CudaBackend backend, Steps steps) {
    this.backend = backend;
    this.steps = steps;
    sums = new LaterSums(backend.memory(), backend.stream());
  }

  @Override
  public void run(Runnable pause) {
    backend.enter();
    if (backend.memory().generation() != told) {
      forget();
      tell(pause);
      told = backend.memory().generation();
      return;
    }
    if (graph == null) {
      graph = backend.stream().capture(() -> tell(() -> {}));
    }
    sums.renew();
    graph.launch(backend.stream());
    pause.run(); // beside the device's work
  }

  private void tell(Runnable pause) {
    sums.restart();
    backend.sums.keepIn(sums);
    try {
      steps.make(pause);
    } finally {
      backend.sums.keepIn(null);
    }
  }

  private void forget() {
    if (graph != null) {
      graph.close();
      graph = null;
    }
  }

  @Override
  public void close() {
    forget();
    sums.close();
  }
}
