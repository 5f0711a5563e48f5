package dev.gramloom.cli;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.IoReason;
import dev.gramloom.file.LockFile;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.Checkpoint;
import dev.gramloom.synthesis.CheckpointFile;
import dev.gramloom.synthesis.CheckpointFile.Content;
import dev.gramloom.synthesis.CheckpointFile.DamagedException;
import dev.gramloom.synthesis.Checkpoints;
import dev.gramloom.synthesis.Identity;
import dev.gramloom.synthesis.SynthesisSettings.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A run that can be stopped and gone on with: its lock, its checkpoint, and what lies there of an
 * earlier one.
 */
final class ResumableRun implements Checkpoints, AutoCloseable {
  /** A checkpoint may take this share of the time, whatever interval was asked for. */
  private static final double MOST_SHARE = 0.05;

  private final ResumeOptions options;
  private final Console console;
  private final Outputs outputs;
  private final Identity identity;
  private final StopSignal stop;
  private final LockFile lock;
  private Checkpoint resumed; // null for none
  private Runnable beforeWriting = () -> {};
  private Supplier<byte[]> seen = () -> new byte[0];
  private long due;
  private boolean warned;

  private ResumableRun(
      ResumeOptions options,
      Console console,
      Outputs outputs,
      Identity identity,
      StopSignal stop,
      LockFile lock) {
    this.options = options;
    this.console = console;
    this.outputs = outputs;
    this.identity = identity;
    this.lock = lock;
    this.stop = stop;
    waitFor(options.every);
  }

  /**
   * Takes the output for this run.
   *
   * @param identity of what it will make
   * @param stop ends it; the caller's to close
   * @throws Failure STOPPED if another run is making it
   */
  static ResumableRun open(
      ResumeOptions options, Console console, Outputs outputs, Identity identity, StopSignal stop) {
    Optional<LockFile> lock = LockFile.take(outputs.lock());
    if (lock.isEmpty()) {
      throw new Failure(ExitCode.STOPPED, outputs.picture() + ": another run is making it now");
    }
    outputs.removeLeft();
    return new ResumableRun(options, console, outputs, identity, stop, lock.get());
  }

  /** Whether the very picture lies there already, and nothing says to make it again. */
  boolean isFinished(List<Path> companions) {
    return !options.force
        && FinishedRun.is(outputs, identity)
        && companions.stream().allMatch(Files::isRegularFile);
  }

  /**
   * Looks for a checkpoint to go on from; what cannot be gone on with is removed.
   *
   * @param scales of this run
   * @param method that moves its pixels
   * @param frames that go on too
   * @param series that goes on too
   * @throws Failure USAGE if it is another run's
   */
  void begin(List<Scale> scales, Method method, FrameWriter frames, Series series) {
    beforeWriting = frames::sync;
    seen = series::state;
    Path file = outputs.checkpoint();
    if (!options.noResume && !options.force && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      String reason = resume(file, scales, method, frames, series);
      if (reason == null) {
        console.say("Going on from %s: %s".formatted(file, place(scales)));
        return;
      }
      resumed = null;
      series.clear();
      console.say("Warning: %s cannot be used, %s; starting anew".formatted(file, reason));
    }
    removeKept();
  }

  /** Returns why not, or null. */
  private String resume(
      Path file, List<Scale> scales, Method method, FrameWriter frames, Series series) {
    try {
      if (Files.size(file) > Checkpoint.mostBytes(scales, series.pictures())) {
        requireSame(CheckpointFile.identity(file)); // another run's is not lost
        return "it is larger than any of this run";
      }
      Content content = CheckpointFile.read(file);
      requireSame(content.identity());
      resumed = content.checkpoint();
      if (!resumed.fits(scales, method)) {
        return "this run never stood there";
      }
      if (!series.resume(resumed.seen())) {
        return "its iterates are damaged";
      }
      return frames.resume(resumed) ? null : "its frames are gone or damaged";
    } catch (DamagedException e) {
      return e.getMessage();
    } catch (IOException e) {
      return IoReason.of(e);
    }
  }

  private String place(List<Scale> scales) {
    int leg = resumed.leg();
    Scale scale = scales.get(leg);
    int iterations = resumed.legs().get(leg).losses().length;
    return "scale %s, iteration %d of %d".formatted(scale.size(), iterations, scale.iterations());
  }

  private void requireSame(Identity other) {
    List<String> differences = other.differences(identity);
    if (!differences.isEmpty()) {
      throw new Failure(
          ExitCode.USAGE,
          "%s is of another run: %s; --no-resume or --force starts anew"
              .formatted(outputs.checkpoint(), String.join(", ", differences)));
    }
  }

  @Override
  public Optional<Checkpoint> resumed() {
    return Optional.ofNullable(resumed);
  }

  @Override
  public void pause(Supplier<Checkpoint> state) {
    if (stop.requested()) {
      String reason = written(state);
      throw new Failure(
          ExitCode.STOPPED,
          reason == null
              ? "stopped; the same command goes on from " + outputs.checkpoint()
              : "stopped; no checkpoint could be written: " + reason);
    }
    if (options.every > 0 && System.nanoTime() - due >= 0) {
      long start = System.nanoTime();
      String reason = written(state);
      if (reason != null && !warned) {
        console.say("Warning: no checkpoint could be written, the run goes on: " + reason);
      }
      warned = reason != null; // once, however long the disk is full
      double seconds = (System.nanoTime() - start) / 1e9;
      waitFor(Math.max(options.every, seconds / MOST_SHARE));
    }
  }

  @Override
  public void pause() {
    stop.requireGoingOn();
  }

  /** Returns why not, or null. */
  private String written(Supplier<Checkpoint> state) {
    try {
      beforeWriting.run();
      CheckpointFile.write(outputs.checkpoint(), identity, state.get().with(seen.get()));
      return null;
    } catch (Failure e) {
      if (e.exitCode() == ExitCode.CANNOT_WRITE) {
        return e.getMessage();
      }
      throw e;
    }
  }

  private void waitFor(double seconds) {
    due = System.nanoTime() + (long) (seconds * 1e9);
  }

  /** All outputs lie there: what served to go on has served its time. */
  void finish() {
    try {
      removeKept();
    } catch (Failure e) {
      console.say("Warning: " + e.getMessage());
    }
  }

  private void removeKept() {
    remove(outputs.checkpoint());
    remove(outputs.keptAnimation());
    AtomicFile.removePart(outputs.checkpoint());
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new Failure(
          ExitCode.CANNOT_WRITE, "cannot remove %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  @Override
  public void close() {
    try (lock) {
      if (!Files.exists(outputs.checkpoint(), LinkOption.NOFOLLOW_LINKS)) {
        remove(outputs.keptAnimation()); // of use with a checkpoint only
      }
    }
  }
}
