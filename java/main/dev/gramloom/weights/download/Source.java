package dev.gramloom.weights.download;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * One place to download from. Mirrors may hold different files, each with its own checksum.
 *
 * @param url http or https
 * @param bytes the file's length, or -1 if it is not known
 * @param checksum what decides whether the right file came
 */
public record Source(URI url, long bytes, Checksum checksum) {
  private static final Set<String> SCHEMES = Set.of("http", "https");

  /**
   * @throws IllegalArgumentException if the URL is not an absolute http or https one, or the length
   *     is neither -1 nor positive
   */
  public Source {
    if (!isWeb(url)) {
      throw new IllegalArgumentException("not an http or https URL: " + url);
    }
    if (bytes == 0 || bytes < -1) {
      throw new IllegalArgumentException(url + ": a length of " + bytes + " bytes");
    }
  }

  /** Whether it is an absolute http or https URL. */
  static boolean isWeb(URI url) {
    return url.getScheme() != null
        && SCHEMES.contains(url.getScheme().toLowerCase(Locale.ROOT))
        && url.getHost() != null;
  }

  String host() {
    return url.getHost();
  }
}
