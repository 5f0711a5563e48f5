package dev.gramloom.weights.download;

import static dev.gramloom.weights.download.ScriptedServer.file;
import static dev.gramloom.weights.download.ScriptedServer.head;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.weights.download.ScriptedServer.Answer;
import dev.gramloom.weights.download.ScriptedServer.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads that meet nothing worse than a wrong file or a full disk. */
class DownloadTest extends DownloadFixture {

  @Test
  void fetchesAFileAndSaysHowFarItIs() throws IOException {
    ScriptedServer server = server(file(CONTENT));

    assertEquals(source(server), fetch(source(server)));

    assertFetched();
    Request request = server.requests().get(0);
    assertEquals("GET /weights HTTP/1.1", request.line());
    assertEquals("gramloom", request.header("User-Agent"));
    assertNull(request.header("Range"));
    assertArrayEquals(new long[] {0, LENGTH}, counts.get(0));
    assertArrayEquals(new long[] {LENGTH, LENGTH}, counts.get(counts.size() - 1));
    assertTrue(counts.size() < 10, "calls: " + counts.size());
    assertEquals(List.of(), lines);
  }

  @Test
  void makesTheFolderOfThePart() {
    Path deep = folder.resolve("a/b/weights.part");
    assertDoesNotReach(ExitCode.UNAVAILABLE, deep);
    assertTrue(Files.isDirectory(deep.getParent()));
    assertFalse(Files.exists(deep));
  }

  private void assertDoesNotReach(ExitCode code, Path path) {
    Source nowhere = source(URI.create("http://127.0.0.1:1/weights"));
    var backOff = new Limits.BackOff(1, PAUSE, PAUSE, pauses::add);
    var limits = new Limits(PAUSE, PAUSE, 1, 1, backOff);
    var download =
        new Download(
            List.of(nowhere),
            path,
            new Progress() {
              @Override
              public void at(long received, long total) {}

              @Override
              public void says(String line) {}
            },
            limits,
            ADVICE,
            new ProxyChoice(Map.of()));
    assertEquals(code, assertThrows(Failure.class, download::fetch).exitCode());
  }

  @Test
  void aWholePartCostsNoRequest() throws IOException {
    Files.write(part(), CONTENT);
    ScriptedServer server = server();
    ScriptedServer mirror = server();

    assertEquals(ofUnknownLength(mirror), fetch(ofUnknownLength(mirror)));
    Source other = new Source(server.url("/other"), LENGTH, sha256(OTHER));
    assertEquals(source(mirror), fetch(other, source(mirror)));

    assertFetched();
    assertEquals(0, server.requests().size() + mirror.requests().size());
  }

  @Test
  void anMd5IsEnoughWhereNothingBetterWasPublished() throws IOException {
    ScriptedServer server = server(file(CONTENT));
    MessageDigest digest = new Checksum("md5", "0".repeat(32)).digest();
    String hex = HexFormat.of().withUpperCase().formatHex(digest.digest(CONTENT));

    fetch(new Source(server.url("/weights"), -1, new Checksum("md5", hex)));

    assertFetched();
  }

  @Test
  void aWrongHashIsSaidAndTheMirrorAsked() throws IOException {
    ScriptedServer wrong = server(file(OTHER));
    ScriptedServer mirror = server(file(CONTENT));

    assertEquals(source(mirror), fetch(source(wrong), source(mirror)));

    assertFetched();
    assertEquals(1, wrong.requests().size());
    assertEquals(List.of("127.0.0.1: its file has the wrong sha256; trying 127.0.0.1"), lines);
    assertEquals(List.of("none"), mirror.ranges());
  }

  @Test
  void aWrongHashEverywhereLeavesNothing() throws IOException {
    ScriptedServer server = server(file(OTHER));
    ScriptedServer mirror = server(file(OTHER));

    assertUnavailable("wrong sha256; 127.0.0.1: its file", source(server), source(mirror));

    assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(ints = {LOGIN_PAGE, 300_001})
  void aFileOfAnotherLengthIsRefusedByItsHeader(int length) throws IOException {
    ScriptedServer server = server();
    begin(server);
    server.then((request, out) -> {
      out.write(head("HTTP/1.1 200 OK", "Content-Length: " + length));
      out.write(new byte[length]);
    });

    assertUnavailable("a file of " + length + " bytes, not the one of 300000", source(server));

    assertEquals(CUT, Files.size(part()));
    assertEquals(3, server.requests().size());
  }

  private static final int LOGIN_PAGE = 1234; // bytes; what a hotel's network answers with

  @Test
  void moreThanTheContentLengthIsNotRead() throws IOException {
    Answer more =
        (request, out) -> {
          out.write(head("HTTP/1.1 200 OK", "Content-Length: " + LENGTH));
          out.write(CONTENT);
          out.write(OTHER);
        };

    fetch(source(server(more)));

    assertFetched();
  }

  private static Answer chunked(byte[] content) {
    return (request, out) -> {
      out.write(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"));
      for (int at = 0; at < content.length; at += 10_000) {
        out.write("2710\r\n".getBytes());
        out.write(content, at, 10_000);
        out.write("\r\n".getBytes());
      }
      out.write("0\r\n\r\n".getBytes());
    };
  }

  @Test
  void aWebPageDoesNotCostThePart() throws IOException {
    ScriptedServer server = server();
    begin(server);
    server.then((request, out) -> {
      out.write(head("HTTP/1.0 200 OK", "Content-Type: text/html; charset=utf-8"));
      out.write("<html>Room number?</html>".getBytes());
    });

    assertUnavailable("a web page", source(server));

    assertEquals(CUT, Files.size(part()));
    assertEquals(3, server.requests().size());
  }

  @Test
  void chunksCountAndNotALengthBesideThem() throws IOException {
    Answer both =
        (request, out) -> {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n".getBytes());
          var rest = new ByteArrayOutputStream();
          chunked(CONTENT).write(request, rest);
          byte[] chunks = rest.toByteArray();
          int statusLine = "HTTP/1.1 200 OK\r\n".length();
          out.write(chunks, statusLine, chunks.length - statusLine);
        };

    fetch(source(server(both)));

    assertFetched();
  }

  @Test
  void aBodyInChunksNeedsNoLength() throws IOException {
    ScriptedServer server = server(chunked(CONTENT), chunked(CONTENT));

    fetch(source(server));
    Files.delete(part());
    fetch(ofUnknownLength(server));

    assertFetched();
    assertEquals(2, server.requests().size());
    assertArrayEquals(new long[] {LENGTH, -1}, counts.get(counts.size() - 1));
  }

  @Test
  void aBodyThatEndsWithTheConnectionNeedsNoLength() throws IOException {
    Answer bare =
        (request, out) -> {
          out.write(head("HTTP/1.0 200 OK"));
          out.write(CONTENT);
        };

    fetch(ofUnknownLength(server(bare)));

    assertFetched();
  }

  @Test
  void aBodyWhoseBytesAreAllHereNeedsNoEnd() throws IOException {
    patience = NOT_LONG;
    Answer hanging =
        (request, out) -> {
          out.write(head("HTTP/1.0 200 OK"));
          out.write(CONTENT);
          out.flush();
          Thread.sleep(60_000);
        };
    ScriptedServer server = server(hanging);

    fetch(source(server));

    assertFetched();
    assertEquals(1, server.requests().size());
  }

  @Test
  void aBodyThatNeverEndsIsLeft() throws Exception {
    for (boolean known : new boolean[] {true, false}) {
      CountDownLatch left = new CountDownLatch(1);
      Answer endless =
          (request, out) -> {
            out.write(head("HTTP/1.0 200 OK"));
            try {
              while (true) {
                out.write(CONTENT);
              }
            } catch (IOException e) {
              left.countDown();
              throw e;
            }
          };
      ScriptedServer server = server(endless);
      ScriptedServer mirror = server(file(CONTENT));

      fetch(known ? source(server) : ofUnknownLength(server), source(mirror));

      assertTrue(left.await(5, TimeUnit.SECONDS));
      assertFetched();
      assertEquals(1, server.requests().size());
      String most = "it sends more than " + (known ? LENGTH : 2 * LENGTH) + " bytes";
      assertTrue(lines.get(0).contains(most), lines.get(0));
      Files.delete(part());
      lines.clear();
    }
  }

  @Test
  void aFileOverTheCapIsRefusedByItsHeader() throws IOException {
    ScriptedServer server =
        server((request, out) -> out.write(head("HTTP/1.1 200 OK", "Content-Length: 600001")));

    assertUnavailable("a file of 600001 bytes, over 600000", ofUnknownLength(server));

    assertNothingLeft();
  }

  @Test
  void aDiskThatIsTooSmallIsSaidBeforeAnythingIsAsked() throws IOException {
    ScriptedServer server = server(file(CONTENT));

    Failure failure =
        fails(
            ExitCode.CANNOT_WRITE,
            new Source(server.url("/weights"), Long.MAX_VALUE, sha256(CONTENT)));

    assertTrue(failure.getMessage().contains("bytes free"), failure.getMessage());
    assertEquals(List.of(), server.requests());
    assertNothingLeft();
  }

  @Test
  void aFolderThatIsAFileIsSaidBeforeAnythingIsAsked() throws IOException {
    ScriptedServer server = server(file(CONTENT));
    Files.createDirectory(part());

    Failure failure = fails(ExitCode.CANNOT_WRITE, source(server));

    assertTrue(failure.getMessage().contains("it is a folder"), failure.getMessage());
    assertDoesNotReach(ExitCode.CANNOT_WRITE, Files.createFile(folder.resolve("f")).resolve("a"));
    assertEquals(List.of(), server.requests());
  }

  @Test
  @DisabledOnOs({OS.WINDOWS, OS.MAC})
  void aFullDiskEndsTheDownloadAtOnce() throws IOException {
    ScriptedServer server = server(file(CONTENT), file(CONTENT));
    Files.createSymbolicLink(part(), Path.of("/dev/full"));

    Failure failure = fails(ExitCode.CANNOT_WRITE, source(server));

    assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
    assertEquals(1, server.requests().size());
  }

  @Test
  void twoDownloadsAtOnceAreRefused() throws Exception {
    CountDownLatch half = new CountDownLatch(1);
    CountDownLatch refused = new CountDownLatch(1);
    Answer waits =
        (request, out) -> {
          cut(CUT).write(request, out);
          out.flush();
          half.countDown();
          refused.await();
          out.write(CONTENT, CUT, LENGTH - CUT);
        };
    ScriptedServer server = server(waits, file(CONTENT));
    Thread first = new Thread(() -> fetch(source(server)));
    first.start();
    assertTrue(half.await(5, TimeUnit.SECONDS));

    Failure failure = fails(ExitCode.CANNOT_WRITE, source(server));
    refused.countDown();
    first.join();

    assertTrue(failure.getMessage().endsWith("another gramloom is downloading this"));
    assertFetched();
  }

  @Test
  void aPartOfAnotherProcessIsRefused() throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PartHolder.class.getName(),
                part().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals('.', holder.getInputStream().read());
      ScriptedServer server = server();
      assertTrue(
          fails(ExitCode.CANNOT_WRITE, source(server)).getMessage().contains("another gramloom"));
      assertEquals(List.of(), server.requests());
    } finally {
      holder.destroyForcibly().waitFor();
    }
    fetch(source(server(file(CONTENT)))); // a lock dies with its process
    assertFetched();
  }

  /** Holds a part until it is killed. */
  static final class PartHolder {
    private PartHolder() {}

    public static void main(String[] args) throws Exception {
      try (PartFile held = PartFile.open(Path.of(args[0]))) {
        System.out.print(held.length() == 0 ? '.' : '!');
        System.out.flush();
        Thread.sleep(60_000);
      }
    }
  }

  @Test
  void anInterruptedDownloadIsContinued() throws Exception {
    AtomicReference<Thread> downloading = new AtomicReference<>();
    Answer interrupts =
        (request, out) -> {
          out.write(head("HTTP/1.1 200 OK", "Content-Length: " + LENGTH, "ETag: \"v1\""));
          out.write(CONTENT, 0, CUT);
          out.flush();
          downloading.get().interrupt();
          out.write(CONTENT, CUT, 1);
          out.flush();
          Thread.sleep(60_000);
        };
    ScriptedServer server = server(interrupts, file(CONTENT));
    AtomicReference<Failure> failure = new AtomicReference<>();
    Thread thread =
        new Thread(() -> failure.set(assertThrows(Failure.class, () -> fetch(source(server)))));
    downloading.set(thread);
    thread.start();
    thread.join();

    assertEquals(ExitCode.STOPPED, failure.get().exitCode());
    long received = Files.size(part());
    assertNotEquals(0, received);
    fetch(source(server));

    assertFetched();
    assertEquals(List.of("none", "bytes=" + received + "-"), server.ranges());
  }

  @Test
  void anInterruptedThreadBeginsNothingAndLosesNothing() throws IOException {
    ScriptedServer server = server();
    begin(server);

    Thread.currentThread().interrupt();
    fails(ExitCode.STOPPED, source(server));
    assertTrue(Thread.interrupted());

    assertEquals(2, server.requests().size());
    server.then(file(CONTENT));
    fetch(source(server));
    assertFetched();
    assertEquals(REST, server.ranges().get(2));
  }

  @Test
  void theProxyOfTheEnvironmentIsAsked() throws IOException {
    ScriptedServer proxy = server(file(CONTENT));
    var proxies = new ProxyChoice(Map.of("HTTP_PROXY", "http://127.0.0.1:" + proxy.port()));

    download(proxies, source(URI.create("http://weights.invalid/w"))).fetch();

    assertFetched();
    assertEquals("GET http://weights.invalid/w HTTP/1.1", proxy.requests().get(0).line());
  }

  @Test
  void whatIsNoSourceIsTheProgrammersMistake() {
    Checksum checksum = sha256(CONTENT);
    for (String url : List.of("file:///a", "ftp://a/b", "a/b", "http:///a")) {
      assertThrows(
          IllegalArgumentException.class, () -> new Source(URI.create(url), 1, checksum), url);
    }
    URI url = URI.create("https://a/b");
    assertThrows(IllegalArgumentException.class, () -> new Source(url, 0, checksum));
    assertThrows(IllegalArgumentException.class, () -> new Source(url, -2, checksum));
    assertThrows(IllegalArgumentException.class, () -> new Checksum("crc32", "00000000"));
    assertThrows(IllegalArgumentException.class, () -> new Checksum("md5", "0".repeat(31) + "g"));
    assertThrows(IllegalArgumentException.class, () -> new Checksum("sha256", "0".repeat(32)));
  }
}
