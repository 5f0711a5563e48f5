package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken and hostile files, read in a process of 512 MB that is watched. */
class HostileFilesTest {
  private static final int LONGEST = 2; // seconds a file
  private static final int START = 30; // seconds for the JVM and the samples
  private static final String END = "\0";

  @TempDir Path folder;

  /** How it ended: the process's code, -1 if it was killed for a hang; the last line. */
  private record Ending(int code, String last) {}

  private Ending feed(int times, String plant) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                HostileFeeder.class.getName(),
                folder.toString(),
                String.valueOf(times),
                plant)
            .redirectError(folder.resolve("errors").toFile())
            .start();
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader =
        new Thread(() -> {
          process.inputReader().lines().forEach(lines::add);
          lines.add(END);
        });
    reader.setDaemon(true);
    reader.start();
    String last = "";
    for (int wait = START; ; wait = LONGEST) {
      String line = lines.poll(wait, TimeUnit.SECONDS);
      if (line == null) {
        process.destroyForcibly().waitFor();
        return new Ending(-1, last);
      }
      if (line.equals(END)) {
        return new Ending(process.waitFor(), last);
      }
      last = line;
    }
  }

  private int survived(int times) throws IOException, InterruptedException {
    Ending ending = feed(times, "none");
    String errors = Files.readString(folder.resolve("errors"));
    assertEquals(0, ending.code(), ending.last() + "\n" + errors);
    assertTrue(ending.last().startsWith("tried "), ending.last());
    return Integer.parseInt(ending.last().substring(6));
  }

  @Test
  void refusesOrReadsWhateverComes() throws Exception {
    assertTrue(survived(300) > 2700);
  }

  @Test
  @Tag("slow")
  void refusesOrReadsSixtyThousandFiles() throws Exception {
    int tried = survived(10_000);
    System.out.println("hostile files tried: " + tried);
    assertTrue(tried >= 60_000, "tried " + tried);
  }

  @ParameterizedTest
  @ValueSource(strings = {"crash", "exception", "memory", "hang"})
  void noticesAPlantedFault(String plant) throws Exception {
    Ending ending = feed(100, plant);

    assertFalse(ending.code() == 0 || ending.last().startsWith("tried"), ending.toString());
    assertEquals(plant.equals("hang"), ending.code() == -1);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void refusesWhatIsNoFile() throws Exception {
    Path loop = Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());

    for (Path path : new Path[] {loop, pipe, Path.of("/dev/zero"), folder}) {
      ImageFileTest.assertFails(ExitCode.MISSING_INPUT, "", () -> ImageFile.read(path));
    }
  }
}
