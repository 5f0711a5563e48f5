package dev.gramloom.backend;

import dev.gramloom.backend.cpu.CpuBackend;
import dev.gramloom.backend.cuda.CudaBackend;
import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.failure.Failure;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** What the tests of all packages compute on, and with. */
public final class TestBackends {
  private TestBackends() {}

  /**
   * Every backend this machine can open. Where the build has put the emulated driver in place of a
   * GPU's, only what runs on it: the others were tried before.
   */
  public static List<Backend> all() {
    Optional<Backend> cuda = cuda();
    if (cuda.isPresent() && System.getProperty("gramloom.emulated") != null) {
      return List.of(cuda.get());
    }
    Stream<Backend> anywhere = Stream.of(new ReferenceBackend(), new CpuBackend(2));
    return Stream.concat(anywhere, cuda.stream()).toList();
  }

  private static Optional<Backend> cuda() {
    try {
      return Optional.of(new CudaBackend(0));
    } catch (Failure e) {
      return Optional.empty();
    }
  }

  /** Values between −1 and 1. */
  public static float[] random(long size, long seed) {
    var random = new Random(seed);
    float[] values = new float[Math.toIntExact(size)];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  /** A tensor of values between −1 and 1. */
  public static Tensor random(Backend backend, Shape shape, long seed) {
    return backend.upload(shape, random(shape.size(), seed));
  }

  /** A kernel of values between −1 and 1, every third weight zero. */
  public static Kernel kernel(int outputs, int inputs, int size, long seed) {
    float[] weights = random((long) outputs * inputs * size * size, seed);
    for (int i = 0; i < weights.length; i += 3) {
      weights[i] = 0;
    }
    return new Kernel(outputs, inputs, size, weights, random(outputs, seed + 1));
  }

  /** ‖a − b‖ / ‖b‖, or ‖a‖ where b is zero; NaN counts as infinitely far. */
  public static double relativeError(float[] a, float[] b) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < b.length; i++) {
      difference += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
      norm += (double) b[i] * b[i];
    }
    double error = Math.sqrt(norm > 0 ? difference / norm : difference);
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }
}
