package dev.gramloom.weights;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gramloom.backend.Kernel;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.Json;
import dev.gramloom.weights.VggWeights.Convolution;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes a VGG in our own format: safetensors with keys "conv1_1.weight" [K][C][3][3] and
 * "conv1_1.bias" [K], float32, in the network's order.
 */
final class SafetensorsWriter {
  private static final int ALIGNMENT = 8; // of the first number, as the format advises

  private SafetensorsWriter() {}

  /**
   * Writes a whole file or leaves everything as it was. Holds one kernel at a time.
   *
   * @param metadata what the file says of itself
   * @throws dev.gramloom.failure.Failure CANNOT_WRITE with the machine's reason
   */
  static void write(VggWeights weights, Map<String, String> metadata, Path target) {
    byte[] header = header(weights, metadata);
    AtomicFile.write(
        target,
        out -> {
          out.write(littleEndian(Long.BYTES).putLong(header.length).array());
          out.write(header);
          for (Convolution convolution : weights.convolutions()) {
            Kernel kernel = weights.kernel(convolution.name());
            write(kernel.weights(), out);
            write(kernel.bias(), out);
          }
        });
  }

  private static byte[] header(VggWeights weights, Map<String, String> metadata) {
    JsonObject header = new JsonObject();
    JsonObject said = new JsonObject();
    metadata.forEach(said::addProperty);
    header.add("__metadata__", said);
    long offset = 0;
    for (Convolution c : weights.convolutions()) {
      offset = entry(header, c.name() + ".weight", offset, c.outputs(), c.inputs(), 3, 3);
      offset = entry(header, c.name() + ".bias", offset, c.outputs());
    }
    String json = Json.line(header);
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    String padding = " ".repeat((ALIGNMENT - length % ALIGNMENT) % ALIGNMENT);
    return (json + padding).getBytes(StandardCharsets.UTF_8);
  }

  /** Adds a tensor's entry and returns where the next begins. */
  private static long entry(JsonObject header, String name, long offset, int... shape) {
    JsonArray sizes = new JsonArray();
    long bytes = Float.BYTES;
    for (int n : shape) {
      sizes.add(n);
      bytes *= n;
    }
    JsonArray offsets = new JsonArray();
    offsets.add(offset);
    offsets.add(offset + bytes);
    JsonObject entry = new JsonObject();
    entry.addProperty("dtype", "F32");
    entry.add("shape", sizes);
    entry.add("data_offsets", offsets);
    header.add(name, entry);
    return offset + bytes;
  }

  private static void write(float[] values, OutputStream out) throws IOException {
    ByteBuffer bytes = littleEndian(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    out.write(bytes.array());
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
