package dev.gramloom.backend.cuda;

import dev.gramloom.backend.Precision;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.util.Optional;

/**
 * Which precision convolutions have on a device.
 *
 * <p>The fastest whose gradient stays within 1e-2 of float32's is float32. Of VGG-19 to conv5_1 at
 * 48 x 48 pixels, measured with the stand-in for cuDNN at noise, at another photograph and at a
 * rolled exemplar, the gradient is off by 6e-3, 1.2e-2 and 1.4e-2 in tf32, and by 2e-2, 4.1e-2 and
 * 4e-2 in bf16 (relative L2); at three others by up to 2.4e-2 and 4.3e-2. Rounding in products adds
 * nothing to these digits. Most of it comes from units near zero that change sides.
 */
final class TensorCores {
  private static final int FIRST = 80; // compute capability 8.0

  private TensorCores() {}

  /**
   * What was asked for, or what is best.
   *
   * @throws Failure UNAVAILABLE where the device or its libraries cannot do what was asked for
   */
  static Precision chosen(Device device, Precision asked) {
    if (asked == Precision.AUTO || asked == Precision.FP32) {
      return Precision.FP32;
    }
    Optional<String> problem = Cudnn.problem();
    if (problem.isEmpty() && device.capability() < FIRST) {
      problem =
          Optional.of(
              "compute capability %.1f, it begins with 8.0".formatted(device.capability() / 10.0));
    }
    problem.ifPresent(why -> {
      throw new Failure(
          ExitCode.UNAVAILABLE,
          "backend cuda: no --precision %s here: %s; use fp32 or auto".formatted(asked, why));
    });
    return asked;
  }
}
