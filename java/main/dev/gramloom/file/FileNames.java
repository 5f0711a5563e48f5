package dev.gramloom.file;

import java.io.IOException;
import java.nio.file.Path;

/** What a file is called, and where that leads. */
public final class FileNames {
  private FileNames() {}

  /** The name without its last dot and what follows; empty for a path without a name. */
  public static String stem(Path file) {
    String name = file.getFileName() == null ? "" : file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** Where symbolic links lead, or the path itself if nowhere. */
  public static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }
}
