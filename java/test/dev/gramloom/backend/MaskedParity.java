package dev.gramloom.backend;

import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link BackendParity}, also of features that count in a part of the picture. */
public abstract class MaskedParity extends BackendParity {
  @ParameterizedTest
  @MethodSource("cases")
  void gramsAndProductsOfMaskedFeaturesAgree(Shape shape, Edges edges) {
    for (int channels : new int[] {7, 37}) {
      for (boolean centred : new boolean[] {false, true}) {
        Shape other = shape.withChannels(channels);
        for (boolean same : new boolean[] {false, true}) {
          agree(
              shape.pixels(),
              b -> {
                Masked rows = masked(b, other, centred);
                Masked columns = same ? rows : masked(b, shape, !centred);
                int wide = columns.x().shape().channels();
                Tensor out = dirty(b, Shape.matrix(channels, wide));
                b.gram(rows, columns, out);
                return out;
              });
        }
        agree(
            channels,
            b -> {
              Tensor sum = dirty(b, shape);
              Tensor matrix = TestBackends.random(b, Shape.matrix(5, channels), 3);
              b.addProduct(0.5f, matrix, false, masked(b, other, centred), sum);
              return sum;
            });
      }
    }
  }

  private static Masked masked(Backend b, Shape shape, boolean centred) {
    Tensor centre = TestBackends.random(b, Shape.matrix(1, shape.channels()), 5);
    Tensor mask = TestBackends.random(b, shape.withChannels(1), centred ? 6 : 7);
    return new Masked(TestBackends.random(b, shape, 4), centred ? centre : null, mask);
  }
}
