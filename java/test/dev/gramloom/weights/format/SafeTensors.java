package dev.gramloom.weights.format;

import com.google.gson.Gson;
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

/** Writes weight files, good and bad ones. */
public final class SafeTensors {
  /** The whole header as it will be written; tests may spoil it. */
  public final Map<String, Object> header = new LinkedHashMap<>();

  private final ByteBuffer data = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);

  /** Adds a float32 tensor. */
  public SafeTensors add(String name, float[] values, int... shape) {
    int begin = data.position();
    for (float value : values) {
      data.putFloat(value);
    }
    return entry(name, "F32", shape, begin, data.position());
  }

  /** Adds bytes that no header speaks of yet. */
  SafeTensors bytes(int... values) {
    for (int value : values) {
      data.put((byte) value);
    }
    return this;
  }

  /** Adds what a header says of a tensor, true or not. */
  public SafeTensors entry(String name, String type, int[] shape, long begin, long end) {
    header.put(name, Map.of("dtype", type, "shape", shape, "data_offsets", List.of(begin, end)));
    return this;
  }

  public SafeTensors metadata(String key, String value) {
    header.put("__metadata__", Map.of(key, value));
    return this;
  }

  public byte[] bytes() {
    return file(new Gson().toJson(header), data.position());
  }

  /** A file with this header and as many bytes of data. */
  public byte[] file(String json, int count) {
    byte[] head = json.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + head.length + count).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(head.length).put(head).put(data.array(), 0, count);
    return file.array();
  }

  public Path write(Path folder) {
    return write(folder, bytes());
  }

  public static Path write(Path folder, byte[] bytes) {
    try {
      return Files.write(folder.resolve("weights.safetensors"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
