package dev.gramloom.cli.farm;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What has become of one task, on a disk that all nodes share.
 *
 * <p>Starts are numbered; {@code 7.start} is the record of the seventh. It appears by link(2), so
 * of two processes that want to be the seventh one is. Records are never removed: a start is the
 * task's holder while its number is the highest, and it learns that it no longer is by looking for
 * the next number. So taking over from a dead start is making the next number, and no process can
 * remove the lock of another by mistake, as with one lock file that is deleted and made again.
 *
 * <p>A start that is thought dead may live on behind a broken cable and work beside its successor.
 * That costs time and nothing else: each writes in a folder of its own ({@code 7.work}), and what
 * is published is decided once, by {@link Publication}.
 *
 * <p>No lock of the operating system is used: on network file systems they may be local to a node,
 * or outlive it.
 *
 * @param path of the folder
 */
record TaskFolder(Path path) {
  private static final Pattern START = Pattern.compile("([1-9]\\d{0,8})\\.start");

  /** A start with its number. */
  record Numbered(int number, Start start) {}

  /** The last start, if there was one. */
  Optional<Numbered> last() {
    int highest = highest();
    return highest == 0
        ? Optional.empty()
        : Records.read(record(highest), Start.class).map(start -> new Numbered(highest, start));
  }

  /** The highest number there is; 0 if there is none. */
  int highest() {
    int highest = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.start")) {
      for (Path file : files) {
        Matcher name = START.matcher(file.getFileName().toString());
        if (name.matches()) {
          highest = Math.max(highest, Integer.parseInt(name.group(1)));
        }
      }
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw IoReason.cannotRead(path, e);
    }
    return highest;
  }

  /**
   * Waits until the last start is known to be over: it says so, Slurm or this machine know it, or
   * its record did not change for a while, by this process's own clock: clocks of nodes differ.
   *
   * @param lease after how long without a change it counts as dead; several of its beats
   * @return the last start; nothing if there was none
   * @throws Failure STOPPED if it lives
   */
  Optional<Numbered> awaitEndOfLast(Start mine, Duration lease) {
    Optional<Numbered> found = last();
    long seen = System.nanoTime();
    while (found.isPresent()
        && !found.get().start().ended()
        && !found.get().start().isOver(mine)
        && System.nanoTime() - seen < lease.toNanos()) {
      sleep(lease.dividedBy(60));
      Optional<Numbered> now = last();
      if (!now.equals(found)) {
        throw held(now.orElse(found.get()));
      }
    }
    return found;
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(Math.max(1, time.toMillis()));
    } catch (InterruptedException e) {
      throw new Failure(ExitCode.STOPPED, "stopped", e);
    }
  }

  /**
   * Makes a start the task's holder.
   *
   * @throws Failure STOPPED if another was faster
   */
  void take(int number, Start start) {
    if (!publishOnce(record(number), start, start.token())) {
      throw held(last().orElseThrow());
    }
  }

  private static Failure held(Numbered other) {
    return new Failure(
        ExitCode.STOPPED,
        "start %d of this task works on %s; this one leaves it alone"
            .formatted(other.number(), other.start().place()));
  }

  /** Rewrites a start's own record; nobody else writes it. */
  void update(int number, Start start) {
    Records.write(record(number), start);
  }

  /** Whether a start is no longer the holder. */
  boolean isTakenFrom(int number) {
    return Files.exists(record(number + 1));
  }

  Path record(int number) {
    return path.resolve(number + ".start");
  }

  /** Where a start writes. */
  Path work(int number) {
    return path.resolve(number + ".work");
  }

  /** What was published: there once, then for ever. */
  Path done() {
    return path.resolve("done.json");
  }

  /**
   * Makes a record appear under a name that nobody has, by link(2): it never replaces, whoever else
   * tries at the same time. On NFS the answer to a link that was made may be lost, and the repeated
   * request refused: so a refusal is believed only if the record there is another's.
   *
   * @param token of the record, also as it stands in the file
   * @return whether it is the one that is there
   */
  static boolean publishOnce(Path target, Object record, String token) {
    Path temporary = target.resolveSibling("." + UUID.randomUUID() + ".part");
    try {
      Files.createDirectories(target.getParent());
      RunFolder.write(temporary, Records.text(record));
      try {
        Files.createLink(target, temporary);
        return true;
      } catch (IOException e) {
        if (Files.exists(target)) {
          return Records.read(target, Token.class).map(Token::token).orElse("").equals(token);
        }
        throw e;
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw IoReason.cannotWrite(target, e);
    }
  }

  /** What all records that are published once have. */
  private record Token(String token) {}
}
