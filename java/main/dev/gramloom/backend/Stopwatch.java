package dev.gramloom.backend;

import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The clock of a {@link TimedBackend}, and what it has counted. */
abstract class Stopwatch implements Backend {
  final Backend other;
  private final Map<TimedCall, Tally> tallies = new LinkedHashMap<>();
  private final Map<Kernel, Long> multiplyAdds = new IdentityHashMap<>(); // for a pixel

  /**
   * @param other does the work
   */
  Stopwatch(Backend other) {
    this.other = other;
  }

  /** What was called since the last {@link #reset}, in the order of first calls. */
  public List<TimedBackend.Row> rows() {
    List<TimedBackend.Row> rows = new ArrayList<>();
    tallies.forEach((key, tally) -> rows.add(tally.row(key.words())));
    return rows;
  }

  /** Forgets what was called. */
  public void reset() {
    tallies.clear();
  }

  <T> T timed(TimedCall key, long multiplyAdds, Supplier<T> verb) {
    long start = System.nanoTime();
    T result = verb.get();
    other.await();
    long taken = System.nanoTime() - start;
    tallies.computeIfAbsent(key, k -> new Tally()).add(taken, multiplyAdds);
    return result;
  }

  private void timed(TimedCall key, long multiplyAdds, Runnable verb) {
    Supplier<Void> nothing =
        () -> {
          verb.run();
          return null;
        };
    timed(key, multiplyAdds, nothing);
  }

  <T> T timed(String verb, Shape at, Supplier<T> call) {
    return timed(new TimedCall(verb, 0, at.channels(), 0, at), 0, call);
  }

  void timed(String verb, Tensor at, Runnable call) {
    timed(new TimedCall(verb, 0, at.shape().channels(), 0, at.shape()), 0, call);
  }

  void convolution(String verb, Kernel kernel, Tensor at, Runnable call) {
    long perPixel = multiplyAdds.computeIfAbsent(kernel, Kernel::multiplyAdds);
    TimedCall key =
        new TimedCall(verb, kernel.size(), kernel.inputs(), kernel.outputs(), at.shape());
    timed(key, perPixel * at.shape().pixels(), call);
  }

  /** A product of all channels of one with all channels of the other. */
  void product(String verb, Tensor from, Tensor to, Runnable call) {
    int channels = to.shape().channels();
    TimedCall key = new TimedCall(verb, 0, from.shape().channels(), channels, from.shape());
    timed(key, from.shape().size() * channels, call);
  }
}
