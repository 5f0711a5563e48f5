package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Backends;
import dev.gramloom.backend.Backends.Resources;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import dev.gramloom.network.Layer;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.optimize.OptimizerState;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.SynthesisSettings.Method;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.synthesis.Transfer.Part;
import dev.gramloom.synthesis.Transfer.Style;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that was stopped comes to the result that it would have come to. */
class ResumeTest {
  private static final Progress QUIET = new Progress() {};
  private static final Identity NOBODY = new Identity(Map.of());
  private static final Image EXEMPLAR = Runs.exemplar(40, 44);

  /** One thread: rounds so small would wait for the other threads most of the time. */
  private static final Resources ONE = new Resources(1, 0);

  private static final Backend BACKEND = Backends.open(Backends.choose("cpu", ONE), ONE);

  private static final NetworkRecipe FILTERS = NetworkRecipe.filters(EXEMPLAR);

  @TempDir Path folder;

  @AfterAll
  static void closeBackend() {
    BACKEND.close();
  }

  /** Stops a run at its n-th pause, through a file as a process would. */
  private static class StopAt implements Checkpoints {
    private final Path file;
    private final int moment;
    private final Checkpoint from;
    private int pauses;

    StopAt(Path file, int moment, Checkpoint from) {
      this.file = file;
      this.moment = moment;
      this.from = from;
    }

    @Override
    public Optional<Checkpoint> resumed() {
      return Optional.ofNullable(from);
    }

    @Override
    public void pause(Supplier<Checkpoint> state) {
      if (isDue(pauses++, state)) {
        CheckpointFile.write(file, NOBODY, state.get());
        throw new Failure(ExitCode.STOPPED, "stopped");
      }
    }

    boolean isDue(int pause, Supplier<Checkpoint> state) {
      return pause == moment;
    }
  }

  /** Stops a run as soon as so many iterations are behind. */
  private static final class StopAfter extends StopAt {
    private final int iterations;

    StopAfter(Path file, int iterations) {
      super(file, 0, null);
      this.iterations = iterations;
    }

    @Override
    boolean isDue(int pause, Supplier<Checkpoint> state) {
      return state.get().iterations() == iterations;
    }
  }

  private static SynthesisResult run(
      NetworkRecipe network, SynthesisSettings settings, Checkpoints checkpoints) {
    return new Synthesizer(BACKEND, network, settings).run(EXEMPLAR, QUIET, checkpoints);
  }

  private static SynthesisResult run(SynthesisSettings settings, Checkpoints checkpoints) {
    return run(FILTERS, settings, checkpoints);
  }

  private static SynthesisSettings settings(Method method) {
    return Runs.settings(
        Tiling.BOTH, new Start.Noise(), method, new Scale(33, 32, 4), new Scale(40, 36, 13));
  }

  /** Both ways to move the pixels, with the filters and with a random VGG of few channels. */
  static Stream<Arguments> networksAndMethods() {
    NetworkRecipe vgg = NetworkRecipe.fixed(MiniVgg.network(new Layer.AveragePool()));
    return Stream.of(FILTERS, vgg)
        .flatMap(network -> Stream.of(Method.values()).map(m -> Arguments.of(network, m)));
  }

  private static void assertSame(SynthesisResult expected, SynthesisResult result, String when) {
    assertArrayEquals(expected.picture().rgb(), result.picture().rgb(), when);
    for (int i = 0; i < expected.scales().size(); i++) {
      assertArrayEquals(expected.scales().get(i).losses(), result.scales().get(i).losses(), when);
      assertEquals(
          expected.scales().get(i).exemplarWidth(), result.scales().get(i).exemplarWidth());
    }
  }

  @ParameterizedTest
  @MethodSource("networksAndMethods")
  void aRunStoppedAfterAnyIterationEndsWithTheSameBytes(NetworkRecipe network, Method method)
      throws Exception {
    SynthesisSettings settings =
        Runs.settings(
            Tiling.BOTH, new Start.Noise(), method, new Scale(33, 32, 3), new Scale(40, 36, 5));
    SynthesisResult expected = run(network, settings, Checkpoints.NONE);

    Path file = folder.resolve("a.checkpoint");
    for (int k = 0; k <= 3 + 5; k++) {
      StopAfter stop = new StopAfter(file, k);
      assertThrows(Failure.class, () -> run(network, settings, stop), "iteration " + k);
      Checkpoint from = CheckpointFile.read(file).checkpoint();
      assertEquals(k, from.iterations());
      assertSame(expected, run(network, settings, new StopAt(null, -1, from)), "iteration " + k);
    }
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void aTransferStoppedAfterAnyIterationEndsWithTheSameBytes(Method method) throws Exception {
    Image content = Pictures.waves(32, 32, 4);
    SynthesisSettings settings =
        Runs.settings(
            Tiling.NONE,
            new Start.Picture(content),
            method,
            new Scale(32, 32, 1),
            new Scale(34, 34, 3));
    Style style = new Style(EXEMPLAR, 1, 1, List.of(Part.ALL));
    Transfer transfer = new Transfer(content, null, 10, List.of(style));
    Synthesizer synthesizer = new Synthesizer(BACKEND, FILTERS, settings);
    TransferResult expected = synthesizer.run(transfer, QUIET, Checkpoints.NONE);

    Path file = folder.resolve("a.checkpoint");
    for (int k = 0; k <= 1 + 3; k++) {
      StopAfter stop = new StopAfter(file, k);
      assertThrows(Failure.class, () -> synthesizer.run(transfer, QUIET, stop), "iteration " + k);
      Checkpoint from = CheckpointFile.read(file).checkpoint();
      assertEquals(k, from.iterations());
      TransferResult result = synthesizer.run(transfer, QUIET, new StopAt(null, -1, from));
      String when = "iteration " + k;
      assertArrayEquals(expected.picture().rgb(), result.picture().rgb(), when);
      assertEquals(expected.styleLoss(), result.styleLoss(), when);
      assertEquals(expected.contentLoss(), result.contentLoss(), when);
      for (int i = 0; i < 2; i++) {
        assertArrayEquals(expected.scales().get(i).losses(), result.scales().get(i).losses(), when);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void aRunStoppedAtAnyMomentEndsWithTheSameBytes(Method method) throws Exception {
    SynthesisSettings settings = settings(method);
    StopAt never = new StopAt(null, -1, null);
    SynthesisResult expected = run(settings, never);
    assertTrue(never.pauses > 200, () -> never.pauses + " pauses");

    Path file = folder.resolve("a.checkpoint");
    for (int moment = 0; moment < never.pauses; moment += never.pauses / 7) {
      StopAt stop = new StopAt(file, moment, null);
      Failure stopped = assertThrows(Failure.class, () -> run(settings, stop));
      assertEquals(ExitCode.STOPPED, stopped.exitCode());
      Checkpoint from = CheckpointFile.read(file).checkpoint();
      assertTrue(from.fits(settings.schedule().scales(), method));
      assertSame(expected, run(settings, new StopAt(null, -1, from)), "moment " + moment);
    }
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void aRunStoppedAgainAndAgainEndsWithTheSameBytes(Method method) throws Exception {
    SynthesisSettings settings = settings(method);
    StopAt never = new StopAt(null, -1, null);
    SynthesisResult expected = run(settings, never);

    Path file = folder.resolve("a.checkpoint");
    Checkpoint from = null;
    int stops = 0;
    while (true) {
      try {
        int moment = never.pauses / 5; // an iteration and a bit more: it comes on
        assertSame(expected, run(settings, new StopAt(file, moment, from)), stops + " stops");
        assertTrue(stops > 2, () -> "it was not stopped often");
        return;
      } catch (Failure e) {
        stops++;
        Checkpoint next = CheckpointFile.read(file).checkpoint();
        assertTrue(from == null || next.iterations() > from.iterations(), "no progress");
        from = next;
      }
    }
  }

  /** Its last moment comes when all iterations are over, before the colours are matched. */
  @ParameterizedTest
  @EnumSource(Method.class)
  void nothingIsDoneTwiceWhereTheIterationsAreOver(Method method) throws Exception {
    SynthesisSettings settings = Runs.colored(settings(method), 1);
    StopAt never = new StopAt(null, -1, null);
    SynthesisResult expected = run(settings, never);

    Path file = folder.resolve("a.checkpoint");
    assertThrows(Failure.class, () -> run(settings, new StopAt(file, never.pauses - 1, null)));
    Checkpoint from = CheckpointFile.read(file).checkpoint();
    assertTrue(from.over());
    StopAt last = new StopAt(null, -1, from);
    assertSame(expected, run(settings, last), "at the end");
    assertEquals(1, last.pauses);
  }

  /** Its network's nodes at the first scale are moments too, at which there is nothing to keep. */
  @Test
  void aRunCanBeLeftWhileItsExemplarIsMeasured() {
    int[] moments = new int[1];
    Checkpoints leaving =
        new Checkpoints() {
          @Override
          public void pause(Supplier<Checkpoint> state) {
            throw new AssertionError("it began");
          }

          @Override
          public void pause() {
            if (++moments[0] == 3) {
              throw new Failure(ExitCode.STOPPED, "stopped");
            }
          }
        };
    Failure left = assertThrows(Failure.class, () -> run(settings(Method.LBFGS), leaving));
    assertEquals(ExitCode.STOPPED, left.exitCode());
    assertEquals(3, moments[0]);
  }

  @Test
  void aStateOfTheOtherMethodIsRefused() throws Exception {
    Path file = folder.resolve("a.checkpoint");
    StopAfter late = new StopAfter(file, 6);
    assertThrows(Failure.class, () -> run(settings(Method.LBFGS), late));
    Checkpoint from = CheckpointFile.read(file).checkpoint();

    Failure refused =
        assertThrows(Failure.class, () -> run(settings(Method.ADAM), new StopAt(null, -1, from)));
    assertEquals(ExitCode.BAD_DATA, refused.exitCode());
  }

  @Test
  void aCheckpointOfOtherScalesDoesNotFit() {
    OptimizerState state = new OptimizerState(0, new double[0], List.of(new float[3 * 33 * 32]));
    var leg = new Checkpoint.Leg(1, 1, new double[3], 0);
    assertTrue(
        new Checkpoint(List.of(leg), false, state)
            .fits(List.of(new Scale(33, 32, 3)), Method.ADAM));
    for (List<Scale> scales :
        List.of(List.of(new Scale(33, 33, 3)), List.of(new Scale(33, 32, 2)), List.<Scale>of())) {
      assertTrue(
          !new Checkpoint(List.of(leg), false, state).fits(scales, Method.ADAM), scales::toString);
    }
  }
}
