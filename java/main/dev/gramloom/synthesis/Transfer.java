package dev.gramloom.synthesis;

import dev.gramloom.image.Image;
import dev.gramloom.image.Plane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What a picture is to show, and in which styles.
 *
 * @param content what it shows; null for nothing but styles
 * @param contentMask where it is to show that; null for everywhere
 * @param contentWeight of its loss, at least 0
 * @param styles at least one
 */
public record Transfer(Image content, Plane contentMask, double contentWeight, List<Style> styles) {

  /**
   * A style.
   *
   * @param image the picture that has it; its mask says which part of it does
   * @param scale factor from the image's own size to its size at the finest scale
   * @param weight among the styles, at least 0
   * @param parts which part of the image paints which part of the output; at least one
   */
  public record Style(Image image, double scale, double weight, List<Part> parts) {
    /** Copies the list. */
    public Style {
      parts = List.copyOf(parts);
    }
  }

  /**
   * A part of a style and where it goes.
   *
   * @param source of the style's image, at its size; null for all of it
   * @param target of the output, at any size; null for all of it
   */
  public record Part(Plane source, Plane target) {
    /** All of a style for all of the output. */
    public static final Part ALL = new Part(null, null);
  }

  /**
   * Brings the styles into one order, whatever order they came in: sums do not depend on it then,
   * to the last bit.
   */
  public Transfer {
    List<Style> sorted = new ArrayList<>(styles);
    sorted.sort(
        Comparator.<Style, float[]>comparing(s -> s.image().rgb(), Arrays::compare)
            .thenComparingDouble(Style::weight)
            .thenComparingDouble(Style::scale));
    styles = List.copyOf(sorted);
  }

  /** All styles' pixels side by side, to take colours from. */
  public Image palette() {
    if (styles.size() == 1) {
      return styles.get(0).image();
    }
    int pixels = styles.stream().mapToInt(s -> s.image().pixels()).sum();
    float[] rgb = new float[3 * pixels];
    float[] mask = new float[pixels];
    int start = 0;
    for (Style style : styles) {
      Image image = style.image();
      int m = image.pixels();
      for (int c = 0; c < 3; c++) {
        System.arraycopy(image.rgb(), c * m, rgb, c * pixels + start, m);
      }
      for (int i = 0; i < m; i++) {
        mask[start + i] = image.uses(i) ? 1 : 0;
      }
      start += m;
    }
    return new Image(1, pixels, rgb, mask);
  }
}
