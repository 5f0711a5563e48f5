package dev.gramloom.cli.batch;

/** Hears how a batch goes on, from one thread at a time. */
public interface BatchListener {
  /** Something on the way. */
  void say(String line);

  /** A job has ended well or failed. */
  void ended(Job job, JobOutcome outcome);
}
