package dev.gramloom.weights.format;

import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import io.jhdf.ObjectHeader;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Weights that Keras saved as HDF5: .h5 of Keras 1 and 2, .weights.h5 of Keras 3. Kernels lie as
 * [height][width][inputs][outputs].
 *
 * <p>Keras 1 and 2 list their layers in order (attributes layer_names and weight_names); else the
 * names' numbers tell.
 */
public final class KerasFile implements TensorFile {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final int HEAPS = 1 << 24; // bytes of names that an opening may read
  private static final Pattern RUN = Pattern.compile("[0-9]+|[^0-9]+");

  private final Path path;
  private final HdfBytes bytes;
  private final List<StoredTensor> tensors = new ArrayList<>();

  /**
   * Reads the names, shapes and places of all datasets.
   *
   * @throws Failure if the file is not there or is not an HDF5 file we can read
   */
  public KerasFile(Path path) {
    this.path = path;
    try {
      bytes = new HdfBytes(path);
    } catch (IOException e) {
      throw IoReason.cannotRead(path, e);
    }
    try {
      bytes.begin(HEAPS);
      HdfGroups groups = new HdfGroups(bytes);
      List<String> names = new ArrayList<>(groups.datasets().keySet());
      names.sort(order(groups));
      names.forEach(name -> add(name, groups.datasets().get(name)));
    } catch (RuntimeException | StackOverflowError e) {
      close();
      throw bad("its HDF5 structure is broken", e);
    }
  }

  /** Whether a file that begins with these bytes is an HDF5 file. */
  public static boolean isHdf5(byte[] head) {
    return head.length >= SIGNATURE.length
        && Arrays.equals(head, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  private void add(String name, ObjectHeader header) {
    HdfArray array;
    try {
      array = HdfArray.of(bytes, header);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(name + ": " + reason(e));
    }
    if (array != null) {
      tensors.add(new StoredTensor(name, array.shape(), () -> read(name, array)));
    }
  }

  /** The order that Keras lists, then that of the names. */
  private static Comparator<String> order(HdfGroups groups) {
    Map<String, Integer> listed = new HashMap<>();
    for (String base : new String[] {"", "model_weights"}) {
      String prefix = base.isEmpty() ? "" : base + "/";
      for (String layer : groups.names(base, "layer_names")) {
        for (String weight : groups.names(prefix + layer, "weight_names")) {
          listed.putIfAbsent(prefix + layer + "/" + weight, listed.size());
        }
      }
    }
    Comparator<String> byList =
        Comparator.comparing(name -> listed.getOrDefault(name, Integer.MAX_VALUE));
    return byList.thenComparing(KerasFile::compareNumbered).thenComparing(name -> name);
  }

  /** conv2d before conv2d_2 before conv2d_10. */
  private static int compareNumbered(String a, String b) {
    Matcher left = RUN.matcher(a);
    Matcher right = RUN.matcher(b);
    while (left.find()) {
      if (!right.find()) {
        return 1;
      }
      String x = left.group();
      String y = right.group();
      boolean numbers = isNumber(x) && isNumber(y);
      int order = numbers ? new BigInteger(x).compareTo(new BigInteger(y)) : x.compareTo(y);
      if (order != 0) {
        return order;
      }
    }
    return right.find() ? -1 : 0;
  }

  private static boolean isNumber(String run) {
    return run.charAt(0) >= '0' && run.charAt(0) <= '9';
  }

  @Override
  public String format() {
    return "Keras weights (.h5)";
  }

  @Override
  public List<StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    bytes.close();
  }

  private float[] read(String name, HdfArray array) {
    try {
      return array.read();
    } catch (RuntimeException | StackOverflowError e) {
      throw bad("cannot read " + name, e);
    }
  }

  /** One line, whatever a name or jHDF holds. */
  private Failure bad(String what, Throwable error) {
    String why = what + ": " + reason(error);
    return TensorFile.bad(path, why.replaceAll("\\p{Cntrl}+", " "), error);
  }

  /** The innermost one's, as jHDF wraps what went wrong. */
  private static String reason(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root.getMessage() != null) {
      return root.getMessage();
    }
    return root instanceof StackOverflowError
        ? "it is nested without end"
        : "something ends where it should not";
  }
}
