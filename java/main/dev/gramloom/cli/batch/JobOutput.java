package dev.gramloom.cli.batch;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.FileNames;
import dev.gramloom.file.IoReason;
import dev.gramloom.image.FrameSequence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Where a job may write: below the batch's folder, under names that every system takes. */
public final class JobOutput {
  /** Characters of a whole path. */
  static final int LONGEST = 1024;

  /** Bytes of a name within it: room for what companions add. */
  private static final int LONGEST_NAME = 200;

  private static final String CHARACTER = "[^\\u0000-\\u001f\\u007f\\\\/:*?\"<>|";

  /** Not hidden, not "..", no ending that Windows drops, not the folder of the iterates. */
  private static final String NAME =
      "(?!\\.|[Ff][Rr][Aa][Mm][Ee][Ss]/)" + CHARACTER + "]*" + CHARACTER + ". ]";

  /** Names between slashes; also the schema's, so without Java's own syntax. */
  static final String PATTERN = "^(?:" + NAME + "/){0,15}" + NAME + "$";

  private JobOutput() {}

  /**
   * A relative path.
   *
   * @throws Failure USAGE if it is none, or could lead out of the folder it is relative to
   */
  public static Path path(String text) {
    if (text.codePointCount(0, text.length()) > LONGEST || !text.matches(PATTERN)) {
      throw refused(text);
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw refused(text);
    }
  }

  private static Failure refused(String text) {
    return JobKeys.usage(
        ("output must be a path like walls/brick.png below the batch's folder, without .., hidden"
                + " names, folders named frames or any of \\:*?\"<>|, got \"%s\"")
            .formatted(text));
  }

  /** The name of a picture that says nothing of its own: the input's, made one that all take. */
  static Path named(Path input) {
    String name = input == null ? "" : FileNames.stem(input);
    String plain = name.replaceAll(CHARACTER.replace("[^", "[") + "]", "_");
    String visible = plain.replaceFirst("^[. ]+", "_").replaceFirst("[. ]+$", "_");
    while (visible.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME - 20) {
      visible = visible.substring(0, visible.offsetByCodePoints(visible.length(), -1));
    }
    return Path.of((visible.isBlank() ? "picture" : visible) + ".png");
  }

  /**
   * Follows a job's output on the disk.
   *
   * @param folder the batch's; it need not be there
   * @param output relative to it
   * @throws Failure USAGE if a symbolic link on the way, or in place of the picture or a companion,
   *     leads elsewhere; CANNOT_WRITE if a name is too long or the folder cannot be read
   */
  public static void requireInside(Path folder, Path output) {
    Path way = folder;
    for (Path name : output) {
      if (name.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
        throw new Failure(
            ExitCode.CANNOT_WRITE,
            "output: a name may have at most %d bytes, got %s".formatted(LONGEST_NAME, name));
      }
      way = way.resolve(name);
      requireNoLink(way);
    }
    requireNoLink(FrameSequence.folder(way));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(way.getParent())) {
      String stem = FileNames.stem(way) + ".";
      for (Path file : files) {
        if (file.getFileName().toString().startsWith(stem)) {
          requireNoLink(file);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // nothing there that could lead away; what cannot be a folder is found when it is written
    } catch (IOException e) {
      throw new Failure(
          ExitCode.CANNOT_WRITE,
          "cannot read %s: %s".formatted(way.getParent(), IoReason.of(e)),
          e);
    }
  }

  private static void requireNoLink(Path path) {
    if (Files.isSymbolicLink(path)) {
      throw JobKeys.usage("output: %s is a symbolic link, a job follows none".formatted(path));
    }
  }
}
