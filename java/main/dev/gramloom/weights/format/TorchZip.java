package dev.gramloom.weights.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * PyTorch's files since version 1.6: a zip archive of {@code NAME/data.pkl}, {@code NAME/data/KEY}
 * for each storage and perhaps {@code NAME/byteorder}.
 *
 * <p>Source: PyTorch's torch/serialization.py, {@code _save}.
 */
final class TorchZip implements TorchContainer {
  private static final String PICKLE = "data.pkl";
  private static final int CHUNK = 1 << 24; // bytes; most kernels of a VGG in one

  private final Archive archive;
  private final Set<String> entries;
  private final String root;
  private final ByteOrder order;
  private final Object content;

  /**
   * Reads the pickle.
   *
   * @throws IOException if the archive cannot be read
   * @throws IllegalArgumentException in words for people, if it is not one of PyTorch
   */
  TorchZip(Path path) throws IOException {
    archive = new Archive(path);
    try {
      entries = new HashSet<>(archive.names());
      root = root();
      order = byteOrder();
      byte[] pickle = archive.head(root + PICKLE, PickleInput.MOST_BYTES);
      content = Pickle.read(new PickleInput(new ByteArrayInputStream(pickle)), new TorchObjects());
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  private String root() {
    for (String name : archive.names()) {
      if (name.equals(PICKLE) || name.endsWith("/" + PICKLE)) {
        return name.substring(0, name.length() - PICKLE.length());
      }
    }
    throw new IllegalArgumentException("it is an archive without " + PICKLE);
  }

  private ByteOrder byteOrder() throws IOException {
    String name = root + "byteorder";
    if (!entries.contains(name)) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    String order = new String(archive.head(name, 16), StandardCharsets.US_ASCII);
    return switch (order) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw new IllegalArgumentException("its byte order is neither little nor big");
    };
  }

  @Override
  public String format() {
    return "PyTorch archive (.pth)";
  }

  @Override
  public Object content() {
    return content;
  }

  @Override
  public boolean holds(TorchStorage storage) {
    return entries.contains(entry(storage));
  }

  private String entry(TorchStorage storage) {
    return root + "data/" + storage.key();
  }

  @Override
  public float[] read(TorchStorage storage, long from, int count) throws IOException {
    ElementType type = storage.type().element();
    long at = (storage.start() + from) * type.bytes();
    float[] values = null;
    int length;
    for (int done = 0; done < count; done += length) {
      length = Math.min(CHUNK / type.bytes(), count - done);
      byte[] bytes =
          archive.read(entry(storage), at + (long) done * type.bytes(), length * type.bytes());
      float[] chunk = type.read(ByteBuffer.wrap(bytes).order(order), length);
      if (length == count) {
        return chunk;
      }
      if (values == null) {
        values = new float[count]; // not before bytes have shown that it may be worth it
      }
      System.arraycopy(chunk, 0, values, done, length);
    }
    return values;
  }

  @Override
  public void close() {
    archive.close();
  }
}
