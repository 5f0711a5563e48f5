package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gramloom.image.Image;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.SynthesisSettings.Method;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdentityTest {
  private static final Scale SCALE = new Scale(33, 32, 4);

  private static SynthesisSettings settings() {
    return Runs.settings(Tiling.BOTH, SCALE);
  }

  private static SynthesisSettings from(Image image) {
    return Runs.settings(Tiling.BOTH, new Start.Picture(image), Method.LBFGS, SCALE);
  }

  @Test
  void theSameSettingsAreTheSameIdentity() {
    assertEquals(Identity.of(settings()), Identity.of(settings()));
    assertEquals(Identity.of(settings()).hash(), Identity.of(settings()).hash());
    Image image = Runs.exemplar(33, 32);
    Image copy = new Image(33, 32, image.rgb().clone());
    assertEquals(Identity.of(from(image)), Identity.of(from(copy)));
  }

  @Test
  void everySettingChangesIt() {
    Image image = Runs.exemplar(33, 32);
    float[] rgb = image.rgb().clone();
    rgb[77] = Math.nextUp(rgb[77]);
    float[] mask = new float[image.pixels()];
    List<SynthesisSettings> all =
        List.of(
            settings(),
            Runs.seeded(settings(), 8),
            Runs.weighted(settings(), 2, 0),
            Runs.weighted(settings(), 1, 1),
            Runs.colored(settings(), 1),
            Runs.colored(settings(), Math.nextUp(1)),
            Runs.settings(Tiling.X, SCALE),
            Runs.settings(Tiling.BOTH, new Scale(33, 32, 5)),
            Runs.settings(Tiling.BOTH, SCALE, new Scale(40, 40, 4)),
            Runs.settings(Tiling.BOTH, new Start.Noise(), Method.ADAM, SCALE),
            Runs.settings(Tiling.BOTH, new Start.Exemplar(), Method.LBFGS, SCALE),
            from(image),
            from(new Image(33, 32, rgb)),
            from(new Image(32, 33, image.rgb())),
            from(new Image(33, 32, image.rgb(), mask)));
    Set<String> hashes = new HashSet<>();
    all.forEach(settings -> hashes.add(Identity.of(settings).hash()));
    assertEquals(all.size(), hashes.size());
  }

  @Test
  void namesAndValuesDoNotRunIntoEachOther() {
    Identity a = new Identity(Map.of("ab", "c"));
    assertNotEquals(a.hash(), new Identity(Map.of("a", "bc")).hash());
    assertNotEquals(a.hash(), a.with("d", null).hash());
  }

  @Test
  void whatDiffersIsTold() {
    Identity before = Identity.of(settings()).with("exemplar", "1".repeat(64)).with("old", 1);
    Identity now =
        Identity.of(Runs.seeded(settings(), 8)).with("exemplar", "2".repeat(64)).with("new", true);
    assertEquals(
        List.of(
            "exemplar differs",
            "new was nothing and is true",
            "old was 1 and is nothing",
            "seed was 7 and is 8"),
        before.differences(now));
    assertEquals(List.of(), now.differences(now));
  }

  @Test
  void whatHasNoContentToNameIsRefused() {
    Identity identity = new Identity(Map.of());
    assertThrows(IllegalArgumentException.class, () -> identity.with("a", new Object()));
    assertThrows(IllegalArgumentException.class, () -> identity.with("a", 1).with("a", 2));
  }
}
