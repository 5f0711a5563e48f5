package dev.gramloom.weights.format;

import io.jhdf.Constants;
import io.jhdf.ObjectHeader;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.message.DataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.CompactDataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ContiguousDataLayoutMessage;
import io.jhdf.object.message.DataSpace;
import io.jhdf.object.message.DataSpaceMessage;
import io.jhdf.object.message.DataTypeMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A dataset of floating-point numbers: what its header says, checked against the file, and its
 * numbers.
 */
final class HdfArray {
  private static final int EMPTY = 2; // the kind of a space that holds nothing, not even a scalar

  private final HdfBytes bytes;
  private final ElementType type;
  private final ByteOrder order;
  private final int[] shape;
  private final DataLayoutMessage layout;
  private final HdfChunks chunks;

  private HdfArray(HdfBytes bytes, ObjectHeader header, ElementType type, FloatingPoint format) {
    this.bytes = bytes;
    this.type = type;
    order = format.getByteOrder();
    shape = Dimensions.checked(space(header).getDimensionsAsLong());
    layout = header.getMessageOfType(DataLayoutMessage.class);
    if (layout instanceof ContiguousDataLayoutMessage place) {
      if (place.getAddress() == Constants.UNDEFINED_ADDRESS && Dimensions.count(shape) > 0) {
        throw new HdfException("it was never written");
      }
      long most = Long.MAX_VALUE / type.bytes();
      long length = Math.min(Dimensions.count(shape), most) * type.bytes();
      bytes.requireInside(Math.max(0, place.getAddress()), length);
    }
    boolean whole =
        layout instanceof ContiguousDataLayoutMessage || layout instanceof CompactDataLayoutMessage;
    chunks = whole ? null : new HdfChunks(bytes, header, layout, shape, type.bytes());
  }

  /**
   * What a dataset's header says; null if it holds no floating-point numbers of a kind we read.
   *
   * @throws RuntimeException jHDF's or ours, if it lies
   */
  static HdfArray of(HdfBytes bytes, ObjectHeader header) {
    DataType format = header.getMessageOfType(DataTypeMessage.class).getDataType();
    ElementType type = format instanceof FloatingPoint number ? type(number) : null;
    return type == null || space(header).getType() == EMPTY
        ? null
        : new HdfArray(bytes, header, type, (FloatingPoint) format);
  }

  private static DataSpace space(ObjectHeader header) {
    return header.getMessageOfType(DataSpaceMessage.class).getDataSpace();
  }

  /** The type with these bytes, bits of exponent and bits of fraction; null if none has them. */
  private static ElementType type(FloatingPoint format) {
    String layout =
        format.getSize() + " " + format.getExponentSize() + " " + format.getMantissaSize();
    return switch (layout) {
      case "2 5 10" -> ElementType.FLOAT16;
      case "2 8 7" -> ElementType.BFLOAT16;
      case "4 8 23" -> ElementType.FLOAT32;
      case "8 11 52" -> ElementType.FLOAT64;
      default -> null;
    };
  }

  /** Outermost dimension first. */
  int[] shape() {
    return shape;
  }

  /**
   * All numbers, last dimension fastest.
   *
   * @throws IllegalArgumentException if they are too many
   * @throws RuntimeException jHDF's or ours, if they are not there
   */
  float[] read() {
    int count = Dimensions.readable(shape);
    long length = (long) count * type.bytes();
    if (!Dimensions.arePackedIn(length, bytes.size())) {
      throw new HdfException(count + " numbers in a file of " + bytes.size() + " bytes");
    }
    if (count == 0) {
      return new float[0];
    }
    if (layout instanceof ContiguousDataLayoutMessage place) {
      return type.read(bytes.data(place.getAddress(), length).order(order), count);
    }
    if (layout instanceof CompactDataLayoutMessage inHeader) {
      ByteBuffer data = inHeader.getDataBuffer();
      if (data.remaining() < length) {
        throw new HdfException("it has not the bytes of its shape");
      }
      return type.read(data.order(order), count);
    }
    float[] values = new float[count];
    chunks.read(
        data -> type.read(ByteBuffer.wrap(data).order(order), data.length / type.bytes()), values);
    return values;
  }
}
