package dev.gramloom.pyramid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes and iterations, coarse to fine. */
class ScaleScheduleTest {
  private static ScaleSchedule schedule(Scale... scales) {
    return new ScaleSchedule(List.of(scales));
  }

  private static void refused(String message, Scale... scales) {
    Failure failure = assertThrows(Failure.class, () -> schedule(scales));
    assertEquals(ExitCode.USAGE, failure.exitCode());
    assertEquals(message, failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "32, 32, 32x32",
    "33, 33, 33x33",
    "62, 62, 62x62",
    "63, 63, 32x32 63x63",
    "64, 64, 32x32 64x64",
    "126, 126, 32x32 63x63 126x126",
    "127, 127, 32x32 64x64 127x127",
    "768, 768, 192x192 384x384 768x768",
    "512, 33, 512x33",
    "100, 40, 100x40",
    "40, 100, 40x100",
    "200, 70, 100x35 200x70",
    "517, 301, 129x75 259x151 517x301",
    "16384, 16384, 4096x4096 8192x8192 16384x16384"
  })
  void theLadderIsQuarterHalfAndFullAsFarAsTheyCanBeMade(int width, int height, String sizes) {
    List<int[]> ladder = ScaleSchedule.ladder(width, height);
    String actual = ladder.stream().map(s -> s[0] + "x" + s[1]).collect(Collectors.joining(" "));
    assertEquals(sizes, actual);
    Stream<Scale> scales = ladder.stream().map(s -> new Scale(s[0], s[1], 1));
    assertEquals(width, new ScaleSchedule(scales.toList()).finest().width());
  }

  @Test
  void everyLadderThatEndsAtAnAllowedSizeIsAllowed() {
    for (int width = 32; width < 300; width++) {
      for (int height = 32; height < 300; height += 7) {
        List<int[]> sizes = ScaleSchedule.ladder(width, height);
        Stream<Scale> scales = sizes.stream().map(s -> new Scale(s[0], s[1], 1));
        ScaleSchedule schedule = new ScaleSchedule(scales.toList());
        assertEquals(1, schedule.factor(schedule.finest()));
      }
    }
  }

  @Test
  void sizesThatCannotBeMadeAreRefusedWithWhatIsAllowed() {
    refused("sizes must be from 32 to 16384 pixels a side, got 31", new Scale(31, 31, 9));
    refused("sizes must be from 32 to 16384 pixels a side, got 512x31", new Scale(512, 31, 9));
    refused("sizes must be from 32 to 16384 pixels a side, got 64x16385", new Scale(64, 16385, 9));
    refused("sizes must be from 32 to 16384 pixels a side, got 0", new Scale(0, 0, 9));
    refused("sizes must be from 32 to 16384 pixels a side, got -64", new Scale(-64, -64, 9));
    assertEquals(1, schedule(new Scale(32, 16384, 9)).scales().size());
  }

  @Test
  void iterationsAreCounted() {
    refused("iterations must be from 1 to 100000 a scale, got 0", new Scale(64, 64, 0));
    refused("iterations must be from 1 to 100000 a scale, got -5", new Scale(64, 64, -5));
    refused("iterations must be from 1 to 100000 a scale, got 100001", new Scale(64, 64, 100_001));
    assertEquals(100_000, schedule(new Scale(64, 64, 100_000)).finest().iterations());
  }

  @Test
  void scalesMustGrow() {
    refused(
        "scales must grow from coarse to fine, got 64 after 64",
        new Scale(64, 64, 9),
        new Scale(64, 64, 9));
    refused(
        "scales must grow from coarse to fine, got 64x96 after 65",
        new Scale(65, 65, 9),
        new Scale(64, 96, 9));
    refused(
        "scales must grow from coarse to fine, got 96x64 after 65",
        new Scale(40, 40, 9),
        new Scale(65, 65, 9),
        new Scale(96, 64, 9));
    assertEquals(2, schedule(new Scale(64, 64, 9), new Scale(64, 65, 9)).scales().size());
    assertEquals(2, schedule(new Scale(64, 64, 9), new Scale(65, 64, 9)).scales().size());
    refused("at least one scale is needed");
  }

  @Test
  void theFactorIsThatOfTheShorterSides() {
    ScaleSchedule schedule = schedule(new Scale(50, 35, 1), new Scale(100, 70, 1));
    assertEquals(0.5, schedule.factor(schedule.scales().get(0)));
    assertEquals(1, schedule.factor(schedule.finest()));
    assertEquals("100x70", schedule.finest().size());
    assertEquals("64", new Scale(64, 64, 1).size());
  }

  @Test
  void qualitySpendsItsIterationsFromTheFinestScaleDown() {
    assertArrayEquals(new int[] {60}, Quality.NORMAL.iterations(1));
    assertArrayEquals(new int[] {60, 60}, Quality.NORMAL.iterations(2));
    assertArrayEquals(new int[] {100, 60, 60}, Quality.NORMAL.iterations(3));
    assertArrayEquals(new int[] {50, 50, 50, 40, 20}, Quality.DRAFT.iterations(5));
    assertArrayEquals(new int[] {300, 250, 200}, Quality.HIGH.iterations(3));
    assertArrayEquals(new int[] {100, 40, 40}, Quality.NORMAL.ofFilters(3));
    assertArrayEquals(new int[] {100, 100, 40, 40}, Quality.NORMAL.ofFilters(4));
  }

  @Test
  void higherQualityNeverMeansFewerIterations() {
    for (int scales = 1; scales < 6; scales++) {
      for (int i = 0; i < scales; i++) {
        int draft = Quality.DRAFT.iterations(scales)[i];
        int normal = Quality.NORMAL.iterations(scales)[i];
        assertEquals(normal, Math.max(draft, normal));
        assertEquals(
            Quality.HIGH.iterations(scales)[i],
            Math.max(normal, Quality.HIGH.iterations(scales)[i]));
        int filters = Quality.NORMAL.ofFilters(scales)[i];
        assertTrue(Quality.DRAFT.ofFilters(scales)[i] <= filters);
        assertTrue(filters <= Quality.HIGH.ofFilters(scales)[i]);
      }
    }
  }
}
