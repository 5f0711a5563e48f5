package dev.gramloom.weights.download;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * What a file's publisher says its bytes hash to.
 *
 * @param algorithm sha256, or md5 where nothing better was published
 * @param hex the hash, two digits a byte
 */
public record Checksum(String algorithm, String hex) {
  private static final Map<String, String> JAVA_NAMES = Map.of("sha256", "SHA-256", "md5", "MD5");
  private static final Map<String, Integer> DIGITS = Map.of("sha256", 64, "md5", 32);

  /**
   * @throws IllegalArgumentException if the algorithm is not one of the two or the digits are not
   *     as many as it has
   */
  public Checksum {
    hex = hex.toLowerCase(Locale.ROOT);
    Integer digits = DIGITS.get(algorithm);
    if (digits == null || !hex.matches("[0-9a-f]{" + digits + "}")) {
      throw new IllegalArgumentException("not a checksum: " + algorithm + " " + hex);
    }
  }

  /** An empty hash of this algorithm, to be fed the file's bytes in order. */
  public MessageDigest digest() {
    try {
      return MessageDigest.getInstance(JAVA_NAMES.get(algorithm));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has " + algorithm, e);
    }
  }

  /** Whether the bytes fed to the hash are the published ones; resets the hash. */
  public boolean verify(MessageDigest fed) {
    return MessageDigest.isEqual(HexFormat.of().parseHex(hex), fed.digest());
  }
}
