package dev.gramloom.file;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** The machine's reason for a failed file operation, in words for the user. */
public final class IoReason {
  private IoReason() {}

  /** A file that cannot be written, CANNOT_WRITE. */
  public static Failure cannotWrite(Path file, IOException error) {
    return failure(ExitCode.CANNOT_WRITE, "write", file, error);
  }

  /** A file that cannot be read, MISSING_INPUT. */
  public static Failure cannotRead(Path file, IOException error) {
    return failure(ExitCode.MISSING_INPUT, "read", file, error);
  }

  private static Failure failure(ExitCode code, String verb, Path file, IOException error) {
    return new Failure(code, "cannot %s %s: %s".formatted(verb, file, of(error)), error);
  }

  /** The reason alone, without the path. */
  public static String of(IOException error) {
    if (error instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (error instanceof NoSuchFileException) {
      return "no such file";
    }
    if (error instanceof NotDirectoryException) {
      return "not a folder";
    }
    if (error instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
  }
}
