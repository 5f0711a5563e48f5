package dev.gramloom.cli.farm;

import java.util.List;
import java.util.stream.Collectors;

/** Texts as one word of a POSIX shell each, whatever is in them. */
final class ShellWord {
  private ShellWord() {}

  /** In single quotes, within which nothing has a meaning but their end. */
  static String of(String text) {
    return text.matches("[A-Za-z0-9_/.:=@%+,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  static String line(List<String> words) {
    return words.stream().map(ShellWord::of).collect(Collectors.joining(" "));
  }
}
