package dev.gramloom.weights;

import dev.gramloom.backend.Kernel;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.Sha256;
import dev.gramloom.weights.format.TensorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The convolutions of a VGG in a file, recognised: each under the field's name, its kernel
 * [K][C][3][3] as our networks want it. Kernels are read one by one, when first asked for, and
 * kept. Any thread may ask.
 */
public final class VggWeights implements AutoCloseable {
  /**
   * A convolution that is in the file.
   *
   * @param name "conv3_1"
   * @param outputs K
   * @param inputs C
   */
  public record Convolution(String name, int outputs, int inputs) {}

  /** Reads a convolution's kernel. */
  @FunctionalInterface
  interface Reader {
    Kernel read(int index);
  }

  /** Under this key our own files say what {@link #checksum} was when they were written. */
  public static final String CHECKSUM = "tensors_sha256";

  /** Under this key files say under which licence they are given away. */
  static final String LICENCE = "licence";

  private final Path path;
  private final TensorFile file;
  private final List<Convolution> convolutions;
  private final Recognition recognition;
  private final Reader reader;
  private final Map<Integer, Kernel> kernels = new HashMap<>();

  VggWeights(
      Path path,
      TensorFile file,
      List<Convolution> convolutions,
      Recognition recognition,
      Reader reader) {
    this.path = path;
    this.file = file;
    this.convolutions = List.copyOf(convolutions);
    this.recognition = recognition;
    this.reader = reader;
  }

  /** Where they were read from. */
  public Path path() {
    return path;
  }

  /** The file's format, for people. */
  public String format() {
    return file.format();
  }

  /** All convolutions, in the network's order. */
  public List<Convolution> convolutions() {
    return convolutions;
  }

  /** How pixels were fed to the network in training. */
  public Convention convention() {
    return recognition.convention();
  }

  /** What network it is and how its numbers are kept in the file, for people. */
  public String description() {
    return recognition.description();
  }

  /** Which of the weights that many people hold these are; null if none. */
  KnownWeights known() {
    return recognition.known();
  }

  /**
   * The licence, where these are weights that many people hold; else what the file says, or null.
   */
  public String licence() {
    return known() == null ? metadata().get(LICENCE) : known().licence();
  }

  /** What the file says of itself. */
  public Map<String, String> metadata() {
    return file.metadata();
  }

  /**
   * Reads a convolution.
   *
   * @throws Failure if it is not there, or the file breaks its word
   */
  public synchronized Kernel kernel(String name) {
    for (int i = 0; i < convolutions.size(); i++) {
      if (convolutions.get(i).name().equals(name)) {
        return kernels.computeIfAbsent(i, reader::read);
      }
    }
    throw new Failure(
        ExitCode.BAD_DATA,
        "%s: it has no %s; it holds %s to %s"
            .formatted(
                path,
                name,
                convolutions.get(0).name(),
                convolutions.get(convolutions.size() - 1).name()));
  }

  /** sha256 of conv1_1's kernel, [K][C][3][3] float32 little-endian: tells any two apart. */
  public String fingerprint() {
    MessageDigest digest = Sha256.digest();
    digest.update(bytes(kernel(convolutions.get(0).name()).weights()));
    return Sha256.hex(digest);
  }

  /** sha256 of all kernels and biases in the network's order, as float32 little-endian. */
  public String checksum() {
    MessageDigest digest = Sha256.digest();
    for (Convolution convolution : convolutions) {
      Kernel kernel = kernel(convolution.name());
      digest.update(bytes(kernel.weights()));
      digest.update(bytes(kernel.bias()));
    }
    return Sha256.hex(digest);
  }

  private static ByteBuffer bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  @Override
  public void close() {
    file.close();
  }
}
