package dev.gramloom.weights.format;

import io.jhdf.Superblock;
import io.jhdf.SymbolTableEntry;
import io.jhdf.exceptions.HdfException;
import io.jhdf.storage.HdfBackingStorage;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * An HDF5 file's bytes, handed to jHDF by the spoonful. jHDF believes a file: it would follow
 * addresses in circles and make room for whatever a length says. All it knows it reads through
 * here, so here is where a file's lies end: outside the file, or when a structure takes more bytes
 * or more reads than an honest one needs.
 *
 * <p>Format: https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html.
 */
final class HdfBytes implements HdfBackingStorage {
  private static final int HEAD = 256; // bytes; the longest superblock has 100
  private static final int MOST_STRUCTURE = 1 << 23; // bytes of tables; a VGG has 40 kB of them
  private static final int READ_COST = 32; // bytes that any read counts as, besides its own
  private static final int NODE_HEAD = 6; // bytes jHDF reads first of a version 1 tree's node
  private static final int TREE = 0x45455254; // "TREE"

  /** Headers from which jHDF takes a count of entries to make room for: signature to offset. */
  private static final Map<Integer, Integer> COUNTS =
      Map.of(
          0x44485442, 26, // "BTHD": records in the tree
          0x44484146, 8, // "FAHD": entries of the fixed array
          0x44484145, 44); // "EAHD": entries of the extensible array

  private final FileChannel channel;
  private final long size;
  private final ByteBuffer head;
  private final Set<Long> treeNodes = new HashSet<>();
  private Superblock superblock;
  private long structureLeft;
  private long dataLeft;
  private int readsLeft;

  /**
   * @throws IOException if the file cannot be read
   */
  HdfBytes(Path path) throws IOException {
    channel = FileChannel.open(path);
    try {
      size = channel.size();
      head = fill(0, (int) Math.min(HEAD, size));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Reads the superblock.
   *
   * @return the address of the root group's object header
   */
  long root() {
    superblock = Superblock.readSuperblock(head);
    if (superblock.getSizeOfOffsets() != Long.BYTES
        || superblock.getSizeOfLengths() != Long.BYTES
        || superblock.getBaseAddressByte() != 0) {
      throw new HdfException("its addresses are not of eight bytes from its beginning");
    }
    if (superblock.getEndOfFileAddress() > size) {
      throw new HdfException(
          "it is cut short, " + size + " bytes of " + superblock.getEndOfFileAddress());
    }
    if (superblock instanceof Superblock.SuperblockV2V3 later) {
      return later.getRootGroupObjectHeaderAddress();
    }
    long entry = ((Superblock.SuperblockV0V1) superblock).getRootGroupSymbolTableAddress();
    walk(1);
    return new SymbolTableEntry(this, entry).getObjectHeaderAddress();
  }

  /**
   * Begins an opening, or the reading of an array: what was spent before is forgotten.
   *
   * @param data bytes of chunks and heaps, besides tables, that it may take
   */
  void begin(long data) {
    structureLeft = MOST_STRUCTURE;
    dataLeft = data;
    treeNodes.clear();
  }

  /** Begins to walk one structure, which takes so many reads at most; so deep jHDF recurses. */
  void walk(int reads) {
    readsLeft = reads;
  }

  @Override
  public ByteBuffer readBufferFromAddress(long address, int length) {
    structureLeft -= (long) length + READ_COST;
    if (structureLeft < 0 || --readsLeft < 0) {
      throw new HdfException("its tables go on and on, or in circles");
    }
    ByteBuffer buffer = data(address, length);
    if (length >= NODE_HEAD) {
      requireHonest(address, buffer);
    }
    return buffer;
  }

  private void requireHonest(long address, ByteBuffer buffer) {
    int signature = buffer.getInt(0);
    if (signature == TREE && buffer.limit() == NODE_HEAD && !treeNodes.add(address)) {
      throw new HdfException("its tables go in circles");
    }
    Integer offset = COUNTS.get(signature);
    if (offset != null && buffer.limit() >= offset + Long.BYTES) {
      long count = buffer.getLong(offset);
      if (count < 0 || count > size / Long.BYTES) {
        throw new HdfException("a table of " + count + " entries in " + size + " bytes");
      }
    }
  }

  /** Heaps and chunks. They are read, as a mapping would stay until it is collected. */
  @Override
  public ByteBuffer map(long address, long length) {
    dataLeft -= length;
    if (dataLeft < 0) {
      throw new HdfException("it holds more than it says");
    }
    return data(address, length);
  }

  @Override
  public ByteBuffer mapNoOffset(long address, long length) {
    return map(address, length);
  }

  /**
   * Bytes of the file, little-endian, whoever asks.
   *
   * @throws HdfException if there are no such bytes
   */
  ByteBuffer data(long address, long length) {
    requireInside(address, length);
    try {
      return fill(address, Math.toIntExact(length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void requireInside(long address, long length) {
    if (address < 0 || length < 0 || length > size - address) {
      throw new HdfException(
          length + " bytes at " + address + " lie outside the file of " + size + " bytes");
    }
  }

  private ByteBuffer fill(long address, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, address + buffer.position()) < 0) {
        throw new EOFException("it ends early");
      }
    }
    return buffer.flip();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Superblock getSuperblock() {
    return superblock;
  }

  @Override
  public int getSizeOfOffsets() {
    return superblock.getSizeOfOffsets();
  }

  @Override
  public int getSizeOfLengths() {
    return superblock.getSizeOfLengths();
  }

  @Override
  public long getUserBlockSize() {
    return 0;
  }

  @Override
  public FileChannel getFileChannel() {
    throw new UnsupportedOperationException("jHDF reads through this class only");
  }

  @Override
  public boolean inMemory() {
    return false;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // it was only read
    }
  }
}
