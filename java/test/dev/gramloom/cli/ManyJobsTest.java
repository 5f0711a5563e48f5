package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import dev.gramloom.Main;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A hundred small textures in a process of their own, with the launcher's memory options. */
@Tag("slow")
class ManyJobsTest {
  private static final int JOBS = 100;
  private static final int FEW = 20;
  private static final double MOST_TIME = 1.05; // of the jobs' own
  private static final double MOST_MEMORY = 1.05; // of the first jobs' peak
  private static final Pattern WROTE = Pattern.compile("line \\d+: wrote .*");
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s*(\\d+) kB");
  private static final List<String> JAVA_OPTIONS =
      List.of(
          "--add-modules=jdk.incubator.vector",
          "-XX:+UseSerialGC",
          "-XX:MinHeapFreeRatio=5",
          "-XX:MaxHeapFreeRatio=10",
          "-XX:NewSize=32m",
          "-XX:MaxNewSize=32m",
          "-XX:PretenureSizeThreshold=1m",
          "-XX:MinHeapDeltaBytes=64m");

  @TempDir Path folder;

  private Path jobs() throws IOException {
    for (int i = 0; i < 4; i++) {
      ImageFile.write(Pictures.waves(96, 96, 5 + i), folder.resolve("wave" + i + ".png"));
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < JOBS; i++) {
      lines.add(
          "{\"exemplar\":\"wave%d.png\",\"scales\":64,\"iterations\":40,\"seed\":%d}"
              .formatted(i % 4, i));
    }
    return Files.write(folder.resolve("jobs.jsonl"), lines);
  }

  private Process start(Path jobs) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JAVA_OPTIONS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("batch", jobs.toString(), "-o", "out"));
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
  }

  /** KiB that are resident when a job has ended; one number a job. */
  private static List<Long> residents(Process run) throws IOException {
    List<Long> residents = new ArrayList<>();
    Path status = Path.of("/proc", String.valueOf(run.pid()), "status");
    try (BufferedReader said = run.inputReader()) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (WROTE.matcher(line).matches()) {
          Matcher resident = RESIDENT.matcher(Files.readString(status));
          assertTrue(resident.find());
          residents.add(Long.parseLong(resident.group(1)));
        }
      }
    }
    return residents;
  }

  private static long peak(List<Long> residents) {
    return residents.stream().mapToLong(Long::longValue).max().orElseThrow();
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  void takeLittleMoreThanTheirOwnTimeAndNoMoreMemoryInTheEnd() throws Exception {
    Path jobs = jobs();
    long start = System.nanoTime();
    Process run = start(jobs);
    List<Long> residents = residents(run);
    assertEquals(0, run.waitFor());
    double seconds = (System.nanoTime() - start) / 1e9;

    double own = 0;
    double optimising = 0;
    for (JsonElement job : Cli.json(folder.resolve("out/report.json")).getAsJsonArray("jobs")) {
      own += job.getAsJsonObject().get("seconds").getAsDouble();
      optimising += job.getAsJsonObject().get("synthesis_seconds").getAsDouble();
    }
    assertEquals(JOBS, residents.size());
    long first = peak(residents.subList(0, FEW));
    long last = peak(residents.subList(JOBS - FEW, JOBS));
    String measured =
        "%.1f s for jobs of %.1f s (%.1f s at the scales); %d KiB at first, %d KiB at last"
            .formatted(seconds, own, optimising, first, last);
    System.out.println(measured);
    assertTrue(seconds <= MOST_TIME * own, measured);
    assertTrue(last <= MOST_MEMORY * first, measured);
  }
}
