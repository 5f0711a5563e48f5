package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.image.ColorStatistics;
import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import dev.gramloom.image.Resample;
import dev.gramloom.metric.Photograph;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.SynthesisSettings.Method;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a scale begins with. */
class StartPictureTest {
  private static final Image EXEMPLAR = Runs.exemplar(48, 56);

  private static Image start(Start start, Image exemplar, int width, int height) {
    Scale scale = new Scale(width, height, 1);
    return of(Runs.settings(Tiling.BOTH, start, Method.LBFGS, scale), scale, exemplar);
  }

  private static Image of(SynthesisSettings settings, Scale scale, Image exemplar) {
    try (Backend backend = new ReferenceBackend()) {
      Photograph seen = Photograph.upload(backend, exemplar);
      return Iterates.image(StartPicture.of(backend, settings, scale, seen));
    }
  }

  private static Image enlarged(
      Image picture, Scale scale, Image exemplar, SynthesisSettings settings) {
    try (Backend backend = new ReferenceBackend()) {
      Tensor x = backend.upload(new Shape(3, picture.height(), picture.width()), picture.rgb());
      Tensor larger =
          StartPicture.enlarged(backend, x, scale, Photograph.upload(backend, exemplar), settings);
      return Iterates.image(larger);
    }
  }

  private static void assertColorsOf(Image exemplar, Image picture) {
    ColorStatistics expected = ColorStatistics.of(exemplar);
    ColorStatistics actual = ColorStatistics.of(picture);
    double root = Math.sqrt(picture.pixels());
    for (int a = 0; a < 3; a++) {
      double sigma = Math.sqrt(expected.covariance()[a][a]);
      assertEquals(expected.mean()[a], actual.mean()[a], 5 * sigma / root);
      for (int b = 0; b < 3; b++) {
        double scale = sigma * Math.sqrt(expected.covariance()[b][b]);
        double error = 5 * Math.sqrt(2) * scale / root;
        assertEquals(expected.covariance()[a][b], actual.covariance()[a][b], error);
      }
    }
  }

  @Test
  void noiseHasTheExemplarsColours() {
    assertColorsOf(EXEMPLAR, start(new Start.Noise(), EXEMPLAR, 300, 257));
  }

  @Test
  void noiseHasTheColoursOfWhatTheMaskKeeps() {
    Image holed = Runs.holed(48, 56, Runs.redNoise(48, 56));
    Image noise = start(new Start.Noise(), holed, 300, 257);
    assertColorsOf(holed, noise);
    Image other = Runs.holed(48, 56, Pictures.plain(48, 56, 0, 1, 0));
    assertArrayEquals(start(new Start.Noise(), other, 300, 257).rgb(), noise.rgb());
    assertNull(noise.mask());
  }

  @Test
  void oneSeedOnePicture() {
    Scale scale = new Scale(40, 33, 1);
    SynthesisSettings settings = Runs.settings(Tiling.BOTH, scale);
    float[] seven = of(Runs.seeded(settings, 7), scale, EXEMPLAR).rgb();
    assertArrayEquals(seven, of(Runs.seeded(settings, 7), scale, EXEMPLAR).rgb());
    float[] eight = of(Runs.seeded(settings, 8), scale, EXEMPLAR).rgb();
    assertFalse(Arrays.equals(seven, eight));
  }

  @Test
  void theExemplarIsCroppedOrRepeated() {
    Image smaller = start(new Start.Exemplar(), EXEMPLAR, 40, 33);
    Image larger = start(new Start.Exemplar(), EXEMPLAR, 131, 97);
    for (Image picture : new Image[] {smaller, larger}) {
      for (int i = 0; i < picture.rgb().length; i++) {
        int c = i / picture.pixels();
        int y = i % picture.pixels() / picture.width() % 48;
        int x = i % picture.width() % 56;
        assertEquals(EXEMPLAR.rgb()[(c * 48 + y) * 56 + x], picture.rgb()[i]);
      }
    }
    assertEquals(40, smaller.width());
    assertEquals(97, larger.height());
  }

  @Test
  void theHolesOfAnExemplarAreFilledBeforeItIsRepeated() {
    Image red = Runs.holed(48, 56, Runs.redNoise(48, 56));
    Image green = Runs.holed(48, 56, Pictures.plain(48, 56, 0, 1, 0));
    float[] expected = start(new Start.Exemplar(), green, 60, 60).rgb();
    assertArrayEquals(expected, start(new Start.Exemplar(), red, 60, 60).rgb());
  }

  @ParameterizedTest
  @EnumSource(Tiling.class)
  void anotherPictureIsResizedAsItTiles(Tiling tiling) {
    Image other = Pictures.waves(70, 50, 2);
    Scale scale = new Scale(40, 33, 1);
    SynthesisSettings settings =
        Runs.settings(tiling, new Start.Picture(other), Method.LBFGS, scale);
    Image start = of(settings, scale, EXEMPLAR);
    assertEquals(33, start.height());
    assertEquals(40, start.width());
    assertArrayEquals(Resample.resize(other, 33, 40, tiling.edges()).rgb(), start.rgb());
  }

  @Test
  void anotherPictureOfTheSameSizeStaysAsItIsButItsMask() {
    Image other = Pictures.withHole(Pictures.waves(33, 40, 2), 5, 5, 3, 4);
    Image start = start(new Start.Picture(other), EXEMPLAR, 40, 33);
    assertNull(start.mask());
    for (int i = 0; i < start.rgb().length; i++) {
      assertTrue(!other.uses(i % other.pixels()) || other.rgb()[i] == start.rgb()[i]);
    }
  }

  @Test
  void aCoarsePictureStartsAsAnEnlargedOneDoes() {
    Image coarse = Pictures.waves(33, 40, 2);
    Scale scale = new Scale(80, 66, 1);
    SynthesisSettings settings =
        Runs.settings(Tiling.BOTH, new Start.Picture(coarse, true), Method.LBFGS, scale);
    assertArrayEquals(
        enlarged(coarse, scale, EXEMPLAR, settings).rgb(), of(settings, scale, EXEMPLAR).rgb());
  }

  @Test
  void anEnlargedPictureKeepsItsCoarsePartAndGainsTheExemplarsDetail() {
    Image coarse = Pictures.waves(48, 64, 2);
    Scale scale = new Scale(128, 96, 1);
    SynthesisSettings settings = Runs.settings(Tiling.BOTH, scale);
    Image grain = Runs.exemplar(90, 100);
    Image larger = enlarged(coarse, scale, grain, settings);
    Image smooth = Resample.resize(coarse, 96, 128, Tiling.BOTH.edges());
    double sum = 0;
    double square = 0;
    for (int i = 0; i < larger.rgb().length; i++) {
      double added = larger.rgb()[i] - smooth.rgb()[i];
      sum += added;
      square += added * added;
    }
    double deviation = Math.sqrt(square / larger.rgb().length);
    assertTrue(deviation > 0.01 && deviation < 0.06, () -> "noise of " + deviation);
    assertEquals(0, sum / larger.rgb().length, 5 * deviation / Math.sqrt(larger.pixels()));
    assertArrayEquals(larger.rgb(), enlarged(coarse, scale, grain, settings).rgb());
  }

  @Test
  void anExemplarWithoutDetailAddsNone() {
    Scale scale = new Scale(128, 96, 1);
    SynthesisSettings settings = Runs.settings(Tiling.BOTH, scale);
    Image coarse = Pictures.waves(48, 64, 2);
    Image plain = Pictures.plain(90, 100, 0.2f, 0.4f, 0.6f);
    Image larger = enlarged(coarse, scale, plain, settings);
    Image smooth = Resample.resize(coarse, 96, 128, Tiling.BOTH.edges());
    assertArrayEquals(smooth.rgb(), larger.rgb(), 1e-5f);
  }
}
