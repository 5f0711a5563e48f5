package dev.gramloom.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.backend.Kernel;
import dev.gramloom.weights.WeightFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  private static final List<String> NAMES =
      List.of(
          "1_1", "1_2", "2_1", "2_2", "3_1", "3_2", "3_3", "3_4", "4_1", "4_2", "4_3", "4_4",
          "5_1");

  private MiniVgg() {}

  /** The network; it was fed with RGB of 0..1. */
  public static Network network(Layer pooling) {
    WeightFile file = new WeightFile(FILE);
    Map<String, Kernel> kernels = new LinkedHashMap<>();
    for (String name : NAMES) {
      int[] shape = file.shape("conv" + name + ".weight");
      float[] weights = file.floats("conv" + name + ".weight");
      float[] bias = file.floats("conv" + name + ".bias");
      kernels.put("conv" + name, new Kernel(shape[0], shape[1], shape[2], weights, bias));
    }
    return Vgg.network("mini", kernels, Preprocessing.NONE, pooling);
  }

  /** A golden value, float64 in the file, which {@link WeightFile} does not read. */
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
