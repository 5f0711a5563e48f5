package dev.gramloom.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A mask shrinks by what a layer reaches. */
class MaskTest {
  /** Rows of '#' for texture and '.' for none. */
  private static Mask mask(String... rows) {
    float[] texture = new float[rows.length * rows[0].length()];
    for (int i = 0; i < texture.length; i++) {
      texture[i] = rows[i / rows[0].length()].charAt(i % rows[0].length()) == '#' ? 1 : 0;
    }
    return new Mask(rows.length, rows[0].length(), texture);
  }

  private static void assertMask(Mask actual, String... rows) {
    Mask expected = mask(rows);
    assertEquals(expected.height(), actual.height());
    assertEquals(expected.width(), actual.width());
    assertArrayEquals(expected.texture(), actual.texture(), () -> drawn(actual));
  }

  private static String drawn(Mask mask) {
    String all =
        IntStream.range(0, mask.texture().length)
            .mapToObj(i -> mask.texture()[i] > 0 ? "#" : ".")
            .collect(Collectors.joining());
    return List.of(all.split("(?<=\\G.{" + mask.width() + "})")).toString();
  }

  @Test
  void aHoleGrowsByTheRadiusInBothDirections() {
    Mask hole = mask("#######", "#######", "###.###", "#######", "#######");
    assertMask(hole.eroded(1, Edges.ZERO), "#######", "##...##", "##...##", "##...##", "#######");
    assertMask(hole.eroded(2, Edges.ZERO), "#.....#", "#.....#", "#.....#", "#.....#", "#.....#");
    assertMask(hole.eroded(0, Edges.ZERO), "#######", "#######", "###.###", "#######", "#######");
  }

  @Test
  void aTextureSmallerThanTheFilterIsGone() {
    Mask spot = mask(".....", ".##..", ".##..", ".....", ".....");
    assertEquals(0, spot.eroded(1, Edges.REFLECT).count());
  }

  @Test
  void whatLiesBeyondTheBorderCountsAsItsPixelDoes() {
    Mask left = mask(".####", ".####", ".####", ".####", ".####");
    assertMask(left.eroded(1, Edges.ZERO), "..###", "..###", "..###", "..###", "..###");
    assertMask(left.eroded(1, Edges.REFLECT), "..###", "..###", "..###", "..###", "..###");
    assertMask(left.eroded(1, Edges.WRAP), "..##.", "..##.", "..##.", "..##.", "..##.");
    Mask second = mask("#.###", "#.###", "#.###", "#.###", "#.###");
    assertMask(second.eroded(1, Edges.REFLECT), "...##", "...##", "...##", "...##", "...##");
    assertMask(second.eroded(1, Edges.WRAP), "...##", "...##", "...##", "...##", "...##");
    assertEquals(0, second.eroded(2, Edges.WRAP).count());
    Mask end = mask("####.");
    assertMask(end.eroded(1, Edges.WRAP), ".##..");
    assertMask(mask("###.#").eroded(1, Edges.REFLECT), "##...");
    Edges cylinder = new Edges(Edge.WRAP, Edge.ZERO);
    Mask top = mask("...", "###", "###", "###");
    assertMask(top.eroded(1, cylinder), "...", "...", "###", "...");
  }

  @Test
  void aWindowCountsOnlyIfAllOfItIsTexture() {
    Mask mask = mask("####.", "####.", "#####", "##.##", "....#");
    assertMask(mask.pooled(Edges.REFLECT), "##", "#.");
    assertMask(mask.pooled(Edges.ZERO), "##", "#.");
  }

  @Test
  void aWrappingOddAxisIsSharedOut() {
    // windows of a circle of 5: [0, 2.5) and [2.5, 5): pixel 2 is in both
    assertMask(mask("##.##", "##.##").pooled(Edges.WRAP), "..");
    assertMask(mask(".####", ".####").pooled(Edges.WRAP), ".#");
    assertMask(mask("####.", "####.").pooled(Edges.WRAP), "#.");
    assertMask(mask("#").pooled(Edges.WRAP), "#");
  }

  @Test
  void bothIsWhatIsInBoth() {
    assertMask(mask("##..", "#.#.").and(mask("#.#.", "####")), "#...", "#.#.");
    assertEquals(2, mask("#...", "..#.").count());
  }

  @Test
  void anEnergySeesItsOwnPlaceAlone() {
    Mask mask = mask("##.#", "####");
    Layer energy = new Layer.Energy(new int[][] {{0}}, 1e-4f);
    assertMask(energy.visible(mask, Edges.REFLECT), "##.#", "####");
  }
}
