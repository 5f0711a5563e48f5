package dev.gramloom.cli.farm;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.gramloom.file.IoReason;
import dev.gramloom.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where one start of a task writes. The next start begins with the same files, as links: whoever
 * writes one anew replaces its name, so neither start changes what the other sees.
 *
 * @param path of the folder
 */
record WorkFolder(Path path) {
  /** In the names of what a run keeps to go on. */
  private static final String KEPT = ".checkpoint.";

  private static final String CHECKPOINT = ".checkpoint";
  private static final String LOCK = ".checkpoint.lock"; // the other process's

  /** The files of the newest start that had some; null if there are none. */
  static WorkFolder newest(TaskFolder task, int highest) {
    for (int number = highest; number > 0; number--) {
      if (Files.isDirectory(task.work(number))) {
        return new WorkFolder(task.work(number));
      }
    }
    return null;
  }

  /** Makes this folder, whole or not at all, with another one's files; null for none. */
  void inherit(WorkFolder from) {
    Path part = path.resolveSibling("." + path.getFileName() + ".part");
    try {
      Publication.remove(part);
      Files.createDirectories(part);
      if (from != null) {
        for (Path file : from.files(true)) {
          Path to = part.resolve(from.path.relativize(file).toString());
          Files.createDirectories(to.getParent());
          if (to.getFileName().toString().contains(KEPT)) {
            Files.copy(file, to); // it grows in place
          } else {
            Files.createLink(to, file);
          }
        }
      }
      Files.move(part, path);
    } catch (IOException e) {
      throw IoReason.cannotWrite(path, e);
    }
  }

  /** The files, checkpoints first: pictures of iterates may be newer than it, but not older. */
  private List<Path> files(boolean hidden) throws IOException {
    try (Stream<Path> found = Files.walk(path, 2)) {
      return found
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().endsWith(".part"))
          .filter(file -> !file.getFileName().toString().endsWith(LOCK))
          .filter(file -> hidden || !isHidden(file))
          .sorted(
              Comparator.comparing((Path file) -> !isCheckpoint(file)).thenComparing(file -> file))
          .toList();
    }
  }

  private static boolean isHidden(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".") || name.contains(KEPT) || isCheckpoint(file);
  }

  private static boolean isCheckpoint(Path file) {
    return file.getFileName().toString().endsWith(CHECKPOINT);
  }

  /** What tells one checkpoint from another; empty if there is none. */
  String checkpoint() {
    try {
      MessageDigest digest = Sha256.digest();
      boolean some = false;
      for (Path file : files(true)) {
        if (isCheckpoint(file)) {
          digest.update(Files.readAllBytes(file));
          some = true;
        }
      }
      return some ? Sha256.hex(digest) : "";
    } catch (IOException e) {
      return ""; // gone or unreadable: none
    }
  }

  /** The results' names, relative, with slashes. */
  List<String> results() {
    try {
      List<String> names = new ArrayList<>();
      for (Path file : files(false)) {
        names.add(path.relativize(file).toString().replace('\\', '/'));
      }
      return names;
    } catch (IOException e) {
      throw IoReason.cannotWrite(path, e);
    }
  }

  /** Lets reports of runs name the place where the files will be. */
  void tellReports(Path place) {
    for (String name : results()) {
      if (name.endsWith(".run.json")) {
        tell(path.resolve(name), place.toString());
      }
    }
  }

  private void tell(Path file, String place) {
    try {
      JsonElement report = JsonParser.parseString(Files.readString(file));
      String text = replaced(report, path.toString(), place).toString();
      RunFolder.write(file, text + "\n");
    } catch (IOException e) {
      throw IoReason.cannotWrite(file, e);
    } catch (JsonParseException e) {
      throw new IllegalStateException("our own report is no JSON: " + file, e);
    }
  }

  private static JsonElement replaced(JsonElement element, String from, String to) {
    if (element instanceof JsonObject object) {
      JsonObject copy = new JsonObject();
      for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
        copy.add(entry.getKey(), replaced(entry.getValue(), from, to));
      }
      return copy;
    }
    if (element instanceof JsonArray array) {
      JsonArray copy = new JsonArray();
      array.forEach(item -> copy.add(replaced(item, from, to)));
      return copy;
    }
    boolean text = element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
    return text ? new JsonPrimitive(element.getAsString().replace(from, to)) : element;
  }
}
