package dev.gramloom.synthesis;

import dev.gramloom.file.AtomicFile;
import dev.gramloom.optimize.OptimizerState;
import dev.gramloom.synthesis.Checkpoint.Leg;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * A checkpoint on the disk, with the identity of the run it is of.
 *
 * <p>Numbers are big-endian, but for the vectors. The file is: {@link #MAGIC}; the format's number;
 * the identity's parts, counted, each a name and a value (length, UTF-8); the legs, counted, each
 * with the exemplar's width and height, seconds and the losses, counted; a byte that is 1 where the
 * last leg is over; what was seen, counted in bytes; the optimiser's iteration and its scalars,
 * counted; the number of vectors and the floats in each; the vectors, float32 little-endian;
 * CRC-32C of all before, as 8 bytes.
 *
 * <p>A file may come from anywhere: the checksum is seen to first, then no count is believed before
 * the rest of the file was found to be that long, and no name of a file is in it.
 */
public final class CheckpointFile {
  static final long MAGIC = 0x4752_4d4c_4f4f_4d43L; // "GRMLOOMC"
  static final int FORMAT = 2;
  static final int SUM_BYTES = Long.BYTES;

  private static final int CHUNK = 1 << 16; // bytes
  private static final int LONGEST_IDENTITY = 1 << 20; // bytes; real ones are a few kilobytes

  private CheckpointFile() {}

  /**
   * What a file holds.
   *
   * @param identity of the run
   * @param checkpoint whose vectors are read from the file when they are asked for
   */
  public record Content(Identity identity, Checkpoint checkpoint) {}

  /** Why a file is not a whole checkpoint, in words for the user. */
  public static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1;

    DamagedException(String reason) {
      super(reason);
    }
  }

  /**
   * Writes a checkpoint, whole and on the disk or not at all. One writer at a time: a part that a
   * killed process left is written over.
   *
   * @throws dev.gramloom.failure.Failure CANNOT_WRITE with the machine's reason
   */
  public static void write(Path file, Identity identity, Checkpoint checkpoint) {
    AtomicFile.writeAlone(file, out -> write(out, identity, checkpoint));
  }

  private static void write(OutputStream to, Identity identity, Checkpoint checkpoint)
      throws IOException {
    CheckedOutputStream summed = new CheckedOutputStream(to, new CRC32C());
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(summed, CHUNK));
    out.writeLong(MAGIC);
    out.writeInt(FORMAT);
    out.writeInt(identity.parts().size());
    for (Map.Entry<String, String> part : identity.parts().entrySet()) {
      writeText(out, part.getKey());
      writeText(out, part.getValue());
    }
    out.writeInt(checkpoint.legs().size());
    for (Leg leg : checkpoint.legs()) {
      out.writeInt(leg.exemplarWidth());
      out.writeInt(leg.exemplarHeight());
      out.writeDouble(leg.seconds());
      writeNumbers(out, leg.losses());
    }
    out.writeBoolean(checkpoint.over());
    out.writeInt(checkpoint.seen().length);
    out.write(checkpoint.seen());
    OptimizerState state = checkpoint.state();
    out.writeInt(state.iteration());
    writeNumbers(out, state.scalars());
    writeVectors(out, state.vectors());
    out.flush();
    out.writeLong(summed.getChecksum().getValue());
    out.flush();
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void writeNumbers(DataOutputStream out, double[] numbers) throws IOException {
    out.writeInt(numbers.length);
    for (double number : numbers) {
      out.writeDouble(number);
    }
  }

  private static void writeVectors(DataOutputStream out, List<float[]> vectors) throws IOException {
    out.writeInt(vectors.size());
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < vectors.size(); i++) {
      float[] vector = vectors.get(i);
      if (i == 0) {
        out.writeInt(vector.length);
      }
      for (int at = 0; at < vector.length; at += CHUNK / Float.BYTES) {
        int count = Math.min(CHUNK / Float.BYTES, vector.length - at);
        chunk.asFloatBuffer().put(vector, at, count);
        out.write(chunk.array(), 0, count * Float.BYTES);
      }
    }
  }

  /**
   * Whose checkpoint a file says to be, its checksum unseen.
   *
   * @throws DamagedException if it does not begin like one
   * @throws IOException if the machine cannot read it
   */
  public static Identity identity(Path file) throws IOException, DamagedException {
    try (CheckpointBytes in = CheckpointBytes.open(file, LONGEST_IDENTITY)) {
      return identity(in);
    }
  }

  /**
   * Reads a checkpoint. The file must not change while its vectors are in use.
   *
   * @throws DamagedException if it is not whole, or not of this program
   * @throws IOException if the machine cannot read it
   */
  public static Content read(Path file) throws IOException, DamagedException {
    try (CheckpointBytes in = CheckpointBytes.open(file, Long.MAX_VALUE)) {
      CheckpointBytes.requireWhole(file);
      Identity identity = identity(in);
      List<Leg> legs = new ArrayList<>();
      int count = in.count(2 * Integer.BYTES + Double.BYTES + Integer.BYTES);
      for (int i = 0; i < count; i++) {
        int width = in.integer();
        int height = in.integer();
        double seconds = in.real();
        legs.add(new Leg(width, height, in.reals(), seconds));
      }
      boolean over = in.flag();
      byte[] seen = in.bytes();
      int iteration = in.integer();
      double[] scalars = in.reals();
      OptimizerState state = new OptimizerState(iteration, scalars, vectors(file, in));
      if (iteration < 0 || state.vectors().isEmpty()) {
        throw new DamagedException("it has no picture");
      }
      return new Content(identity, new Checkpoint(legs, over, state, seen));
    }
  }

  private static Identity identity(CheckpointBytes in) throws IOException, DamagedException {
    if (in.number() != MAGIC) {
      throw new DamagedException("it is not a checkpoint");
    }
    int format = in.integer();
    if (format != FORMAT) {
      throw new DamagedException("its format is %d, not %d".formatted(format, FORMAT));
    }
    Map<String, String> parts = new LinkedHashMap<>();
    int count = in.count(2 * Integer.BYTES);
    for (int i = 0; i < count; i++) {
      parts.put(in.text(), in.text());
    }
    return new Identity(parts);
  }

  private static List<float[]> vectors(Path file, CheckpointBytes in)
      throws IOException, DamagedException {
    int count = in.integer();
    int length = in.integer();
    long start = in.position();
    long bytes = (long) length * Float.BYTES;
    boolean fits = count > 0 && length > 0 && in.remaining() % bytes == 0;
    if (!fits || in.remaining() / bytes != count) {
      throw new DamagedException("its vectors are not as long as it says");
    }
    return OptimizerState.fetched(
        count, i -> CheckpointBytes.floats(file, start + i * bytes, length));
  }
}
