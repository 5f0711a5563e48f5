package dev.gramloom.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.color.Moments;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Resampling;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link MaskedParity}, and verbs on pictures that give the reference's bytes. */
public abstract class PictureParity extends MaskedParity {
  private void giveTheSameBytes(Function<Backend, Tensor> verb, Object... what) {
    float[] expected = verb.apply(new ReferenceBackend()).toArray();
    for (Backend backend : backends()) {
      assertArrayEquals(expected, verb.apply(backend).toArray(), () -> List.of(what).toString());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resamplingGivesTheSameBytes(Shape shape, Edges edges) {
    for (int[] size : List.of(new int[] {33, 13}, new int[] {1, 31}, new int[] {7, 2})) {
      Shape other = new Shape(shape.channels(), size[0], size[1]);
      giveTheSameBytes(
          b -> {
            Tensor y = dirty(b, other);
            b.resample(TestBackends.random(b, shape, 1), Resampling.of(shape, other, edges), y);
            return y;
          },
          shape,
          other,
          edges);
    }
  }

  /** 23 x 23 pixels are one more than a lane each. */
  @ParameterizedTest
  @CsvSource({"1, 1, 2, 3", "13, 33, 1, 1", "23, 23, 40, 29", "49, 65, 7, 31"})
  void matchingColorsGivesTheSameBytes(int h, int w, int exemplarHeight, int exemplarWidth) {
    Shape shape = new Shape(3, h, w);
    Shape exemplar = new Shape(3, exemplarHeight, exemplarWidth);
    for (boolean masked : new boolean[] {false, true}) {
      giveTheSameBytes(
          b -> {
            Tensor y = dirty(b, shape);
            b.matchColors(
                b.upload(shape, wild(shape)),
                masked ? mask(b, shape) : null,
                b.upload(exemplar, levels(exemplar)),
                masked ? mask(b, exemplar) : null,
                y);
            return y;
          },
          shape,
          exemplar,
          masked);
    }
  }

  @Test
  void momentsAreTheSameBits() {
    Shape shape = new Shape(3, 49, 65);
    for (boolean masked : new boolean[] {false, true}) {
      String expected = moments(new ReferenceBackend(), shape, masked);
      for (Backend backend : backends()) {
        assertEquals(expected, moments(backend, shape, masked));
      }
    }
  }

  private static String moments(Backend b, Shape shape, boolean masked) {
    Tensor mask = masked ? mask(b, shape) : null;
    Moments made = b.moments(b.upload(shape, levels(shape)), mask);
    return made.count() + Arrays.toString(made.mean()) + Arrays.deepToString(made.covariance());
  }

  /** Colours, one of which lies out of all bins. */
  private static float[] wild(Shape shape) {
    float[] values = TestBackends.random(shape.size(), 1);
    values[values.length - 1] = 1e9f;
    return values;
  }

  /** As of a file of 8 bits. */
  private static float[] levels(Shape shape) {
    float[] values = TestBackends.random(shape.size(), 2);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.round(255 * Math.abs(values[i])) / 255f;
    }
    return values;
  }

  /** About half of the pixels, at least the first. */
  private static Tensor mask(Backend backend, Shape picture) {
    Shape shape = picture.withChannels(1);
    float[] values = TestBackends.random(shape.size(), 3);
    values[0] = 1;
    return backend.upload(shape, values);
  }
}
