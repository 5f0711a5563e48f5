package dev.gramloom.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import dev.gramloom.image.Resample;
import dev.gramloom.tensor.Edges;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpectrumDistanceTest {
  @ParameterizedTest
  @CsvSource({"8, 8", "13, 9", "100, 65"})
  void isZeroForThePictureItself(int height, int width) {
    Image image = Pictures.noise(height, width, 1);
    assertEquals(0, SpectrumDistance.between(image, image), 1e-12);
  }

  @Test
  void hardlySeesWhichNoiseItIsNorHowMuchNorHowLarge() {
    Image noise = Pictures.noise(128, 128, 1);
    Image other = Pictures.noise(300, 200, 2);
    for (int i = 0; i < other.rgb().length; i++) {
      other.rgb()[i] = 0.4f + 0.5f * other.rgb()[i];
    }

    assertTrue(SpectrumDistance.between(noise, other) < 2);
  }

  @Test
  void growsWithBlur() {
    Image noise = Pictures.noise(128, 128, 1);
    Image soft = blurred(noise, 96);
    Image softer = blurred(noise, 48);

    double little = SpectrumDistance.between(soft, noise);
    double much = SpectrumDistance.between(softer, noise);

    assertTrue(little > 1.5 && much > 2 * little, little + ", " + much);
  }

  @Test
  void doesNotSeeWhatLiesUnderAMask() {
    Image waves = Pictures.waves(64, 64, 3);
    Image spoilt = Pictures.withHole(waves, 20, 20, 3, 3);
    double clean = SpectrumDistance.between(spoilt, waves);
    for (int i = 0; i < 4096; i++) {
      if (!spoilt.uses(i)) {
        spoilt.rgb()[i] = 50;
      }
    }

    assertEquals(clean, SpectrumDistance.between(spoilt, Pictures.waves(64, 64, 3)));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "7, 100"})
  void saysNothingOfTinyPictures(int height, int width) {
    Image tiny = Pictures.noise(height, width, 1);
    assertEquals(0, SpectrumDistance.between(tiny, Pictures.waves(64, 64, 1)));
  }

  @Test
  void takesPlainPictures() {
    Image plain = Pictures.plain(16, 16, 0.5f, 0.5f, 0.5f);
    assertTrue(Double.isFinite(SpectrumDistance.between(plain, Pictures.noise(16, 16, 1))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void theTransformAgreesWithItsDefinition(int n) {
    var random = new Random(n);
    double[] x = random.doubles(n * n).toArray();
    double[] y = random.doubles(n * n).toArray();
    double[] real = x.clone();
    double[] imaginary = y.clone();

    Fourier.transform(real, imaginary, n);

    for (int k = 0; k < n * n; k++) {
      double a = 0;
      double b = 0;
      for (int i = 0; i < n * n; i++) {
        double turn = -2 * Math.PI * ((k % n) * (i % n) + (k / n) * (i / n)) / n;
        a += x[i] * Math.cos(turn) - y[i] * Math.sin(turn);
        b += x[i] * Math.sin(turn) + y[i] * Math.cos(turn);
      }
      assertEquals(a, real[k], 1e-11);
      assertEquals(b, imaginary[k], 1e-11);
    }
  }

  private static Image blurred(Image image, int through) {
    Image small = Resample.resize(image, through, through, Edges.WRAP);
    return Resample.resize(small, image.height(), image.width(), Edges.WRAP);
  }
}
