package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CollectCommandTest {
  /**
   * What the server has.
   *
   * @param location where a redirect leads, or null
   */
  private record Answer(int status, String type, String location, byte[] body) {}

  @TempDir Path scratch;
  private final Map<String, Answer> site = new TreeMap<>();
  private final List<String> asked = new ArrayList<>();
  private HttpServer server;
  private Path folder;

  @BeforeEach
  void serve() throws IOException {
    folder = scratch.resolve("styles");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String target = exchange.getRequestURI().toString();
          asked.add(target);
          Answer answer =
              site.getOrDefault(target, new Answer(404, "text/plain", null, new byte[0]));
          exchange.getResponseHeaders().set("Content-Type", answer.type);
          if (answer.location != null) {
            exchange.getResponseHeaders().set("Location", answer.location);
          }
          exchange.sendResponseHeaders(
              answer.status, answer.body.length == 0 ? -1 : answer.body.length);
          exchange.getResponseBody().write(answer.body);
          exchange.close();
        });
    server.start();
    picture("/a.png", 40, 30, 1);
    picture("/b.png", 64, 64, 2);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void keepsThePicturesOfAPageAndSaysWhereTheyAreFrom() throws IOException {
    page("<img src=a.png><img src=b.png>");

    Cli.Run run = collect("--min-size", "30").succeeded();

    assertEquals(List.of("a.png", "b.png", "sources.json"), Cli.names(folder));
    assertEquals(List.of("kept 2 pictures in " + folder), run.outLines());
    assertEquals(40, ImageFile.read(folder.resolve("a.png")).width());
    JsonArray sources = Cli.json(folder.resolve("sources.json")).getAsJsonArray("pictures");
    JsonObject first = sources.get(0).getAsJsonObject();
    assertEquals("a.png", first.get("file").getAsString());
    assertEquals(url("/a.png"), first.get("url").getAsString());
    assertEquals(url("/page"), first.get("page").getAsString());
    assertEquals(30, first.get("height").getAsInt());
    assertEquals(64, first.get("sha256").getAsString().length());
    assertEquals("/robots.txt", asked.get(0));
  }

  @Test
  void aSecondRunTakesOnlyWhatIsNew() throws IOException {
    page("<img src=a.png>");
    collect("--min-size", "1").succeeded();
    page("<img src=a.png><img src=b.png>");

    Cli.Run run = collect("--min-size", "1").succeeded();

    assertEquals(
        "kept 1 pictures in " + folder + "; skipped 1 already there", run.outLines().get(0));
    assertEquals(2, Cli.json(folder.resolve("sources.json")).getAsJsonArray("pictures").size());
    assertEquals(1, asked.stream().filter("/a.png"::equals).count());
  }

  @Test
  void overwritesNothing() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("A.png"), "mine");
    page("<img src=a.png>");

    collect("--min-size", "1").succeeded();

    assertEquals("mine", Files.readString(folder.resolve("A.png")));
    assertTrue(Files.exists(folder.resolve("a-2.png")));
  }

  @Test
  void skipsWhatIsNotWantedAndSaysWhy() throws IOException {
    site.put("/page.png", new Answer(200, "image/png", null, bytes("<html>no picture</html>")));
    byte[] whole = site.get("/b.png").body;
    site.put("/cut.png", new Answer(200, "image/png", null, Arrays.copyOf(whole, 500)));
    site.put("/twin.png", site.get("/b.png"));
    site.put("/bomb.png", new Answer(200, "image/png", null, bomb(whole)));
    page(
        "<img src=b.png><img src=a.png><img src=page.png><img src=cut.png><img src=gone.png>"
            + "<img src=twin.png><img src=bomb.png><img src=http://other.invalid/x.png>");

    Cli.Run run = collect("--min-size", "50").succeeded();

    assertEquals(List.of("b.png", "sources.json"), Cli.names(folder));
    assertSays(run.err(), "/a.png: small, 40 x 30");
    assertSays(run.err(), "/page.png: neither PNG, JPEG, GIF nor BMP");
    assertSays(run.err(), "/cut.png: it: the PNG is");
    assertSays(run.err(), "/gone.png: HTTP status 404");
    assertSays(run.err(), "/twin.png: already there, under another address");
    assertSays(run.err(), "/bomb.png: it is 60000 x 60000 pixels");
    assertSays(run.err(), "http://other.invalid/x.png: on another host");
  }

  @Test
  void stopsAtTheLimit() throws IOException {
    page("<img src=a.png><img src=b.png>");

    collect("--min-size", "1", "--limit", "1").succeeded();

    assertEquals(List.of("a.png", "sources.json"), Cli.names(folder));
    assertFalse(asked.contains("/b.png"));
  }

  @Test
  void asksForNothingThatRobotsTxtForbids() throws IOException {
    robots(200, "User-agent: *\nDisallow: /\nUser-agent: gramloom\nDisallow: /a");
    page("<img src=a.png><img src=b.png>");

    Cli.Run run = collect("--min-size", "1").succeeded();

    assertEquals(List.of("b.png", "sources.json"), Cli.names(folder));
    assertFalse(asked.contains("/a.png"));
    assertSays(run.err(), "/a.png: its robots.txt does not allow it");
  }

  @ParameterizedTest
  @CsvSource({"404, true", "403, true", "500, false", "503, false"})
  void aMissingRobotsTxtAllowsAllAndAnUnreachableOneNothing(int status, boolean allowed)
      throws IOException {
    robots(status, "");
    page("<img src=b.png>");

    Cli.Run run = collect("--min-size", "1");

    assertEquals(allowed ? 0 : ExitCode.UNAVAILABLE.code(), run.code(), run::toString);
    assertEquals(allowed, asked.contains("/page"));
  }

  @Test
  void robotsTxtHoldsForWhereARedirectLeads() throws IOException {
    robots(200, "User-agent: *\nDisallow: /a");
    site.put("/moved.png", new Answer(302, "text/plain", "/a.png", new byte[0]));
    site.put("/fine.png", new Answer(301, "text/plain", "/b.png", new byte[0]));
    page("<img src=moved.png><img src=fine.png>");

    collect("--min-size", "1").succeeded();

    assertEquals(List.of("fine.png", "sources.json"), Cli.names(folder));
    assertFalse(asked.contains("/a.png"));
  }

  @Test
  void aRedirectToAnotherHostIsNotFollowed() throws IOException {
    site.put("/away.png", new Answer(302, "text/plain", "http://other.invalid/", new byte[0]));
    page("<img src=b.png><img src=away.png>");

    assertSays(collect("--min-size", "1").succeeded().err(), "/away.png: on another host");
  }

  @Test
  void aHostThatIsNamedIsTaken() throws IOException {
    String other = "http://localhost:" + server.getAddress().getPort() + "/b.png";
    page("<img src=" + other + ">");

    assertSays(collect("--min-size", "1").err(), "on another host");
    collect("--min-size", "1", "--host", "localhost").succeeded();

    assertEquals(List.of("b.png", "sources.json"), Cli.names(folder));
  }

  @Test
  void aPageWithoutPicturesIsSaidInOneLine() throws IOException {
    page("<p>words</p>");

    Cli.Run run = collect();

    assertEquals(ExitCode.BAD_DATA.code(), run.code());
    assertEquals("gramloom: " + url("/page") + " has no picture to keep", run.err().strip());
    assertFalse(Files.exists(folder));
  }

  @Test
  void aPictureInPlaceOfAPageIsRefused() throws IOException {
    Cli.Run run = Cli.run("collect", url("/a.png"), "-o", folder);

    assertEquals(ExitCode.BAD_DATA.code(), run.code());
    assertSays(run.err(), "must be a web page, it is 'image/png'");
  }

  @Test
  void aSourcesFileThatIsNotOursStays() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("sources.json"), "[1]");
    page("<img src=a.png>");

    String line = Cli.refused(ExitCode.BAD_DATA, folder, "collect", url("/page"), "-o", folder);

    assertSays(line, "is not a list of sources of ours");
    assertEquals(List.of(), asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://example.org/ -o x|must begin with http:// or https://",
        "example.org -o x|must begin with http:// or https://",
        "http://example.org/|--output",
        "http://example.org/ -o x --limit 0|--limit must be from 1",
        "http://example.org/ -o x --min-size 0|--min-size must be from 1",
        "http://example.org/ -o x --host a/b|--host must be a host's name"
      })
  void whatCannotBeIsSaidBeforeAnythingIsAsked(String line) throws IOException {
    String[] parts = line.split("\\|");

    assertSays(Cli.refused(ExitCode.USAGE, scratch, Cli.words("collect " + parts[0])), parts[1]);
  }

  private static void assertSays(String text, String part) {
    assertTrue(text.contains(part), text + " does not say: " + part);
  }

  private Cli.Run collect(Object... more) {
    List<Object> words = new ArrayList<>(List.of("collect", url("/page"), "-o", folder));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void page(String html) {
    site.put("/page", new Answer(200, "text/html; charset=utf-8", null, bytes(html)));
  }

  private void robots(int status, String text) {
    site.put("/robots.txt", new Answer(status, "text/plain", null, bytes(text)));
  }

  private void picture(String path, int width, int height, long seed) throws IOException {
    Path file = scratch.resolve("made.png");
    ImageFile.write(Pictures.noise(height, width, seed), file);
    site.put(path, new Answer(200, "image/png", null, Files.readAllBytes(file)));
    Files.delete(file);
  }

  /** A PNG that claims to be 60000 x 60000 pixels; its header's checksum does not matter yet. */
  private static byte[] bomb(byte[] png) {
    byte[] file = png.clone();
    for (int at : new int[] {16, 20}) {
      file[at + 2] = (byte) (60_000 >> 8);
      file[at + 3] = (byte) 60_000;
    }
    return file;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
