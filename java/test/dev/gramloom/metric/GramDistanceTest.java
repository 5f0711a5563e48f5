package dev.gramloom.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import dev.gramloom.network.Layer;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.network.Network;
import dev.gramloom.tensor.Edges;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How far apart two textures are, tap by tap. */
class GramDistanceTest {
  private static final Network NETWORK = MiniVgg.network(new Layer.AveragePool());

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void aPictureIsAtNoDistanceFromItself(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Image picture = Pictures.noise(33, 40, 1);
    var statistics = new TextureStatistics(backend, NETWORK, picture);
    Map<String, Double> distances =
        GramDistance.between(backend, picture, Edges.REFLECT, statistics);
    assertEquals(
        List.of("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"),
        List.copyOf(distances.keySet()));
    distances.forEach((name, distance) -> assertEquals(0, distance, 1e-9, name));
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void theGoldenDistancesAddUpToTheGoldenLoss(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Image image = new Image(48, 64, MiniVgg.stored("image").read());
    Image exemplar = new Image(43, 58, MiniVgg.stored("exemplar").read());
    var statistics = new TextureStatistics(backend, NETWORK, exemplar);
    Map<String, Double> distances = GramDistance.between(backend, image, Edges.WRAP, statistics);
    double golden = MiniVgg.golden("circular.avg.loss")[0];
    double sum = distances.values().stream().mapToDouble(Double::doubleValue).sum();
    assertEquals(golden, sum, 1e-5 * golden);
    assertEquals(golden / 5, GramDistance.mean(distances), 1e-5 * golden);
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void anotherTextureIsFurtherAwayThanAnotherPieceOfTheSame(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    var statistics = new TextureStatistics(backend, NETWORK, Pictures.noise(48, 48, 1));
    double same = distance(backend, Pictures.noise(48, 48, 2), statistics);
    double other = distance(backend, Pictures.waves(48, 48, 2), statistics);
    assertTrue(same > 0 && other > 2 * same, () -> same + " and " + other);
  }

  private static double distance(Backend backend, Image picture, TextureStatistics statistics) {
    return GramDistance.mean(GramDistance.between(backend, picture, Edges.WRAP, statistics));
  }

  @Test
  void theMeanOfNothingIsZero() {
    assertEquals(0, GramDistance.mean(Map.of()));
    assertEquals(2, GramDistance.mean(Map.of("a", 1.0, "b", 3.0)));
  }
}
