package dev.gramloom.weights.format;

import java.nio.ByteBuffer;

/** How a number is written in a file. Read as float32, whatever it was; float64 is rounded. */
enum ElementType {
  FLOAT16(2),
  BFLOAT16(2),
  FLOAT32(4),
  FLOAT64(8);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one number. */
  int bytes() {
    return bytes;
  }

  /**
   * Reads {@code count} numbers from the buffer's position on, in the buffer's byte order.
   *
   * @throws java.nio.BufferUnderflowException if there are fewer
   */
  float[] read(ByteBuffer buffer, int count) {
    float[] values = new float[count];
    switch (this) {
      case FLOAT32 -> {
        buffer.asFloatBuffer().get(values);
        buffer.position(buffer.position() + Float.BYTES * count);
      }
      case FLOAT64 -> {
        for (int i = 0; i < count; i++) {
          values[i] = (float) buffer.getDouble();
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = Float.intBitsToFloat(buffer.getShort() << 16);
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = half(buffer.getShort());
        }
      }
    }
    return values;
  }

  /** IEEE 754 binary16; {@code Float.float16ToFloat} came with Java 20. */
  private static float half(short bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    float magnitude;
    if (exponent == 31) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else if (exponent == 0) {
      magnitude = fraction * 0x1p-24f;
    } else {
      magnitude = Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
