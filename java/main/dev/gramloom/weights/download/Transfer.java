package dev.gramloom.weights.download;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The attempts at one source, until its file is in the part or the source is given up. */
final class Transfer {
  private static final long REPORT_NANOS = 100_000_000;

  private final Source source;
  private final PartFile part;
  private final HttpGet http;
  private final Progress progress;
  private final Limits limits;
  private long reported = System.nanoTime() - REPORT_NANOS;
  private boolean anew; // whether all bytes of the part come from the present attempt
  private boolean restarted; // whether a wrong hash has led to a second download already

  Transfer(Source source, PartFile part, HttpGet http, Progress progress, Limits limits) {
    this.source = source;
    this.part = part;
    this.http = http;
    this.progress = progress;
    this.limits = limits;
  }

  /**
   * Leaves the verified file in the part.
   *
   * @throws Refusal why the source is given up; what came of its file may be in the part
   * @throws Failure CANNOT_WRITE if the part cannot be written, STOPPED if the thread is to stop
   */
  void run() throws Refusal {
    part.requireRoom(source.bytes());
    long farthest = start();
    int failures = 0;
    while (true) {
      try {
        attempt();
        return;
      } catch (Refusal e) {
        if (part.isOf(source) && part.length() - farthest >= limits.leastBytes()) {
          farthest = part.length();
          failures = 0;
        }
        failures++;
        if (!e.passing() || failures >= limits.backOff().attempts()) {
          throw e;
        }
        rest(e, failures);
      }
    }
  }

  private void rest(Refusal refusal, int failures) {
    Duration pause = limits.backOff().pause(failures, refusal.waitAsked());
    progress.says(
        "%s: %s; once more from byte %d in %.1f s"
            .formatted(source.host(), refusal.getMessage(), start(), pause.toMillis() / 1e3));
    try {
      limits.backOff().sleep().sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopped();
    }
  }

  /** The byte to go on from. */
  private long start() {
    return part.isOf(source) ? part.length() : 0;
  }

  private void attempt() throws Refusal {
    requireGoingOn();
    anew = false;
    if (start() > 0 && expected() >= 0 && part.length() >= expected()) {
      verify(); // an earlier attempt ended between the last byte and this line
      return;
    }
    long start = start();
    if (start > 0) {
      part.sumWith(source.checksum());
    }
    try (Reply reply = http.open(source.url(), range(start))) {
      if (accept(reply, start)) {
        receive(reply);
      }
    } catch (IOException e) {
      throw Refusal.of(e);
    }
    if (part.length() < expected()) {
      throw broken("it ended early");
    }
    report(true);
    verify();
  }

  private Map<String, String> range(long start) {
    Map<String, String> headers = new TreeMap<>();
    if (start > 0) {
      headers.put("Range", "bytes=" + start + "-");
      if (!part.state().validator().isEmpty()) {
        headers.put("If-Range", part.state().validator());
      }
    }
    return headers;
  }

  /** The file's length in bytes as far as it is known; -1 if it is not. */
  private long expected() {
    if (source.bytes() >= 0) {
      return source.bytes();
    }
    return part.state() != null && part.state().isOf(source) ? part.state().total() : -1;
  }

  /** Whether the answer's body belongs at the end of the part, which is made ready for it. */
  private boolean accept(Reply reply, long start) throws Refusal {
    int status = reply.status();
    if (status < 300 && reply.isWebPage()) {
      throw Refusal.lasting("it sent a web page");
    }
    if (status == 200) {
      requireLength(reply.length());
      if (start > 0) {
        progress.says(source.host() + ": does not continue at a byte; from the beginning");
      }
      part.requireRoom(reply.length());
      part.restart(PartState.of(source, reply), source.checksum());
      anew = true;
      return true;
    }
    if (status == 206) {
      requireContinuation(reply, start);
      return true;
    }
    if (status == 416 && start > 0) {
      requireNothingMissing();
      return false;
    }
    if (status == 408 || status == 429 || status >= 500) {
      throw Refusal.passing("HTTP status " + status, reply.retryAfter());
    }
    throw Refusal.lasting("HTTP status " + status);
  }

  private void requireLength(long offered) throws Refusal {
    if (offered >= 0 && source.bytes() >= 0 && offered != source.bytes()) {
      throw Refusal.lasting(
          "it has a file of %d bytes, not the one of %d".formatted(offered, source.bytes()));
    }
    if (source.bytes() < 0 && offered > limits.mostBytes()) {
      throw Refusal.lasting(
          "it has a file of %d bytes, over %d".formatted(offered, limits.mostBytes()));
    }
  }

  private void requireContinuation(Reply reply, long start) throws Refusal {
    if (start == 0) {
      throw Refusal.passing("it sent a piece where the whole was asked for");
    }
    Reply.ContentRange range = reply.contentRange();
    boolean right =
        range != null
            && range.first() == start
            && range.last() >= start
            && (range.total() < 0 || range.last() < range.total())
            && (range.total() < 0 || expected() < 0 || range.total() == expected());
    if (!right || part.state().contradicts(reply)) {
      part.discard();
      throw Refusal.passing("it sent another piece than asked for");
    }
  }

  /** To a 416: if the length was not known, the part may be whole, and the hash tells. */
  private void requireNothingMissing() throws Refusal {
    if (expected() >= 0) {
      part.discard();
      throw Refusal.passing("it has nothing after the last byte received");
    }
  }

  private void receive(Reply reply) throws Refusal {
    report(true);
    try {
      receive(reply.body(), reply.length() < 0 ? Long.MAX_VALUE : reply.length());
    } catch (IOException e) {
      // A server that never ends a body whose bytes are all here has done its work.
      if (start() == 0 || part.length() != expected()) {
        throw broken(Refusal.of(e).getMessage());
      }
    }
  }

  private Refusal broken(String reason) {
    String all = expected() < 0 ? "" : " of " + expected();
    return Refusal.passing(
        "the connection broke at byte %d%s (%s)".formatted(start(), all, reason));
  }

  /**
   * Reads the announced bytes at the most: Java reads on where a server sends more than it said.
   */
  private void receive(InputStream body, long announced) throws IOException, Refusal {
    long most = expected() < 0 ? limits.mostBytes() : expected();
    byte[] buffer = new byte[1 << 16];
    long left = announced;
    long windowStart = System.nanoTime();
    long windowLength = part.length();
    for (int count; (count = body.read(buffer, 0, (int) Math.min(left, buffer.length))) > 0; ) {
      left -= count;
      if (count > most - part.length()) {
        part.discard();
        throw Refusal.lasting("it sends more than " + most + " bytes");
      }
      part.append(buffer, count);
      report(false);
      requireGoingOn();
      long now = System.nanoTime();
      if (now - windowStart >= limits.read().toNanos()) {
        if (part.length() - windowLength < limits.leastBytes() && part.length() != expected()) {
          throw Refusal.passing("it has become too slow");
        }
        windowStart = now;
        windowLength = part.length();
      }
    }
  }

  private void report(boolean always) {
    long now = System.nanoTime();
    if (always || now - reported >= REPORT_NANOS) {
      reported = now;
      progress.at(part.length(), expected());
    }
  }

  /**
   * Accepts the part or discards it. A wrong hash of what came in one piece is the source's fault;
   * of what was continued, it may be that of the disk or of an older file: that gets a second try.
   */
  private void verify() throws Refusal {
    boolean pieced = !anew;
    if (part.sumMatches(source.checksum())) {
      part.finish();
      return;
    }
    part.discard();
    String reason = "its file has the wrong " + source.checksum().algorithm();
    if (pieced && !restarted) {
      restarted = true;
      throw Refusal.passing(reason + " after it was continued");
    }
    throw Refusal.lasting(reason);
  }

  private void requireGoingOn() {
    if (Thread.currentThread().isInterrupted()) {
      throw stopped();
    }
  }

  private Failure stopped() {
    return new Failure(
        ExitCode.STOPPED,
        "stopped at byte %d; the same command goes on from there".formatted(start()));
  }
}
