package dev.gramloom.cli;

import dev.gramloom.cli.batch.Companions;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.FileNames;
import dev.gramloom.image.FrameSequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The files a run writes: the picture and, beside it with the same stem, its companions.
 *
 * @param picture the texture
 */
record Outputs(Path picture) {
  /** {@code out/<stem>.png} for an exemplar. */
  static Outputs forExemplar(Path exemplar) {
    return new Outputs(Path.of("out", Companions.stem(exemplar) + ".png"));
  }

  /** {@code out/<content>.<style>.png}. */
  static Outputs forTransfer(Path content, Path style) {
    return new Outputs(
        Path.of("out", Companions.stem(content) + "." + Companions.stem(style) + ".png"));
  }

  /** What to judge the picture by. */
  Path preview() {
    return Companions.preview(picture);
  }

  /** What was done, and how it went. */
  Path report() {
    return Companions.report(picture);
  }

  /** The iterations as an animation. */
  Path gif() {
    return Companions.gif(picture);
  }

  /** The first of the iterations as pictures. */
  Path firstFrame() {
    return FrameSequence.frame(picture, 1);
  }

  /** The best of the iterates. */
  Path best() {
    return Companions.best(picture);
  }

  /** Iterates to pick from. */
  Path sheet() {
    return Companions.sheet(picture);
  }

  /** Where the run stands, while it is not finished. */
  Path checkpoint() {
    return Companions.beside(picture, ".checkpoint");
  }

  /** The animation's pictures so far, while the run is not finished. */
  Path keptAnimation() {
    return Companions.beside(picture, ".checkpoint.gif");
  }

  /** Held by the run that makes the picture. */
  Path lock() {
    return Companions.beside(picture, ".checkpoint.lock");
  }

  /** Removes what killed processes left half-written of all these files; they are this run's. */
  void removeLeft() {
    Set<String> names = new HashSet<>(Set.of(picture.getFileName().toString()));
    Companions.of(picture).forEach(file -> names.add(file.getFileName().toString()));
    AtomicFile.removeLeft(picture.toAbsolutePath().getParent(), names::contains);
    FrameSequence.removeLeft(picture);
  }

  /**
   * @throws Failure if the input is one of an earlier run's frames, which a new run removes
   */
  void requireNoFrame(Path input) {
    Path file = FileNames.real(input);
    if (String.valueOf(file.getFileName()).startsWith(Companions.stem(picture) + ".")) {
      requireOther(input, firstFrame().resolveSibling(file.getFileName()));
    }
  }

  /**
   * @throws Failure if the output would replace the input
   */
  static void requireOther(Path input, Path output) {
    try {
      if (Files.exists(output) && Files.exists(input) && Files.isSameFile(input, output)) {
        throw new Failure(
            ExitCode.USAGE, "the output must not replace the input " + input + "; give another -o");
      }
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT_WRITE, output + ": " + e.getMessage(), e);
    }
  }
}
