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

  /** What the process returns. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
