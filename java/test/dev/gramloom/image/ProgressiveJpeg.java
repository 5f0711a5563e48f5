package dev.gramloom.image;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Progressive JPEGs of three grey components, with whatever scans one likes; a few bytes each. */
public final class ProgressiveJpeg {
  private static final int LONGEST_RUN = 32_767; // blocks that one code ends
  private static final int SHORTEST_RUN = 1 << 14; // by that same code

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final int blocks; // in each component
  private int bits;
  private int bitCount;

  /** Begins a file: tables, the frame, and the scan of the blocks' means. */
  public ProgressiveJpeg(int width, int height) {
    blocks = ((width + 7) / 8) * ((height + 7) / 8);
    out.write(0xFF);
    out.write(0xD8);
    int[] quantisation = new int[65];
    Arrays.fill(quantisation, 1, 65, 1);
    segment(0xDB, quantisation);
    int[] size = {height >> 8, height & 255, width >> 8, width & 255};
    segment(0xC2, 8, size[0], size[1], size[2], size[3], 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0);
    int[] means = new int[18];
    means[1] = 1; // "0": the same as before
    segment(0xC4, means);
    int[] runs = new int[19];
    runs[0] = 0x10;
    runs[1] = 1; // "0": a run of 2^14 blocks and more
    runs[2] = 1; // "10": a run of one
    runs[17] = 0xE0;
    segment(0xC4, runs);
    segment(0xDA, 3, 1, 0, 2, 0, 3, 0, 0, 0, 0);
    for (int block = 0; block < 3 * blocks; block++) {
      bits(0, 1);
    }
    flush();
  }

  /**
   * Adds a scan of all but the means, in which nothing is new.
   *
   * @param component 1 to 3
   * @param before the bit that an earlier scan ended at; 0 for the first one
   * @param bit that this one ends at
   */
  public ProgressiveJpeg scan(int component, int before, int bit) {
    segment(0xDA, 1, component, 0, 1, 63, before << 4 | bit);
    for (int left = blocks; left > 0; ) {
      int run = left < SHORTEST_RUN ? 1 : Math.min(left, LONGEST_RUN);
      if (run == 1) {
        bits(0b10, 2);
      } else {
        bits(0, 1);
        bits(run - SHORTEST_RUN, 14);
      }
      left -= run;
    }
    flush();
    return this;
  }

  /** So many scans, the components in turn, each as if it were the first. */
  public ProgressiveJpeg scans(int count) {
    for (int i = 0; i < count; i++) {
      scan(1 + i % 3, 0, 0);
    }
    return this;
  }

  /** The whole file. */
  public byte[] done() {
    out.write(0xFF);
    out.write(0xD9);
    return out.toByteArray();
  }

  private void segment(int marker, int... content) {
    out.write(0xFF);
    out.write(marker);
    out.write(content.length + 2 >> 8);
    out.write(content.length + 2);
    for (int value : content) {
      out.write(value);
    }
  }

  private void bits(int value, int count) {
    for (int i = count - 1; i >= 0; i--) {
      bits = bits << 1 | value >> i & 1;
      if (++bitCount == 8) {
        out.write(bits);
        if ((bits & 255) == 255) {
          out.write(0);
        }
        bitCount = 0;
      }
    }
  }

  private void flush() {
    while (bitCount != 0) {
      bits(1, 1);
    }
  }
}
