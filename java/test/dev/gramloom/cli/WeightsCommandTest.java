package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.weights.VggFiles;
import dev.gramloom.weights.format.VggShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights are brought in, described and used by their name. */
class WeightsCommandTest {
  @TempDir private Path folder;
  private Path store;

  @BeforeEach
  void nameTheStore() {
    store = folder.resolve("store");
  }

  private Cli.Run run(Object... words) {
    return Cli.runWith(store, words);
  }

  private void refused(ExitCode code, String why, Object... words) {
    Cli.Run run = run(words);
    assertEquals(code.code(), run.code(), run::toString);
    assertTrue(run.err().contains(why), run::toString);
    assertEquals(1, run.errLines().size(), run::toString);
    assertEquals("", run.out());
  }

  private Path small() {
    return VggFiles.small().write(folder);
  }

  private Path exemplar() {
    Path file = folder.resolve("exemplar.png");
    ImageFile.write(Pictures.waves(40, 40, 3), file);
    return file;
  }

  @Test
  void listSaysWhatCanBeInstalledAndUnderWhichLicence() {
    Cli.Run run = run("weights", "list").succeeded();
    assertTrue(run.out().contains("gramloom weights install vgg19"), run.out());
    assertTrue(run.out().contains("gramloom weights install vgg16"), run.out());
    assertTrue(run.out().contains("CC BY"), run.out());
    assertTrue(run.out().contains(store.toString()), run.out());
  }

  @Test
  void whatIsImportedIsListedDescribedAndUsedByItsName() {
    run("weights", "import", small(), "--name", "mine").succeeded();
    Path file = store.resolve("mine.safetensors");
    assertTrue(run("weights", "list").succeeded().out().contains(file.toString()));
    List<String> info = run("weights", "info", "mine").succeeded().outLines();
    assertTrue(info.contains("conv2_1                [5][4][3][3]"), info::toString);
    assertTrue(info.contains("convention             none"), info::toString);
    Path target = folder.resolve("out.png");
    Cli.Run synth =
        run(
            "synth",
            exemplar(),
            "-o",
            target,
            "--size",
            "32",
            "--iterations",
            "2",
            "--network",
            "mine",
            "--layers",
            "conv1_1,pool1",
            "--layer-weights",
            "1,0.5");
    assertTrue(synth.succeeded().err().contains("Network mine"), synth::toString);
  }

  @Test
  void importingChangesNoNumber() throws IOException {
    run("weights", "import", MiniVgg.FILE, "--convention", "none", "--name", "a").succeeded();
    run("weights", "import", store.resolve("a.safetensors"), "--name", "b").succeeded();
    String first = tensors(run("weights", "info", "a").succeeded());
    assertEquals(first, tensors(run("weights", "info", "b").succeeded()));
    assertEquals(
        first, tensors(run("weights", "info", store.resolve("b.safetensors")).succeeded()));
    run("weights", "import", MiniVgg.FILE, "--convention", "none", "--name", "c").succeeded();
    assertArrayEquals(
        Files.readAllBytes(store.resolve("a.safetensors")),
        Files.readAllBytes(store.resolve("c.safetensors")));
  }

  private static String tensors(Cli.Run info) {
    return info.outLines().stream().filter(l -> l.startsWith("tensors")).findFirst().orElseThrow();
  }

  @Test
  void aTakenNameIsGivenAwayOnlyByForce() {
    run("weights", "import", small(), "--name", "mine").succeeded();
    refused(ExitCode.USAGE, "--force replaces it", "weights", "import", small(), "--name", "mine");
    run("weights", "import", small(), "--name", "mine", "--force").succeeded();
  }

  @Test
  void weightsThatNobodyKnowsNeedTheirConvention() {
    refused(ExitCode.BAD_DATA, "--convention", "weights", "import", MiniVgg.FILE);
    assertFalse(Files.exists(store), "nothing is written");
    refused(ExitCode.USAGE, "got 'bgr'", "weights", "import", MiniVgg.FILE, "--convention", "bgr");
  }

  @Test
  void damageIsSaid() throws IOException {
    run("weights", "import", small(), "--name", "mine").succeeded();
    Path file = store.resolve("mine.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 2] ^= 1;
    Files.write(file, bytes);
    Cli.Run run = run("weights", "info", "mine");
    assertEquals(ExitCode.BAD_DATA.code(), run.code());
    assertTrue(run.err().contains("damaged"), run.err());
    Files.write(file, new byte[] {1, 2, 3});
    assertTrue(run("weights", "list").succeeded().out().contains("unusable"));
  }

  @Test
  void whatIsNotThereIsSaidWithTheRemedy() {
    refused(ExitCode.MISSING_INPUT, "weights install vgg19", "weights", "info", "vgg19");
    refused(
        ExitCode.MISSING_INPUT,
        "weights install vgg16",
        "synth",
        exemplar(),
        "--network",
        "vgg16",
        "-o",
        folder.resolve("o.png"));
    refused(ExitCode.MISSING_INPUT, "no such file", "weights", "import", folder.resolve("none"));
    refused(ExitCode.USAGE, "vgg19 or vgg16, got 'vgg11'", "weights", "install", "vgg11");
    refused(ExitCode.USAGE, "a name of weights", "weights", "import", small(), "--name", "a/b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "filters"})
  void aNameThatCouldNotBeUsedIsRefused(String name) {
    refused(ExitCode.USAGE, "--name must not be", "weights", "import", small(), "--name", name);
    assertFalse(Files.exists(store), "nothing is written");
  }

  @Test
  void whatIsInstalledIsNotInstalledAgain() {
    run("weights", "import", small(), "--name", "vgg19").succeeded();
    Cli.Run run = run("weights", "install", "vgg19").succeeded();
    assertTrue(run.out().startsWith("vgg19 is installed: "), run.out());
  }

  @Test
  void autoTakesTheBestVggThatIsInstalledAndElseTheFiltersAndSaysSo() throws IOException {
    Path target = folder.resolve("out.png");
    Object[] words = {
      "synth", exemplar(), "-o", target, "--size", "32", "--iterations", "1", "--force"
    };
    assertTrue(run(words).succeeded().err().contains("weights install vgg19"));
    assertEquals("filters", network().get("name").getAsString());
    for (String name : List.of("vgg16", "vgg19")) {
      run("weights", "import", MiniVgg.FILE, "--convention", "none", "--name", name).succeeded();
      Cli.Run run = run(words).succeeded();
      assertTrue(run.err().contains("Network " + name), run.err());
      assertEquals(name, network().get("name").getAsString());
      assertEquals("avg", network().get("pool").getAsString());
    }
  }

  @Test
  void aTransferSeesItsContentWithVgg16() throws IOException {
    Path weights = VggFiles.thin(VggShape.VGG16).write(folder);
    run("weights", "import", weights, "--name", "vgg16").succeeded();
    Path target = folder.resolve("out.png");
    Path picture = exemplar();
    Object[] words = {
      "transfer", picture, picture, "-o", target, "--scales", "32", "--iterations", "1"
    };
    assertTrue(run(words).succeeded().err().contains("Network vgg16"));
    Stream<Object> beyond = Stream.of("--content-layer", "conv4_4");
    refused(
        ExitCode.BAD_DATA, "it has no conv4_4", Stream.concat(Stream.of(words), beyond).toArray());
  }

  private JsonObject network() throws IOException {
    String text = Files.readString(folder.resolve("out.run.json"));
    return JsonParser.parseString(text).getAsJsonObject().getAsJsonObject("network");
  }

  @Test
  void aLayerThatTheWeightsDoNotReachIsRefusedBeforeTheWork() {
    run("weights", "import", small(), "--name", "mine").succeeded();
    Path target = folder.resolve("o.png");
    refused(
        ExitCode.BAD_DATA,
        "it has no conv3_1, conv4_1, conv5_1; its last layer is conv2_1",
        "synth",
        exemplar(),
        "--network",
        "mine",
        "-o",
        target);
  }
}
