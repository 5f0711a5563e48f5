package dev.gramloom.collect;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** Names for pictures from the net that every file system takes, and no picture has twice. */
final class PictureName {
  private static final int LONGEST = 60; // characters, without number and ending

  /** Windows' names for devices. */
  private static final String DEVICE = "(con|prn|aux|nul|com\\d|lpt\\d)";

  private PictureName() {}

  /**
   * The ending that a file's first bytes ask for.
   *
   * @return "png", "jpg", "gif" or "bmp"; null for anything else, such as a page or a WebP
   */
  static String ending(byte[] file) {
    if (begins(file, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
      return "png";
    }
    if (begins(file, 0xFF, 0xD8, 0xFF)) {
      return "jpg";
    }
    if (begins(file, 'G', 'I', 'F', '8')) {
      return "gif";
    }
    return begins(file, 'B', 'M') ? "bmp" : null;
  }

  private static boolean begins(byte[] file, int... start) {
    for (int i = 0; i < start.length; i++) {
      if (i >= file.length || (file[i] & 255) != start[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * A free name: the last one of the URL's path in letters, digits, "-" and "_", with a number
   * where it is taken.
   *
   * @param taken names in small letters, as file systems that know no capitals compare them
   */
  static String of(URI url, String ending, Set<String> taken) {
    String path = url.getPath() == null ? "" : url.getPath();
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    name = name.replaceFirst("\\.[a-z0-9]{1,5}$", "").replaceAll("[^a-z0-9_-]+", "-");
    name = name.replaceAll("^-+|-+$", "");
    name = name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    if (name.isEmpty() || name.matches(DEVICE)) {
      name = name.isEmpty() ? "picture" : "picture-" + name;
    }
    String free = name + "." + ending;
    for (int number = 2; taken.contains(free); number++) {
      free = name + "-" + number + "." + ending;
    }
    return free;
  }
}
