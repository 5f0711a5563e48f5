package dev.gramloom.weights;

import dev.gramloom.backend.Kernel;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A VGG in a {@link WeightFile}: tensors "conv1_1.weight" [K][C][3][3] and "conv1_1.bias" [K].
 *
 * @param identity "vgg" and the checksum of conv1_1, which tells any two networks apart
 * @param kernels by name, in the network's order
 * @param convention how pixels were fed to it in training
 */
public record VggFile(String identity, Map<String, Kernel> kernels, Convention convention) {
  private static final int[] CONVOLUTIONS = {2, 2, 4, 4, 4}; // of VGG-19; VGG-16 leaves some out

  /** How pixels were fed to a network in training. */
  public enum Convention {
    CAFFE_BGR("f8ee325686ded00722375b5a05fd287de09be3bd3b1853cb1c5cf29996394684"),
    TORCHVISION_RGB("e5f3feb551bbaee8f86e07a3168e456c7d76758ae738559684c82008068acd2c"),
    /** RGB of 0..1 as it is. */
    NONE("");

    /** sha256 of VGG-19's conv1_1 kernel, [K][C][3][3] float32 little-endian. */
    private final String fingerprint;

    Convention(String fingerprint) {
      this.fingerprint = fingerprint;
    }

    /** As written in a file's {@code __metadata__}: "caffe-bgr", … */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Reads all convolutions that are there.
   *
   * @throws Failure if it is no VGG, or one whose convention nobody knows
   */
  public static VggFile read(Path path) {
    WeightFile file = new WeightFile(path);
    Map<String, Kernel> kernels = new LinkedHashMap<>();
    int inputs = 3;
    for (int block = 1; block <= CONVOLUTIONS.length; block++) {
      for (int i = 1; i <= CONVOLUTIONS[block - 1]; i++) {
        String name = "conv" + block + "_" + i;
        if (file.contains(name + ".weight")) {
          Kernel kernel = kernel(path, file, name, inputs);
          kernels.put(name, kernel);
          inputs = kernel.outputs();
        }
      }
    }
    if (!kernels.containsKey("conv1_1")) {
      throw bad(path, "it has no conv1_1.weight");
    }
    String fingerprint = sha256(kernels.get("conv1_1").weights());
    String identity = "vgg conv1_1 sha256 " + fingerprint;
    return new VggFile(identity, kernels, convention(path, file, fingerprint));
  }

  private static Kernel kernel(Path path, WeightFile file, String name, int inputs) {
    int[] shape = file.shape(name + ".weight");
    if (shape.length != 4 || shape[1] != inputs || shape[2] != 3 || shape[3] != 3) {
      throw bad(
          path,
          "%s.weight should be [K][%d][3][3], got %s"
              .formatted(name, inputs, Arrays.toString(shape)));
    }
    float[] bias = file.floats(name + ".bias");
    if (bias.length != shape[0]) {
      throw bad(
          path, "%s.bias should have %d values, got %d".formatted(name, shape[0], bias.length));
    }
    return new Kernel(shape[0], inputs, 3, file.floats(name + ".weight"), bias);
  }

  private static Convention convention(Path path, WeightFile file, String fingerprint) {
    String said = file.metadata().get("convention");
    for (Convention convention : Convention.values()) {
      if (said == null
          ? convention.fingerprint.equals(fingerprint)
          : convention.id().equals(said)) {
        return convention;
      }
    }
    throw bad(
        path,
        said == null
            ? "its conv1_1 is unknown and its metadata has no convention"
                + " (caffe-bgr, torchvision-rgb or none)"
            : "its convention should be caffe-bgr, torchvision-rgb or none, got " + said);
  }

  private static String sha256(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static Failure bad(Path path, String why) {
    return new Failure(ExitCode.BAD_DATA, path + ": not VGG weights we can use: " + why);
  }
}
