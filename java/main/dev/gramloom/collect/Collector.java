package dev.gramloom.collect;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.IoReason;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.weights.download.HttpGet;
import dev.gramloom.weights.download.Limits;
import dev.gramloom.weights.download.ProxyChoice;
import dev.gramloom.weights.download.Refusal;
import dev.gramloom.weights.download.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Downloads the pictures of one page into a folder, one after the other. */
public final class Collector {
  private static final int MOST_PAGE_BYTES = 8 << 20;
  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*\"?([A-Za-z0-9_.:-]+)", Pattern.CASE_INSENSITIVE);

  /**
   * What is taken.
   *
   * @param hosts whose pictures are taken besides the page's
   * @param minSide pixels of a picture's shorter side, at least
   * @param count pictures, at most
   * @param mostBytes of a picture
   * @param time for all of it
   * @param pause between requests for pictures
   */
  public record Wishes(
      Set<String> hosts, int minSide, int count, int mostBytes, Duration time, Duration pause) {}

  /** Hears what becomes of each picture. */
  public interface Report {
    void kept(String name, URI url, int width, int height);

    void skipped(URI url, String reason);
  }

  private final Path folder;
  private final Wishes wishes;
  private final Report report;
  private final Limits limits;
  private final ProxyChoice proxies;
  private final long deadline;

  /** A run's place and limits. */
  public Collector(Path folder, Wishes wishes, Report report, Limits limits, ProxyChoice proxies) {
    this.folder = folder;
    this.wishes = wishes;
    this.report = report;
    this.limits = limits;
    this.proxies = proxies;
    this.deadline = System.nanoTime() + wishes.time().toNanos();
  }

  /**
   * Collects.
   *
   * @return how many pictures were kept
   * @throws Failure UNAVAILABLE if the page cannot be had, BAD_DATA if it is none, CANNOT_WRITE
   */
  public int run(URI page) {
    Manifest manifest = Manifest.in(folder);
    AtomicFile.requireWritable(folder.resolve(Manifest.NAME));
    Rules rules = new Rules(page, wishes.hosts(), limits, proxies);
    List<URI> pictures = pictures(page, rules);
    HttpGet http = new HttpGet(limits, proxies, rules::passPicture);
    Set<String> taken = names();
    int kept = 0;
    for (int i = 0; i < pictures.size() && kept < wishes.count(); i++) {
      URI url = pictures.get(i);
      try {
        kept += keep(url, page, http, manifest, taken) ? 1 : 0;
      } catch (IOException e) {
        report.skipped(url, Refusal.of(e).getMessage());
      } catch (Refusal e) {
        report.skipped(url, e.getMessage());
      }
      if (System.nanoTime() > deadline) {
        report.skipped(url, "and all after it: the time is over");
        break;
      }
      rest();
    }
    return kept;
  }

  private List<URI> pictures(URI page, Rules rules) {
    try (Reply reply = new HttpGet(limits, proxies, rules::passPage).open(page, Map.of())) {
      if (reply.status() != 200) {
        throw Refusal.lasting("HTTP status " + reply.status());
      }
      String type = reply.header("Content-Type").toLowerCase(Locale.ROOT);
      if (!reply.isWebPage() && !type.startsWith("application/xhtml")) {
        throw new Failure(
            ExitCode.BAD_DATA, "%s must be a web page, it is '%s'".formatted(page, type));
      }
      byte[] html = body(reply, MOST_PAGE_BYTES);
      rules.allow(reply.url().getHost());
      Matcher charset = CHARSET.matcher(type);
      return PageImages.of(html, charset.find() ? known(charset.group(1)) : null, reply.url());
    } catch (IOException e) {
      throw unavailable(page, Refusal.of(e));
    } catch (Refusal e) {
      throw unavailable(page, e);
    }
  }

  private static String known(String charset) {
    try {
      return Charset.isSupported(charset) ? charset : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Failure unavailable(URI page, Refusal reason) {
    return new Failure(
        ExitCode.UNAVAILABLE, "cannot read %s: %s".formatted(page, reason.getMessage()), reason);
  }

  /** Whether the picture was new and as wanted; else says why it was not kept. */
  private boolean keep(URI url, URI page, HttpGet http, Manifest manifest, Set<String> taken)
      throws IOException, Refusal {
    if (manifest.has(url.toString())) {
      throw Refusal.lasting("already there");
    }
    byte[] file;
    try (Reply reply = http.open(url, Map.of())) {
      if (reply.status() != 200) {
        throw Refusal.lasting("HTTP status " + reply.status());
      }
      if (reply.length() > wishes.mostBytes()) {
        throw tooLarge(wishes.mostBytes());
      }
      file = body(reply, wishes.mostBytes());
    }
    String ending = PictureName.ending(file);
    if (ending == null) {
      throw Refusal.lasting("neither PNG, JPEG, GIF nor BMP");
    }
    Image image = decoded(url, file);
    if (Math.min(image.width(), image.height()) < wishes.minSide()) {
      throw Refusal.lasting("small, %d x %d".formatted(image.width(), image.height()));
    }
    String checksum = sha256(file);
    if (manifest.has(checksum)) {
      throw Refusal.lasting("already there, under another address");
    }
    String name = PictureName.of(url, ending, taken);
    AtomicFile.write(folder.resolve(name), out -> out.write(file));
    taken.add(name);
    manifest.add(name, url, page, checksum, image.width(), image.height());
    report.kept(name, url, image.width(), image.height());
    return true;
  }

  /** Decoded in full: a picture that is damaged or too large is none for us. */
  private static Image decoded(URI url, byte[] file) throws Refusal {
    try {
      return ImageFile.decode(Path.of("it"), file);
    } catch (Failure e) {
      throw Refusal.lasting(e.getMessage());
    }
  }

  private byte[] body(Reply reply, int most) throws IOException, Refusal {
    var out = new ByteArrayOutputStream();
    long latest = Math.min(deadline, System.nanoTime() + 4 * limits.read().toNanos());
    byte[] buffer = new byte[1 << 16];
    InputStream in = reply.body();
    for (int count; (count = in.read(buffer)) > 0; ) {
      out.write(buffer, 0, count);
      if (out.size() > most) {
        throw tooLarge(most);
      }
      if (System.nanoTime() > latest) {
        throw Refusal.lasting("it takes too long");
      }
    }
    if (reply.length() >= 0 && out.size() < reply.length()) {
      throw Refusal.lasting("it ended early");
    }
    return out.toByteArray();
  }

  private static Refusal tooLarge(int most) {
    return Refusal.lasting("larger than %d MiB".formatted(most >> 20));
  }

  /** The names in the folder, in small letters. */
  private Set<String> names() {
    Set<String> names = new HashSet<>();
    if (!Files.isDirectory(folder)) {
      return names;
    }
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(f -> names.add(f.getFileName().toString().toLowerCase(Locale.ROOT)));
      return names;
    } catch (IOException e) {
      throw new Failure(
          ExitCode.MISSING_INPUT, "cannot read %s: %s".formatted(folder, IoReason.of(e)), e);
    }
  }

  private void rest() {
    try {
      Thread.sleep(wishes.pause().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.STOPPED, "stopped; what is in " + folder + " stays", e);
    }
  }

  private static String sha256(byte[] file) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
