package dev.gramloom.weights.download;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Fetches one large file over HTTP(S) from the first of its sources that has it.
 *
 * <p>An interrupted download is continued, by the same process or by a later one, from the bytes in
 * the part and what {@code <part>.state} says of them.
 */
public final class Download {
  private final List<Source> sources;
  private final Path part;
  private final Progress progress;
  private final Limits limits;
  private final String advice;
  private final ProxyChoice proxies;

  /**
   * @param sources in the order of preference; a source that an earlier run left a part of comes
   *     first all the same
   * @param part where the bytes are gathered; its folder is made if it is not there
   * @param advice what the user can do when no source has the file; ends the message
   */
  public Download(
      List<Source> sources, Path part, Progress progress, Limits limits, String advice) {
    this(sources, part, progress, limits, advice, new ProxyChoice(System.getenv()));
  }

  Download(
      List<Source> sources,
      Path part,
      Progress progress,
      Limits limits,
      String advice,
      ProxyChoice proxies) {
    this.sources = List.copyOf(sources);
    this.part = part;
    this.progress = progress;
    this.limits = limits;
    this.advice = advice;
    this.proxies = proxies;
  }

  /**
   * Leaves the file, verified, in the part. A part that is whole already costs no request.
   *
   * @return the source that the file is from
   * @throws Failure UNAVAILABLE with each source's reason if none has the file; CANNOT_WRITE if the
   *     part cannot be written, its disk is too small, or another process is downloading it;
   *     STOPPED if the thread is interrupted
   */
  public Source fetch() {
    try (PartFile file = PartFile.open(part)) {
      for (Source source : sources) {
        if (file.isAllOf(source)) {
          file.finish();
          progress.at(file.length(), file.length());
          return source;
        }
      }
      return fetch(file);
    }
  }

  private Source fetch(PartFile file) {
    HttpGet http = new HttpGet(limits, proxies);
    List<Source> order = order(file);
    List<String> reasons = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      Source source = order.get(i);
      try {
        new Transfer(source, file, http, progress, limits).run();
        return source;
      } catch (Refusal e) {
        reasons.add(source.host() + ": " + e.getMessage());
        if (i + 1 < order.size()) {
          progress.says(reasons.get(i) + "; trying " + order.get(i + 1).host());
        }
      }
    }
    throw new Failure(
        ExitCode.UNAVAILABLE, "cannot download: " + String.join("; ", reasons) + "; " + advice);
  }

  /** The source that has begun is continued first: the others would throw its bytes away. */
  private List<Source> order(PartFile file) {
    List<Source> order = new ArrayList<>(sources);
    sources.stream()
        .filter(file::isOf)
        .findFirst()
        .ifPresent(begun -> {
          order.remove(begun);
          order.add(0, begun);
        });
    return order;
  }
}
