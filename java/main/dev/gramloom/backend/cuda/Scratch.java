package dev.gramloom.backend.cuda;

/** Memory that a verb needs for itself; grows, and is used again by the next call. */
final class Scratch implements AutoCloseable {
  private final DeviceMemory memory;
  private DeviceMemory.Block block;

  Scratch(DeviceMemory memory) {
    this.memory = memory;
  }

  /** At least that many bytes of any content, until the next call. */
  DeviceMemory.Block bytes(long bytes) {
    if (block == null || block.bytes() < bytes) {
      close();
      block = memory.allocate(bytes);
    }
    return block;
  }

  /** Gives the memory back; the next call takes some again. */
  @Override
  public void close() {
    if (block != null) {
      block.close();
      block = null;
    }
  }
}
