package dev.gramloom.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Program;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a program's runs do is what its steps do. */
@OnCuda
@Tag("verbs")
class CudaProgramTest {
  private static final Shape SHAPE = new Shape(3, 13, 9);
  private static final int RUNS = 5; // told, recorded, and started by itself

  private final CudaBackend cuda = new CudaBackend(0);
  private final Tensor x = TestBackends.random(cuda, SHAPE, 1);
  private final Tensor y = cuda.zeros(SHAPE.withChannels(4));
  private final Tensor gradient = cuda.zeros(SHAPE);
  private final Filters filters = cuda.filters(TestBackends.kernel(4, 3, 3, 2));
  private final List<DoubleSupplier> sums = new ArrayList<>();

  @AfterEach
  void close() {
    cuda.close();
  }

  private void tell(Runnable pause) {
    sums.clear();
    cuda.convolve(x, filters, Edges.WRAP, Activation.RELU, y);
    sums.add(cuda.laterDot(y, y));
    pause.run();
    cuda.fill(0, gradient);
    cuda.convolveAdjoint(y, y, filters, Edges.WRAP, Activation.RELU, gradient);
    sums.add(cuda.laterRangePenalty(x, 2, gradient));
    sums.add(cuda.laterTotalVariation(x, Edges.WRAP, 3, gradient));
  }

  private double[] values() {
    return sums.stream().mapToDouble(DoubleSupplier::getAsDouble).toArray();
  }

  private void assertRuns(Runnable between) {
    try (Program program = cuda.program(this::tell)) {
      for (int run = 0; run < RUNS; run++) {
        cuda.addScaled(-0.1f, gradient, x);
        program.run(() -> {});
        double[] told = values();
        float[] slope = gradient.toArray();
        List<DoubleSupplier> kept = List.copyOf(sums);
        tell(() -> {});
        assertArrayEquals(values(), told, "run " + run);
        assertArrayEquals(gradient.toArray(), slope, "run " + run);
        sums.clear();
        sums.addAll(kept);
        between.run();
      }
    }
  }

  @Test
  void everyRunGivesTheBitsOfItsSteps() {
    assertRuns(() -> {});
  }

  @Test
  void memoryThatMovesIsFoundAgain() {
    Shape large = new Shape(3, 40, 50);
    assertRuns(() -> {
      cuda.trim();
      cuda.convolve(
          cuda.zeros(large),
          filters,
          Edges.WRAP,
          Activation.RELU,
          cuda.zeros(large.withChannels(4)));
    });
  }

  @Test
  void aRunThatIsEndedByItsPauseCanBeMadeAgain() {
    try (Program program = cuda.program(this::tell)) {
      for (int run = 0; run < RUNS; run++) {
        assertThrows(
            IllegalStateException.class,
            () ->
                program.run(() -> {
                  throw new IllegalStateException("enough");
                }));
        program.run(() -> x.toArray());
        double told = values()[0];
        assertEquals(cuda.dot(y, y), told);
      }
    }
  }

  @Test
  void aSumThatIsReadWithinTheStepsIsRefused() {
    try (Program program = cuda.program(pause -> cuda.dot(x, x))) {
      assertThrows(IllegalStateException.class, () -> program.run(() -> {}));
    }
    assertTrue(cuda.dot(x, x) > 0, "and outside it is not");
  }
}
