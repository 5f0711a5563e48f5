package dev.gramloom.cli;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers in flags, each refused with what was allowed and what came. */
final class Numbers {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,6})(?:x(\\d{1,6}))?");

  private Numbers() {}

  /**
   * "768" or "768x512".
   *
   * @return width and height
   */
  static int[] size(String flag, String text) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      throw usage(flag + " must be a size like 768 or 768x512 pixels, got '" + text + "'");
    }
    int width = Integer.parseInt(matcher.group(1));
    int height = matcher.group(2) == null ? width : Integer.parseInt(matcher.group(2));
    return new int[] {width, height};
  }

  /** "192,384x256,768". */
  static List<int[]> sizes(String flag, String text) {
    List<int[]> sizes = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      sizes.add(size("each of " + flag, item));
    }
    return sizes;
  }

  /** "100,100,60". */
  static int[] counts(String flag, String text) {
    String[] items = text.split(",", -1);
    int[] counts = new int[items.length];
    for (int i = 0; i < counts.length; i++) {
      try {
        counts[i] = Integer.parseInt(items[i].strip());
      } catch (NumberFormatException e) {
        throw usage(flag + " must be whole numbers like 100,100,60, got '" + text + "'");
      }
    }
    return counts;
  }

  /** "1,0.5,2": weights, each from 0 to 1e6, not all 0. */
  static double[] weights(String flag, String text) {
    String[] items = text.split(",", -1);
    double[] weights = new double[items.length];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      try {
        weights[i] = Double.parseDouble(items[i].strip());
      } catch (NumberFormatException e) {
        throw usage(flag + " must be numbers like 1,0.5,2, got '" + text + "'");
      }
      sum += within("each of " + flag, weights[i], 0, 1e6);
    }
    if (sum == 0) {
      throw usage(flag + " must not all be 0, got '" + text + "'");
    }
    return weights;
  }

  /** A finite number within bounds. */
  static double within(String flag, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw usage(
          "%s must be from %s to %s, got %s".formatted(flag, plain(low), plain(high), value));
    }
    return value;
  }

  /** A whole number within bounds. */
  static int within(String flag, int value, int low, int high) {
    if (value < low || value > high) {
      throw usage("%s must be from %d to %d, got %d".formatted(flag, low, high, value));
    }
    return value;
  }

  private static String plain(double bound) {
    return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
  }

  static Failure usage(String message) {
    return new Failure(ExitCode.USAGE, message);
  }
}
