package dev.gramloom;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Reads what java/main refers to, and fails where a reference goes through a wall. */
class ArchitectureTest {
  private static final Path MAIN = Path.of("java", "main");
  private static final int MOST_LINES = 300;
  private static final Set<String> DRAWERS =
      Set.of("util", "utils", "helper", "helpers", "manager", "managers", "common", "misc");

  /** The room of {@code Main}, which lies in the package root. */
  private static final String ENTRANCE = "";

  /** The arrows: a room, as a package below dev.gramloom, and the rooms it may know. */
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          entry("failure", Set.of()),
          entry("tensor", Set.of()),
          entry("color", Set.of()),
          entry("file", Set.of("failure")),
          entry("image", Set.of("file", "color", "tensor", "failure")),
          entry("pyramid", Set.of("tensor", "failure")),
          entry(
              "weights",
              Set.of("weights.format", "weights.download", "file", "backend", "tensor", "failure")),
          entry("weights.format", Set.of("file", "failure")),
          entry("weights.download", Set.of("file", "failure")),
          entry("collect", Set.of("image", "weights.download", "file", "failure")),
          entry("backend", Set.of("color", "tensor", "failure")),
          entry("backend.reference", Set.of("backend", "tensor", "failure")),
          entry("backend.cpu", Set.of("backend", "tensor", "failure")),
          entry("backend.cuda", Set.of("backend", "color", "tensor", "failure")),
          entry("loss", Set.of("backend", "tensor", "failure")),
          entry("optimize", Set.of("backend", "tensor", "failure")),
          entry("network", Set.of("weights", "backend", "tensor", "failure")),
          entry("metric", Set.of("image", "network", "loss", "backend", "tensor", "failure")),
          entry(
              "synthesis",
              Set.of(
                  "file",
                  "pyramid",
                  "image",
                  "network",
                  "loss",
                  "optimize",
                  "weights",
                  "metric",
                  "backend",
                  "tensor",
                  "failure")),
          entry(
              "cli.batch",
              Set.of("synthesis", "pyramid", "image", "file", "backend", "tensor", "failure")),
          entry(
              "cli.farm", Set.of("cli.batch", "synthesis", "pyramid", "image", "file", "failure")));

  /** The one class that knows the backends by name, and so all their rooms. */
  private static final String BACKEND_CHOICE = "backend/Backends.java";

  private static final Pattern COMMENT_OR_LITERAL =
      Pattern.compile(
          "\"\"\"(?s:.*?)\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\n])*+'"
              + "|/\\*(?s:.*?)\\*/|//[^\n]*");
  private static final Pattern PACKAGE_LINE = Pattern.compile("(?m)^package [\\w.]+;");
  private static final Pattern OUR_PACKAGE =
      Pattern.compile("\\bdev\\.gramloom((?:\\.[a-z]\\w*)*)(?=\\.[A-Z*])");
  private static final Pattern EXIT =
      Pattern.compile("\\bSystem\\s*\\.\\s*exit\\b|\\bgetRuntime\\(\\)\\s*\\.\\s*(?:exit|halt)\\b");

  /**
   * One source file.
   *
   * @param path below java/main/dev/gramloom, with slashes
   * @param text as it stands in the file
   */
  private record Source(String path, String text) {
    /** The package below dev.gramloom, with dots. */
    String room() {
      int end = path.lastIndexOf('/');
      return end < 0 ? ENTRANCE : path.substring(0, end).replace('/', '.');
    }

    /** The text without comments, literals and the package line: what the compiler follows. */
    String code() {
      String bare = COMMENT_OR_LITERAL.matcher(text).replaceAll(" ");
      return PACKAGE_LINE.matcher(bare).replaceAll(" ");
    }

    boolean isMain() {
      return path.equals("Main.java");
    }

    boolean speaksOf(String library) {
      return Pattern.compile("\\b" + Pattern.quote(library) + "\\b").matcher(code()).find();
    }
  }

  /** All rules but the one on length; each gives the walls that a file goes through. */
  private enum Rule {
    JCUDA(only("jcuda", s -> s.room().equals("backend.cuda"))),
    VECTOR_API(only("jdk.incubator.vector", s -> s.room().equals("backend.cpu"))),
    LWJGL(only("org.lwjgl", s -> s.room().equals("image"))),
    JHDF(only("io.jhdf", s -> s.room().equals("weights.format"))),
    JSOUP(only("org.jsoup", s -> s.room().equals("collect"))),
    PICOCLI(only("picocli", s -> isCommandLine(s.room()) || s.isMain())),
    EXIT(s -> s.isMain() || !ArchitectureTest.EXIT.matcher(s.code()).find()),
    DRAWER(s -> Stream.of(s.room().split("\\.")).noneMatch(DRAWERS::contains)),
    ARROW(s -> strangers(s).isEmpty()),
    LENGTH(s -> s.text().lines().count() <= MOST_LINES);

    private final Predicate<Source> holds;

    Rule(Predicate<Source> holds) {
      this.holds = holds;
    }

    private static Predicate<Source> only(String library, Predicate<Source> door) {
      return s -> door.test(s) || !s.speaksOf(library);
    }
  }

  /** The rooms that a file refers to and may not know; a room off the plan is one itself. */
  private static List<String> strangers(Source source) {
    String room = source.room();
    if (room.equals("cli")) {
      return List.of();
    }
    Set<String> known = room.equals(ENTRANCE) ? Set.of("cli", "failure") : MAY_KNOW.get(room);
    if (known == null) {
      return List.of(room + " (not on the plan)");
    }
    boolean choosesBackends = source.path().equals(BACKEND_CHOICE);
    return OUR_PACKAGE
        .matcher(source.code())
        .results()
        .map(m -> m.group(1).isEmpty() ? ENTRANCE : m.group(1).substring(1))
        .distinct()
        .filter(other -> !other.equals(room) && !known.contains(other))
        .filter(other -> !(choosesBackends && other.startsWith("backend.")))
        .toList();
  }

  /** The room of the commands, and those behind it. */
  private static boolean isCommandLine(String room) {
    return room.equals("cli") || room.startsWith("cli.");
  }

  private static List<Source> sources() {
    Path root = MAIN.resolve("dev").resolve("gramloom");
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .map(f -> new Source(root.relativize(f).toString().replace('\\', '/'), read(f)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertHolds(Rule rule) {
    List<String> leaks =
        sources().stream().filter(s -> !rule.holds.test(s)).map(Source::path).toList();
    assertEquals(List.of(), leaks, rule.name());
  }

  @Test
  void jcudaStaysInBackendCuda() {
    assertHolds(Rule.JCUDA);
  }

  @Test
  void vectorApiStaysInBackendCpu() {
    assertHolds(Rule.VECTOR_API);
  }

  @Test
  void lwjglStaysInImage() {
    assertHolds(Rule.LWJGL);
  }

  @Test
  void jhdfStaysInWeightsFormat() {
    assertHolds(Rule.JHDF);
  }

  @Test
  void jsoupStaysInCollect() {
    assertHolds(Rule.JSOUP);
  }

  @Test
  void picocliStaysInCliAndMain() {
    assertHolds(Rule.PICOCLI);
  }

  @Test
  void onlyMainEndsTheProcess() {
    assertHolds(Rule.EXIT);
  }

  @Test
  void noPackageIsADrawer() {
    assertHolds(Rule.DRAWER);
  }

  @Test
  void noFileIsTwoNouns() {
    List<String> tooLong =
        sources().stream()
            .filter(s -> !Rule.LENGTH.holds.test(s))
            .map(s -> s.path() + ": " + s.text().lines().count() + " lines")
            .toList();
    assertEquals(List.of(), tooLong);
  }

  @Test
  void arrowsPointOneWay() {
    List<String> leaks =
        sources().stream()
            .filter(s -> !strangers(s).isEmpty())
            .map(s -> s.path() + " -> " + strangers(s))
            .toList();
    assertEquals(List.of(), leaks);
  }

  @Test
  void thereAreSourcesToRead() {
    assertFalse(sources().isEmpty());
  }

  /** The rules against planted leaks: a rule that cannot fail says nothing. */
  @Nested
  class OfPlantedLeaks {
    private void assertCaught(Rule rule, String path, String text) {
      assertFalse(rule.holds.test(new Source(path, text)), path);
    }

    private void assertPasses(Rule rule, String path, String text) {
      assertTrue(rule.holds.test(new Source(path, text)), path);
    }

    @Test
    void aLibraryBesideItsDoorIsCaught() {
      String vector = "import jdk.incubator.vector.FloatVector;";
      assertCaught(Rule.VECTOR_API, "backend/reference/A.java", vector);
      assertPasses(Rule.VECTOR_API, "backend/cpu/A.java", vector);
      assertCaught(Rule.JCUDA, "backend/cpu/A.java", "import static jcuda.jcublas.JCublas2.*;");
      assertPasses(Rule.JCUDA, "backend/cuda/A.java", "import jcuda.Pointer;");
      assertCaught(Rule.LWJGL, "cli/A.java", "class A { org.lwjgl.stb.STBImage b; }");
      assertPasses(Rule.LWJGL, "image/A.java", "import org.lwjgl.stb.STBImage;");
      assertCaught(Rule.JHDF, "weights/A.java", "import io.jhdf.HdfFile;");
      assertPasses(Rule.JHDF, "weights/format/A.java", "import io.jhdf.HdfFile;");
      assertCaught(Rule.JSOUP, "cli/A.java", "import org.jsoup.Jsoup;");
      assertPasses(Rule.JSOUP, "collect/A.java", "import org.jsoup.Jsoup;");
      assertCaught(Rule.PICOCLI, "synthesis/A.java", "import picocli.CommandLine;");
      assertPasses(Rule.PICOCLI, "Main.java", "import picocli.CommandLine;");
    }

    @Test
    void anExitOutsideMainIsCaught() {
      assertCaught(Rule.EXIT, "cli/A.java", "class A { void a() { System.exit(1); } }");
      assertCaught(Rule.EXIT, "cli/A.java", "class A { { Runtime.getRuntime().halt(1); } }");
      assertPasses(Rule.EXIT, "Main.java", "class Main { void a() { System.exit(1); } }");
    }

    @Test
    void aDrawerIsCaught() {
      assertCaught(Rule.DRAWER, "image/util/A.java", "class A {}");
      assertPasses(Rule.DRAWER, "image/A.java", "class A {}");
    }

    @Test
    void anArrowAgainstTheStreamIsCaught() {
      assertCaught(Rule.ARROW, "tensor/A.java", "import dev.gramloom.failure.Failure;");
      assertCaught(Rule.ARROW, "loss/A.java", "import dev.gramloom.network.Vgg;");
      assertCaught(Rule.ARROW, "backend/A.java", "import dev.gramloom.backend.cpu.Cpu;");
      assertCaught(Rule.ARROW, "synthesis/A.java", "class A { dev.gramloom.cli.Synth s; }");
      assertCaught(Rule.ARROW, "optimize/A.java", "import dev.gramloom.loss.*;");
      assertCaught(Rule.ARROW, "network/A.java", "import dev.gramloom.Main;");
      assertCaught(Rule.ARROW, "attic/A.java", "class A {}");
      assertCaught(Rule.ARROW, "cli/batch/A.java", "import dev.gramloom.cli.SynthCommand;");
      assertPasses(Rule.ARROW, "network/A.java", "import dev.gramloom.weights.VggWeights;");
      assertPasses(Rule.ARROW, BACKEND_CHOICE, "import dev.gramloom.backend.cpu.Cpu;");
    }

    @Test
    void aLongFileIsCaught() {
      assertCaught(Rule.LENGTH, "image/A.java", "\n".repeat(MOST_LINES + 1));
      assertPasses(Rule.LENGTH, "image/A.java", "\n".repeat(MOST_LINES));
    }

    @Test
    void commentsAndLiteralsAreNoReferences() {
      assertPasses(Rule.JCUDA, "cli/A.java", "/** See jcuda. */ // jcuda\nclass A {}");
      assertPasses(Rule.EXIT, "cli/A.java", "class A { String s = \"a\\\"System.exit\"; }");
      assertCaught(Rule.JCUDA, "cli/A.java", "String u = \"http://a\"; jcuda.Pointer p;");
    }
  }
}
