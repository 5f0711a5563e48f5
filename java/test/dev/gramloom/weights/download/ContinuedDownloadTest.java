package dev.gramloom.weights.download;

import static dev.gramloom.weights.download.ScriptedServer.file;
import static dev.gramloom.weights.download.ScriptedServer.head;
import static dev.gramloom.weights.download.ScriptedServer.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.weights.download.ScriptedServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads that go on from the bytes of an earlier connection or an earlier run. */
class ContinuedDownloadTest extends DownloadFixture {

  @Test
  void aDroppedConnectionIsContinuedFromTheLastByte() throws IOException {
    ScriptedServer server = server(cut(CUT), file(CONTENT));

    fetch(source(server));

    assertFetched();
    assertEquals(List.of("none", REST), server.ranges());
    assertEquals("\"v1\"", server.requests().get(1).header("If-Range"));
    assertEquals(List.of(PAUSE), pauses);
    assertTrue(lines.get(0).contains("broke at byte 100000 of 300000"), lines.get(0));
  }

  @Test
  void aLaterRunContinuesFromTheLastByte() throws IOException {
    ScriptedServer server = server();
    begin(server);
    server.then(file(CONTENT));

    fetch(source(server));

    assertFetched();
    assertEquals(List.of("none", REST, REST), server.ranges());
    assertEquals("\"v1\"", server.requests().get(2).header("If-Range"));
  }

  @Test
  void progressAllowsMoreDropsThanThereAreAttempts() throws IOException {
    Answer[] drops = new Answer[30];
    Arrays.fill(drops, cut(LENGTH / drops.length));
    ScriptedServer server = server(drops);

    fetch(source(server));

    assertFetched();
    assertEquals(drops.length, server.requests().size());
    assertEquals(List.of(PAUSE), pauses.stream().distinct().toList());
  }

  @Test
  void aFewBytesPerConnectionAreNoProgress() throws IOException {
    Answer[] drops = new Answer[30];
    Arrays.fill(drops, cut(10));
    ScriptedServer server = server(drops);

    assertUnavailable("broke at byte 30 of 300000", source(server));

    assertEquals(ATTEMPTS, server.requests().size());
  }

  @Test
  void aWeakEtagIsNoReasonToContinueButADateIs() throws IOException {
    String date = "Sat, 01 Aug 2026 10:00:00 GMT";
    Answer drop =
        (request, out) -> {
          out.write(
              head(
                  "HTTP/1.1 200 OK",
                  "Content-Length: " + LENGTH,
                  "ETag: W/\"v1\"",
                  "Last-Modified: " + date));
          out.write(CONTENT, 0, CUT);
        };
    ScriptedServer server = server(drop, file(CONTENT, date, LENGTH));

    fetch(source(server));

    assertFetched();
    assertEquals(date, server.requests().get(1).header("If-Range"));
  }

  @Test
  void withoutEtagAndDateTheHashDecides() throws IOException {
    Answer drop =
        (request, out) -> {
          out.write(head("HTTP/1.1 200 OK", "Content-Length: " + LENGTH));
          out.write(OTHER, 0, CUT);
        };
    ScriptedServer server = server(drop, file(CONTENT), file(CONTENT));

    fetch(source(server));

    assertFetched();
    assertEquals(List.of("none", REST, "none"), server.ranges());
    assertNull(server.requests().get(1).header("If-Range"));
  }

  @Test
  void aServerThatDoesNotContinueIsHeardFromTheBeginning() throws IOException {
    Answer whole =
        (request, out) -> {
          out.write(head("HTTP/1.1 200 OK", "Content-Length: " + LENGTH));
          out.write(CONTENT);
        };
    ScriptedServer server = server(cut(CUT), whole);

    fetch(source(server));

    assertFetched();
    assertEquals(List.of("none", REST), server.ranges());
  }

  @Test
  void aFileThatHasChangedIsFetchedFromTheBeginning() throws IOException {
    ScriptedServer server =
        server(
            file(OTHER, "\"v1\"", CUT),
            file(CONTENT, "\"v2\"", CUT),
            file(CONTENT, "\"v2\"", LENGTH));

    fetch(source(server));

    assertFetched();
    assertEquals(List.of("none", REST, REST), server.ranges());
    assertEquals("\"v2\"", server.requests().get(2).header("If-Range"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Range: bytes 100001-299999/300000",
        "Content-Range: bytes 0-299999/300000",
        "Content-Range: bytes 100000-299999/300001",
        "Content-Range: bytes 100000-300000/300000",
        "Content-Range: bytes 100000-99999/300000",
        "Content-Range: bytes 100000-299999/99999999999999999999",
        "Content-Range: lines 1-2/3",
        "Content-Type: multipart/byteranges; boundary=x",
        "Content-Range: bytes 100000-299999/300000\r\nETag: \"v2\"",
      })
  void aPieceThatWasNotAskedForIsRefused(String header) throws IOException {
    Answer wrong =
        (request, out) -> {
          out.write(head("HTTP/1.1 206 Partial Content", header, "Content-Length: 200000"));
          out.write(CONTENT, CUT, LENGTH - CUT);
        };
    ScriptedServer server = server(cut(CUT), wrong, file(CONTENT));

    fetch(source(server));

    assertFetched();
    assertEquals(List.of("none", REST, "none"), server.ranges());
  }

  @Test
  void aPieceOfThePieceIsTaken() throws IOException {
    Answer piece =
        (request, out) -> {
          out.write(
              head(
                  "HTTP/1.1 206 Partial Content",
                  "Content-Range: bytes 100000-199999/*",
                  "Content-Length: 100000"));
          out.write(CONTENT, CUT, CUT);
        };
    ScriptedServer server = server(cut(CUT), piece, file(CONTENT));

    fetch(source(server));

    assertFetched();
    assertEquals(List.of("none", REST, "bytes=200000-"), server.ranges());
  }

  @Test
  void aPieceWhereTheWholeWasAskedForIsRefused() throws IOException {
    Answer piece = status(206, "Content-Range: bytes 0-299999/300000");
    ScriptedServer server = server(piece, piece, piece);

    assertUnavailable("a piece where the whole", source(server));

    assertNothingLeft();
  }

  @Test
  void aRangeThatCannotBeSatisfiedLeadsBackToTheBeginning() throws IOException {
    ScriptedServer server = server(cut(CUT), status(416), file(CONTENT));

    fetch(source(server));

    assertFetched();
    assertEquals(List.of("none", REST, "none"), server.ranges());
  }

  @Test
  void aRangeAfterTheLastByteOfAFileOfUnknownLengthMeansThatItIsWhole() throws IOException {
    Answer unended =
        (request, out) -> {
          out.write(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"));
          out.write(Integer.toHexString(LENGTH).getBytes());
          out.write("\r\n".getBytes());
          out.write(CONTENT);
          out.write("\r\n".getBytes());
        };
    ScriptedServer server = server(unended, status(416, "Content-Range: bytes */" + LENGTH));

    fetch(ofUnknownLength(server));

    assertFetched();
    assertEquals(List.of("none", "bytes=" + LENGTH + "-"), server.ranges());
  }

  @Test
  void aPartOfAnotherUrlIsNotContinued() throws IOException {
    ScriptedServer server = server();
    begin(server);
    server.then(file(CONTENT));

    fetch(source(server.url("/other")));

    assertFetched();
    assertEquals("none", server.ranges().get(2));
  }

  @Test
  void aPartOfAMirrorIsContinuedBeforeTheFirstSourceIsAsked() throws IOException {
    ScriptedServer first = server();
    ScriptedServer mirror = server();
    begin(mirror);
    mirror.then(file(CONTENT));

    assertEquals(source(mirror), fetch(source(first), source(mirror)));

    assertFetched();
    assertEquals(List.of(), first.requests());
    assertEquals(REST, mirror.ranges().get(2));
  }

  @Test
  void aMirrorThatHasNothingDoesNotCostThePart() throws IOException {
    ScriptedServer server = server();
    begin(server);
    server.then(status(404), file(CONTENT));
    ScriptedServer mirror = server(status(404));

    assertUnavailable("127.0.0.1: HTTP status 404; 127.0.0.1:", source(server), source(mirror));
    fetch(source(server));

    assertFetched();
    assertEquals(REST, server.ranges().get(3));
  }

  @Test
  void aPartThatTheDiskHasSpoiltIsFetchedOnceMore() throws IOException {
    ScriptedServer server = server();
    begin(server);
    Files.write(part(), new byte[CUT]);
    server.then(file(CONTENT), file(CONTENT));

    fetch(source(server));

    assertFetched();
    assertEquals(List.of("none", REST, REST, "none"), server.ranges());
    assertTrue(lines.get(lines.size() - 1).contains("wrong sha256 after it was continued"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "url=\\u12", "total=many", "etag=\"v1\"\ntotal=300000"})
  void aStateThatSaysNothingMeansTheBeginning(String state) throws IOException {
    ScriptedServer server = server();
    begin(server);
    Files.writeString(folder.resolve("weights.part.state"), state);
    server.then(file(CONTENT));

    fetch(source(server));

    assertFetched();
    assertEquals("none", server.ranges().get(2));
  }
}
