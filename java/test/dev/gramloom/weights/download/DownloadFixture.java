package dev.gramloom.weights.download;

import static dev.gramloom.weights.download.ScriptedServer.file;
import static dev.gramloom.weights.download.ScriptedServer.status;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.weights.download.ScriptedServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that do, byte for byte, what a test tells them to, and a download that is told of them.
 */
@Timeout(20)
abstract class DownloadFixture {
  static final byte[] CONTENT = bytes(7);
  static final byte[] OTHER = bytes(8);
  static final int LENGTH = CONTENT.length;
  static final int CUT = 100_000;
  static final String REST = "bytes=" + CUT + "-";
  static final String ADVICE = "download it elsewhere";
  static final int ATTEMPTS = 3;
  static final Duration NOT_LONG = Duration.ofMillis(300);
  static final Duration PAUSE = Duration.ofSeconds(1);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(100);

  @TempDir Path folder;

  /** How long a server may be silent; long enough for a busy machine. */
  Duration patience = Duration.ofSeconds(5);

  final List<ScriptedServer> servers = new ArrayList<>();
  final List<Duration> pauses = new ArrayList<>();
  final List<String> lines = new ArrayList<>();
  final List<long[]> counts = new ArrayList<>();

  static byte[] bytes(int seed) {
    byte[] bytes = new byte[300_000];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @AfterEach
  void closeServers() throws IOException {
    for (ScriptedServer server : servers) {
      server.close();
    }
  }

  ScriptedServer server(Answer... script) throws IOException {
    return opened(new ScriptedServer(script));
  }

  /** Closes it after the test. */
  ScriptedServer opened(ScriptedServer server) {
    servers.add(server);
    return server;
  }

  static Checksum sha256(byte[] bytes) {
    MessageDigest digest = new Checksum("sha256", "0".repeat(64)).digest();
    return new Checksum("sha256", HexFormat.of().formatHex(digest.digest(bytes)));
  }

  static Source source(URI url) {
    return new Source(url, LENGTH, sha256(CONTENT));
  }

  static Source source(ScriptedServer server) {
    return source(server.url("/weights"));
  }

  static Source ofUnknownLength(ScriptedServer server) {
    return new Source(server.url("/weights"), -1, sha256(CONTENT));
  }

  Path part() {
    return folder.resolve("weights.part");
  }

  Download download(ProxyChoice proxies, Source... sources) {
    Progress progress =
        new Progress() {
          @Override
          public void at(long received, long total) {
            counts.add(new long[] {received, total});
          }

          @Override
          public void says(String line) {
            lines.add(line);
          }
        };
    var backOff = new Limits.BackOff(ATTEMPTS, PAUSE, LONGEST_PAUSE, pauses::add);
    var limits = new Limits(patience, patience, 1000, 2L * LENGTH, backOff);
    return new Download(List.of(sources), part(), progress, limits, ADVICE, proxies);
  }

  Source fetch(Source... sources) {
    return download(new ProxyChoice(Map.of()), sources).fetch();
  }

  Failure fails(ExitCode code, Source... sources) {
    Failure failure = assertThrows(Failure.class, () -> fetch(sources));
    assertEquals(code, failure.exitCode(), failure.getMessage());
    assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
    return failure;
  }

  void assertUnavailable(String reason, Source... sources) {
    String message = fails(ExitCode.UNAVAILABLE, sources).getMessage();
    assertTrue(message.contains(reason), message);
    assertTrue(message.endsWith("; " + ADVICE), message);
  }

  void assertFetched() throws IOException {
    assertArrayEquals(CONTENT, Files.readAllBytes(part()));
    assertEquals(List.of("weights.part"), names());
  }

  void assertNothingLeft() throws IOException {
    assertEquals(List.of(), names());
  }

  List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  static Answer cut(int most) {
    return file(CONTENT, "\"v1\"", most);
  }

  /** Leaves a part of CUT bytes from the server, which is asked twice. */
  void begin(ScriptedServer server) throws IOException {
    server.then(cut(CUT), status(404));
    fails(ExitCode.UNAVAILABLE, source(server));
    assertEquals(List.of("weights.part", "weights.part.state"), names());
    assertEquals(CUT, Files.size(part()));
  }
}
