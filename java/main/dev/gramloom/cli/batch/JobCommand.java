package dev.gramloom.cli.batch;

import dev.gramloom.failure.Failure;

/**
 * A command that a line of a job file may name: it reads pictures and writes one to {@code
 * --output}, with companions beside it.
 */
public interface JobCommand {
  /**
   * Refuses what cannot be, by the flags alone and by which files are there; decodes no picture.
   *
   * @throws Failure with what was allowed and what came
   */
  void check();

  /**
   * Does the work; {@link #check} has passed.
   *
   * @param bench computes, and is there for the next job too
   * @throws Failure if the work cannot be done
   */
  Made run(Workbench bench);
}
