package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.Main;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import dev.gramloom.weights.WeightStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs commands as {@code Main} does, within this process. */
final class Cli {
  /** A run of the default size takes minutes: what ends sooner has not begun the long work. */
  private static final long SOON = 5_000_000_000L; // nanoseconds

  /** Whatever this machine has installed must not change what a test sees. */
  private static final Path NO_WEIGHTS = Path.of("target", "no-weights");

  private Cli() {}

  /** What a run left behind. */
  record Run(int code, String out, String err) {
    List<String> outLines() {
      return out.lines().toList();
    }

    List<String> errLines() {
      return err.lines().toList();
    }

    Run succeeded() {
      assertEquals(0, code, this::toString);
      return this;
    }
  }

  static Run run(Object... arguments) {
    return runWith(NO_WEIGHTS, arguments);
  }

  /** A run where weights are installed in that folder. */
  static Run runWith(Path weights, Object... arguments) {
    return run(weights, line -> {}, arguments);
  }

  /**
   * A run that waits while its lines are heard.
   *
   * @param hearer of every line to standard error, on the run's own thread
   */
  static Run heard(Consumer<String> hearer, Object... arguments) {
    return run(NO_WEIGHTS, hearer, arguments);
  }

  private static Run run(Path weights, Consumer<String> hearer, Object... arguments) {
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    PrintStream lines =
        new PrintStream(err, true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            super.println(line);
            hearer.accept(line);
          }
        };
    int code =
        GramloomCommand.run(
            words,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            lines,
            new WeightStore(List.of(weights)));
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A run in a process of its own, in a folder; both streams go to a file there. */
  static Process start(Path folder, String said, List<String> javaOptions, String... words)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(said).toFile())
        .start();
  }

  /** Words between blanks; {@code ''} is an empty one. */
  static Object[] words(String line) {
    return Stream.of(line.split(" ")).map(word -> word.equals("''") ? "" : word).toArray();
  }

  /**
   * Runs a command that is refused: soon, in one line, with nothing done.
   *
   * @return the line
   */
  static String refused(ExitCode code, Path folder, Object... arguments) throws IOException {
    Set<String> before = files(folder);
    long start = System.nanoTime();
    Run run = run(arguments);
    assertTrue(System.nanoTime() - start < SOON, "it took too long");
    assertEquals(code.code(), run.code, run::toString);
    assertEquals("", run.out);
    assertEquals(1, run.errLines().size(), run::toString);
    assertTrue(run.err.startsWith("gramloom: "), run.err);
    assertTrue(run.err.endsWith(System.lineSeparator()), run.err);
    assertEquals(before, files(folder));
    return run.err;
  }

  /** Everything below a folder, hidden files included, with its size and date. */
  static Set<String> files(Path folder) throws IOException {
    Set<String> files = new TreeSet<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        var about =
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String stamp = " " + about.size() + " bytes, " + about.lastModifiedTime();
        files.add(folder.relativize(path) + (Files.isDirectory(path) ? "/" : stamp));
      }
    }
    return files;
  }

  /** The names of what lies in a folder, in order. */
  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** A photograph of 64 x 64. */
  static Path exemplar(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve("stone.png");
    ImageFile.write(Pictures.waves(64, 64, 7), file);
    return file;
  }

  static JsonObject json(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }
}
