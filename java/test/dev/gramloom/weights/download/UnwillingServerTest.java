package dev.gramloom.weights.download;

import static dev.gramloom.weights.download.ScriptedServer.file;
import static dev.gramloom.weights.download.ScriptedServer.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.weights.download.ScriptedServer.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are silent, slow, busy, confused, or send one elsewhere. */
class UnwillingServerTest extends DownloadFixture {

  @Test
  void aSilentServerIsAskedAgainAndThenLeft() throws IOException {
    patience = NOT_LONG;
    Answer silent = (request, out) -> Thread.sleep(60_000);
    ScriptedServer server = server(silent, silent, silent);
    ScriptedServer mirror = server(file(CONTENT));

    fetch(source(server), source(mirror));

    assertFetched();
    assertEquals(ATTEMPTS, server.requests().size());
    assertEquals(List.of(PAUSE, PAUSE.multipliedBy(2)), pauses);
    assertTrue(lines.get(2).contains("no answer in time; trying"), lines.get(2));
  }

  @Test
  void aBodyThatFallsSilentIsContinued() throws IOException {
    patience = NOT_LONG;
    Answer stalls =
        (request, out) -> {
          cut(CUT).write(request, out);
          out.flush();
          Thread.sleep(60_000);
        };
    ScriptedServer server = server(stalls, file(CONTENT));

    fetch(source(server));

    assertFetched();
    assertEquals(List.of("none", REST), server.ranges());
  }

  private static void drip(OutputStream out) throws IOException, InterruptedException {
    while (true) {
      out.write('x');
      out.flush();
      Thread.sleep(20);
    }
  }

  @Test
  void aDrippingBodyIsAsGoodAsSilence() throws IOException {
    patience = NOT_LONG;
    Answer drips =
        (request, out) -> {
          cut(0).write(request, out);
          drip(out);
        };
    ScriptedServer server = server(drips, drips, drips);

    assertUnavailable("too slow", source(server));

    assertEquals(ATTEMPTS, server.requests().size());
  }

  @Test
  void drippingHeadersAreAsGoodAsSilence() throws IOException {
    patience = NOT_LONG;
    Answer drips =
        (request, out) -> {
          out.write("HTTP/1.1 200 OK\r\nServer: ".getBytes());
          drip(out);
        };
    ScriptedServer server = server(drips, file(CONTENT));

    fetch(source(server));

    assertFetched();
    assertEquals(2, server.requests().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "\r\n\r\n\r\n\r\n",
        "<html>no</html>",
        "\u0000\u0001\u0002",
      })
  void whatIsNotHttpIsLeftForTheMirror(String answer) throws IOException {
    Answer noise = (request, out) -> out.write(answer.getBytes());
    Answer[] noises = new Answer[2 * ATTEMPTS]; // Java itself asks again where nothing was answered
    Arrays.fill(noises, noise);
    ScriptedServer server = server(noises);
    ScriptedServer mirror = server(file(CONTENT));

    assertEquals(source(mirror), fetch(source(server), source(mirror)));

    assertFetched();
    assertEquals(ATTEMPTS, lines.size(), lines.toString());
  }

  @Test
  void aClosedPortIsLeftForTheMirror() throws IOException {
    int closed;
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      closed = socket.getLocalPort();
    }
    ScriptedServer mirror = server(file(CONTENT));

    fetch(source(URI.create("http://127.0.0.1:" + closed + "/")), source(mirror));

    assertFetched();
    assertTrue(lines.get(ATTEMPTS - 1).contains("Connection refused"), lines.toString());
  }

  @Test
  void aNameThatNobodyKnowsIsSaid() {
    Refusal refusal = Refusal.of(new UnknownHostException("weights.invalid"));
    assertEquals("the name weights.invalid is not known", refusal.getMessage());
    assertTrue(refusal.passing());
  }

  @Test
  void aServerThatHasItNotIsAskedOnce() throws IOException {
    for (int status : new int[] {400, 401, 403, 404, 410, 304}) {
      ScriptedServer server = server(status(status));
      ScriptedServer mirror = server(file(CONTENT));

      fetch(source(server), source(mirror));

      assertFetched();
      assertEquals(1, server.requests().size());
      assertEquals(
          "127.0.0.1: HTTP status " + status + "; trying 127.0.0.1", lines.get(lines.size() - 1));
      Files.delete(part());
    }
    assertEquals(List.of(), pauses);
  }

  @Test
  void aBusyServerIsAskedAgainWhenItSays() throws IOException {
    String inAMinute =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(60));
    ScriptedServer server =
        server(
            status(503, "Retry-After: 7"), status(429, "Retry-After: " + inAMinute), file(CONTENT));

    fetch(source(server));

    assertFetched();
    assertEquals(Duration.ofSeconds(7), pauses.get(0));
    assertEquals(60, pauses.get(1).toSeconds(), 5);
  }

  @Test
  void noServerMakesUsWaitForEver() throws IOException {
    ScriptedServer server =
        server(
            status(503, "Retry-After: 99999999"), status(500, "Retry-After: soon"), file(CONTENT));

    fetch(source(server));

    assertEquals(List.of(LONGEST_PAUSE, PAUSE.multipliedBy(2)), pauses);
  }

  private static Answer redirect(int status, Object location) {
    return status(status, "Location: " + location);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c", "/a/c", "./c#piece", "?c=d", "//127.0.0.1:PORT/c", "c d"})
  void aRelativeRedirectIsFollowed(String location) throws IOException {
    ScriptedServer server = server();
    server.then(redirect(302, location.replace("PORT", "" + server.port())), file(CONTENT));

    fetch(source(server.url("/a/b")));

    assertFetched();
    String path =
        switch (location) {
          case "?c=d" -> "/a/b?c=d";
          case "c d" -> "/a/c%20d";
          default -> location.startsWith("//") ? "/c" : "/a/c";
        };
    assertEquals("GET " + path + " HTTP/1.1", server.requests().get(1).line());
  }

  @Test
  void aRangeIsAskedForBehindTheRedirect() throws IOException {
    ScriptedServer store = server(cut(CUT), file(CONTENT));
    ScriptedServer server = server(redirect(307, store.url("/1")), redirect(301, store.url("/2")));

    fetch(source(server));

    assertFetched();
    assertEquals(List.of("none", REST), store.ranges());
    assertEquals("\"v1\"", store.requests().get(1).header("If-Range"));
  }

  @Test
  void fiveRedirectsAreFollowedAndNotSix() throws IOException {
    for (int redirects = 5; redirects <= 6; redirects++) {
      ScriptedServer server = server();
      for (int i = 0; i < redirects; i++) {
        server.then(redirect(308, "/" + i));
      }
      server.then(file(CONTENT));
      if (redirects == 5) {
        fetch(source(server));
        Files.delete(part());
      } else {
        assertUnavailable("more than 5 redirects", source(server));
      }
      assertEquals(6, server.requests().size());
    }
  }

  @Test
  void redirectsInACircleAreLeft() throws IOException {
    ScriptedServer server = server(redirect(302, "/a"), redirect(302, "/weights"));

    assertUnavailable("in a circle", source(server));

    assertEquals(2, server.requests().size());
    assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "ftp://127.0.0.1/a",
        "jar:file:/a!/b",
        "http:///a",
        "http://[",
        "%zz",
      })
  void aRedirectOutOfTheWebIsRefused(String location) throws IOException {
    ScriptedServer server = server(redirect(302, location));

    assertUnavailable("a redirect to", source(server));

    assertEquals(1, server.requests().size());
    assertNothingLeft();
  }

  @Test
  void aRedirectToNowhereIsRefused() throws IOException {
    assertUnavailable("a redirect to nowhere", source(server(status(302))));
  }
}
