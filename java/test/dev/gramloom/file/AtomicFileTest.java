package dev.gramloom.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void replacesAWholeFile() throws IOException {
    Path target = Files.writeString(folder.resolve("a"), "old");

    AtomicFile.write(target, out -> out.write("new".getBytes()));

    assertEquals("new", Files.readString(target));
    assertAlone(target);
  }

  @Test
  void leavesEverythingAsItWasWhenTheWriterFails() throws IOException {
    Path target = Files.writeString(folder.resolve("a"), "old");

    assertFails(
        ExitCode.CANNOT_WRITE,
        "a: disk on fire",
        () ->
            AtomicFile.write(
                target,
                out -> {
                  out.write(new byte[100_000]);
                  throw new IOException("disk on fire");
                }));
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                target,
                out -> {
                  throw new IllegalStateException();
                }));

    assertEquals("old", Files.readString(target));
    assertAlone(target);
  }

  @Test
  void showsNothingBeforeItIsPublished() throws IOException {
    Path target = folder.resolve("sub/a");
    try (AtomicFile file = AtomicFile.open(target)) {
      file.out().write(7);
      assertTrue(Files.notExists(target));
      file.publish();
    }

    assertArrayEquals(new byte[] {7}, Files.readAllBytes(target));
  }

  @Test
  void followsASymbolicLink() throws IOException {
    Path real = Files.writeString(folder.resolve("real"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));

    AtomicFile.write(link, out -> out.write('x'));

    assertTrue(Files.isSymbolicLink(link));
    assertEquals("x", Files.readString(real));
  }

  @Test
  void writesThoughTheThreadIsInterrupted() throws IOException {
    Thread.currentThread().interrupt();
    try {
      AtomicFile.write(folder.resolve("a"), out -> out.write('x'));
    } finally {
      assertTrue(Thread.interrupted());
    }

    assertEquals("x", Files.readString(folder.resolve("a")));
  }

  @Test
  void saysEarlyThatAFileIsNoFolder() throws IOException {
    Path target = Files.writeString(folder.resolve("file"), "").resolve("sub/a.png");

    assertFails(
        ExitCode.CANNOT_WRITE, "file is not a folder", () -> AtomicFile.requireWritable(target));
    assertFails(ExitCode.CANNOT_WRITE, "", () -> AtomicFile.write(target, out -> out.write('x')));
  }

  @Test
  void saysEarlyThatAFolderIsNoFile() throws IOException {
    Path target = Files.createDirectory(folder.resolve("a.png"));

    assertFails(ExitCode.CANNOT_WRITE, "it is a folder", () -> AtomicFile.requireWritable(target));
  }

  @Test
  void saysEarlyThatANameIsTooLong() {
    Path target = folder.resolve("a".repeat(300) + ".png");

    assertFails(
        ExitCode.CANNOT_WRITE, "at most 255 bytes", () -> AtomicFile.requireWritable(target));
  }

  @Test
  void saysEarlyThatAFolderIsReadOnly() throws IOException {
    Path shut = Files.createDirectory(folder.resolve("shut"));
    assumeFalse(!shut.toFile().setWritable(false) || Files.isWritable(shut), "we are root");

    assertFails(
        ExitCode.CANNOT_WRITE,
        "not writable",
        () -> AtomicFile.requireWritable(shut.resolve("a.png")));
  }

  @Test
  void createsNothingWhenAskedWhetherItCould() {
    AtomicFile.requireWritable(folder.resolve("new/sub/a.png"));

    assertEquals(0, folder.toFile().list().length);
  }

  /** ".a.1234-….part" is what a killed process 1234 leaves of "a". */
  @Test
  void removesWhatTheDeadLeftAndNothingElse() throws IOException {
    String dead = "." + Long.MAX_VALUE / 10 + "-0123456789abcdef.part";
    Path left = Files.writeString(folder.resolve(".a" + dead), "half");
    List<String> others =
        List.of(
            ".b" + dead,
            ".a.b" + dead,
            ".a.part",
            ".a.1-0123.part",
            "a" + dead,
            ".a."
                + ProcessHandle.current().parent().orElseThrow().pid()
                + "-0123456789abcdef.part");
    for (String name : others) {
      Files.writeString(folder.resolve(name), "another's");
    }
    Files.createDirectories(folder.resolve(".a.7" + dead + "/in the way"));
    try (AtomicFile open = AtomicFile.open(folder.resolve("a"))) {
      AtomicFile.removeLeft(folder, name -> name.equals("a") || name.equals("a.7"));

      assertTrue(Files.exists(open.temporary()));
    }
    assertTrue(Files.notExists(left));
    for (String name : others) {
      assertTrue(Files.exists(folder.resolve(name)), name);
    }
    AtomicFile.removeLeft(folder.resolve("nowhere"), name -> true);
  }

  @Test
  void aFileThatIsNotPublishedTellsItsTargetAndItsProcess() {
    try (AtomicFile open = AtomicFile.open(folder.resolve("a.png"))) {
      String start = ".a.png." + ProcessHandle.current().pid() + "-";
      String name = open.temporary().getFileName().toString();
      assertTrue(name.startsWith(start), name);
    }
    AtomicFile.write(folder.resolve("n".repeat(255)), out -> out.write('x'));
  }

  private static void assertFails(ExitCode code, String reason, Executable action) {
    Failure failure = assertThrows(Failure.class, action);
    assertEquals(code, failure.exitCode());
    assertTrue(failure.getMessage().contains(reason), failure.getMessage());
  }

  private void assertAlone(Path target) {
    assertArrayEquals(new String[] {target.getFileName().toString()}, folder.toFile().list());
  }
}
