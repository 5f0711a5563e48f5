package dev.gramloom.weights.download;

import dev.gramloom.file.AtomicFile;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Where the bytes of a part come from, kept beside it so that a later run continues no other file.
 *
 * @param url of the source, before any redirect
 * @param etag a strong one, or empty
 * @param modified the Last-Modified date as the server wrote it, or empty
 * @param total bytes of the whole file, or -1 if the server did not say
 */
record PartState(String url, String etag, String modified, long total) {

  /** What a server's answer to a request without a range says of the file. */
  static PartState of(Source source, Reply reply) {
    return new PartState(
        source.url().toString(), reply.strongEtag(), reply.header("Last-Modified"), reply.length());
  }

  /**
   * The state beside a part; null if there is none that can be read. By a plain stream: a channel
   * would fail in an interrupted thread, and so cost the part.
   */
  static PartState read(Path path) {
    Properties properties = new Properties();
    try (InputStream in = new FileInputStream(path.toFile())) {
      properties.load(in);
      return new PartState(
          properties.getProperty("url", ""),
          Reply.printable(properties.getProperty("etag", "")),
          Reply.printable(properties.getProperty("modified", "")),
          Long.parseLong(properties.getProperty("total", "-1")));
    } catch (IOException | IllegalArgumentException e) {
      return null; // without it the download begins anew: slower, never wrong
    }
  }

  void write(Path path) {
    Properties properties = new Properties();
    properties.setProperty("url", url);
    properties.setProperty("etag", etag);
    properties.setProperty("modified", modified);
    properties.setProperty("total", Long.toString(total));
    AtomicFile.write(path, out -> properties.store(out, "gramloom: an unfinished download"));
  }

  /** Whether a part of this state may be continued from {@code source}. */
  boolean isOf(Source source) {
    return url.equals(source.url().toString())
        && (total < 0 || source.bytes() < 0 || total == source.bytes());
  }

  /** What makes a server send the rest only of the same file (RFC 9110, 13.1.5); may be empty. */
  String validator() {
    return etag.isEmpty() ? modified : etag;
  }

  /** Whether a server's answer speaks of another version of the file. */
  boolean contradicts(Reply reply) {
    return differ(etag, reply.strongEtag()) || differ(modified, reply.header("Last-Modified"));
  }

  private static boolean differ(String then, String now) {
    return !then.isEmpty() && !now.isEmpty() && !then.equals(now);
  }
}
