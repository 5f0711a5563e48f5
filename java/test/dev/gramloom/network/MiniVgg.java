package dev.gramloom.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.network.Vgg.TapPoint;
import dev.gramloom.weights.Convention;
import dev.gramloom.weights.VggReader;
import dev.gramloom.weights.VggWeights;
import dev.gramloom.weights.VggWeights.Convolution;
import dev.gramloom.weights.format.SafetensorsFile;
import dev.gramloom.weights.format.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A random network of VGG-19's shape with few channels, and what PyTorch computed with it in
 * float64 for one picture and one exemplar.
 */
public final class MiniVgg {
  /** Picture side, in pixels, at the picture for each pixel at the deepest tap. */
  public static final int DEEPEST_STRIDE = 16;

  /** Weights, pictures (float32) and golden values (float64). */
  public static final Path FILE =
      Path.of("java", "test", "dev", "gramloom", "network", "mini-vgg.safetensors");

  private static final List<String> TAPS =
      List.of("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1");

  private MiniVgg() {}

  /** The network as Gatys taps it; it was fed with RGB of 0..1. */
  public static Network network(Layer pooling) {
    List<TapPoint> taps = TAPS.stream().map(layer -> new TapPoint(layer, 1)).toList();
    return vgg(pooling).network(taps, 1, Integer.MAX_VALUE);
  }

  /** All of it. */
  public static Vgg vgg(Layer pooling) {
    VggWeights weights = VggReader.read(FILE, Convention.NONE);
    List<String> names = weights.convolutions().stream().map(Convolution::name).toList();
    return new Vgg("mini", names, weights::kernel, Preprocessing.NONE, pooling);
  }

  /** A picture or an exemplar of the golden file, [3][H][W]. */
  public static StoredTensor stored(String name) {
    return new SafetensorsFile(FILE)
        .tensors().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  /** A golden value, float64 in the file, which {@link StoredTensor} would round. */
  public static double[] golden(String name) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(FILE)).order(ByteOrder.LITTLE_ENDIAN);
      int header = (int) bytes.getLong(0);
      String json = new String(bytes.array(), Long.BYTES, header, StandardCharsets.UTF_8);
      JsonObject entry = JsonParser.parseString(json).getAsJsonObject().getAsJsonObject(name);
      JsonArray offsets = entry.getAsJsonArray("data_offsets");
      int begin = Long.BYTES + header + offsets.get(0).getAsInt();
      double[] values = new double[(offsets.get(1).getAsInt() - offsets.get(0).getAsInt()) / 8];
      for (int i = 0; i < values.length; i++) {
        values[i] = bytes.getDouble(begin + Double.BYTES * i);
      }
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@link #golden} in single precision. */
  public static float[] goldenFloats(String name) {
    double[] values = golden(name);
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
