package dev.gramloom.weights.format;

import io.jhdf.Constants;
import io.jhdf.ObjectHeader;
import io.jhdf.btree.BTreeV1;
import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.dataset.chunked.DatasetInfo;
import io.jhdf.dataset.chunked.indexing.BTreeIndex;
import io.jhdf.dataset.chunked.indexing.ChunkIndex;
import io.jhdf.dataset.chunked.indexing.ExtensibleArrayIndex;
import io.jhdf.dataset.chunked.indexing.FixedArrayIndex;
import io.jhdf.dataset.chunked.indexing.ImplicitChunkIndex;
import io.jhdf.dataset.chunked.indexing.SingleChunkIndex;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.message.DataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessageV4;
import io.jhdf.object.message.FilterPipelineMessage;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A dataset stored as a grid of equal boxes, each packed by itself; those at the far edges reach
 * over. Chunk {@code g} of the grid counts with the last dimension fastest.
 */
final class HdfChunks {
  private static final int LARGEST = 1 << 26; // bytes unpacked; seven times a VGG's largest kernel
  private static final int TABLE_READS = 3000; // 100,000 chunks

  private final HdfBytes bytes;
  private final DataLayoutMessage layout;
  private final ChunkFilters filters;
  private final int[] shape;
  private final int[] box;
  private final int[] grid;
  private final int width; // bytes of a number

  /**
   * @param layout where its chunks are; their sizes are checked here, once they are to be read
   * @param width bytes of a number
   */
  HdfChunks(HdfBytes bytes, ObjectHeader header, DataLayoutMessage layout, int[] shape, int width) {
    this.bytes = bytes;
    this.layout = layout;
    this.shape = shape;
    this.width = width;
    box = box(layout);
    if (shape.length == 0
        || box.length != shape.length
        || Arrays.stream(box).anyMatch(n -> n < 1)) {
      throw new HdfException("chunks of " + Arrays.toString(box) + " numbers");
    }
    grid = new int[shape.length];
    Arrays.setAll(grid, i -> (int) (((long) shape[i] + box[i] - 1) / box[i]));
    List<FilterPipelineMessage> packing = header.getMessagesOfType(FilterPipelineMessage.class);
    filters = new ChunkFilters(packing.isEmpty() ? List.of() : packing.get(0).getFilters());
  }

  private static int[] box(DataLayoutMessage layout) {
    if (layout instanceof ChunkedDataLayoutMessage old) {
      return old.getChunkDimensions();
    }
    int[] sizes = ((ChunkedDataLayoutMessageV4) layout).getChunkDimensions();
    return Arrays.copyOf(sizes, sizes.length - 1); // the last is the bytes of a number
  }

  /**
   * Reads all chunks into their places.
   *
   * @param numbers bytes to numbers
   * @param values as many as the shape says
   */
  void read(Function<byte[], float[]> numbers, float[] values) {
    long length = Dimensions.count(box) > LARGEST ? Long.MAX_VALUE : Dimensions.count(box) * width;
    long count = Dimensions.count(grid);
    if (length > LARGEST
        || count > bytes.size() / Long.BYTES
        || !Dimensions.arePackedIn(count * length, bytes.size())) {
      throw new HdfException(count + " chunks of " + Arrays.toString(box) + " numbers");
    }
    bytes.begin(count * (length + LARGEST / 1024));
    Map<Long, Chunk> index = new HashMap<>();
    for (Chunk chunk : stored((int) length)) {
      index.put(number(chunk.getChunkOffset()), chunk);
    }
    for (long g = 0; g < count; g++) {
      Chunk chunk = index.get(g);
      if (chunk == null) {
        throw new HdfException("parts of it were never written");
      }
      byte[] packed = bytes.map(chunk.getAddress(), chunk.getSize()).array();
      byte[] data = filters.unpack(packed, chunk.getFilterMask(), (int) length);
      place(numbers.apply(data), g, values);
    }
  }

  /** The chunks that the file knows of, in whatever order. */
  private Collection<Chunk> stored(int length) {
    bytes.walk(TABLE_READS);
    if (layout instanceof ChunkedDataLayoutMessage old) {
      return old.getBTreeAddress() == Constants.UNDEFINED_ADDRESS
          ? List.of()
          : BTreeV1.createDataBTree(bytes, old.getBTreeAddress(), shape.length).getChunks();
    }
    ChunkedDataLayoutMessageV4 later = (ChunkedDataLayoutMessageV4) layout;
    long at = later.getAddress();
    if (at == Constants.UNDEFINED_ADDRESS) {
      return List.of();
    }
    long[] sizes = Arrays.stream(shape).asLongStream().toArray();
    DatasetInfo info = new DatasetInfo(length, sizes, box);
    ChunkIndex index =
        switch (later.getIndexingType()) {
          case 1 -> new SingleChunkIndex(later, info);
          case 2 -> new ImplicitChunkIndex(at, info);
          case 3 -> new FixedArrayIndex(bytes, at, info);
          case 4 -> new ExtensibleArrayIndex(bytes, at, info);
          case 5 -> new BTreeIndex(bytes, at, info);
          default -> throw new HdfException("chunk index " + later.getIndexingType());
        };
    return index.getAllChunks();
  }

  /** The number of the chunk that begins there; -1 if none does. */
  private long number(long[] origin) {
    long g = 0;
    for (int i = 0; i < grid.length; i++) {
      if (origin[i] < 0 || origin[i] >= shape[i] || origin[i] % box[i] != 0) {
        return -1;
      }
      g = g * grid[i] + origin[i] / box[i];
    }
    return g;
  }

  /** Copies what of chunk {@code g} lies inside the array, row by row. */
  private void place(float[] chunk, long g, float[] values) {
    int last = box.length - 1;
    int[] origin = new int[box.length];
    long rest = g;
    for (int i = last; i >= 0; i--) {
      origin[i] = (int) (rest % grid[i]) * box[i];
      rest /= grid[i];
    }
    int row = Math.min(box[last], shape[last] - origin[last]);
    for (int from = 0; from < chunk.length; from += box[last]) {
      int to = rowStart(from / box[last], origin);
      if (to >= 0) {
        System.arraycopy(chunk, from, values, to, row);
      }
    }
  }

  /** Where row {@code r} of the chunk at the origin begins in the array; -1 if outside. */
  private int rowStart(int r, int[] origin) {
    int last = box.length - 1;
    int start = origin[last];
    int stride = shape[last];
    for (int i = last - 1; i >= 0; i--) {
      int at = origin[i] + r % box[i];
      if (at >= shape[i]) {
        return -1;
      }
      start += at * stride;
      stride *= shape[i];
      r /= box[i];
    }
    return start;
  }
}
