package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With VGG-19 itself, comparing pictures gives the distances that were computed elsewhere. */
@Tag("slow")
class RealWeightsCompareTest {
  private static final Path SHARED = Path.of("..", "shared");
  private static final Path GOLDEN = SHARED.resolve("golden").resolve("vgg19-compare.json");
  private static final double TOLERANCE = 1e-3; // relative

  @TempDir private static Path store;

  @BeforeAll
  static void importThem() {
    assumeTrue(
        Files.isDirectory(SHARED.resolve("weights")), "not run: ../shared/weights is not there");
    Path file = SHARED.resolve("weights").resolve("vgg19-caffe-hybrid.npz");
    Cli.Run run = Cli.runWith(store, "weights", "import", file).succeeded();
    assertEquals(List.of("imported " + store.resolve("vgg19.safetensors")), run.outLines());
  }

  private static JsonObject compare(JsonObject pair) {
    Path golden = GOLDEN.getParent();
    Object[] words = {
      "compare",
      golden.resolve(pair.get("candidate").getAsString()),
      golden.resolve(pair.get("exemplar").getAsString()),
      "--json",
      "--backend",
      "cpu",
      "--network",
      "vgg19"
    };
    Cli.Run run = Cli.runWith(store, words).succeeded();
    assertEquals("", run.err());
    return JsonParser.parseString(run.out())
        .getAsJsonObject()
        .getAsJsonObject("relative_gram_distance");
  }

  @Test
  void theDistancesAreTheGoldenOnes() throws IOException {
    int pairs = 0;
    for (JsonElement element : Cli.json(GOLDEN).getAsJsonArray("pairs")) {
      JsonObject pair = element.getAsJsonObject();
      JsonObject ours = compare(pair);
      JsonObject expected = pair.getAsJsonObject("relative_gram_distance");
      expected.add("mean", pair.get("mean"));
      assertEquals(expected.keySet(), ours.keySet());
      for (String layer : expected.keySet()) {
        double golden = expected.get(layer).getAsDouble();
        double distance = ours.get(layer).getAsDouble();
        assertEquals(golden, distance, TOLERANCE * golden, () -> layer + " of " + pair);
      }
      pairs++;
    }
    assertEquals(3, pairs);
  }

  @Test
  void listAndInfoKnowThem() {
    String list = Cli.runWith(store, "weights", "list").succeeded().out();
    assertTrue(list.contains("VGG-19 of the Visual Geometry Group, conv1_1 to conv5_4"), list);
    List<String> info = Cli.runWith(store, "weights", "info", "vgg19").succeeded().outLines();
    assertTrue(info.contains("convention             caffe-bgr"), info::toString);
    assertTrue(info.contains("conv5_4                [512][512][3][3]"), info::toString);
  }
}
