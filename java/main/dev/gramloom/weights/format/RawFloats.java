package dev.gramloom.weights.format;

import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The numbers of a VGG and nothing else: little-endian float32, layer after layer, each its kernel
 * and then its bias. Its length says which: VGG-16 or VGG-19, the convolutions or the whole, or the
 * first convolutions up to any.
 *
 * <p>The arrays are called conv1_1.weight, shape [K, C, 3, 3], and conv1_1.bias, shape [K]. A
 * kernel that was stored [3, 3, C, K] is as long, and comes out as it lies: its order is for the
 * reader of the numbers to find out.
 */
public final class RawFloats implements TensorFile {
  /** Numbers of the fully connected layers, which come last: 4096, 4096 and 1000 outputs. */
  private static final long HEAD =
      (512 * 7 * 7 + 1) * 4096L + (4096 + 1) * 4096L + (4096 + 1) * 1000L;

  private final Path path;
  private final List<StoredTensor> tensors = new ArrayList<>();

  /**
   * Decides by the length what the numbers are; reads none.
   *
   * @throws Failure if the file is not there or {@linkplain #fits has another length}
   */
  public RawFloats(Path path) {
    this.path = path;
    long bytes;
    try {
      bytes = Files.size(path);
    } catch (IOException e) {
      throw IoReason.cannotRead(path, e);
    }
    List<VggShape.Convolution> convolutions = convolutionsIn(bytes);
    if (convolutions.isEmpty()) {
      throw TensorFile.bad(path, "its " + bytes + " bytes are not the float32 numbers of a VGG");
    }
    long begin = 0; // numbers before the next array
    for (VggShape.Convolution one : convolutions) {
      add(one.name() + ".weight", begin, one.outputs(), one.inputs(), 3, 3);
      begin += one.weights();
      add(one.name() + ".bias", begin, one.outputs());
      begin += one.outputs();
    }
  }

  /** Whether a file of so many bytes can be one of these. */
  public static boolean fits(long bytes) {
    return !convolutionsIn(bytes).isEmpty();
  }

  /**
   * The convolutions that a file of so many bytes holds; none if it holds anything else. Where both
   * networks fit, it ends among the convolutions that they have in common.
   */
  private static List<VggShape.Convolution> convolutionsIn(long bytes) {
    for (VggShape network : VggShape.values()) {
      List<VggShape.Convolution> convolutions = network.convolutions();
      long numbers = 0;
      for (int i = 0; i < convolutions.size(); i++) {
        numbers += convolutions.get(i).weights() + convolutions.get(i).outputs();
        if (bytes == Float.BYTES * numbers) {
          return convolutions.subList(0, i + 1);
        }
      }
      if (bytes == Float.BYTES * (numbers + HEAD)) {
        return convolutions;
      }
    }
    return List.of();
  }

  /**
   * Adds an array.
   *
   * @param begin numbers before its own
   */
  private void add(String name, long begin, int... shape) {
    tensors.add(new StoredTensor(name, shape, () -> read(name, begin, shape)));
  }

  private float[] read(String name, long begin, int[] shape) {
    float[] values;
    try {
      values =
          ByteSource.of(path)
              .numbers(
                  ElementType.FLOAT32,
                  ByteOrder.LITTLE_ENDIAN,
                  begin * Float.BYTES,
                  Dimensions.readable(shape));
    } catch (IOException e) {
      throw TensorFile.bad(path, "cannot read " + name + ": " + IoReason.of(e), e);
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw TensorFile.bad(path, "these bytes are no weights; " + name + " holds " + value);
      }
    }
    return values;
  }

  @Override
  public String format() {
    return "float32 numbers of a VGG, without names";
  }

  @Override
  public List<StoredTensor> tensors() {
    return tensors;
  }
}
