package dev.gramloom.weights.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The safetensors format, our own: eight bytes of header length, a JSON header of names, shapes and
 * offsets, then the numbers, little-endian. Memory-mapped; only what is asked for is read.
 *
 * <p>Format: https://huggingface.co/docs/safetensors.
 */
public final class SafetensorsFile implements TensorFile {
  private static final long MAX_HEADER = 1 << 24; // bytes; real ones are a few kilobytes
  private static final Map<String, ElementType> TYPES =
      Map.of(
          "F16", ElementType.FLOAT16,
          "BF16", ElementType.BFLOAT16,
          "F32", ElementType.FLOAT32,
          "F64", ElementType.FLOAT64);

  private final Path path;
  private final TreeMap<Long, Long> extents = new TreeMap<>(); // begin to end
  private final List<StoredTensor> tensors = new ArrayList<>();
  private final Map<String, String> metadata = new TreeMap<>();

  /**
   * Reads the header.
   *
   * @throws Failure if the file is not there or is not a safetensors file
   */
  public SafetensorsFile(Path path) {
    this.path = path;
    try (FileChannel channel = FileChannel.open(path)) {
      long header = channel.size() < Long.BYTES ? 0 : read(channel, 0, Long.BYTES).getLong();
      if (header < 2 || header > MAX_HEADER || Long.BYTES + header > channel.size()) {
        throw bad("its first eight bytes are not the length of a safetensors header");
      }
      String json =
          StandardCharsets.UTF_8.decode(read(channel, Long.BYTES, (int) header)).toString();
      readHeader(json, Long.BYTES + header, channel.size());
      requireApart();
    } catch (IOException e) {
      throw IoReason.cannotRead(path, e);
    }
  }

  /**
   * Whether a file is in this format.
   *
   * @param head its first bytes
   * @param size bytes of the whole file
   */
  static boolean looksLike(byte[] head, long size) {
    if (head.length <= Long.BYTES || head[Long.BYTES] != '{') {
      return false;
    }
    long header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return header > 1 && header <= MAX_HEADER && header <= size;
  }

  private void readHeader(String json, long start, long size) {
    try {
      JsonObject header = JsonParser.parseString(json).getAsJsonObject();
      for (Map.Entry<String, JsonElement> item : header.entrySet()) {
        JsonObject value = item.getValue().getAsJsonObject();
        if (item.getKey().equals("__metadata__")) {
          value.entrySet().forEach(e -> metadata.put(e.getKey(), e.getValue().getAsString()));
        } else {
          add(item.getKey(), value, start, size);
        }
      }
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | UnsupportedOperationException
        | IndexOutOfBoundsException
        | NullPointerException
        | StackOverflowError
        | ArithmeticException
        | IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("empty");
      throw bad("its header is not that of safetensors: " + why);
    }
  }

  /** Adds a tensor, if it is one of floating-point numbers. */
  private void add(String name, JsonObject value, long start, long size) {
    JsonArray offsets = value.getAsJsonArray("data_offsets");
    long begin = offsets.get(0).getAsBigDecimal().longValueExact();
    long end = offsets.get(1).getAsBigDecimal().longValueExact();
    if (begin < 0 || end < begin || end > size - start) {
      throw bad(name + " lies outside the file; it may be cut short");
    }
    if (begin < end && extents.put(begin, end) != null) {
      throw bad(name + " shares its bytes with another array");
    }
    JsonArray dimensions = value.getAsJsonArray("shape");
    long[] sizes = new long[dimensions.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = dimensions.get(i).getAsBigDecimal().longValueExact();
    }
    int[] shape = Dimensions.checked(sizes);
    ElementType type = TYPES.get(value.get("dtype").getAsString());
    if (type == null) {
      return;
    }
    if (Dimensions.count(shape) != (end - begin) / type.bytes()
        || (end - begin) % type.bytes() != 0) {
      throw bad(name + " has not the bytes of its shape");
    }
    tensors.add(new StoredTensor(name, shape, () -> read(name, shape, type, start + begin)));
  }

  private void requireApart() {
    long last = 0;
    for (Map.Entry<Long, Long> extent : extents.entrySet()) {
      if (extent.getKey() < last) {
        throw bad("two of its arrays share bytes");
      }
      last = extent.getValue();
    }
  }

  @Override
  public String format() {
    return "safetensors";
  }

  @Override
  public List<StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  private float[] read(String name, int[] shape, ElementType type, long offset) {
    try (FileChannel channel = FileChannel.open(path)) {
      int count = Dimensions.readable(shape);
      long bytes = (long) count * type.bytes();
      ByteBuffer buffer = channel.map(FileChannel.MapMode.READ_ONLY, offset, bytes);
      return type.read(buffer.order(ByteOrder.LITTLE_ENDIAN), count);
    } catch (IllegalArgumentException e) {
      throw TensorFile.bad(path, name + " is " + e.getMessage(), e);
    } catch (IOException e) {
      throw TensorFile.bad(path, "cannot read " + name + ": " + IoReason.of(e), e);
    }
  }

  private Failure bad(String why) {
    return TensorFile.bad(path, why);
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
