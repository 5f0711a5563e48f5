package dev.gramloom.cli;

import dev.gramloom.file.Sha256;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
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
    MessageDigest digest = Sha256.digest();
    Image image = ImageFile.read(file, digest::update);
    Image used = mask == null ? image : ImageFile.withMask(image, mask);
    return new Exemplar(file, Sha256.hex(digest), used);
  }
}
