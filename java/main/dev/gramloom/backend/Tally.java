package dev.gramloom.backend;

/** What a {@link TimedBackend}'s calls of one kind add up to. */
final class Tally {
  private long calls;
  private long nanoseconds;
  private long multiplyAdds;

  void add(long taken, long counted) {
    calls++;
    nanoseconds += taken;
    multiplyAdds += counted;
  }

  TimedBackend.Row row(String what) {
    return new TimedBackend.Row(what, calls, nanoseconds, 2.0 * multiplyAdds);
  }
}
