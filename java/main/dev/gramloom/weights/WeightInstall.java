package dev.gramloom.weights;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import dev.gramloom.weights.download.Checksum;
import dev.gramloom.weights.download.Download;
import dev.gramloom.weights.download.Limits;
import dev.gramloom.weights.download.Progress;
import dev.gramloom.weights.download.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Downloads weights, verifies them and brings them into the store. */
public final class WeightInstall {
  private final WeightStore store;
  private final Progress progress;
  private final Limits limits;

  /** Who is told, and how long to wait. */
  public WeightInstall(WeightStore store, Progress progress, Limits limits) {
    this.store = store;
    this.progress = progress;
    this.limits = limits;
  }

  /**
   * Installs a network. What was downloaded stays until it is installed, so that an interrupted
   * installation goes on.
   *
   * @return the file written
   * @throws Failure UNAVAILABLE with what to do by hand if it cannot be had; CANNOT_WRITE
   */
  public Path run(WeightCatalog entry) {
    Path part = store.folder().resolve("." + entry.name() + ".download");
    Source source = new Download(entry.sources(), part, progress, limits, advice(entry)).fetch();
    Path installed = new WeightImport(store, true).run(part, fileName(source), entry.name(), null);
    delete(part);
    return installed;
  }

  private static String advice(WeightCatalog entry) {
    Source first = entry.sources().get(0);
    Checksum checksum = first.checksum();
    return "download %s (%s %s) by other means and run: gramloom weights import %s"
        .formatted(first.url(), checksum.algorithm(), checksum.hex(), fileName(first));
  }

  private static String fileName(Source source) {
    String path = source.url().getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * @throws Failure CANNOT_WRITE with the machine's reason
   */
  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new Failure(
          ExitCode.CANNOT_WRITE, "cannot remove %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }
}
