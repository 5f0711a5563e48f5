package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.image.HoleFill;
import dev.gramloom.image.Image;
import dev.gramloom.image.Resample;
import dev.gramloom.metric.Photograph;
import dev.gramloom.network.BackendSuppliers;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.pyramid.ScaleSchedule;
import dev.gramloom.tensor.Edges;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backend has of an exemplar at a scale. */
class ScaledExemplarTest {
  private static final ScaleSchedule SCHEDULE =
      new ScaleSchedule(List.of(new Scale(32, 40, 1), new Scale(64, 80, 1)));

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.9})
  void itIsTheReducedPhotographByteForByte(double scale) {
    Image plain = Runs.exemplar(50, 61);
    Image holed = Runs.holed(50, 61, plain);
    for (Image image : new Image[] {plain, holed}) {
      ScaledExemplar exemplar =
          new ScaledExemplar(BackendSuppliers.get("cpu"), image, scale, SCHEDULE, "exemplar");
      for (Scale at : SCHEDULE.scales()) {
        Image expected = Resample.scale(image, scale * SCHEDULE.factor(at), Edges.REFLECT);
        try (Photograph seen = exemplar.at(at)) {
          assertEquals(exemplar.shape(at), seen.shape());
          assertArrayEquals(expected.rgb(), seen.image().rgb());
          assertArrayEquals(expected.mask(), seen.image().mask());
          assertArrayEquals(HoleFill.fill(expected).rgb(), seen.pixels().toArray());
        }
      }
    }
  }
}
