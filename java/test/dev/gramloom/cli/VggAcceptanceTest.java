package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What VGG-19 is worth, in its own eyes: minutes of work, run with {@code -Pslow}. */
@Tag("slow")
class VggAcceptanceTest {
  private static final Path SHARED = Path.of("..", "shared");
  private static final Path PHOTOGRAPHS = SHARED.resolve("exemplars");
  private static final Path TEXTURES = Path.of("textures");
  private static final int CENTER = 512; // pixels

  @TempDir private static Path store;
  @TempDir private static Path folder;

  private static final List<Verdict> VERDICTS = new ArrayList<>();

  /**
   * What VGG-19 says of two pictures of one exemplar.
   *
   * @param exemplar of both
   * @param best what no network was named for
   * @param filters what the built-in filters made
   */
  private record Verdict(Path exemplar, JsonObject best, JsonObject filters) {
    @Override
    public String toString() {
      String name = exemplar.getFileName().toString();
      return "%s: %s, with filters %s".formatted(name, mean(best), mean(filters));
    }
  }

  @BeforeAll
  static void makeAndJudgeThem() {
    Path weights = SHARED.resolve("weights").resolve("vgg19-caffe-hybrid.npz");
    assumeTrue(Files.exists(weights), "not run: " + weights + " is not there");
    Cli.runWith(store, "weights", "import", weights, "--name", "vgg19").succeeded();
    for (Path exemplar : exemplars()) {
      JsonObject best = judged(exemplar, "vgg19");
      VERDICTS.add(new Verdict(exemplar, best, judged(exemplar, "filters", "--network=filters")));
    }
  }

  private static List<Path> exemplars() {
    Path motif = folder.resolve("motif.png");
    ImageFile.write(center(ImageFile.read(PHOTOGRAPHS.resolve("motif.jpg"))), motif);
    return List.of(
        PHOTOGRAPHS.resolve("water.jpg"),
        PHOTOGRAPHS.resolve("bark.jpg"),
        motif,
        TEXTURES.resolve("bricks.png"),
        TEXTURES.resolve("pebbles.png"),
        TEXTURES.resolve("scales.png"));
  }

  private static Image center(Image from) {
    float[] rgb = new float[3 * CENTER * CENTER];
    int top = (from.height() - CENTER) / 2;
    int left = (from.width() - CENTER) / 2;
    for (int row = 0; row < 3 * CENTER; row++) {
      int source = (row / CENTER * from.height() + top + row % CENTER) * from.width() + left;
      System.arraycopy(from.rgb(), source, rgb, row * CENTER, CENTER);
    }
    return new Image(CENTER, CENTER, rgb);
  }

  /** Makes a texture and has VGG-19 compare it. */
  private static JsonObject judged(Path exemplar, String network, Object... choice) {
    Path made = folder.resolve("made.png");
    List<Object> synth = new ArrayList<>(List.of("synth", exemplar, "--size=256", "-o", made));
    synth.addAll(List.of("--json", "--quiet"));
    synth.addAll(List.of(choice));
    JsonObject report = json(synth.toArray());
    assertEquals(network, report.getAsJsonObject("network").get("name").getAsString());
    return json("compare", made, exemplar, "--exemplar-scale=fit", "--network=vgg19", "--json");
  }

  private static JsonObject json(Object... words) {
    String out = Cli.runWith(store, words).succeeded().out();
    return JsonParser.parseString(out).getAsJsonObject();
  }

  private static double mean(JsonObject judgement) {
    return judgement.getAsJsonObject("relative_gram_distance").get("mean").getAsDouble();
  }

  @Test
  void theMedianDistanceIsAtMostFourPercent() {
    double[] means = VERDICTS.stream().mapToDouble(v -> mean(v.best())).sorted().toArray();
    assertEquals(6, means.length);
    assertTrue((means[2] + means[3]) / 2 <= 0.04, VERDICTS::toString);
  }

  @Test
  void theFiltersComeLessCloseToEveryExemplar() {
    for (Verdict verdict : VERDICTS) {
      assertTrue(mean(verdict.filters()) > mean(verdict.best()), verdict::toString);
    }
  }

  @Test
  void everyOneTiles() {
    for (Verdict verdict : VERDICTS) {
      JsonObject seam = verdict.best().getAsJsonObject("seam");
      assertTrue(seam.get("x").getAsDouble() <= 95, () -> verdict + ", seam " + seam);
      assertTrue(seam.get("y").getAsDouble() <= 95, () -> verdict + ", seam " + seam);
    }
  }

  @Test
  void everyOneKeepsItsColors() {
    for (Verdict verdict : VERDICTS) {
      JsonObject colors = verdict.best().getAsJsonObject("color_emd");
      for (JsonElement distance : colors.asMap().values()) {
        assertTrue(distance.getAsDouble() <= 1, () -> verdict + ", colors " + colors);
      }
      JsonObject clipped = verdict.best().getAsJsonObject("clipped");
      double allowed = clipped.get("exemplar").getAsDouble() + 0.005;
      assertTrue(
          clipped.get("output").getAsDouble() <= allowed, () -> verdict + ", clipped " + clipped);
    }
  }
}
