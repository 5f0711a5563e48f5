package dev.gramloom.cli.batch;

import java.util.List;

/** What may stand behind a key. */
sealed interface JobValue {
  /** A string. */
  record Text(String text) implements JobValue {
    @Override
    public String toString() {
      return '"' + text + '"';
    }
  }

  /**
   * A number.
   *
   * @param literal as it stands in the file
   */
  record Numeral(String literal) implements JobValue {
    @Override
    public String toString() {
      return literal;
    }
  }

  /** True or false. */
  record Flag(boolean value) implements JobValue {
    @Override
    public String toString() {
      return String.valueOf(value);
    }
  }

  /** Strings and numbers, not nested. */
  record Items(List<JobValue> items) implements JobValue {
    @Override
    public String toString() {
      return items.toString();
    }
  }
}
