package dev.gramloom.weights.format;

import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A network that Caffe trained (.caffemodel): a NetParameter in protobuf. The blobs of a layer are
 * called {@code <layer>.weight} and {@code <layer>.bias}, any after those {@code <layer>.2} and on.
 * Opening it notes where the blobs lie; none is read before it is asked for.
 *
 * <p>Schema: BVLC/caffe, src/caffe/proto/caffe.proto; layers of the old kind (V1LayerParameter,
 * such as those of the published VGG) and of the present one. How a blob's shape and numbers are
 * chosen where a file gives them twice: src/caffe/blob.cpp, Blob::FromProto.
 */
public final class CaffeModel implements TensorFile {
  private static final int NET_NAME = 1; // fields of NetParameter
  private static final int NET_V1_LAYERS = 2;
  private static final int NET_INPUT = 3;
  private static final int NET_LAYER = 100;
  private static final Set<Integer> NET_OTHERS = Set.of(4, 5, 6, 7, 8); // input_dim … input_shape
  private static final Kind V1 = new Kind(4, 6, Set.of(2, 3, 4));
  private static final Kind PRESENT = new Kind(1, 7, Set.of(1, 2, 3, 4));

  private static final int BLOB_DATA = 5; // fields of BlobProto; 1 to 4 are the old shape
  private static final int BLOB_SHAPE = 7;
  private static final int BLOB_DOUBLE_DATA = 8;
  private static final int SHAPE_DIM = 1; // field of BlobShape

  private static final int MOST_DIMENSIONS = 32; // kMaxBlobAxes
  private static final int MOST_BLOBS = 4096; // VGG-19 has 38
  private static final int LONGEST_NAME = 256; // bytes
  private static final int LONGEST = 300; // characters of a reason, which can quote the file
  private static final int MOST_BEFORE_LAYERS = 64; // fields

  private final Path path;
  private final List<StoredTensor> tensors = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /**
   * Where a kind of layer keeps what.
   *
   * @param name field of its name
   * @param blobs field of its weights
   * @param texts fields of which one comes first: name, type, bottom, top
   */
  private record Kind(int name, int blobs, Set<Integer> texts) {}

  /**
   * A blob.
   *
   * @param begin place in the file of its first field
   * @param end place in the file behind its last
   * @param type of its numbers
   */
  private record Blob(long begin, long end, int[] shape, ElementType type) {
    int field() {
      return type == ElementType.FLOAT32 ? BLOB_DATA : BLOB_DOUBLE_DATA;
    }
  }

  /**
   * Finds the blobs.
   *
   * @throws Failure if the file is not there or is no model of Caffe's
   */
  public CaffeModel(Path path) {
    this.path = path;
    try (ProtobufCursor cursor = new ProtobufCursor(path)) {
      while (cursor.next(cursor.size())) {
        if (cursor.field() == NET_V1_LAYERS) {
          addLayer(cursor, V1);
        } else if (cursor.field() == NET_LAYER) {
          addLayer(cursor, PRESENT);
        }
      }
    } catch (IllegalArgumentException e) {
      throw bad("as a model of Caffe's, it has " + e.getMessage(), e);
    } catch (IOException e) {
      throw IoReason.cannotRead(path, e);
    }
    if (tensors.isEmpty()) {
      throw bad("as a model of Caffe's, it has no layer with weights", null);
    }
  }

  /**
   * Whether a file begins as a model of Caffe's does: a name and inputs, if any, then a layer that
   * begins with one of its texts. False too if it cannot be read.
   */
  public static boolean looksLike(Path path) {
    try (ProtobufCursor cursor = new ProtobufCursor(path)) {
      for (int i = 0; i < MOST_BEFORE_LAYERS && cursor.next(cursor.size()); i++) {
        switch (cursor.field()) {
          case NET_NAME, NET_INPUT -> {
            if (!isText(cursor)) {
              return false;
            }
          }
          case NET_V1_LAYERS -> {
            return beginsAs(V1, cursor);
          }
          case NET_LAYER -> {
            return beginsAs(PRESENT, cursor);
          }
          default -> {
            if (!NET_OTHERS.contains(cursor.field())) {
              return false;
            }
          }
        }
      }
      return false;
    } catch (IllegalArgumentException | IOException e) {
      return false;
    }
  }

  private static boolean beginsAs(Kind kind, ProtobufCursor cursor) throws IOException {
    return cursor.next(cursor.enter()) && kind.texts().contains(cursor.field()) && isText(cursor);
  }

  private static boolean isText(ProtobufCursor cursor) throws IOException {
    return cursor.text(LONGEST_NAME).codePoints().allMatch(c -> c >= ' ' && c != '\uFFFD');
  }

  private void addLayer(ProtobufCursor cursor, Kind kind) throws IOException {
    long end = cursor.enter();
    String layer = "";
    List<Blob> blobs = new ArrayList<>();
    while (cursor.next(end)) {
      if (cursor.field() == kind.name()) {
        layer = cursor.text(LONGEST_NAME);
      } else if (cursor.field() == kind.blobs()) {
        blobs.add(blob(cursor));
      }
      if (tensors.size() + blobs.size() > MOST_BLOBS) {
        throw new IllegalArgumentException("more blobs than any network we know");
      }
    }
    for (int i = 0; i < blobs.size(); i++) {
      add(layer, i, blobs.get(i));
    }
  }

  private void add(String layer, int index, Blob blob) {
    String name = layer + (index == 0 ? ".weight" : index == 1 ? ".bias" : "." + index);
    if (!names.add(name)) {
      throw new IllegalArgumentException("two blobs called " + name);
    }
    int[] shape = index == 1 ? withoutLeadingOnes(blob.shape()) : blob.shape();
    tensors.add(new StoredTensor(name, shape, () -> read(name, blob)));
  }

  /** A bias was [1, 1, 1, K] while every blob had four dimensions. */
  private static int[] withoutLeadingOnes(int[] shape) {
    int first = 0;
    while (first < shape.length - 1 && shape[first] == 1) {
      first++;
    }
    return Arrays.copyOfRange(shape, first, shape.length);
  }

  /** Measures a blob without reading its numbers. */
  private static Blob blob(ProtobufCursor cursor) throws IOException {
    long end = cursor.enter();
    long begin = cursor.position();
    long[] old = new long[4]; // num, channels, height, width
    boolean isOld = false;
    List<Long> sizes = new ArrayList<>();
    long floats = 0;
    long doubles = 0;
    while (cursor.next(end)) {
      switch (cursor.field()) {
        case 1, 2, 3, 4 -> {
          old[cursor.field() - 1] = cursor.wholeNumber();
          isOld = true;
        }
        case BLOB_SHAPE -> addSizes(cursor, sizes);
        case BLOB_DATA -> floats += cursor.count(ElementType.FLOAT32);
        case BLOB_DOUBLE_DATA -> doubles += cursor.count(ElementType.FLOAT64);
        default -> {} // gradients
      }
    }
    long[] declared = isOld ? old : sizes.stream().mapToLong(Long::longValue).toArray();
    int[] shape = Dimensions.checked(declared);
    if (Dimensions.count(shape) != (doubles > 0 ? doubles : floats)) {
      throw new IllegalArgumentException("a blob that has not the numbers of its shape");
    }
    return new Blob(begin, end, shape, doubles > 0 ? ElementType.FLOAT64 : ElementType.FLOAT32);
  }

  private static void addSizes(ProtobufCursor cursor, List<Long> sizes) throws IOException {
    long end = cursor.enter();
    while (cursor.next(end)) {
      if (cursor.field() == SHAPE_DIM) {
        cursor.wholeNumbers(size -> {
          if (sizes.size() == MOST_DIMENSIONS) {
            throw new IllegalArgumentException("a blob of too many dimensions");
          }
          sizes.add(size);
        });
      }
    }
  }

  private float[] read(String name, Blob blob) {
    try (ProtobufCursor cursor = new ProtobufCursor(path)) {
      FloatBuffer values = FloatBuffer.allocate(Dimensions.readable(blob.shape()));
      cursor.goTo(blob.begin());
      while (cursor.next(blob.end())) {
        if (cursor.field() == blob.field()) {
          cursor.numbers(blob.type(), values);
        }
      }
      if (values.hasRemaining()) {
        throw new IllegalArgumentException("fewer numbers than its shape");
      }
      return values.array();
    } catch (IllegalArgumentException e) {
      throw bad(name + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw bad("cannot read " + name + ": " + IoReason.of(e), e);
    }
  }

  @Override
  public String format() {
    return "Caffe model (.caffemodel)";
  }

  @Override
  public List<StoredTensor> tensors() {
    return tensors;
  }

  /** One line, whatever names a stranger's layers have. */
  private Failure bad(String why, Exception cause) {
    String line = why.replaceAll("\\p{Cntrl}+", " ");
    return TensorFile.bad(path, line.substring(0, Math.min(line.length(), LONGEST)), cause);
  }
}
