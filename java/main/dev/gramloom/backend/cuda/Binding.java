package dev.gramloom.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Loads libraries: the system's by their paths, and JCuda's own.
 *
 * <p>JCuda would unpack its into the folder for temporary files and take what lies there under
 * their names, whoever put it there; here it gets a folder that nobody else can write to, for as
 * long as it takes.
 */
final class Binding {
  private static final String TEMPORARY = "java.io.tmpdir";

  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

  private Binding() {}

  /**
   * @param initialise touches the class of JCuda's that loads a library
   * @throws LinkageError if that does not load
   */
  static synchronized void load(Runnable initialise) throws IOException {
    Path folder = privateFolder();
    String before = System.setProperty(TEMPORARY, folder.toString());
    try {
      initialise.run();
    } finally {
      System.setProperty(TEMPORARY, before);
      delete(folder);
    }
  }

  /** Loads a library of our own, which lies beside this class in the jar. */
  static void packed(String name) throws IOException {
    Path folder = privateFolder();
    try (InputStream in = Binding.class.getResourceAsStream(name)) {
      Path file = folder.resolve(name);
      Files.copy(in, file);
      System.load(file.toString());
    } finally {
      delete(folder);
    }
  }

  private static Path privateFolder() throws IOException {
    return Files.createTempDirectory("gramloom-cuda");
  }

  /**
   * Loads a library of the system's.
   *
   * @throws IOException if the file is none: Java would warn on the user's terminal
   */
  static void system(Path library) throws IOException {
    try (InputStream in = Files.newInputStream(library)) {
      if (!Arrays.equals(in.readNBytes(ELF.length), ELF)) {
        throw new IOException("it is no library");
      }
    }
    System.load(library.toString());
  }

  /** A loaded library stays where it is in memory when its file goes. */
  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** "9.5.1", of a number as NVIDIA's libraries give them: major · 10000 + minor · 100 + patch. */
  static String version(long number) {
    return number / 10000 + "." + number / 100 % 100 + "." + number % 100;
  }

  /** The first line of what went wrong: JCuda's own messages have many. */
  static String reason(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
