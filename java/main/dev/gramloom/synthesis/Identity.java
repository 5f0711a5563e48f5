package dev.gramloom.synthesis;

import dev.gramloom.file.Sha256;
import dev.gramloom.image.Image;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What decides a run's result, by name: two runs with the same identity make the same bytes.
 *
 * <p>Values are texts; pictures and other long ones stand there as checksums.
 *
 * @param parts name to value, in order
 */
public record Identity(Map<String, String> parts) {
  /** Copies the map. */
  public Identity {
    parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
  }

  /** With another part. */
  public Identity with(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(parts);
    if (more.put(name, text(value)) != null) {
      throw new IllegalArgumentException("a second part named " + name);
    }
    return new Identity(more);
  }

  /** Of every component of a record; those that will be added to it are not forgotten. */
  public static Identity of(Record record) {
    Identity identity = new Identity(Map.of());
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      identity = identity.with(component.getName(), value(record, component));
    }
    return identity;
  }

  /** sha256 over all names and values, hexadecimal. */
  public String hash() {
    MessageDigest digest = Sha256.digest();
    parts.forEach((name, value) -> {
      for (String text : List.of(name, value)) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
      }
    });
    return Sha256.hex(digest);
  }

  /** What is not the same: "seed was 1 and is 2". */
  public List<String> differences(Identity now) {
    TreeSet<String> names = new TreeSet<>(parts.keySet());
    names.addAll(now.parts.keySet());
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      String before = parts.getOrDefault(name, "nothing");
      String after = now.parts.getOrDefault(name, "nothing");
      if (!before.equals(after)) {
        boolean tellable = before.length() + after.length() <= 80;
        differences.add(
            tellable ? "%s was %s and is %s".formatted(name, before, after) : name + " differs");
      }
    }
    return differences;
  }

  private static Object value(Record record, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record that hides " + component, e);
    }
  }

  private static String text(Object value) {
    if (value instanceof float[] numbers) {
      return checksum(numbers);
    }
    if (value instanceof Image image) {
      String size = image.width() + "x" + image.height() + " " + checksum(image.rgb());
      return image.mask() == null ? size : size + " masked " + checksum(image.mask());
    }
    if (value instanceof Record record) {
      return record.getClass().getSimpleName() + of(record).parts;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Identity::text).toList().toString();
    }
    boolean plain =
        value == null
            || value instanceof Number
            || value instanceof Boolean
            || value instanceof CharSequence
            || value instanceof Enum<?>;
    if (!plain) {
      throw new IllegalArgumentException("an identity of " + value.getClass());
    }
    return String.valueOf(value);
  }

  private static String checksum(float[] numbers) {
    MessageDigest digest = Sha256.digest();
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
    for (float number : numbers) {
      chunk.putFloat(number);
      if (!chunk.hasRemaining()) {
        digest.update(chunk.flip());
        chunk.clear();
      }
    }
    digest.update(chunk.flip());
    return Sha256.hex(digest);
  }
}
