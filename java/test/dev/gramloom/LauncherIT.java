package dev.gramloom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code ./gramloom} as a user does, on the jar that this build has just made. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "./gramloom is a POSIX script")
class LauncherIT {
  private static final Path LAUNCHER = Path.of("gramloom").toAbsolutePath();
  private static final String THIS_JDK = System.getProperty("java.home");
  private static final long PATIENCE_SECONDS = 120;

  @TempDir Path folder;

  /** What a run left behind: its exit code and the lines of both streams. */
  private record Run(int exitCode, List<String> out, List<String> err) {}

  /** Runs a command in {@link #folder}; an empty value takes a variable away. */
  private Run run(Map<String, String> environment, String... command) throws Exception {
    Path out = Files.createTempFile("launcher", ".out");
    Path err = Files.createTempFile("launcher", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", THIS_JDK);
    builder.environment().putAll(environment);
    builder.environment().values().removeIf(String::isEmpty);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
      return new Run(process.exitValue(), Files.readAllLines(out), ours(err));
    } finally {
      process.destroyForcibly();
      Files.delete(out);
      Files.delete(err);
    }
  }

  private Run run(String... command) throws Exception {
    return run(Map.of(), command);
  }

  /** The lines without the one that the JVM itself prints for an incubating module. */
  private static List<String> ours(Path err) throws IOException {
    try (Stream<String> lines = Files.lines(err)) {
      return lines.filter(l -> !l.startsWith("WARNING: Using incubator modules")).toList();
    }
  }

  /** A folder that looks like a JDK of this version and tells how its java was called. */
  private Path fakeJdk(Path home, String version) throws IOException {
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    String script = "#!/bin/sh\necho " + version + "\npwd\nprintf '%s\\n' \"$@\"\nexit 42\n";
    Path java = Files.writeString(home.resolve("bin").resolve("java"), script);
    assertTrue(java.toFile().setExecutable(true));
    return home;
  }

  @Test
  void exitCodesPassThrough() throws Exception {
    Run missing = run(LAUNCHER.toString(), "synth", "/nonexistent.png");
    assertEquals(66, missing.exitCode(), missing::toString);
    assertEquals(1, missing.err().size(), missing::toString);
    assertEquals(64, run(LAUNCHER.toString(), "--bogus").exitCode());
  }

  @Test
  void aSymbolicLinkFromAnotherFolderStartsTheSameProgram() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("a link"), LAUNCHER);
    Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("a link"));
    assertEquals(64, run(link.toString(), "--bogus").exitCode());
    assertEquals(64, run("./second", "--bogus").exitCode());
    // Else JUnit warns of links that lead out of its folder.
    Files.delete(second);
    Files.delete(link);
  }

  @Test
  void aFolderWithSpacesAndNoSourcesWillDo() throws Exception {
    Path home = Files.createDirectories(folder.resolve("my programs"));
    Path copy = Files.copy(LAUNCHER, home.resolve("gramloom"));
    Files.createDirectories(home.resolve("target"));
    Path jar = Path.of(System.getProperty("gramloom.jar"));
    Files.copy(jar, home.resolve("target").resolve("gramloom.jar"));
    assertEquals(64, run(copy.toString(), "--bogus").exitCode());
  }

  @Test
  void aJavaHomeThatIsNoJdkIsOneLineAndSixtyNine() throws Exception {
    Run run = run(Map.of("JAVA_HOME", folder.toString()), LAUNCHER.toString(), "--version");
    assertEquals(69, run.exitCode());
    assertEquals(1, run.err().size(), run::toString);
    assertTrue(run.err().get(0).contains("JAVA_HOME=" + folder), run::toString);
  }

  @Test
  void aJavaHomeBelowTheFloorIsRefused() throws Exception {
    for (String old : List.of("1.8.0_402", "11.0.22", "16")) {
      Path jdk = fakeJdk(folder.resolve("jdk " + old), old);
      Run run = run(Map.of("JAVA_HOME", jdk.toString()), LAUNCHER.toString());
      assertEquals(69, run.exitCode(), run::toString);
    }
  }

  @Test
  void theNewestJdkIsChosenWithoutRunningAny() throws Exception {
    Path candidates = folder.resolve(".sdkman/candidates/java");
    fakeJdk(candidates.resolve("998-a"), "998.0.1");
    fakeJdk(candidates.resolve("999-b"), "999-ea");
    fakeJdk(candidates.resolve("99-c"), "99.0.2");
    Map<String, String> environment = Map.of("JAVA_HOME", "", "HOME", folder.toString());
    Run run = run(environment, LAUNCHER.toString());
    assertEquals("999-ea", run.out().get(0), run::toString);
    assertEquals(42, run.exitCode());
  }

  @Test
  void javaSeventeenAloneIsToldToLeaveLoopsAsTheyAre() throws Exception {
    for (String version : List.of("17.0.15", "21.0.2", "25")) {
      Path jdk = fakeJdk(folder.resolve(version), version);
      Run run = run(Map.of("JAVA_HOME", jdk.toString()), LAUNCHER.toString());
      boolean told = run.out().contains("-XX:-UseLoopPredicate");
      assertEquals(version.startsWith("17"), told, version);
    }
  }

  @Test
  void argumentsAndTheCallersFolderAreLeftAlone() throws Exception {
    Path jdk = fakeJdk(folder.resolve("a jdk"), "25");
    Map<String, String> environment =
        Map.of("JAVA_HOME", jdk.toString(), "GRAMLOOM_JAVA_OPTS", "-Xmx8g -Xms1g");
    Run run = run(environment, LAUNCHER.toString(), "synth", "my picture.png", "*", "");
    assertEquals(folder.toRealPath().toString(), run.out().get(1));
    List<String> arguments = run.out().subList(2, run.out().size());
    int jar = arguments.indexOf("-jar");
    assertEquals(List.of("-Xmx8g", "-Xms1g"), arguments.subList(jar - 2, jar));
    assertEquals(
        List.of("synth", "my picture.png", "*", ""), arguments.subList(jar + 2, arguments.size()));
  }
}
