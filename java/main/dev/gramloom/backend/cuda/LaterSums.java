package dev.gramloom.backend.cuda;

import java.util.function.DoubleSupplier;

/** Where a program's sums are kept on the device until they are read, all in one download. */
final class LaterSums implements AutoCloseable {
  private static final int MOST = Stream.MOST_DOUBLES;

  private final Stream stream;
  private final DeviceMemory.Block block; // [MOST] doubles
  private double[] values = new double[0];
  private int count;
  private boolean fetched;

  LaterSums(DeviceMemory memory, Stream stream) {
    this.stream = stream;
    block = memory.allocate((long) MOST * Double.BYTES);
  }

  /** The steps are told anew, from the first sum on. */
  void restart() {
    count = 0;
    renew();
  }

  /** The sums that were fetched are of an earlier run. */
  void renew() {
    fetched = false;
  }

  /** A place for another sum: a kernel writes one double there. */
  long next() {
    if (count == MOST) {
      throw new IllegalStateException("a program has up to " + MOST + " sums");
    }
    return block.address() + (long) Double.BYTES * count++;
  }

  /** The value at the place that {@link #next} gave last. */
  DoubleSupplier last() {
    int index = count - 1;
    return () -> value(index);
  }

  private double value(int index) {
    if (!fetched) {
      values = stream.doubles(block, count);
      fetched = true;
    }
    return values[index];
  }

  @Override
  public void close() {
    block.close();
  }
}
