package dev.gramloom.weights.format;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * The Python literals that NumPy writes, and no others: a dictionary of strings, truth values and
 * tuples of whole numbers, in which nothing nests any deeper.
 */
final class PythonLiteral {
  private static final int MOST_DIGITS = 18; // of a long
  private static final int MOST_SIZES = 64; // in a tuple; NumPy's limit since 2.0
  private static final int LONGEST = 64; // characters of a string or word

  private final String text;
  private int at; // character of text that comes next

  private PythonLiteral(String text) {
    this.text = text;
  }

  /**
   * What a dictionary holds.
   *
   * @return by key; each value is a String, a Boolean or a long[]
   * @throws IllegalArgumentException if it is anything else
   */
  static Map<String, Object> dictionary(String text) {
    PythonLiteral literal = new PythonLiteral(text);
    Map<String, Object> values = literal.dictionary();
    literal.skipSpace();
    if (literal.at < text.length()) {
      throw literal.unexpected();
    }
    return values;
  }

  private Map<String, Object> dictionary() {
    Map<String, Object> values = new HashMap<>();
    require('{');
    boolean comma = true;
    while (!take('}')) {
      if (!comma) {
        throw unexpected();
      }
      String key = string();
      require(':');
      if (values.put(key, value()) != null) {
        throw unexpected();
      }
      comma = take(',');
    }
    return values;
  }

  private Object value() {
    skipSpace();
    if (at('(')) {
      return tuple();
    }
    if (at('\'') || at('"')) {
      return string();
    }
    return switch (run(Character::isLetter)) {
      case "True" -> true;
      case "False" -> false;
      default -> throw unexpected();
    };
  }

  private long[] tuple() {
    long[] sizes = new long[0];
    require('(');
    boolean comma = true;
    while (!take(')')) {
      if (!comma || sizes.length == MOST_SIZES) {
        throw unexpected();
      }
      sizes = Arrays.copyOf(sizes, sizes.length + 1);
      sizes[sizes.length - 1] = wholeNumber();
      comma = take(',');
      if (sizes.length == 1 && !comma) { // (3) is no tuple
        throw unexpected();
      }
    }
    return sizes;
  }

  private long wholeNumber() {
    boolean negative = take('-');
    skipSpace();
    String digits = run(c -> c >= '0' && c <= '9');
    if (digits.isEmpty() || digits.length() > MOST_DIGITS) {
      throw unexpected();
    }
    if (at('L')) { // so Python 2 ends its long numbers
      at++;
    }
    return negative ? -Long.parseLong(digits) : Long.parseLong(digits);
  }

  private String string() {
    skipSpace();
    char quote = at('"') ? '"' : '\'';
    require(quote);
    String value = run(c -> c != quote && c != '\\' && c >= ' ');
    if (!at(quote)) {
      throw unexpected();
    }
    at++;
    return value;
  }

  private String run(IntPredicate belongs) {
    int from = at;
    while (at < text.length() && at - from < LONGEST && belongs.test(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  private void skipSpace() {
    while (at(' ') || at('\n') || at('\t') || at('\r')) {
      at++;
    }
  }

  private boolean at(char wanted) {
    return at < text.length() && text.charAt(at) == wanted;
  }

  private boolean take(char wanted) {
    skipSpace();
    boolean there = at(wanted);
    if (there) {
      at++;
    }
    return there;
  }

  private void require(char wanted) {
    if (!take(wanted)) {
      throw unexpected();
    }
  }

  private IllegalArgumentException unexpected() {
    return new IllegalArgumentException("a header that NumPy does not write, at character " + at);
  }
}
