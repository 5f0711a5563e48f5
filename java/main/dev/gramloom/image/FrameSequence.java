package dev.gramloom.image;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.FileNames;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbered pictures beside the output: {@code stone.png} gets {@code frames/stone.0001.png} and so
 * on, from 1; a number past 9999 takes the digits it needs.
 */
public final class FrameSequence {
  private static final String FOLDER = "frames";

  private final Path outputPicture;
  private int written;

  /**
   * Starts a sequence and removes what an earlier run for the same picture left.
   *
   * @param outputPicture the picture the frames lead to; its extension does not count
   * @throws Failure CANNOT_WRITE if an old frame cannot be removed
   */
  public FrameSequence(Path outputPicture) {
    this(outputPicture, 0);
  }

  /**
   * Goes on with a sequence.
   *
   * @param alreadyWritten frames that stay; those with higher numbers are removed
   * @throws Failure CANNOT_WRITE if an old frame cannot be removed, or as {@link #requireOwnFolder}
   */
  public FrameSequence(Path outputPicture, int alreadyWritten) {
    requireOwnFolder(outputPicture);
    this.outputPicture = outputPicture.toAbsolutePath();
    this.written = alreadyWritten;
    removeStale();
  }

  /**
   * Writes the next frame, whole or not at all.
   *
   * @return where it lies
   * @throws Failure CANNOT_WRITE with the machine's reason
   */
  public Path add(Image picture) {
    Path frame = frame(outputPicture, written + 1);
    ImageFile.write(picture, frame);
    written++;
    return frame;
  }

  /** Where the frames of all pictures of a folder lie. */
  public static Path folder(Path outputPicture) {
    return outputPicture.resolveSibling(FOLDER);
  }

  /**
   * Where a frame lies.
   *
   * @param number from 1
   */
  public static Path frame(Path outputPicture, int number) {
    return folder(outputPicture)
        .resolve(String.format(Locale.ROOT, "%s.%04d.png", FileNames.stem(outputPicture), number));
  }

  /**
   * Says early what the constructor would say late: frames are written, and removed, in the
   * picture's own folder and nowhere else.
   *
   * @throws Failure CANNOT_WRITE if their folder is a symbolic link
   */
  public static void requireOwnFolder(Path outputPicture) {
    AtomicFile.requireNoLink(folder(outputPicture));
  }

  /** Removes what killed processes left of frames that they were writing. */
  public static void removeLeft(Path outputPicture) {
    Path folder = folder(outputPicture);
    if (!Files.isSymbolicLink(folder)) {
      AtomicFile.removeLeft(folder, names(outputPicture).asMatchPredicate());
    }
  }

  private static Pattern names(Path outputPicture) {
    return Pattern.compile(Pattern.quote(FileNames.stem(outputPicture)) + "\\.(\\d{4,9})\\.png");
  }

  /** Frames so far, those of an earlier part included. */
  public int written() {
    return written;
  }

  private void removeStale() {
    Path folder = folder(outputPicture);
    if (!Files.isDirectory(folder)) {
      return;
    }
    Pattern ours = names(outputPicture);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Matcher name = ours.matcher(file.getFileName().toString());
        if (name.matches() && Integer.parseInt(name.group(1)) > written) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new Failure(
          ExitCode.CANNOT_WRITE,
          "cannot remove old frames from %s: %s".formatted(folder, IoReason.of(e)),
          e);
    }
  }
}
