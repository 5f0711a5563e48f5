package dev.gramloom.weights.format;

import io.jhdf.exceptions.HdfException;
import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import java.util.BitSet;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What was done to an HDF5 chunk before it was stored, undone. jHDF's own filters inflate without
 * end and ignore that a chunk may have been left as it was.
 */
final class ChunkFilters {
  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;

  private final List<FilterInfo> filters;

  /**
   * @param filters in the order in which they were applied
   */
  ChunkFilters(List<FilterInfo> filters) {
    this.filters = filters;
  }

  /**
   * A chunk's bytes as they were.
   *
   * @param skipped the filters that were not applied to this chunk
   * @param length how many bytes come out
   * @throws HdfException if other than that many come out, or there is a filter we do not know
   */
  byte[] unpack(byte[] packed, BitSet skipped, int length) {
    byte[] data = packed;
    for (int i = filters.size() - 1; i >= 0; i--) {
      if (!skipped.get(i)) {
        FilterInfo filter = filters.get(i);
        data =
            switch (filter.getId()) {
              case DEFLATE -> inflate(data, length);
              case SHUFFLE -> gather(data, filter.getData());
              default ->
                  throw new HdfException(
                      "it is packed with filter " + filter.getId() + "; we read gzip and shuffle");
            };
      }
    }
    if (data.length != length) {
      throw new HdfException("a chunk of " + data.length + " bytes that should have " + length);
    }
    return data;
  }

  private static byte[] inflate(byte[] packed, int length) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      byte[] data = new byte[length];
      int done = 0;
      while (done < length) {
        int count = inflater.inflate(data, done, length - done);
        if (count == 0) {
          throw new HdfException("a chunk that ends early");
        }
        done += count;
      }
      if (inflater.inflate(new byte[1]) > 0) {
        throw new HdfException("a chunk that unpacks to more than its " + length + " bytes");
      }
      return data;
    } catch (DataFormatException e) {
      throw new HdfException("a chunk that is not gzip's", e);
    } finally {
      inflater.end();
    }
  }

  /** The first bytes of all numbers stood together, then the second ones, and so on. */
  private static byte[] gather(byte[] shuffled, int[] parameters) {
    int width = parameters.length == 0 ? 1 : parameters[0];
    if (width < 1 || shuffled.length % width != 0) {
      throw new HdfException(shuffled.length + " shuffled bytes, " + width + " for each number");
    }
    byte[] data = new byte[shuffled.length];
    int count = shuffled.length / width;
    for (int b = 0; b < width; b++) {
      for (int i = 0; i < count; i++) {
        data[i * width + b] = shuffled[b * count + i];
      }
    }
    return data;
  }
}
