package dev.gramloom.failure;

/**
 * What the user or the machine got wrong, in one line for the user: what was allowed and what came.
 *
 * <p>Programmers' mistakes are not failures: they stay {@link IllegalArgumentException} and the
 * like.
 */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;

  /**
   * @param exitCode what the process returns
   * @param message one line, no stack trace, no class names
   */
  public Failure(ExitCode exitCode, String message) {
    this(exitCode, message, null);
  }

  /**
   * @param cause the machine's own error, kept for bug reports; may be null
   */
  public Failure(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** Java's memory is full, whatever had been counted. */
  public static Failure outOfMemory(OutOfMemoryError error) {
    return new Failure(
        ExitCode.OUT_OF_MEMORY,
        "out of memory with a heap of %d MiB; use a smaller --size, or give Java more with "
                .formatted(Runtime.getRuntime().maxMemory() >> 20)
            + "GRAMLOOM_JAVA_OPTS=-Xmx8g",
        error);
  }

  /** The message on one line, whatever the names in it hold. */
  public String line() {
    return oneLine(getMessage());
  }

  /** A text on one line, without what steers a terminal. */
  public static String oneLine(String text) {
    return text == null
        ? "no message"
        : text.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
  }

  /** What the process returns. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
