package dev.gramloom.cli.batch;

import dev.gramloom.failure.Failure;
import dev.gramloom.file.FileNames;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which line writes what: no two may write one file, on no system. */
final class JobClaims {
  private final Map<String, Integer> files = new HashMap<>();
  private final Map<String, Integer> folders = new HashMap<>();

  /**
   * Takes a picture and its companions for a line.
   *
   * @throws Failure USAGE if an earlier one has one of them
   */
  void take(int line, Path output) {
    Integer other = taken(output);
    if (other != null) {
      throw JobKeys.usage(
          "output: line %d writes %s or a file beside it too".formatted(other, slashed(output)));
    }
    put(line, output);
  }

  /**
   * Takes a free name for a line that does not care.
   *
   * @param wish what is taken if it is free, else with the line's number
   */
  Path takeLike(int line, Path wish) {
    Path name = wish;
    for (int i = 1; taken(name) != null; i++) {
      name = Path.of(FileNames.stem(wish) + "-" + line + (i == 1 ? "" : "-" + i) + ".png");
    }
    put(line, name);
    return name;
  }

  private Integer taken(Path output) {
    for (String file : written(output)) {
      Integer line = files.containsKey(file) ? files.get(file) : folders.get(file);
      if (line != null) {
        return line;
      }
    }
    for (Path folder = output.getParent(); folder != null; folder = folder.getParent()) {
      Integer line = files.get(folded(folder));
      if (line != null) {
        return line;
      }
    }
    return null;
  }

  private void put(int line, Path output) {
    written(output).forEach(file -> files.put(file, line));
    for (Path folder = output.getParent(); folder != null; folder = folder.getParent()) {
      folders.putIfAbsent(folded(folder), line);
    }
  }

  private static List<String> written(Path output) {
    return files(output).stream().map(JobClaims::folded).toList();
  }

  /** A picture and its companions, as far as their names are known. */
  static List<Path> files(Path output) {
    List<Path> files = new ArrayList<>(List.of(output));
    files.addAll(Companions.of(output));
    return files;
  }

  /** One spelling for what some file systems take for one name. */
  private static String folded(Path path) {
    return Normalizer.normalize(slashed(path), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
  }

  private static String slashed(Path path) {
    return path.toString().replace('\\', '/');
  }
}
