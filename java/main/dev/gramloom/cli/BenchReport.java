package dev.gramloom.cli;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.gramloom.backend.Backends;
import dev.gramloom.synthesis.Benchmark.Part;
import dev.gramloom.synthesis.Benchmark.Times;
import dev.gramloom.synthesis.Benchmark.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What a benchmark found, as a table and as JSON.
 *
 * @param setup what was measured
 * @param multiplyAdds of the convolutions, forward only
 * @param timing of an evaluation
 * @param peakRate what the hardware could do, floating-point operations a second
 * @param held memory
 * @param parts of an evaluation; empty where nobody asked
 */
record BenchReport(
    Setup setup,
    long multiplyAdds,
    Timing timing,
    OptionalDouble peakRate,
    Held held,
    List<Part> parts) {
  /** Parts of less are not worth a line. */
  private static final double LEAST_SHARE = 0.005;

  private static final double MEGA = 1e6;
  private static final double GIGA = 1e9;

  /**
   * What was measured.
   *
   * @param network that looked
   * @param backend that computed
   * @param threads it had
   * @param size side of the pictures, pixels
   * @param rounds how often
   */
  record Setup(NetworkChoice network, Backends.Status backend, int threads, int size, int rounds) {
    /** "avg" or "max"; the built-in filters know averages only. */
    String pool() {
      return network.vgg() == null ? "avg" : network.vgg().pool();
    }
  }

  /**
   * Memory in MiB.
   *
   * @param planned the need, counted before the start
   * @param peak the most that was held
   */
  record Held(long planned, long peak) {}

  /** Operations forward and backward, a multiply-add counted as two: gradients of data only. */
  private double flop() {
    return 4.0 * multiplyAdds;
  }

  private double rate() {
    return flop() / timing.both().median();
  }

  /** The report's lines. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line("network", "%s", setup.network.name()));
    lines.add(line("picture", "%d x %d", setup.size, setup.size));
    lines.add(line("backend", "%s: %s", setup.backend.name(), setup.backend.description()));
    lines.add(times("forward", timing.forward()));
    lines.add(times("forward and backward", timing.both()));
    double perPixel = flop() / MEGA / setup.size / setup.size;
    String work = "%.3f GFLOP in convolutions, both ways; %.4f MFLOP a pixel";
    lines.add(line("work", work, flop() / GIGA, perPixel));
    lines.add(line("rate", "%.1f GFLOP/s", rate() / GIGA));
    peakRate.ifPresent(peak -> {
      String share = "%.1f GFLOP/s of multiply-adds; the rate is %.1f %% of it";
      lines.add(line("machine's peak", share, peak / GIGA, 100 * rate() / peak));
    });
    lines.add(line("peak memory", "%d MiB, planned %d", held.peak, held.planned));
    lines.addAll(table());
    return lines;
  }

  private static String line(String name, String values, Object... numbers) {
    return "%-20s  %s".formatted(name, format(values, numbers));
  }

  private static String format(String layout, Object... values) {
    return String.format(Locale.ROOT, layout, values);
  }

  private String times(String name, Times times) {
    String layout = "%.5f s median, %.5f s minimum of %d";
    return line(name, layout, times.median(), times.least(), setup.rounds);
  }

  private List<String> table() {
    if (parts.isEmpty()) {
      return List.of();
    }
    List<Part> shown = new ArrayList<>();
    Part other = new Part("other", 0, 0, 0, 0);
    for (Part part : parts) {
      if (part.share() < LEAST_SHARE) {
        other = sum(other, part);
      } else {
        shown.add(part);
      }
    }
    shown.add(other);
    int width = shown.stream().mapToInt(part -> part.what().length()).max().orElseThrow();
    List<String> lines = new ArrayList<>();
    lines.add("");
    String layout = "%-" + width + "s  %6s  %10s  %8s  %6s";
    lines.add(layout.formatted("", "calls", "ms", "GFLOP/s", "%"));
    shown.forEach(part -> lines.add(row(layout, part)));
    return lines;
  }

  private static Part sum(Part a, Part b) {
    return new Part(
        a.what(),
        a.calls() + b.calls(),
        a.seconds() + b.seconds(),
        a.flop() + b.flop(),
        a.share() + b.share());
  }

  private static String row(String layout, Part part) {
    return layout.formatted(
        part.what(),
        part.calls() == 0 ? "" : part.calls(),
        format("%.3f", 1000 * part.seconds()),
        part.flop() == 0 ? "" : format("%.1f", part.flop() / part.seconds() / GIGA),
        format("%.1f", 100 * part.share()));
  }

  /**
   * One line's worth, under the keys of the yardstick in PyTorch where it has them, so that one
   * script reads both.
   */
  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("peer", "gramloom " + GramloomCommand.Version.current());
    json.addProperty("device", setup.backend.name().equals("cuda") ? "cuda" : "cpu");
    json.addProperty("size", setup.size);
    json.addProperty("mode", "fp32");
    json.addProperty("pool", setup.pool());
    json.addProperty("seconds_median", rounded(timing.both().median(), 1e6));
    json.addProperty("seconds_min", rounded(timing.both().least(), 1e6));
    json.addProperty("gflops", rounded(rate() / GIGA, 1e3));
    json.addProperty("peak_mib", held.peak);
    json.addProperty("planned_mib", held.planned);
    json.addProperty("network", setup.network.name());
    json.addProperty("backend", setup.backend.name());
    json.addProperty("threads", setup.threads);
    json.addProperty("forward_seconds_median", rounded(timing.forward().median(), 1e6));
    json.addProperty("forward_seconds_min", rounded(timing.forward().least(), 1e6));
    if (peakRate.isPresent()) {
      json.addProperty("peak_gflops", rounded(peakRate.getAsDouble() / GIGA, 1e3));
      json.addProperty("share_of_peak", rounded(rate() / peakRate.getAsDouble(), 1e4));
    } else {
      json.add("peak_gflops", JsonNull.INSTANCE);
      json.add("share_of_peak", JsonNull.INSTANCE);
    }
    json.addProperty("java", Runtime.version().toString());
    return json;
  }

  private static double rounded(double value, double steps) {
    return Math.round(value * steps) / steps;
  }
}
