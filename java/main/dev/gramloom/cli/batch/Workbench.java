package dev.gramloom.cli.batch;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Backends;
import dev.gramloom.backend.Memory;
import dev.gramloom.image.Image;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.Progress;
import java.util.function.Supplier;

/**
 * What one job after another computes with. One thread uses it at a time.
 *
 * @param status what the backend is
 * @param threads it was given
 * @param backend that computes
 * @param listener hears how each job goes on
 */
public record Workbench(Backends.Status status, int threads, Backend backend, Progress listener)
    implements AutoCloseable {
  /** A bench with a backend of its own, which nobody listens to. */
  public static Workbench open(Backends.Status status, int threads) {
    return open(status, threads, new Progress() {});
  }

  /** A bench with a backend of its own. */
  public static Workbench open(Backends.Status status, int threads, Progress listener) {
    return new Workbench(status, threads, Backends.open(status, threads), listener);
  }

  /** Hears what {@code other} hears, and tells the bench's listener. */
  public Progress alongside(Progress other) {
    return new Progress() {
      @Override
      public void begins(Memory memory) {
        listener.begins(memory);
        other.begins(memory);
      }

      @Override
      public void scaleBegins(Scale scale) {
        listener.scaleBegins(scale);
        other.scaleBegins(scale);
      }

      @Override
      public void iterated(
          double done, Scale scale, int iteration, double loss, Supplier<Image> picture) {
        listener.iterated(done, scale, iteration, loss, picture);
        other.iterated(done, scale, iteration, loss, picture);
      }
    };
  }

  @Override
  public void close() {
    backend.close();
  }
}
