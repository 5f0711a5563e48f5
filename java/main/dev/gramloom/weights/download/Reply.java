package dev.gramloom.weights.download;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's answer: status, headers, and a body that is read while it comes. */
public final class Reply implements AutoCloseable {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  /**
   * The piece of the file that a 206 carries.
   *
   * @param total bytes of the whole file, or -1 if the server does not say
   */
  record ContentRange(long first, long last, long total) {}

  private final URI url;
  private final HttpURLConnection connection;
  private final int status;

  Reply(URI url, HttpURLConnection connection, int status) {
    this.url = url;
    this.connection = connection;
    this.status = status;
  }

  /** Where it came from, after all redirects. */
  public URI url() {
    return url;
  }

  /** HTTP's status code. */
  public int status() {
    return status;
  }

  /**
   * The body's length in bytes as the server has it; -1 if it does not say. It does not for a body
   * in chunks, whatever the header is (RFC 9112, 6.3).
   */
  public long length() {
    return !header("Transfer-Encoding").isEmpty()
        ? -1
        : Math.max(-1, connection.getHeaderFieldLong("Content-Length", -1));
  }

  /** A header's text; empty if it is not there. */
  public String header(String name) {
    String value = connection.getHeaderField(name);
    return value == null ? "" : printable(value.strip());
  }

  /** The text, or none if it could not be sent back in a header. */
  static String printable(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c < 127) ? value : "";
  }

  /** The ETag; empty for a weak one, which promises no equal bytes (RFC 9110, 8.8.1). */
  String strongEtag() {
    String etag = header("ETag");
    return etag.startsWith("W/") ? "" : etag;
  }

  /** The piece of the file that the body is; null if the server does not say it properly. */
  ContentRange contentRange() {
    Matcher range = CONTENT_RANGE.matcher(header("Content-Range"));
    if (!range.matches()) {
      return null;
    }
    long total = range.group(3).equals("*") ? -1 : Long.parseLong(range.group(3));
    return new ContentRange(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)), total);
  }

  /** The wait that the server asks for, in seconds or until a date; zero if it asks for none. */
  Duration retryAfter() {
    String value = header("Retry-After");
    if (SECONDS.matcher(value).matches()) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      ZonedDateTime date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration wait = Duration.between(ZonedDateTime.now(), date);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  /** Whether it is a page for people, as hotels' networks send for whatever is asked for. */
  public boolean isWebPage() {
    return header("Content-Type").toLowerCase(Locale.ROOT).startsWith("text/html");
  }

  /** The body, as it comes. */
  public InputStream body() throws IOException {
    return connection.getInputStream();
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
