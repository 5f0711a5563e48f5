package dev.gramloom.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.network.BackendSuppliers;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each normalization makes our distance the loss that was published, where exemplar and output are
 * of one size, as they had to be.
 */
class GramNormalizationTest {
  private static final long EXEMPLAR = 1; // seeds
  private static final long OUTPUT = 2;

  private static final Backend BACKEND = BackendSuppliers.get("reference");

  private static Tensor features(int channels, int height, int width, long seed) {
    return TestBackends.random(BACKEND, new Shape(channels, height, width), seed);
  }

  static Stream<GramNormalization> all() {
    return Stream.of(GramNormalization.values());
  }

  @ParameterizedTest
  @CsvSource({
    "GATYS, 1, 1, 2, 8",
    "GATYS, 5, 6, 7, 168",
    "NEURAL_STYLE, 1, 1, 2, 8",
    "NEURAL_STYLE, 5, 6, 7, 168",
    "KERAS, 1, 1, 2, 8",
    "KERAS, 5, 6, 7, 168",
    "KERAS, 8, 4, 4, 16",
    "RELATIVE, 5, 6, 7, 168"
  })
  void theDistanceIsThePublishedLoss(
      GramNormalization normalization, int channels, int height, int width, int picture) {
    Tensor exemplar = features(channels, height, width, EXEMPLAR);
    Tensor output = features(channels, height, width, OUTPUT);
    GramLoss.Target target = GramLoss.measure(BACKEND, exemplar, exemplar, 1, false);
    double norm = BACKEND.dot(target.gram(), target.gram());
    double factor = normalization.factor(norm, channels, height * width, picture);
    try (GramLoss loss = new GramLoss(BACKEND, target, factor)) {
      double expected =
          PublishedLoss.of(normalization, output.toArray(), exemplar.toArray(), channels, picture);
      assertEquals(expected, loss.value(output, output), 1e-5 * expected);
    }
    target.close();
  }

  @Test
  void relativeIsWhatItIsUnlessToldOtherwise() {
    Tensor exemplar = features(5, 6, 7, EXEMPLAR);
    Tensor output = features(5, 4, 3, OUTPUT);
    GramLoss.Target target = GramLoss.measure(BACKEND, exemplar, exemplar, 1, false);
    double norm = BACKEND.dot(target.gram(), target.gram());
    double factor = 0.7 * GramNormalization.RELATIVE.factor(norm, 5, 12, 48);
    try (GramLoss relative = GramLoss.relative(BACKEND, target, 0.7);
        GramLoss named = new GramLoss(BACKEND, target, factor)) {
      assertEquals(relative.value(output, output), named.value(output, output));
    }
    target.close();
  }

  /** Twice the output's pixels, each of them twice: the statistics are the same. */
  @ParameterizedTest
  @EnumSource(value = GramNormalization.class, names = "RELATIVE", mode = EnumSource.Mode.EXCLUDE)
  void theExemplarsSizeDoesNotMatter(GramNormalization normalization) {
    float[] values = features(3, 4, 5, EXEMPLAR).toArray();
    float[] twice = new float[2 * values.length];
    for (int i = 0; i < twice.length; i++) {
      int channel = i / 40;
      twice[i] = values[channel * 20 + i % 20];
    }
    Tensor output = features(3, 4, 5, OUTPUT);
    double factor = normalization.factor(1, 3, 20, 80);
    Tensor small = BACKEND.upload(new Shape(3, 4, 5), values);
    Tensor large = BACKEND.upload(new Shape(3, 8, 5), twice);
    double expected = PublishedLoss.of(normalization, output.toArray(), values, 3, 80);
    for (Tensor exemplar : new Tensor[] {small, large}) {
      GramLoss.Target target = GramLoss.measure(BACKEND, exemplar, exemplar, 1, false);
      try (GramLoss loss = new GramLoss(BACKEND, target, factor)) {
        assertEquals(expected, loss.value(output, output), 1e-5 * expected);
      }
      target.close();
    }
  }

  @ParameterizedTest
  @EnumSource(GramNormalization.class)
  void noExemplarMakesAFactorThatIsNoNumber(GramNormalization normalization) {
    double factor = normalization.factor(0, 512, 1, 1);
    assertTrue(Double.isFinite(factor) && factor > 0, () -> normalization + ": " + factor);
  }

  @Test
  void theirNamesAreThoseOfTheFlags() {
    Set<String> names = all().map(GramNormalization::toString).collect(Collectors.toSet());
    assertEquals(Set.of("relative", "gatys", "neural-style", "keras"), names);
  }
}
