package dev.gramloom.cli;

import dev.gramloom.collect.Collector;
import dev.gramloom.collect.Collector.Wishes;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.weights.download.Limits;
import dev.gramloom.weights.download.ProxyChoice;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gramloom collect}: a web page's pictures, to build a set of styles. */
@Command(
    name = "collect",
    description = {
      "Downloads the pictures of one web page, as far as its robots.txt allows.",
      "The pictures' licences are their authors'; sources.json notes where each is from."
    },
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class)
final class CollectCommand implements Callable<Integer> {
  private static final int MOST_BYTES = 64 << 20; // of a picture
  private static final Duration MOST_TIME = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofMillis(100); // spares the server

  private final Console console;

  @Parameters(paramLabel = "PAGE_URL", description = "the page, http or https")
  private String page;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "the folder for pictures; nothing in it is overwritten")
  private Path folder;

  @Option(
      names = "--min-size",
      paramLabel = "N",
      defaultValue = "128",
      description = "pixels of a picture's shorter side, at least (default: 128)")
  private int minSize;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "pictures, at most (default: 50)")
  private int limit;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "take pictures of this host, too; the page's own and those below it always")
  private List<String> hosts = List.of();

  CollectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    URI url = url();
    Numbers.within("--min-size", minSize, 1, 16_384);
    Numbers.within("--limit", limit, 1, 10_000);
    for (String host : hosts) {
      if (!host.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")) {
        throw Numbers.usage(
            "--host must be a host's name like img.example.org, got '" + host + "'");
      }
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw Numbers.usage("-o must be a folder, got " + folder);
    }
    Wishes wishes = new Wishes(new HashSet<>(hosts), minSize, limit, MOST_BYTES, MOST_TIME, PAUSE);
    Told told = new Told();
    ProxyChoice proxies = new ProxyChoice(System.getenv());
    int kept = new Collector(folder, wishes, told, Limits.standard(), proxies).run(url);
    if (kept == 0 && !told.reasons.containsKey("already there")) {
      throw new Failure(
          ExitCode.BAD_DATA, "%s has no picture to keep%s".formatted(url, told.summary(": ")));
    }
    console.result("kept %d pictures in %s%s".formatted(kept, folder, told.summary("; skipped ")));
    return 0;
  }

  private URI url() {
    try {
      URI url = new URI(page);
      if (url.getHost() != null && Set.of("http", "https").contains(url.getScheme())) {
        return new URI(url.toASCIIString().replaceFirst("#.*", ""));
      }
    } catch (URISyntaxException e) {
      // the same answer
    }
    throw Numbers.usage("PAGE_URL must begin with http:// or https://, got '" + page + "'");
  }

  /** Says what is kept, and counts why the rest is not. */
  private final class Told implements Collector.Report {
    private final Map<String, Integer> reasons = new TreeMap<>();

    @Override
    public void kept(String name, URI url, int width, int height) {
      console.say("%s  %d x %d  %s".formatted(name, width, height, url));
    }

    @Override
    public void skipped(URI url, String reason) {
      reasons.merge(reason.replaceFirst(",.*", ""), 1, Integer::sum);
      console.say("skipped: %s: %s".formatted(url, reason));
    }

    private String summary(String before) {
      return reasons.isEmpty()
          ? ""
          : before
              + reasons.entrySet().stream()
                  .map(e -> e.getValue() + " " + e.getKey())
                  .collect(Collectors.joining(", "));
    }
  }
}
