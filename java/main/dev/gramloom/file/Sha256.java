package dev.gramloom.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java has. */
public final class Sha256 {
  private static final int CHUNK = 1 << 16; // bytes

  private Sha256() {}

  /** An empty hash, to be fed. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Feeds a file's bytes, however many. */
  public static void feed(MessageDigest digest, Path file) throws IOException {
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
      }
    }
  }

  /**
   * Of a file's bytes, hexadecimal.
   *
   * @throws dev.gramloom.failure.Failure MISSING_INPUT if it cannot be read
   */
  public static String of(Path file) {
    try {
      MessageDigest digest = digest();
      feed(digest, file);
      return hex(digest);
    } catch (IOException e) {
      throw IoReason.cannotRead(file, e);
    }
  }

  /** Of what was fed, hexadecimal; resets the hash. */
  public static String hex(MessageDigest fed) {
    return HexFormat.of().formatHex(fed.digest());
  }
}
