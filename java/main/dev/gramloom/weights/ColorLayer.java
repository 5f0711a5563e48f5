package dev.gramloom.weights;

import dev.gramloom.weights.format.StoredTensor;
import dev.gramloom.weights.format.TensorFile;
import java.nio.file.Path;
import java.util.List;

/**
 * A 1x1 convolution of three colours to three, which some files keep before conv1_1 in place of
 * preprocessing (the VGG of Huang and Belongie 2017, arXiv:1703.06868). Ours is the same, and is
 * applied anyway; another one would make another network of it.
 */
final class ColorLayer {
  /** Blue, green, red of 0..255 from red, green, blue of 0..1: [3][3]. */
  private static final float[] MATRIX = {0, 0, 255, 0, 255, 0, 255, 0, 0};

  private static final float[] OFFSET = {-103.939f, -116.779f, -123.68f};
  private static final float TOLERANCE = 0.01f; // of 255 levels

  private final Path path;

  ColorLayer(Path path) {
    this.path = path;
  }

  /**
   * Looks for one among a file's arrays.
   *
   * @throws dev.gramloom.failure.Failure if there is one that does something else
   */
  void check(List<StoredTensor> tensors) {
    for (int i = 0; i < tensors.size(); i++) {
      int[] shape = tensors.get(i).shape();
      if (shape.length == 4 && shape[0] == 3 && shape[1] == 3 && shape[2] * shape[3] == 1) {
        float[] bias = i + 1 < tensors.size() ? tensors.get(i + 1).read() : new float[0];
        if (differs(tensors.get(i).read(), MATRIX) || differs(bias, OFFSET)) {
          throw TensorFile.bad(
              path, tensors.get(i).name() + " changes colors in a way that Gramloom does not know");
        }
      }
    }
  }

  private static boolean differs(float[] values, float[] expected) {
    boolean same = values.length == expected.length;
    for (int i = 0; same && i < values.length; i++) {
      same = Math.abs(values[i] - expected[i]) <= TOLERANCE;
    }
    return !same;
  }
}
