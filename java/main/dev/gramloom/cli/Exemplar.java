package dev.gramloom.cli;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.Sha256;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * The photograph and what identifies it.
 *
 * @param file where it was read from
 * @param sha256 of the file's bytes, hexadecimal
 * @param image its pixels
 */
record Exemplar(Path file, String sha256, Image image) {
  /**
   * Reads a photograph.
   *
   * @param mask picture of what to use, or null for all that is opaque
   */
  static Exemplar read(Path file, Path mask) {
    Image image = ImageFile.read(file);
    Image used = mask == null ? image : ImageFile.withMask(image, mask);
    return new Exemplar(file, sha256(file), used);
  }

  /** Of a file's bytes, hexadecimal. */
  static String sha256(Path file) {
    try {
      MessageDigest digest = Sha256.digest();
      digest.update(Files.readAllBytes(file));
      return Sha256.hex(digest);
    } catch (IOException e) {
      throw new Failure(ExitCode.MISSING_INPUT, file + ": " + e.getMessage(), e);
    }
  }
}
