package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Memory;
import dev.gramloom.backend.cpu.CpuBackend;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.ColorStatistics;
import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import dev.gramloom.network.BackendSuppliers;
import dev.gramloom.network.Layer;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.SynthesisSettings.Method;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.tensor.Edge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole recipe, on pictures as small as they can be. */
class SynthesizerTest {
  private static final Progress QUIET = new Progress() {};
  private static final Scale COARSE = new Scale(33, 32, 3);
  private static final Scale FINE = new Scale(48, 40, 4);

  private static Backend cpu() {
    return BackendSuppliers.get("cpu");
  }

  private static SynthesisResult run(Backend backend, SynthesisSettings s, Image exemplar) {
    return new Synthesizer(backend, NetworkRecipe.filters(exemplar), s).run(exemplar, QUIET);
  }

  private static SynthesisResult run(SynthesisSettings settings, Image exemplar) {
    SynthesisResult result = run(cpu(), settings, exemplar);
    Scale finest = settings.schedule().finest();
    assertEquals(finest.width(), result.picture().width());
    assertEquals(finest.height(), result.picture().height());
    assertWithinRange(result.picture());
    for (SynthesisResult.ScaleReport report : result.scales()) {
      double[] losses = report.losses();
      assertEquals(report.scale().iterations(), losses.length);
      assertTrue(losses[losses.length - 1] < losses[0], () -> Arrays.toString(losses));
    }
    return result;
  }

  private static void assertWithinRange(Image picture) {
    for (float value : picture.rgb()) {
      assertTrue(value >= 0 && value <= 1, () -> "a pixel of " + value);
    }
  }

  @Test
  void theSameBytesOnAnyNumberOfThreads() {
    Image exemplar = Runs.exemplar(50, 61);
    SynthesisSettings settings = Runs.settings(Tiling.BOTH, COARSE, FINE);
    float[] expected = run(settings, exemplar).picture().rgb();
    for (int threads = 1; threads <= 3; threads++) {
      for (int time = 1; time <= 2; time++) {
        try (Backend backend = new CpuBackend(threads)) {
          float[] picture = run(backend, settings, exemplar).picture().rgb();
          assertArrayEquals(expected, picture, threads + " threads, time " + time);
        }
      }
    }
  }

  @Test
  void anotherSeedIsAnotherPicture() {
    Image exemplar = Runs.exemplar(50, 61);
    SynthesisSettings settings = Runs.settings(Tiling.BOTH, new Scale(33, 32, 3));
    float[] seven = run(settings, exemplar).picture().rgb();
    float[] eight = run(Runs.seeded(settings, 8), exemplar).picture().rgb();
    assertFalse(Arrays.equals(seven, eight));
  }

  @ParameterizedTest
  @EnumSource(Tiling.class)
  void everyTilingRunsAtOddSizes(Tiling tiling) {
    run(Runs.settings(tiling, new Scale(33, 47, 6)), Runs.exemplar(64, 48));
    run(Runs.settings(tiling, new Scale(32, 33, 3), new Scale(33, 47, 3)), Runs.exemplar(64, 48));
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void bothMethodsComeNearerToTheExemplar(Method method) {
    Image exemplar = Runs.exemplar(48, 48);
    Scale scale = new Scale(40, 48, 30);
    SynthesisSettings settings = Runs.settings(Tiling.BOTH, new Start.Noise(), method, scale);
    double[] losses = run(settings, exemplar).scales().get(0).losses();
    assertTrue(losses[29] < 0.3 * losses[0], () -> Arrays.toString(losses));
  }

  @Test
  void lbfgsNeverClimbsAtAnyScale() {
    SynthesisResult result =
        run(
            Runs.settings(Tiling.BOTH, new Scale(33, 32, 12), new Scale(48, 40, 12)),
            Runs.exemplar(64, 55));
    for (SynthesisResult.ScaleReport report : result.scales()) {
      for (int i = 1; i < report.losses().length; i++) {
        assertTrue(report.losses()[i] < report.losses()[i - 1]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"64, 48", "48, 64", "48, 20", "21, 64", "16, 17"})
  void theExemplarMayBeOblongAndSmallerThanTheOutput(int height, int width) {
    run(Runs.settings(Tiling.BOTH, FINE), Runs.exemplar(height, width));
    if (Math.min(height, width) >= 20) {
      run(Runs.settings(Tiling.BOTH, COARSE, FINE), Runs.exemplar(height, width));
    }
  }

  @Test
  void whatLiesUnderTheMaskChangesNothing() {
    SynthesisSettings settings = Runs.settings(Tiling.BOTH, COARSE, FINE);
    Image red = Runs.holed(64, 60, Runs.redNoise(64, 60));
    Image green = Runs.holed(64, 60, Pictures.plain(64, 60, 0, 1, 0));
    float[] expected = run(settings, green).picture().rgb();
    assertArrayEquals(expected, run(settings, red).picture().rgb());
    SynthesisSettings colored = Runs.colored(settings, 0.9);
    expected = run(colored, green).picture().rgb();
    assertArrayEquals(expected, run(colored, red).picture().rgb());
  }

  @Test
  void matchedColoursAreTheExemplars() {
    Image exemplar = Runs.exemplar(50, 61);
    SynthesisSettings settings = Runs.colored(Runs.settings(Tiling.BOTH, FINE), 1);
    double[] expected = ColorStatistics.of(exemplar).mean();
    double[] actual = ColorStatistics.of(run(settings, exemplar).picture()).mean();
    assertArrayEquals(expected, actual, 0.01);
  }

  @Test
  void startsFromTheExemplarOrFromAnotherPicture() {
    Image exemplar = Runs.exemplar(50, 61);
    Start other = new Start.Picture(Pictures.waves(40, 70, 1));
    run(Runs.settings(Tiling.BOTH, other, Method.LBFGS, FINE), exemplar);
    Start itself = new Start.Exemplar();
    SynthesisResult result = run(Runs.settings(Tiling.BOTH, itself, Method.LBFGS, FINE), exemplar);
    double near = result.scales().get(0).losses()[0];
    double far = run(Runs.settings(Tiling.BOTH, FINE), exemplar).scales().get(0).losses()[0];
    assertTrue(near < far, () -> near + " from the exemplar, " + far + " from noise");
  }

  @Test
  void aVggWorksTheSameWay() {
    NetworkRecipe recipe = NetworkRecipe.fixed(MiniVgg.network(new Layer.AveragePool()));
    SynthesisSettings settings = Runs.settings(Tiling.BOTH, new Scale(48, 40, 20));
    Image exemplar = Runs.exemplar(50, 61);
    SynthesisResult result = new Synthesizer(cpu(), recipe, settings).run(exemplar, QUIET);
    double[] losses = result.scales().get(0).losses();
    assertTrue(losses[19] < 0.5 * losses[0], () -> Arrays.toString(losses));
    assertWithinRange(result.picture());
  }

  @Test
  void anExemplarThatIsTooSmallIsRefusedBeforeTheWorkBegins() {
    SynthesisSettings settings =
        Runs.settings(Tiling.BOTH, new Scale(32, 32, 1), new Scale(128, 128, 1));
    Image exemplar = Runs.exemplar(64, 31);
    List<Scale> begun = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void scaleBegins(Scale scale) {
            begun.add(scale);
          }
        };
    Synthesizer synthesizer = new Synthesizer(cpu(), NetworkRecipe.filters(exemplar), settings);
    Failure failure = assertThrows(Failure.class, () -> synthesizer.run(exemplar, progress));
    assertEquals(ExitCode.USAGE, failure.exitCode());
    assertTrue(failure.getMessage().contains("at least 8 pixels"), failure.getMessage());
    assertTrue(failure.getMessage().contains("7.8"), failure.getMessage());
    assertEquals(1, failure.getMessage().lines().count());
    assertEquals(List.of(), begun);
  }

  @Test
  void aMaskThatLeavesNothingToMeasureIsRefused() {
    Image whole = Runs.exemplar(48, 48);
    float[] mask = new float[whole.pixels()];
    for (int i = 0; i < 5; i++) {
      Arrays.fill(mask, 48 * (20 + i) + 20, 48 * (20 + i) + 25, 1); // 5 x 5 pixels
    }
    Image exemplar = new Image(48, 48, whole.rgb(), mask);
    SynthesisSettings settings = Runs.settings(Tiling.BOTH, new Scale(32, 32, 2));
    Failure failure = assertThrows(Failure.class, () -> run(cpu(), settings, exemplar));
    assertEquals(ExitCode.BAD_DATA, failure.exitCode());
  }

  @Test
  void progressGoesUpToOneAndShowsTheIterate() {
    SynthesisSettings settings = Runs.settings(Tiling.NONE, COARSE, FINE);
    Image exemplar = Runs.exemplar(50, 61);
    List<Double> done = new ArrayList<>();
    List<Scale> begun = new ArrayList<>();
    List<Supplier<Image>> pictures = new ArrayList<>();
    List<Memory> told = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void begins(Memory memory) {
            assertEquals(List.of(), begun);
            told.add(memory);
          }

          @Override
          public void scaleBegins(Scale scale) {
            begun.add(scale);
          }

          @Override
          public void iterated(
              double share, Scale scale, int iteration, double loss, Supplier<Image> picture) {
            assertEquals(begun.get(begun.size() - 1), scale);
            assertTrue(share > (done.isEmpty() ? 0 : done.get(done.size() - 1)));
            assertTrue(iteration >= 1 && iteration <= scale.iterations());
            done.add(share);
            Image image = picture.get();
            assertEquals(scale.width(), image.width());
            assertWithinRange(image);
            pictures.add(() -> image);
          }
        };
    Synthesizer synthesizer = new Synthesizer(cpu(), NetworkRecipe.filters(exemplar), settings);
    SynthesisResult result = synthesizer.run(exemplar, progress);
    assertEquals(List.of(COARSE, FINE), begun);
    assertEquals(List.of(result.memory()), told);
    assertEquals(7, done.size());
    assertEquals(3.0 * 33 * 32 / (3.0 * 33 * 32 + 4.0 * 48 * 40), done.get(2), 1e-12);
    assertEquals(1, done.get(6), 1e-12);
    assertArrayEquals(result.picture().rgb(), pictures.get(6).get().rgb());
  }

  private static Image lastIterate(Backend backend, SynthesisSettings settings, Image exemplar) {
    Image[] last = new Image[1];
    Progress progress =
        new Progress() {
          @Override
          public void iterated(
              double share, Scale scale, int iteration, double loss, Supplier<Image> picture) {
            last[0] = picture.get();
          }
        };
    new Synthesizer(backend, NetworkRecipe.filters(exemplar), settings).run(exemplar, progress);
    return last[0];
  }

  @ParameterizedTest
  @EnumSource(Tiling.class)
  void theResultIsTheLastIterateCutElsewhereWhereItWraps(Tiling tiling) {
    Image exemplar = Runs.exemplar(50, 61);
    SynthesisSettings settings = Runs.settings(tiling, new Scale(33, 40, 3));
    float[] result = run(settings, exemplar).picture().rgb();
    Image iterate = lastIterate(cpu(), settings, exemplar);
    boolean found = false;
    for (int y = 0; y < (tiling.edges().vertical() == Edge.WRAP ? 40 : 1); y++) {
      for (int x = 0; x < (tiling.edges().horizontal() == Edge.WRAP ? 33 : 1); x++) {
        found |= Arrays.equals(result, Pictures.rolled(iterate, y, x).rgb());
      }
    }
    assertTrue(found);
  }

  @Test
  void theCpuMakesWhatTheReferenceMakes() {
    Image exemplar = Runs.exemplar(32, 40);
    SynthesisSettings settings = Runs.settings(Tiling.BOTH, new Scale(32, 32, 2));
    float[] expected = lastIterate(BackendSuppliers.get("reference"), settings, exemplar).rgb();
    assertArrayEquals(expected, lastIterate(cpu(), settings, exemplar).rgb(), 1e-3f);
  }
}
