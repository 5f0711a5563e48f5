package dev.gramloom.weights;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file of named tensors in the safetensors format: eight bytes of header length, a JSON header of
 * names, shapes and offsets, then the numbers, little-endian. Memory-mapped; only what is asked for
 * is read.
 *
 * <p>Format: https://huggingface.co/docs/safetensors.
 */
public final class WeightFile {
  private static final long MAX_HEADER = 1 << 24; // bytes; real ones are a few kilobytes

  /**
   * @param shape outermost first
   * @param offset of its first byte in the file
   */
  private record Entry(int[] shape, long offset) {}

  private final Path path;
  private final Map<String, Entry> entries = new TreeMap<>();
  private final Map<String, String> metadata = new TreeMap<>();

  /**
   * Reads the header.
   *
   * @throws Failure if the file is not there or is not a safetensors file of float32
   */
  public WeightFile(Path path) {
    this.path = path;
    try (FileChannel channel = FileChannel.open(path)) {
      ByteBuffer length = read(channel, 0, Long.BYTES);
      long header = length.getLong();
      if (header < 2 || header > MAX_HEADER || Long.BYTES + header > channel.size()) {
        throw bad("its first eight bytes are not the length of a safetensors header");
      }
      String json =
          StandardCharsets.UTF_8.decode(read(channel, Long.BYTES, (int) header)).toString();
      readHeader(json, Long.BYTES + header, channel.size());
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.MISSING_INPUT, path + ": no such weight file", e);
    } catch (IOException e) {
      int code = Files.isReadable(path) && !Files.isDirectory(path) ? 1 : 0;
      ExitCode exit = code == 1 ? ExitCode.BAD_DATA : ExitCode.MISSING_INPUT;
      throw new Failure(exit, path + ": cannot read this weight file: " + e.getMessage(), e);
    }
  }

  private void readHeader(String json, long start, long size) {
    try {
      JsonObject header = JsonParser.parseString(json).getAsJsonObject();
      for (Map.Entry<String, JsonElement> item : header.entrySet()) {
        JsonObject value = item.getValue().getAsJsonObject();
        if (item.getKey().equals("__metadata__")) {
          value.entrySet().forEach(e -> metadata.put(e.getKey(), e.getValue().getAsString()));
        } else {
          entries.put(item.getKey(), entry(item.getKey(), value, start, size));
        }
      }
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | UnsupportedOperationException
        | IndexOutOfBoundsException
        | NullPointerException
        | ArithmeticException
        | NumberFormatException e) {
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("empty");
      throw bad("its header is not that of safetensors: " + why);
    }
  }

  private Entry entry(String name, JsonObject value, long start, long size) {
    JsonArray offsets = value.getAsJsonArray("data_offsets");
    long begin = offsets.get(0).getAsBigDecimal().longValueExact();
    long end = offsets.get(1).getAsBigDecimal().longValueExact();
    if (begin < 0 || end < begin || end > size - start) {
      throw bad(name + " lies outside the file; it may be cut short");
    }
    JsonArray dimensions = value.getAsJsonArray("shape");
    int[] shape = new int[dimensions.size()];
    long count = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = dimensions.get(i).getAsBigDecimal().intValueExact();
      if (shape[i] < 0) {
        throw bad(name + " has a dimension of " + shape[i]);
      }
      count = Math.multiplyExact(count, (long) shape[i]);
    }
    boolean floats = "F32".equals(value.get("dtype").getAsString());
    if (floats && end - begin != count * Float.BYTES) {
      throw bad(name + " has not the bytes of its shape");
    }
    return new Entry(floats ? shape : new int[0], start + begin);
  }

  /** What the header says besides the tensors; empty if nothing. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Whether a tensor of this name is there, of whatever type. */
  public boolean contains(String name) {
    return entries.containsKey(name);
  }

  /** Whether a float32 tensor of this name is there. */
  public boolean has(String name) {
    return entries.containsKey(name) && entries.get(name).shape.length > 0;
  }

  /** A tensor's dimensions, outermost first. */
  public int[] shape(String name) {
    return find(name).shape.clone();
  }

  /**
   * A tensor's numbers in the order of the file.
   *
   * @throws Failure if there is no float32 tensor of this name
   */
  public float[] floats(String name) {
    Entry entry = find(name);
    int count = 1;
    for (int n : entry.shape) {
      count = Math.multiplyExact(count, n);
    }
    try (FileChannel channel = FileChannel.open(path)) {
      long bytes = (long) count * Float.BYTES;
      FloatBuffer buffer =
          channel
              .map(FileChannel.MapMode.READ_ONLY, entry.offset, bytes)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer();
      float[] values = new float[count];
      buffer.get(values);
      return values;
    } catch (IOException e) {
      throw new Failure(ExitCode.BAD_DATA, path + ": cannot read " + name, e);
    }
  }

  private Entry find(String name) {
    if (!has(name)) {
      throw bad("it has no float32 tensor " + name);
    }
    return entries.get(name);
  }

  private Failure bad(String why) {
    return new Failure(
        ExitCode.BAD_DATA, path + ": not a safetensors file of VGG weights we can use: " + why);
  }

  private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new IOException("it ends after " + channel.size() + " bytes");
      }
    }
    return buffer.flip();
  }
}
