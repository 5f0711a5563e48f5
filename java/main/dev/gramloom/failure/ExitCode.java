package dev.gramloom.failure;

/** The process's exit codes: BSD's {@code sysexits.h}, and 33 for memory. */
public enum ExitCode {
  DONE(0),
  /** A memory need, in bytes, that this machine or device cannot meet. */
  OUT_OF_MEMORY(33),
  /** The command line or the job is not one we accept. */
  USAGE(64),
  /** The input was found and read, and is not what it should be. */
  BAD_DATA(65),
  /** An input file is not there or may not be read. */
  MISSING_INPUT(66),
  /** The wanted backend or device is not there. */
  UNAVAILABLE(69),
  /** Our bug. */
  SOFTWARE(70),
  /** An output cannot be written. */
  CANNOT_WRITE(73),
  /** Stopped on request; the same command goes on from what was written. */
  STOPPED(75);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The number handed to the operating system. */
  public int code() {
    return code;
  }
}
