package dev.gramloom.cli.batch;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Backends;
import dev.gramloom.synthesis.Progress;

/**
 * What one job after another computes with. One thread uses it at a time.
 *
 * @param status what the backend is
 * @param resources of the machine that it was given
 * @param backend that computes
 * @param listener hears how each job goes on
 */
public record Workbench(
    Backends.Status status, Backends.Resources resources, Backend backend, Progress listener)
    implements AutoCloseable {
  /** A bench with a backend of its own, which nobody listens to. */
  public static Workbench open(Backends.Status status, Backends.Resources resources) {
    return open(status, resources, new Progress() {});
  }

  /** A bench with a backend of its own. */
  public static Workbench open(
      Backends.Status status, Backends.Resources resources, Progress listener) {
    return new Workbench(status, resources, Backends.open(status, resources), listener);
  }

  /** Hears what {@code other} hears, and tells the bench's listener. */
  public Progress alongside(Progress other) {
    return listener.then(other);
  }

  @Override
  public void close() {
    backend.close();
  }
}
