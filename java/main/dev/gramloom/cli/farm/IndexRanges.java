package dev.gramloom.cli.farm;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Indices as Slurm writes them: {@code 0-5,8}. */
final class IndexRanges {
  private static final Pattern RANGE =
      Pattern.compile("(\\d{1,9})(?:-(\\d{1,9})(?::(\\d{1,9}))?)?");
  private static final int MOST = 1 << 22;

  private IndexRanges() {}

  static String of(SortedSet<Integer> indices) {
    List<String> ranges = new ArrayList<>();
    int first = -1;
    int last = -1;
    for (int index : indices) {
      if (index != last + 1 || first < 0) {
        add(ranges, first, last);
        first = index;
      }
      last = index;
    }
    add(ranges, first, last);
    return String.join(",", ranges);
  }

  private static void add(List<String> ranges, int first, int last) {
    if (first >= 0) {
      ranges.add(first == last ? String.valueOf(first) : first + "-" + last);
    }
  }

  /** The other way; what follows a percent sign limits how many run and names none. */
  static SortedSet<Integer> parse(String text) {
    SortedSet<Integer> indices = new TreeSet<>();
    Matcher range = RANGE.matcher(text.replaceFirst("%.*", ""));
    while (range.find() && indices.size() < MOST) {
      int first = Integer.parseInt(range.group(1));
      int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
      int step = range.group(3) == null ? 1 : Math.max(1, Integer.parseInt(range.group(3)));
      for (long index = first; index <= last && indices.size() < MOST; index += step) {
        indices.add((int) index);
      }
    }
    return indices;
  }
}
