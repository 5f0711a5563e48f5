package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.image.ColorTransfer.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ColorTransferTest {
  private static final double LEVELS = 2; // of 255, in mean
  private static final double SHARE = 0.05; // of the covariance

  @ParameterizedTest
  @CsvSource({
    "LINEAR, RGB, 1", "LINEAR, RGB, 2", "LINEAR, YCBCR, 3",
    "HISTOGRAM, RGB, 1", "HISTOGRAM, RGB, 2", "HISTOGRAM, YCBCR, 3"
  })
  void takesMeanAndCovarianceAsTheyWillBeWritten(Method method, ColorSpace space, long seed) {
    Image palette = contrasty(48, 40, seed);

    Image result =
        new ColorTransfer(method, space).apply(Pictures.waves(50, 30, seed + 9), palette);

    ColorStatistics got = ColorStatistics.of(written(result));
    ColorStatistics wanted = ColorStatistics.of(palette);
    assertTrue(got.meanDistance(wanted) < LEVELS, "mean " + got.meanDistance(wanted));
    assertTrue(
        got.covarianceDistance(wanted) < SHARE, "covariance " + got.covarianceDistance(wanted));
  }

  @ParameterizedTest
  @EnumSource(
      value = Method.class,
      names = {"LINEAR", "HISTOGRAM"})
  void matchesLabInLab(Method method) {
    Image palette = Pictures.waves(48, 40, 1);
    for (int i = 0; i < palette.rgb().length; i++) {
      palette.rgb()[i] = 0.3f + 0.4f * palette.rgb()[i]; // far from where clamping begins
    }

    Image result =
        new ColorTransfer(method, ColorSpace.LAB).apply(Pictures.waves(50, 30, 2), palette);

    ColorStatistics got = lab(result);
    assertTrue(got.meanDistance(lab(palette)) < 0.5);
    assertTrue(got.covarianceDistance(lab(palette)) < 0.02);
  }

  @Test
  void linearIsTheOneMapOfTwoNormalDistributions() {
    // One channel varies: the map is x -> mean' + (x - mean) · deviation' / deviation.
    float[] from = {0.2f, 0.6f, 0.5f, 0.5f, 0.5f, 0.5f};
    float[] to = {0.3f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f};

    Image result =
        new ColorTransfer(Method.LINEAR, ColorSpace.RGB)
            .apply(new Image(1, 2, from), new Image(1, 2, to));

    assertArrayEquals(to, result.rgb(), 1e-5f);
  }

  @ParameterizedTest
  @CsvSource({"YCBCR, 1e-4", "LAB, 1e-4"})
  void luminanceKeepsTheLightAndTakesTheHueThere(ColorSpace space, float tolerance) {
    Image source = Pictures.noise(30, 30, 3); // black and white in places: colours that cannot be
    Image palette = Pictures.noise(30, 30, 4);

    Image result = new ColorTransfer(Method.LUMINANCE, space).apply(source, palette);

    float[] got = space.fromRgb(result.rgb());
    float[] light = space.fromRgb(source.rgb());
    float[] colors = space.fromRgb(palette.rgb());
    int whole = 0;
    for (int i = 0; i < 900; i++) {
      assertEquals(light[i], got[i], tolerance);
      double strength = Math.hypot(got[900 + i], got[1800 + i]);
      double wanted = Math.hypot(colors[900 + i], colors[1800 + i]);
      assertTrue(strength <= wanted + tolerance, strength + " of " + wanted);
      double turned = got[900 + i] * colors[1800 + i] - got[1800 + i] * colors[900 + i];
      assertEquals(0, turned, tolerance);
      whole += strength > wanted - tolerance ? 1 : 0;
    }
    assertTrue(whole > 300 && whole < 900, whole + " pixels keep their whole colour");
  }

  @Test
  void luminanceOfAPictureByItselfIsThePicture() {
    Image picture = Pictures.noise(20, 20, 5);

    Image result = new ColorTransfer(Method.LUMINANCE, ColorSpace.LAB).apply(picture, picture);

    assertArrayEquals(picture.rgb(), result.rgb(), 1e-4f);
  }

  @Test
  void luminanceNeedsPlacesAndAPlaneOfLight() {
    var transfer = new ColorTransfer(Method.LUMINANCE, ColorSpace.YCBCR);

    assertThrows(
        IllegalArgumentException.class,
        () -> transfer.apply(Pictures.noise(5, 5, 1), Pictures.noise(5, 6, 1)));
    assertThrows(
        IllegalArgumentException.class, () -> new ColorTransfer(Method.LUMINANCE, ColorSpace.RGB));
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void rollingBothRollsTheResult(Method method) {
    var transfer = new ColorTransfer(method, method.usualSpace());
    Image source = Pictures.waves(24, 32, 6);
    Image palette = Pictures.waves(24, 32, 7);

    Image rolledFirst =
        transfer.apply(Pictures.rolled(source, 5, 9), Pictures.rolled(palette, 5, 9));
    Image rolledLast = Pictures.rolled(transfer.apply(source, palette), 5, 9);

    assertArrayEquals(rolledLast.rgb(), rolledFirst.rgb(), 2e-5f); // sums in another order
  }

  @Test
  void countsOnlyWhatTheMasksKeep() {
    Image palette = contrasty(40, 40, 8);
    Image holed = Pictures.withHole(palette, 5, 5, 25, 30);
    Image source = Pictures.withHole(Pictures.waves(30, 30, 9), 0, 0, 12, 30);

    Image result = new ColorTransfer(Method.LINEAR, ColorSpace.RGB).apply(source, holed);

    assertTrue(ColorStatistics.of(result).meanDistance(ColorStatistics.of(holed)) < LEVELS);
    assertTrue(ColorStatistics.of(result).covarianceDistance(ColorStatistics.of(holed)) < SHARE);
  }

  @Test
  void greyStaysGreyAndOneColourBecomesOneColour() {
    Image plain = Pictures.plain(8, 8, 0.5f, 0.5f, 0.5f);
    Image blue = Pictures.plain(3, 3, 0.1f, 0.2f, 0.9f);

    for (Method method : new Method[] {Method.LINEAR, Method.HISTOGRAM}) {
      Image result = new ColorTransfer(method, ColorSpace.RGB).apply(plain, blue);

      assertArrayEquals(Pictures.plain(8, 8, 0.1f, 0.2f, 0.9f).rgb(), result.rgb(), 0.003f);
    }
  }

  /** Waves with so much contrast that some of them are clipped. */
  private static Image contrasty(int height, int width, long seed) {
    Image waves = Pictures.waves(height, width, seed);
    for (int i = 0; i < waves.rgb().length; i++) {
      waves.rgb()[i] = 0.4f + 2.5f * (waves.rgb()[i] - 0.5f);
    }
    return written(waves);
  }

  private static Image written(Image image) {
    return new Image(image.height(), image.width(), Pictures.rounded(image), image.mask());
  }

  private static ColorStatistics lab(Image image) {
    return ColorStatistics.of(
        new Image(image.height(), image.width(), ColorSpace.LAB.fromRgb(image.rgb())));
  }
}
