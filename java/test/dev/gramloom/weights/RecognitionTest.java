package dev.gramloom.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.TestBackends;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A first kernel is recognised however a tool wrote it, and comes back as it was. */
class RecognitionTest {
  /** Rearranges [K][3][3][3] as the bits of {@code way} say. */
  private static float[] written(float[] weights, int way) {
    float[] written = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      int filter = i / 27;
      int channel = i / 9 % 3;
      int y = i / 3 % 3;
      int x = i % 3;
      int atY = (way & 2) != 0 ? 2 - y : y;
      int atX = (way & 2) != 0 ? 2 - x : x;
      int at = (way & 1) != 0 ? 3 * atX + atY : 3 * atY + atX;
      int atChannel = (way & 4) != 0 ? 2 - channel : channel;
      written[27 * filter + 9 * atChannel + at] = weights[i];
    }
    return written;
  }

  private static Stream<Arguments> allWays() {
    return Stream.of(KnownWeights.values())
        .flatMap(known -> IntStream.range(0, 8).mapToObj(way -> Arguments.of(known, way)));
  }

  @ParameterizedTest
  @MethodSource("allWays")
  void knowsEachInEveryOrderAndPutsItRight(KnownWeights known, int way) {
    float[] weights = VggFiles.first(known);
    Recognition recognition = Recognition.of(written(weights, way), known.bias());
    assertSame(known, recognition.known());
    assertEquals(known.convention(), recognition.convention());
    assertArrayEquals(weights, recognition.ours(written(weights, way), true));
  }

  @ParameterizedTest
  @MethodSource("allWays")
  void deeperKernelsAreTurnedLikeTheFirstButKeepTheirChannels(KnownWeights known, int way) {
    Recognition recognition = Recognition.of(written(VggFiles.first(known), way), known.bias());
    float[] deep = TestBackends.random(2 * 3 * 9, 9);
    assertArrayEquals(deep, recognition.ours(written(deep, way & 3), false));
  }

  @ParameterizedTest
  @EnumSource(KnownWeights.class)
  void kernelsForPixelsOfAnotherRangeAreBroughtToOurs(KnownWeights known) {
    float[] weights = VggFiles.first(known);
    float[] scaled = weights.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= 255;
    }
    Recognition recognition = Recognition.of(scaled, known.bias());
    float[] ours = recognition.ours(scaled, true);
    for (int i = 0; i < ours.length; i++) {
      assertEquals(weights[i], ours[i], 1e-5 * Math.abs(weights[i]));
    }
    assertArrayEquals(scaled, recognition.ours(scaled, false));
    assertTrue(recognition.description().contains("255"), recognition.description());
  }

  @ParameterizedTest
  @EnumSource(KnownWeights.class)
  void normalizedActivationsStayNormalized(KnownWeights known) {
    float[] scaled = VggFiles.first(known);
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= 0.03f;
    }
    Recognition recognition = Recognition.of(scaled, 0.03 * known.bias());
    assertSame(known, recognition.known());
    assertArrayEquals(scaled, recognition.ours(scaled, true));
    assertTrue(recognition.description().contains("normalized"), recognition.description());
  }

  @Test
  void noiseIsNoneOfThem() {
    for (int seed = 0; seed < 200; seed++) {
      assertNull(Recognition.of(TestBackends.random(108, seed), 0.5));
    }
    assertNull(Recognition.of(new float[108], 0));
  }

  @ParameterizedTest
  @EnumSource(KnownWeights.class)
  void theNegativeIsNotTheSame(KnownWeights known) {
    float[] weights = VggFiles.first(known);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = -weights[i];
    }
    assertNull(Recognition.of(weights, known.bias()));
  }

  @ParameterizedTest
  @EnumSource(KnownWeights.class)
  void aPercentOfNoiseMakesItAnother(KnownWeights known) {
    float[] weights = VggFiles.first(known);
    weights[4] += 0.02f * Math.abs(weights[0]) + 0.01f;
    assertNull(Recognition.of(weights, known.bias()));
  }
}
