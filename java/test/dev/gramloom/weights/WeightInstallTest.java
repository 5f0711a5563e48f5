package dev.gramloom.weights;

import static dev.gramloom.weights.download.ScriptedServer.file;
import static dev.gramloom.weights.download.ScriptedServer.status;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.weights.download.Checksum;
import dev.gramloom.weights.download.Limits;
import dev.gramloom.weights.download.Progress;
import dev.gramloom.weights.download.ScriptedServer;
import dev.gramloom.weights.download.ScriptedServer.Answer;
import dev.gramloom.weights.download.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a server to weights that can be used, or to one line that says what to do by hand. */
@Timeout(20)
class WeightInstallTest {
  private static final byte[] VGG =
      VggFiles.numbered(KnownWeights.VGG19_TORCHVISION, "features.").bytes();
  private static final int CUT = VGG.length / 3;

  @TempDir private Path folder;

  private final List<ScriptedServer> servers = new ArrayList<>();
  private final List<long[]> counts = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private Path store;

  @BeforeEach
  void nameTheStore() {
    boolean proxy =
        Stream.of("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY")
            .anyMatch(name -> System.getenv(name) != null);
    assumeTrue(!proxy, "not run: the environment names a proxy, which cannot reach this machine");
    store = folder.resolve("store");
  }

  @AfterEach
  void closeServers() throws IOException {
    for (ScriptedServer server : servers) {
      server.close();
    }
  }

  private ScriptedServer server(Answer... script) throws IOException {
    ScriptedServer server = new ScriptedServer(script);
    servers.add(server);
    return server;
  }

  private static Source source(ScriptedServer server, String path, byte[] content) {
    Checksum any = new Checksum("sha256", "0".repeat(64));
    MessageDigest digest = any.digest();
    Checksum checksum = new Checksum("sha256", HexFormat.of().formatHex(digest.digest(content)));
    return new Source(server.url(path), content.length, checksum);
  }

  private static WeightCatalog entry(Source... sources) {
    return new WeightCatalog("vgg19", "a small one", "none", List.of(sources));
  }

  private Path install(WeightCatalog entry) {
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
    Duration patience = Duration.ofSeconds(5);
    var backOff = new Limits.BackOff(2, Duration.ofMillis(1), Duration.ofMillis(2), pause -> {});
    Limits limits = new Limits(patience, patience, 1, 1 << 20, backOff);
    return new WeightInstall(new WeightStore(List.of(store)), progress, limits).run(entry);
  }

  private Failure fails(ExitCode code, WeightCatalog entry) {
    Failure failure = assertThrows(Failure.class, () -> install(entry));
    assertEquals(code, failure.exitCode(), failure.getMessage());
    assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
    return failure;
  }

  private List<String> names() throws IOException {
    if (!Files.exists(store)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(store)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private void assertInstalled(Path file) throws IOException {
    assertEquals(store.resolve("vgg19.safetensors"), file);
    assertEquals(List.of("vgg19.safetensors"), names());
    Path published = Files.write(folder.resolve("published"), VGG);
    try (VggWeights weights = VggReader.read(file);
        VggWeights expected = VggReader.read(published)) {
      assertEquals(expected.convolutions(), weights.convolutions());
      assertEquals(expected.checksum(), weights.checksum());
      assertEquals(Convention.TORCHVISION_RGB, weights.convention());
    }
  }

  @Test
  void whatIsInstalledIsAllThatIsLeft() throws IOException {
    assertInstalled(install(entry(source(server(file(VGG)), "/models/vgg19.pth", VGG))));
  }

  @Test
  void theFileSaysUnderWhichNameItWasPublished() throws IOException {
    Path file = install(entry(source(server(file(VGG)), "/models/vgg19.pth", VGG)));
    String origin = VggReader.read(file).metadata().get("origin");
    assertTrue(origin.startsWith("vgg19.pth, "), origin);
    Path byHand = Files.write(folder.resolve("vgg19.pth"), VGG);
    Path imported =
        new WeightImport(new WeightStore(List.of(store)), false).run(byHand, "byHand", null);
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(imported));
  }

  @Test
  void theNextSourceIsTriedAndSaid() throws IOException {
    ScriptedServer none = server(status(404));
    ScriptedServer whole = server(file(VGG));
    assertInstalled(install(entry(source(none, "/a", VGG), source(whole, "/b", VGG))));
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.get(0).contains("404"), lines::toString);
  }

  @Test
  void anInterruptedInstallationGoesOnWhereItWas() throws IOException {
    ScriptedServer server = server(file(VGG, "\"v1\"", CUT), status(404), file(VGG));
    WeightCatalog entry = entry(source(server, "/vgg19.pth", VGG));
    fails(ExitCode.UNAVAILABLE, entry);
    assertEquals(List.of(".vgg19.download", ".vgg19.download.state"), names());
    assertEquals(CUT, Files.size(store.resolve(".vgg19.download")));
    assertEquals(List.of(), List.copyOf(new WeightStore(List.of(store)).installed().keySet()));
    assertInstalled(install(entry));
    String rest = "bytes=" + CUT + "-";
    assertEquals(List.of("none", rest, rest), server.ranges());
  }

  @Test
  void aDownloadThatIsWholeAlreadyIsNotAskedForAgain() throws IOException {
    Files.createDirectories(store);
    Files.write(store.resolve(".vgg19.download"), VGG);
    ScriptedServer server = server();
    assertInstalled(install(entry(source(server, "/vgg19.pth", VGG))));
    assertEquals(List.of(), server.ranges());
  }

  @Test
  void aWrongHashInstallsNothingAndSaysWhatToDoByHand() throws IOException {
    byte[] other = VGG.clone();
    other[other.length - 1] ^= 1;
    Source source = source(server(file(other)), "/models/vgg19-abc.pth", VGG);
    String message = fails(ExitCode.UNAVAILABLE, entry(source)).getMessage();
    assertTrue(message.contains("wrong sha256"), message);
    assertTrue(message.contains(source.url().toString()), message);
    assertTrue(message.contains("sha256 " + source.checksum().hex()), message);
    assertTrue(message.endsWith("gramloom weights import vgg19-abc.pth"), message);
    assertEquals(List.of(), names());
  }

  @Test
  void aFileThatIsNoVggIsBadDataAndNoWeights() throws IOException {
    byte[] noise = new byte[5000];
    new Random(3).nextBytes(noise);
    WeightCatalog entry = entry(source(server(file(noise)), "/vgg19.pth", noise));
    Failure failure = fails(ExitCode.BAD_DATA, entry);
    assertTrue(failure.getMessage().contains("format"), failure.getMessage());
    assertFalse(names().contains("vgg19.safetensors"), () -> failure.getMessage());
    assertEquals(0, new WeightStore(List.of(store)).installed().size());
  }

  @Test
  void theOldWeightsStayUntilTheNewOnesAreThere() throws IOException {
    WeightStore weights = new WeightStore(List.of(store));
    Path old = new WeightImport(weights, false).run(VggFiles.small().write(folder), "vgg19", null);
    byte[] before = Files.readAllBytes(old);
    fails(ExitCode.UNAVAILABLE, entry(source(server(status(404)), "/vgg19.pth", VGG)));
    assertArrayEquals(before, Files.readAllBytes(old));
    assertInstalled(install(entry(source(server(file(VGG)), "/vgg19.pth", VGG))));
  }

  @Test
  void progressIsToldUpToTheLastByte() throws IOException {
    install(entry(source(server(file(VGG)), "/vgg19.pth", VGG)));
    assertFalse(counts.isEmpty());
    long before = 0;
    for (long[] count : counts) {
      assertTrue(count[0] >= before, "it never goes back");
      assertEquals(VGG.length, count[1]);
      before = count[0];
    }
    assertEquals(VGG.length, before);
    assertEquals(List.of(), lines);
  }

  @Test
  void aDownloadThatCannotBeRemovedIsNamed() throws IOException {
    Path part = Files.createDirectories(store.resolve(".vgg19.download/in the way")).getParent();
    Failure failure = assertThrows(Failure.class, () -> WeightInstall.delete(part));
    assertEquals(ExitCode.CANNOT_WRITE, failure.exitCode());
    assertTrue(failure.getMessage().startsWith("cannot remove " + part + ": "), failure::toString);
  }

  @Test
  void aStoreThatCannotBeWrittenIsSaidBeforeTheDownload() throws IOException {
    Files.writeString(store, "a file where the folder should be");
    ScriptedServer server = server(file(VGG));
    fails(ExitCode.CANNOT_WRITE, entry(source(server, "/vgg19.pth", VGG)));
    assertEquals(List.of(), server.ranges());
  }
}
