package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user may expect of every picture: minutes of work, run with {@code -Pslow}. */
@Tag("slow")
class AcceptanceTest {
  /** Photographs to develop with; they lie beside the repository, where there are any. */
  private static final Path PHOTOGRAPHS = Path.of("..", "shared", "exemplars");

  @TempDir Path folder;

  static Stream<Path> exemplars() {
    return Stream.of(Path.of("textures"), PHOTOGRAPHS)
        .filter(Files::isDirectory)
        .flatMap(AcceptanceTest::pictures);
  }

  private static Stream<Path> pictures(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> pictures =
          files.filter(f -> f.toString().matches(".*\\.(png|jpg)")).sorted().toList();
      return pictures.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonObject synth(Path exemplar, String... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Stream<String> start = Stream.of("synth", exemplar.toString(), "--json", "--quiet");
    Stream<String> target = Stream.of("-o", folder.resolve("made.png").toString());
    String[] words =
        Stream.of(start, target, Stream.of(more)).flatMap(s -> s).toArray(String[]::new);
    int code = GramloomCommand.run(words, new PrintStream(out), System.err);
    assertEquals(0, code);
    return JsonParser.parseString(out.toString(StandardCharsets.UTF_8)).getAsJsonObject();
  }

  private static void assertTilesAndKeepsItsColors(JsonObject report) {
    JsonObject seam = report.getAsJsonObject("seam");
    assertTrue(seam.get("x").getAsDouble() <= 95, report::toString);
    assertTrue(seam.get("y").getAsDouble() <= 95, report::toString);
    for (JsonElement distance : report.getAsJsonObject("color_emd").asMap().values()) {
      assertTrue(distance.getAsDouble() <= 1, report::toString);
    }
    JsonObject clipped = report.getAsJsonObject("clipped");
    double allowed = clipped.get("exemplar").getAsDouble() + 0.005;
    assertTrue(clipped.get("output").getAsDouble() <= allowed, report::toString);
  }

  @ParameterizedTest
  @MethodSource("exemplars")
  void everyExemplarTilesAndKeepsItsColors(Path exemplar) {
    assertTilesAndKeepsItsColors(synth(exemplar, "--size", "384", "--quality", "draft"));
  }

  @Test
  void theDefaultRunMatchesTheStatisticsToAPercent() {
    JsonObject report = synth(Path.of("textures", "pebbles.png"));
    assertTilesAndKeepsItsColors(report);
    double mean = report.getAsJsonObject("relative_gram_distance").get("mean").getAsDouble();
    assertTrue(mean <= 0.01, report::toString);
  }
}
