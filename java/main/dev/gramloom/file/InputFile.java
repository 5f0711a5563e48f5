package dev.gramloom.file;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A file that is read whole or in places: not a pipe, which may never end, nor a device. */
public final class InputFile {
  private InputFile() {}

  /**
   * Its length in bytes, found without opening it.
   *
   * @throws Failure MISSING_INPUT if it is not there or no file
   */
  public static long size(Path path) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        throw missing(path, "it is a folder, a file is wanted");
      }
      if (!attributes.isRegularFile()) {
        throw missing(path, "it is a pipe or a device, a file is wanted");
      }
      return attributes.size();
    } catch (IOException e) {
      throw IoReason.cannotRead(path, e);
    }
  }

  /**
   * Says before long work what a reader would say of a file that is not there. Reads nothing.
   *
   * @throws Failure MISSING_INPUT if it is not there, no file or may not be read
   */
  public static void requireReadable(Path path) {
    size(path);
    if (!Files.isReadable(path)) {
      throw missing(path, "permission denied");
    }
  }

  private static Failure missing(Path path, String reason) {
    return new Failure(ExitCode.MISSING_INPUT, "cannot read %s: %s".formatted(path, reason));
  }
}
