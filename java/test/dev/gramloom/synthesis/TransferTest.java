package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import dev.gramloom.image.Plane;
import dev.gramloom.loss.GramNormalization;
import dev.gramloom.loss.Slopes;
import dev.gramloom.network.BackendSuppliers;
import dev.gramloom.network.Layer;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.network.Vgg.TapPoint;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.pyramid.ScaleSchedule;
import dev.gramloom.synthesis.SynthesisSettings.Method;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.synthesis.Transfer.Part;
import dev.gramloom.synthesis.Transfer.Style;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures that show one thing in the style of others. */
class TransferTest {
  private static final int HEIGHT = 32;
  private static final int WIDTH = 40;
  private static final Image CONTENT = Pictures.waves(HEIGHT, WIDTH, 3);
  private static final Image FIRST = Runs.exemplar(36, 33);
  private static final Image SECOND = Pictures.noise(34, 40, 8);
  private static final Progress QUIET = new Progress() {};

  private static final List<TapPoint> TAPS =
      Stream.of("conv1_1", "conv2_1", "conv3_1").map(layer -> new TapPoint(layer, 1)).toList();

  private static NetworkRecipe vgg() {
    return NetworkRecipe.vgg(MiniVgg.vgg(new Layer.AveragePool()), TAPS, List.of("conv2_1"), 1);
  }

  /** Neighbours correlated and shifted, as Novak and Nikulin have them. */
  private static NetworkRecipe chain() {
    List<TapPoint> pairs =
        List.of(
            new TapPoint("conv1_1", "conv2_1", 1, -1), new TapPoint("conv2_1", "conv3_1", 0.5, -1));
    return NetworkRecipe.vgg(
        MiniVgg.vgg(new Layer.MaxPool()), pairs, List.of("conv3_1", "conv2_1"), 1);
  }

  static Stream<Named<NetworkRecipe>> recipes() {
    return Stream.of(
        Named.of("vgg", vgg()),
        Named.of("chain", chain()),
        Named.of("filters", NetworkRecipe.filters(FIRST)));
  }

  private static Backend cpu() {
    return BackendSuppliers.get("cpu");
  }

  private static SynthesisSettings settings(StyleLoss loss, double minImprovement) {
    Scale scale = new Scale(WIDTH, HEIGHT, 6);
    return new SynthesisSettings(
        new ScaleSchedule(List.of(scale)),
        7,
        Tiling.NONE,
        new Start.Picture(CONTENT),
        1,
        1,
        GramNormalization.RELATIVE,
        0,
        false,
        Method.LBFGS,
        loss,
        minImprovement);
  }

  private static Style style(Image image, double weight, Part... parts) {
    return new Style(image, 1, weight, parts.length == 0 ? List.of(Part.ALL) : List.of(parts));
  }

  private static TransferResult run(NetworkRecipe recipe, Plane contentMask, Style... styles) {
    Transfer transfer = new Transfer(CONTENT, contentMask, 0.5, List.of(styles));
    return new Synthesizer(cpu(), recipe, settings(StyleLoss.GRAM, 0))
        .run(transfer, QUIET, Checkpoints.NONE);
  }

  private static Plane half(boolean left) {
    float[] values = new float[HEIGHT * WIDTH];
    for (int i = 0; i < values.length; i++) {
      double share = Math.min(1, Math.max(0, (i % WIDTH - 15) / 10.0)); // a soft edge
      values[i] = (float) (left ? 1 - share : share);
    }
    return new Plane(HEIGHT, WIDTH, values);
  }

  private static Plane everywhere() {
    float[] values = new float[HEIGHT * WIDTH];
    Arrays.fill(values, 1);
    return new Plane(HEIGHT, WIDTH, values);
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void oneStyleTwiceAtHalfTheWeightIsOnceToTheLastBit(NetworkRecipe recipe) {
    float[] once = run(recipe, null, style(FIRST, 1)).picture().rgb();
    float[] twice = run(recipe, null, style(FIRST, 0.5), style(FIRST, 0.5)).picture().rgb();
    assertArrayEquals(once, twice);
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void theOrderOfStylesChangesNothing(NetworkRecipe recipe) {
    Style one = style(FIRST, 0.7, new Part(null, half(true)));
    Style two = style(SECOND, 0.4, new Part(null, half(false)));
    assertArrayEquals(
        run(recipe, null, one, two).picture().rgb(), run(recipe, null, two, one).picture().rgb());
    Style three = style(SECOND, 0.4);
    Style four = style(FIRST, 0.7);
    assertArrayEquals(
        run(recipe, null, three, four).picture().rgb(),
        run(recipe, null, four, three).picture().rgb());
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void masksThatCoverEverythingChangeNothing(NetworkRecipe recipe) {
    float[] plain = run(recipe, null, style(FIRST, 1)).picture().rgb();
    Part all = new Part(null, everywhere());
    assertArrayEquals(plain, run(recipe, everywhere(), style(FIRST, 1, all)).picture().rgb());
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void moreContentIsNearerToTheContent(NetworkRecipe recipe) {
    double last = Double.POSITIVE_INFINITY;
    for (double weight : new double[] {0, 1, 100}) {
      Transfer transfer = new Transfer(CONTENT, null, weight, List.of(style(FIRST, 1)));
      Image picture =
          new Synthesizer(cpu(), recipe, settings(StyleLoss.GRAM, 0))
              .run(transfer, QUIET, Checkpoints.NONE)
              .picture();
      double distance = 0;
      for (int i = 0; i < picture.rgb().length; i++) {
        distance += Math.pow(picture.rgb()[i] - CONTENT.rgb()[i], 2);
      }
      assertTrue(distance < last, "content weight " + weight);
      last = distance;
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void theGradientOfPartsAndContentIsTheSlope(NetworkRecipe recipe) {
    Plane source = new Plane(2, 1, new float[] {1, 0.2f});
    Style one = style(FIRST, 1, new Part(source, half(true)));
    Style two = style(SECOND, 0.5, new Part(null, half(false)));
    Transfer transfer = new Transfer(CONTENT, half(true), 0.8, List.of(one, two));
    SynthesisSettings settings = settings(StyleLoss.GRAM, 0);
    assertSlope(recipe, settings, transfer, 2e-3, 3e-3);
  }

  @ParameterizedTest
  @EnumSource(StyleLoss.class)
  void theGradientOfEveryStyleLossIsTheSlope(StyleLoss loss) {
    Transfer transfer =
        new Transfer(CONTENT, null, 0.8, List.of(style(FIRST, 1), style(SECOND, 0.5)));
    assertSlope(vgg(), settings(loss, 0), transfer, 5e-4, 2e-2);
  }

  private static void assertSlope(
      NetworkRecipe recipe,
      SynthesisSettings settings,
      Transfer transfer,
      double step,
      double tolerance) {
    Backend backend = cpu();
    Shape shape = new Shape(3, HEIGHT, WIDTH);
    try (TransferGoal goal = new TransferGoal(backend, recipe, settings, transfer, 1)) {
      goal.measure(settings.schedule().finest(), () -> {});
      Tensor x = backend.upload(shape, Pictures.noise(HEIGHT, WIDTH, 2).rgb());
      try (StyleObjective objective = goal.objective(shape)) {
        Tensor gradient = backend.zeros(shape);
        objective.evaluate(x, gradient);
        Tensor scratch = backend.zeros(shape);
        Slopes.assertGradient(
            backend, at -> objective.evaluate(at, scratch), x, gradient, step, tolerance);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(StyleLoss.class)
  void everyStyleLossBringsATextureNearer(StyleLoss loss) {
    SynthesisSettings settings = settings(loss, 0);
    double[] losses =
        new Synthesizer(cpu(), vgg(), settings).run(FIRST, QUIET).scales().get(0).losses();
    assertTrue(losses[losses.length - 1] < losses[0], loss + ": " + Arrays.toString(losses));
  }

  @Test
  void aTextureFollowsItsMap() {
    float[] rgb = new float[3 * 64 * 64]; // white above, black below
    Arrays.fill(rgb, 0.1f);
    float[] upper = new float[64 * 64];
    float[] lower = new float[64 * 64];
    for (int i = 0; i < upper.length; i++) {
      boolean above = i < upper.length / 2;
      upper[i] = above ? 1 : 0;
      lower[i] = above ? 0 : 1;
      for (int c = 0; above && c < 3; c++) {
        rgb[c * upper.length + i] = 0.9f;
      }
    }
    Part white = new Part(new Plane(64, 64, upper), half(true));
    Part black = new Part(new Plane(64, 64, lower), half(false));
    SynthesisSettings settings = Runs.settings(Tiling.BOTH, new Scale(WIDTH, HEIGHT, 25));
    Image exemplar = new Image(64, 64, rgb);
    Image picture =
        new Synthesizer(cpu(), vgg(), settings)
            .run(exemplar, List.of(white, black), QUIET, Checkpoints.NONE)
            .picture();
    double left = 0;
    double right = 0;
    for (int i = 0; i < picture.pixels(); i++) {
      if (i % WIDTH >= 3 && i % WIDTH < 13) {
        left += picture.rgb()[i];
      } else if (i % WIDTH >= 27 && i % WIDTH < 37) {
        right += picture.rgb()[i];
      }
    }
    assertTrue(left > 2 * right, left + " left, " + right + " right");
  }

  @Test
  void aScaleEndsWhenItGainsTooLittle() {
    Transfer transfer = new Transfer(CONTENT, null, 0.5, List.of(style(FIRST, 1)));
    SynthesisSettings patient =
        Runs.settings(Tiling.NONE, new Start.Noise(), Method.LBFGS, new Scale(WIDTH, HEIGHT, 15));
    SynthesisSettings hasty =
        new SynthesisSettings(
            patient.schedule(),
            7,
            Tiling.NONE,
            new Start.Noise(),
            1,
            1,
            GramNormalization.RELATIVE,
            0,
            false,
            Method.LBFGS,
            StyleLoss.GRAM,
            1);
    assertEquals(15, iterations(patient, transfer));
    assertEquals(11, iterations(hasty, transfer)); // nothing gains all of the loss
  }

  private static int iterations(SynthesisSettings settings, Transfer transfer) {
    TransferResult result =
        new Synthesizer(cpu(), vgg(), settings).run(transfer, QUIET, Checkpoints.NONE);
    for (float value : result.picture().rgb()) {
      assertFalse(Float.isNaN(value));
    }
    return result.scales().get(0).losses().length;
  }

  @Test
  void severalStylesAreOneLookAndOneProductATap() {
    assertEquals(terms(style(FIRST, 1)), terms(style(FIRST, 1), style(SECOND, 1)));
  }

  private static int terms(Style... styles) {
    Transfer transfer = new Transfer(CONTENT, null, 0.5, List.of(styles));
    SynthesisSettings settings = settings(StyleLoss.GRAM, 0);
    try (TransferGoal goal = new TransferGoal(cpu(), vgg(), settings, transfer, 1)) {
      goal.measure(settings.schedule().finest(), () -> {});
      try (StyleObjective objective = goal.objective(new Shape(3, HEIGHT, WIDTH))) {
        return objective.terms();
      }
    }
  }
}
