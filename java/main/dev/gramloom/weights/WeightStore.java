package dev.gramloom.weights;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folders where installed weights lie, one file a network: {@code vgg19.safetensors}.
 *
 * <p>New ones go to the first folder; all are searched.
 */
public final class WeightStore {
  /** The environment variable that names the folder. */
  public static final String VARIABLE = "GRAMLOOM_WEIGHTS";

  /** The system property with which the launcher names the folder that it lies in. */
  public static final String HOME_PROPERTY = "gramloom.home";

  private static final String EXTENSION = ".safetensors";

  private final List<Path> folders;
  private final Map<Path, Held> held = new HashMap<>();

  /**
   * Weights that have been read.
   *
   * @param stamp size and date of their file
   */
  private record Held(String stamp, VggWeights weights) {}

  /**
   * @param folders at least one; they need not be there
   */
  public WeightStore(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /**
   * The store of this machine: {@code $GRAMLOOM_WEIGHTS}, and nothing else if that is set; else the
   * repository's {@code weights/} where the program runs from one, and the user's cache folder.
   *
   * @param environment the process's variables
   * @param properties the JVM's, for the user's home, the system's name and the program's folder
   */
  public static WeightStore of(Map<String, String> environment, Map<String, String> properties) {
    String variable = environment.get(VARIABLE);
    if (variable != null && !variable.isBlank()) {
      return new WeightStore(List.of(Path.of(variable)));
    }
    List<Path> folders = new ArrayList<>();
    String home = properties.get(HOME_PROPERTY);
    if (home != null && Files.isRegularFile(Path.of(home, "weights", "README.md"))) {
      folders.add(Path.of(home, "weights"));
    }
    folders.add(cache(environment, properties).resolve("gramloom").resolve("weights"));
    return new WeightStore(folders);
  }

  /** Where programs keep what can be had again: by the convention of each platform. */
  private static Path cache(Map<String, String> environment, Map<String, String> properties) {
    String system = properties.getOrDefault("os.name", "").toLowerCase(Locale.ROOT);
    Path home = Path.of(properties.getOrDefault("user.home", "."));
    if (system.startsWith("windows")) {
      String local = environment.get("LOCALAPPDATA");
      boolean named = local != null && !local.isBlank();
      return named ? Path.of(local) : home.resolve("AppData").resolve("Local");
    }
    if (system.startsWith("mac")) {
      return home.resolve("Library").resolve("Caches");
    }
    String xdg = environment.get("XDG_CACHE_HOME");
    boolean usable = xdg != null && Path.of(xdg).isAbsolute(); // others are to be ignored
    return usable ? Path.of(xdg) : home.resolve(".cache");
  }

  /** Where new weights go. */
  public Path folder() {
    return folders.get(0);
  }

  /** The file that weights of this name will be. */
  public Path place(String name) {
    requireName(name);
    return folder().resolve(name + EXTENSION);
  }

  /** The file of installed weights, by their name; empty if there are none of that name. */
  public Optional<Path> find(String name) {
    if (!isName(name)) {
      return Optional.empty();
    }
    return folders.stream()
        .map(folder -> folder.resolve(name + EXTENSION))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /**
   * Reads weights from a file anywhere; once, however many runs of this process ask for them.
   *
   * @throws Failure if it is no VGG, or one whose convention nobody knows
   */
  public synchronized VggWeights read(Path file) {
    String stamp = stamp(file);
    Held known = held.get(file);
    if (known == null || !known.stamp.equals(stamp)) {
      known = new Held(stamp, VggReader.read(file));
      held.put(file, known);
    }
    return known.weights;
  }

  /** Empty for a file that cannot be read: reading it tells why. */
  private static String stamp(Path file) {
    try {
      return Files.size(file) + " bytes, " + Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return "";
    }
  }

  /** All installed weights, name to file, sorted within a folder. */
  public Map<String, Path> installed() {
    Map<String, Path> installed = new LinkedHashMap<>();
    for (Path folder : folders) {
      for (Path file : files(folder)) {
        installed.putIfAbsent(name(file), file);
      }
    }
    return installed;
  }

  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - EXTENSION.length());
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().endsWith(EXTENSION))
          .filter(f -> isName(name(f)) && Files.isRegularFile(f))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new Failure(ExitCode.MISSING_INPUT, folder + ": " + IoReason.of(e), e);
    }
  }

  /** Whether this can be the name of weights, and not only of a file. */
  public static boolean isName(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  }

  /**
   * @throws Failure USAGE if weights cannot have this name
   */
  public static void requireName(String name) {
    if (!isName(name)) {
      throw new Failure(
          ExitCode.USAGE,
          "a name of weights must be letters, digits, - and _, 64 at most, got '" + name + "'");
    }
  }
}
