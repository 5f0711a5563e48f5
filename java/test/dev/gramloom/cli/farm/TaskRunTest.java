package dev.gramloom.cli.farm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backends;
import dev.gramloom.cli.batch.Workbench;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.ImageFile;
import dev.gramloom.pyramid.Scale;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts of tasks in one process; that they are on different nodes is said by their records. */
@Timeout(30)
class TaskRunTest {
  private static final TaskRun.Pace FAST =
      new TaskRun.Pace(Duration.ofMillis(50), Duration.ofMillis(600));

  @TempDir Path folder;

  private final Runs.Paint paint = new Runs.Paint();
  private final List<String> said = Collections.synchronizedList(new ArrayList<>());

  private void start(RunFolder run, int index, Map<String, String> environment) {
    Backends.Resources resources = new Backends.Resources(1, 0);
    Backends.Status status = Backends.choose("reference", resources);
    new TaskRun(run, index, Runs.commands(paint), said::add, FAST)
        .run(environment, progress -> Workbench.open(status, resources, progress));
  }

  private void start(RunFolder run) {
    start(run, 0, Map.of());
  }

  private static Map<String, String> slurm(int job, int restart) {
    return Map.of("SLURM_JOB_ID", "" + job, "SLURM_RESTART_COUNT", "" + restart);
  }

  /** A start that has not ended, of another machine. */
  private static Start elsewhere(Map<String, String> environment) {
    Start here = Start.here(environment);
    return new Start(
        here.token(),
        "n9@far",
        "another boot",
        1,
        0,
        here.slurmJob(),
        here.slurmRestart(),
        0,
        30,
        "",
        0,
        here.updated(),
        null,
        null);
  }

  private static Set<String> files(Path root) {
    try (Stream<Path> found = Files.walk(root)) {
      Set<String> names = new TreeSet<>();
      found
          .filter(Files::isRegularFile)
          .forEach(file -> names.add(root.relativize(file).toString()));
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void touch(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertPublished(RunFolder run) throws IOException {
    Path walls = run.outputs().resolve("walls");
    assertEquals(Set.of("wave.png", "wave.run.json"), files(walls));
    assertEquals(16, ImageFile.read(walls.resolve("wave.png")).width());
    String report = Files.readString(walls.resolve("wave.run.json")).strip();
    assertEquals("{\"words\":[\"--output=" + walls.resolve("wave.png") + "\"],\"n\":1.50}", report);
    try (Stream<Path> left = Files.list(run.folder().resolve("tasks/0"))) {
      assertTrue(left.noneMatch(file -> file.toString().endsWith(".work")));
    }
  }

  @Test
  void aTaskPublishesItsFilesAndSaysHowFarItIs() throws IOException {
    RunFolder run = Runs.make(folder, 5);
    start(run);
    assertPublished(run);
    assertTrue(said.contains("Progress: 100%"), said::toString);
    assertTrue(said.contains("openjd_progress: 100"), said::toString);
    assertEquals(TaskState.Kind.DONE, TaskState.of(0, run.task(0)).kind());
  }

  @Test
  void aDoneTaskIsNotDoneAgain() throws IOException {
    RunFolder run = Runs.make(folder, 5);
    start(run);
    Object key = Files.getLastModifiedTime(run.outputs().resolve("walls/wave.png"));
    paint.does(work -> {
      throw new IllegalStateException("it works again");
    });
    start(run);
    assertEquals(key, Files.getLastModifiedTime(run.outputs().resolve("walls/wave.png")));
    assertEquals(1, run.task(0).highest());
  }

  @Test
  void aBadJobEndsWithItsOwnCodeAndSaysWhy() throws IOException {
    RunFolder run = Runs.make(folder, 5);
    Failure failure = assertThrows(Failure.class, () -> start(run, 1, Map.of()));
    assertEquals(ExitCode.BAD_DATA, failure.exitCode());
    TaskState state = TaskState.of(1, run.task(1));
    assertEquals(TaskState.Kind.FAILED, state.kind());
    assertEquals(65, state.exitCode());
    assertTrue(failure.getMessage().contains(state.reason()));
    assertFalse(Files.exists(run.outputs().resolve("bad.png")));
  }

  @Test
  void aLinkOutOfTheRunIsToldBeforeTheWork() throws IOException {
    RunFolder run = Runs.make(folder, 5);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path walls = Files.createDirectories(run.outputs().resolve("walls"));
    Files.createSymbolicLink(walls.resolve("frames"), elsewhere);
    paint.does(work -> {
      throw new IllegalStateException("it works");
    });
    Failure failure = assertThrows(Failure.class, () -> start(run));
    assertEquals(ExitCode.USAGE, failure.exitCode());
    assertTrue(failure.getMessage().contains("walls/frames is a symbolic link"));
    assertEquals(Set.of(), files(elsewhere));
  }

  @Test
  void aStartThatDiedAfterTheDecisionIsFinishedByTheNext() throws IOException {
    RunFolder run = Runs.make(folder, 5);
    TaskFolder task = run.task(0);
    Start dead = elsewhere(Map.of());
    task.take(1, dead);
    Files.createDirectories(task.work(1));
    Files.copy(folder.resolve("wave.png"), task.work(1).resolve("wave.png"));
    Publication publication = new Publication(task, run.outputs(), run.job(0));
    assertTrue(publication.decide(1, dead, 1, List.of("wave.png")));

    start(run);
    assertEquals(Set.of("wave.png"), files(run.outputs().resolve("walls")));
    assertEquals(1, task.highest(), "it worked once more");
  }

  @Test
  void onlyTheFirstDecisionCounts() throws IOException {
    RunFolder run = Runs.make(folder, 5);
    Publication publication = new Publication(run.task(0), run.outputs(), run.job(0));
    Start first = elsewhere(Map.of());
    assertTrue(publication.decide(1, first, 1, List.of("wave.png")));
    assertFalse(publication.decide(2, elsewhere(Map.of()), 1, List.of("wave.png")));
    assertEquals(first.token(), publication.decided().orElseThrow().token());
    // As after a lost answer on NFS: the repeated request is refused, and the record is ours.
    assertTrue(publication.decide(1, first, 1, List.of("wave.png")));
  }

  @Test
  void ofManyThatPublishAtOnceOneDoes() throws Exception {
    RunFolder run = Runs.make(folder, 5);
    Publication publication = new Publication(run.task(0), run.outputs(), run.job(0));
    CountDownLatch go = new CountDownLatch(1);
    List<Integer> winners = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i <= 16; i++) {
      int number = i;
      Thread thread =
          new Thread(() -> {
            Start start = elsewhere(Map.of());
            try {
              go.await();
            } catch (InterruptedException e) {
              return;
            }
            if (publication.decide(number, start, 1, List.of("wave.png"))) {
              winners.add(number);
            }
          });
      thread.start();
      threads.add(thread);
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(publication.decided().orElseThrow().start()), winners);
  }

  @Test
  void aLivingStartIsLeftAlone() throws Exception {
    RunFolder run = Runs.make(folder, 5);
    TaskFolder task = run.task(0);
    Start living = elsewhere(slurm(7, 0));
    task.take(1, living);
    Thread heart =
        new Thread(() -> {
          for (int beat = 1; !Thread.currentThread().isInterrupted(); beat++) {
            task.update(1, living.at(beat, beat));
            try {
              TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
              return;
            }
          }
        });
    heart.start();
    try {
      Failure failure = assertThrows(Failure.class, () -> start(run, 0, slurm(8, 0)));
      assertEquals(ExitCode.STOPPED, failure.exitCode());
      assertTrue(failure.getMessage().contains("n9"), failure::getMessage);
      assertEquals(1, task.highest());
    } finally {
      heart.interrupt();
      heart.join();
    }
  }

  @Test
  void aStartThatSlurmHasStartedAnewIsOverAtOnce() throws IOException {
    RunFolder run = Runs.make(folder, 5);
    run.task(0).take(1, elsewhere(slurm(7, 2)));
    long before = System.nanoTime();
    start(run, 0, slurm(7, 3));
    assertTrue(System.nanoTime() - before < FAST.lease().toNanos(), "it waited");
    assertPublished(run);
  }

  @Test
  void aStartWhoseProcessIsGoneFromHereIsOverAtOnce() throws Exception {
    RunFolder run = Runs.make(folder, 5);
    Start here = Start.here(Map.of());
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    run.task(0)
        .take(
            1,
            new Start(
                here.token(),
                here.host(),
                here.boot(),
                gone.pid(),
                1,
                "",
                0,
                0,
                0,
                "",
                0,
                "",
                null,
                null));
    long before = System.nanoTime();
    start(run);
    assertTrue(System.nanoTime() - before < FAST.lease().toNanos(), "it waited");
  }

  @Test
  void aSilentStartIsOverAfterAWhile() throws IOException {
    RunFolder run = Runs.make(folder, 5);
    run.task(0).take(1, elsewhere(slurm(7, 0)));
    start(run, 0, slurm(8, 0));
    assertPublished(run);
    assertEquals(2, run.task(0).highest());
  }

  @Test
  void aStartGoesOnFromItsPredecessorsFiles() throws IOException {
    RunFolder run = Runs.make(folder, 5);
    paint.does(work -> {
      touch(work.resolve("wave.checkpoint"), "1");
      touch(work.resolve("wave.checkpoint.lock"), "");
      throw new Failure(ExitCode.STOPPED, "stopped");
    });
    Failure stopped = assertThrows(Failure.class, () -> start(run));
    assertEquals(ExitCode.STOPPED, stopped.exitCode());
    List<String> found = new ArrayList<>();
    paint.does(work -> found.addAll(files(work)));
    start(run);
    assertEquals(List.of("wave.checkpoint"), found);
    assertPublished(run);
  }

  @Test
  void startsThatGetNowhereEndAndStartsThatGetOnDoNot() throws IOException {
    RunFolder run = Runs.make(folder, 2);
    int[] starts = new int[1];
    paint.does(work -> {
      starts[0]++;
      touchAnew(work.resolve("wave.checkpoint"), "" + Math.min(starts[0], 5));
      throw new Failure(ExitCode.STOPPED, "stopped");
    });
    Failure last = null;
    for (int i = 0; i < 20 && (last == null || last.exitCode() == ExitCode.STOPPED); i++) {
      last = assertThrows(Failure.class, () -> start(run, 0, slurm(7, starts[0])));
    }
    assertEquals(ExitCode.SOFTWARE, last.exitCode());
    assertEquals(5 + 3, starts[0], "five that got on, and the first that did not with two more");
    starts[0] = 4; // by farm retry: another job of Slurm's has its own count
    assertEquals(
        ExitCode.STOPPED, assertThrows(Failure.class, () -> start(run, 0, slurm(8, 0))).exitCode());
  }

  private static void touchAnew(Path file, String text) {
    RunFolder.write(file, text);
  }

  @Test
  void aStartThatWasTakenForDeadStopsAndLeavesItsSuccessorAlone() throws Exception {
    RunFolder run = Runs.make(folder, 5);
    TaskFolder task = run.task(0);
    Start start = Start.here(Map.of());
    task.take(1, start);
    try (TaskProgress progress = new TaskProgress(task, 1, start, FAST.beat(), said::add)) {
      Scale scale = new Scale(16, 16, 10);
      progress.iterated(0.1, scale, 1, 1, () -> null);
      task.take(2, elsewhere(Map.of()));
      Failure failure =
          assertThrows(
              Failure.class,
              () -> {
                for (int i = 0; i < 100; i++) {
                  progress.iterated(0.2, scale, 2, 1, () -> null);
                  Thread.sleep(20);
                }
              });
      assertEquals(ExitCode.STOPPED, failure.exitCode());
    }
  }
}
