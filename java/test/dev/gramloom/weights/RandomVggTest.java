package dev.gramloom.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gramloom.backend.Kernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomVggTest {
  @ParameterizedTest
  @CsvSource({"conv1_1, 64, 3", "conv2_1, 128, 64", "conv5_1, 512, 512"})
  void aKernelHasVggsShapeAndTheVarianceOfHe(String name, int outputs, int inputs) {
    Kernel kernel = RandomVgg.kernel(name);
    assertEquals(outputs, kernel.outputs());
    assertEquals(inputs, kernel.inputs());
    assertEquals(3, kernel.size());
    assertArrayEquals(new float[outputs], kernel.bias());
    double sum = 0;
    double squares = 0;
    for (float weight : kernel.weights()) {
      sum += weight;
      squares += (double) weight * weight;
    }
    double expected = 2.0 / (9 * inputs);
    int n = kernel.weights().length;
    assertEquals(0, sum / n, 5 * Math.sqrt(expected / n));
    assertEquals(1, squares / n / expected, 5 * Math.sqrt(2.0 / n));
  }

  @Test
  void aKernelIsTheSameEachTimeAndUnlikeTheOthers() {
    float[] first = RandomVgg.kernel("conv3_2").weights();
    assertArrayEquals(first, RandomVgg.kernel("conv3_2").weights());
    assertNotEquals(first[0], RandomVgg.kernel("conv3_3").weights()[0]);
  }

  @Test
  void thereAreSixteenAndNoMore() {
    assertEquals(16, RandomVgg.convolutions().size());
    assertThrows(IllegalArgumentException.class, () -> RandomVgg.kernel("conv6_1"));
  }
}
