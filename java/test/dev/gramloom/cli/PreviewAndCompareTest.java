package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import dev.gramloom.image.Resample;
import dev.gramloom.tensor.Edges;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreviewAndCompareTest {
  @TempDir Path folder;
  private Path picture;

  @BeforeEach
  void makePicture() throws IOException {
    picture = Cli.exemplar(folder);
  }

  @ParameterizedTest
  @CsvSource({"'', 3, 3", "--repeat=1x1, 1, 1", "--repeat=2x5, 2, 5"})
  void aPreviewRepeatsEveryPixel(String flag, int columns, int rows) throws IOException {
    Path target = folder.resolve("stone.preview.png");
    Object[] command = {"preview", picture, flag};
    Cli.Run run = Cli.run(flag.isEmpty() ? List.of(command).subList(0, 2).toArray() : command);

    assertEquals(List.of("wrote " + target), run.succeeded().outLines());
    assertEquals("", run.err());
    assertEquals(
        List.of("stone.png", "stone.preview.png").stream().sorted().toList(), Cli.names(folder));
    Image tile = ImageFile.read(picture);
    Image tiles = ImageFile.read(target);
    assertEquals(64 * columns, tiles.width());
    assertEquals(64 * rows, tiles.height());
    for (int i = 0; i < tiles.rgb().length; i++) {
      int c = i / tiles.pixels();
      int y = i % tiles.pixels() / tiles.width() % 64;
      assertEquals(tile.rgb()[(c * 64 + y) * 64 + i % tiles.width() % 64], tiles.rgb()[i]);
    }
  }

  @Test
  void aPreviewGoesWhereItIsSent() throws IOException {
    Path target = folder.resolve("new/p.bmp");
    Cli.run("preview", picture, "-o", target, "--repeat", "1x1").succeeded();
    assertArrayEquals(ImageFile.read(picture).rgb(), ImageFile.read(target).rgb());
  }

  private static JsonObject compared(Path candidate, Path exemplar) {
    // An exemplar is reflected at its borders; so is a candidate that does not tile.
    Cli.Run run = Cli.run("compare", candidate, exemplar, "--tile", "none", "--json").succeeded();
    assertEquals("", run.err());
    assertEquals(1, run.outLines().size(), run::toString);
    JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
    SynthOutputTest.assertMeasured(json);
    return json;
  }

  @Test
  void aPictureIsItsOwnEqual() {
    JsonObject json = compared(picture, picture);
    for (JsonElement color : json.getAsJsonObject("color_emd").asMap().values()) {
      assertEquals(0, color.getAsDouble(), 1e-9);
    }
    assertEquals(0, json.get("spectrum").getAsDouble(), 1e-9);
    assertEquals(0, mean(json), 1e-9);
    for (JsonElement percentile : json.getAsJsonObject("seam").asMap().values()) {
      assertTrue(percentile.getAsDouble() < 100, json::toString);
    }
  }

  @Test
  void anotherPictureIsFartherAway() throws IOException {
    Path noise = folder.resolve("noise.png");
    ImageFile.write(Pictures.noise(64, 64, 3), noise);
    assertTrue(mean(compared(noise, picture)) > 0.1);
  }

  @Test
  void aLargerExemplarIsShrunkOnlyWhenAskedTo() throws IOException {
    Path large = folder.resolve("large.png");
    Image twice = Resample.scale(ImageFile.read(picture), 2, Edges.REFLECT);
    ImageFile.write(twice, large);
    String[] fitted = {"compare", "", "", "--tile", "none", "--json", "--exemplar-scale", "fit"};
    fitted[1] = picture.toString();
    fitted[2] = large.toString();
    String json = Cli.run((Object[]) fitted).succeeded().out();
    double shrunk = mean(JsonParser.parseString(json).getAsJsonObject());
    double asItIs = mean(compared(picture, large));
    assertTrue(shrunk < 0.1 * asItIs, shrunk + " and " + asItIs);
  }

  private static double mean(JsonObject json) {
    return json.getAsJsonObject("relative_gram_distance").get("mean").getAsDouble();
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 0.5f, 1})
  void aPictureOfOneColorHasFiniteNumbers(float grey) throws IOException {
    Path plain = folder.resolve("plain.png");
    ImageFile.write(Pictures.plain(48, 40, grey, grey, grey), plain);
    compared(plain, plain);
    compared(plain, picture);
    compared(picture, plain);
  }

  @Test
  void theTableNamesWhatJsonNames() {
    Cli.Run run = Cli.run("compare", picture, picture, "--backend", "cpu", "--network", "filters");
    assertEquals("", run.succeeded().err());
    for (String name : List.of("relative Gram", "seam", "color", "clipped", "spectrum")) {
      assertTrue(run.out().contains(name), run::out);
    }
    assertTrue(Cli.run("compare", picture, picture).err().startsWith("Backend cpu: "));
  }
}
