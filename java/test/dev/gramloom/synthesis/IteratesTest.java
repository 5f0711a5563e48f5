package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.image.Image;
import dev.gramloom.network.Layer;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.SynthesisSettings.Method;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An iterate that is told of later is the one that it was. */
@Tag("backends")
class IteratesTest {
  private static final Scale SCALE = new Scale(32, 32, 3);

  private record Told(int iteration, double loss, float[] rgb) {}

  /** Every iterate, told of at once or as a wanted one is. */
  private static List<Told> told(Backend backend, Method method, boolean shown) {
    Image exemplar = Runs.exemplar(40, 36);
    List<Told> told = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public boolean shows(Scale scale, int iteration, double loss) {
            return shown;
          }

          @Override
          public void iterated(
              double done, Scale scale, int iteration, double loss, Supplier<Image> picture) {
            told.add(new Told(iteration, loss, picture.get().rgb()));
          }
        };
    new Synthesizer(
            backend,
            NetworkRecipe.fixed(MiniVgg.network(new Layer.AveragePool())),
            Runs.settings(Tiling.BOTH, new Start.Noise(), method, SCALE))
        .run(exemplar, progress);
    return told;
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void aWantedPictureIsThatOfItsIteration(Method method) {
    for (Backend backend : TestBackends.all()) {
      try (backend) {
        List<Told> expected = told(backend, method, false);
        List<Told> actual = told(backend, method, true);
        assertEquals(SCALE.iterations(), expected.size());
        assertEquals(SCALE.iterations(), actual.size());
        for (int i = 0; i < actual.size(); i++) {
          assertEquals(expected.get(i).iteration, actual.get(i).iteration, backend.name());
          assertEquals(expected.get(i).loss, actual.get(i).loss, backend.name());
          assertArrayEquals(expected.get(i).rgb, actual.get(i).rgb, backend.name() + i);
        }
      }
    }
  }
}
