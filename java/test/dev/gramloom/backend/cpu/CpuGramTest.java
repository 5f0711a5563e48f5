package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.TestBackends;
import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gram matrices of every count of channels that fills rows, vectors and lines or does not. */
@AnyVectorWidth
class CpuGramTest {
  private static final int[] CHANNELS = {1, 3, 15, 16, 17, 37, 74, 134};
  private static final ReferenceBackend REFERENCE = new ReferenceBackend();
  private static final List<Workers> WORKERS = Stream.of(1, 2, 3, 5).map(Workers::new).toList();

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (int pixels : new int[] {1, 63, 64, 65, 1000}) {
      for (boolean centred : new boolean[] {false, true}) {
        cases.add(Arguments.of(pixels, centred));
      }
    }
    return cases.stream();
  }

  @AfterAll
  static void close() {
    WORKERS.forEach(Workers::close);
  }

  private static Shape shape(int channels, int pixels) {
    return new Shape(channels, 1, pixels);
  }

  private static float[] centre(int channels, boolean centred, long seed) {
    return centred ? TestBackends.random(channels, seed) : null;
  }

  private static Tensor uploaded(float[] centre) {
    return centre == null ? null : REFERENCE.upload(Shape.matrix(1, centre.length), centre);
  }

  private static float[] gram(Workers workers, Features a, Features b) {
    float[] out = new float[a.channels() * b.channels()];
    Arrays.fill(out, Float.NaN);
    CpuGram.gram(workers, a, b, out);
    return out;
  }

  /** Checks against the reference and, bit for bit, with all thread counts. */
  private static float[] checked(Features a, Features b) {
    Shape out = Shape.matrix(a.channels(), b.channels());
    float[] first = gram(WORKERS.get(0), a, b);
    try (Tensor expected = REFERENCE.zeros(out)) {
      Tensor left = REFERENCE.upload(a.x().shape(), a.x().toArray());
      Tensor right = REFERENCE.upload(b.x().shape(), b.x().toArray());
      REFERENCE.gram(left, uploaded(a.centre()), right, uploaded(b.centre()), expected);
      Tensors.assertNear(expected.toArray(), first, a.x().pixels());
    }
    for (Workers workers : WORKERS.subList(1, WORKERS.size())) {
      assertArrayEquals(first, gram(workers, a, b), "threads " + workers.count());
    }
    return first;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ofOneTensorItIsSymmetricAndTheReferences(int pixels, boolean centred) {
    for (int channels : CHANNELS) {
      CpuTensor x = Tensors.random(shape(channels, pixels), channels);
      Features features = new Features(x, centre(channels, centred, 7));
      float[] gram = checked(features, features);
      for (int i = 0; i < gram.length; i++) {
        assertEquals(gram[i], gram[i % channels * channels + i / channels]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ofTwoTensorsItIsTheReferences(int pixels, boolean centred) {
    for (int i = 0; i < CHANNELS.length; i++) {
      int rows = CHANNELS[i];
      CpuTensor a = Tensors.random(shape(rows, pixels), 1);
      for (int step : new int[] {0, 1, 3, 6}) {
        int columns = CHANNELS[(i + step) % CHANNELS.length];
        CpuTensor b = Tensors.random(shape(columns, pixels), 2);
        checked(
            new Features(a, centre(rows, centred, 3)),
            new Features(b, centre(columns, centred && step != 1, 4)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 17, 64})
  void ofOneTensorWithTwoCentresItIsNotSymmetric(int channels) {
    CpuTensor x = Tensors.random(shape(channels, 65), 1);
    checked(new Features(x, centre(channels, true, 2)), new Features(x, null));
  }
}
