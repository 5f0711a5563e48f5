package dev.gramloom.image;

import java.util.Map;
import java.util.TreeMap;

/** A few characters of 5 x 7 dots: enough for labels, without the fonts of a machine. */
final class Glyphs {
  static final int WIDTH = 6; // dots, with the gap to the next
  static final int HEIGHT = 7;

  /** Rows from the top, five bits each, as hexadecimal pairs. */
  private static final Map<Character, String> DOTS = new TreeMap<>();

  static {
    String[] glyphs = {
      "0:0E11131519110E", "1:040C040404040E", "2:0E11010204081F", "3:1F02040201110E",
      "4:02060A121F0202", "5:1F101E0101110E", "6:0608101E11110E", "7:1F010204080808",
      "8:0E11110E11110E", "9:0E11110F01020C", ".:00000000000C0C", "-:0000001F000000",
      "x:0000110A040A11", "a:00000E010F110F", "e:00000E111F100E", "i:04000C0404040E",
      "l:0C04040404040E", "n:00001619111111", "o:00000E1111110E", "r:00001619101010",
      "s:00000E100E011E", "t:08081C08080906"
    };
    for (String glyph : glyphs) {
      DOTS.put(glyph.charAt(0), glyph.substring(2));
    }
  }

  private Glyphs() {}

  /**
   * Whether a character has a dot at a place.
   *
   * @param column 0..5
   * @param row 0..6
   */
  static boolean dot(char character, int column, int row) {
    String rows = DOTS.get(character);
    if (rows == null || column >= WIDTH - 1) {
      return false; // a blank
    }
    int bits = Integer.parseInt(rows.substring(2 * row, 2 * row + 2), 16);
    return (bits >> (WIDTH - 2 - column) & 1) == 1;
  }
}
