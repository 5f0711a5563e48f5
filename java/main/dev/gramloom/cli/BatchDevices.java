package dev.gramloom.cli;

import dev.gramloom.backend.Backends;
import dev.gramloom.cli.batch.Workbench;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.synthesis.Progress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a batch computes on: the processor, or one GPU or several, each with workers of its own.
 *
 * @param all at least one
 * @param threads of each worker
 */
record BatchDevices(List<Device> all, int threads) {
  /** Every GPU there is. */
  static final String ALL = "all";

  /**
   * One of them.
   *
   * @param ordinal of a GPU, from 0; of no meaning for the processor
   * @param status what it is
   */
  record Device(int ordinal, Backends.Status status) {}

  /**
   * Finds out what computes, and that it works.
   *
   * @param named "all", or ordinals: "0,1"
   * @param workers of each device
   * @throws Failure USAGE or UNAVAILABLE, before anything is opened
   */
  static BatchDevices choose(ComputeOptions engine, String named, int workers) {
    if (!named.equals(ALL) && !named.matches("\\d{1,3}(,\\d{1,3})*")) {
      throw Numbers.usage("--device must be all or numbers like 0,1, got '" + named + "'");
    }
    int threads = Math.max(1, engine.threadCount() / workers);
    List<Integer> ordinals = named.equals(ALL) ? List.of() : ordinals(named);
    int first = ordinals.isEmpty() ? 0 : ordinals.get(0);
    Backends.Status status = choose(engine.backend, first, threads);
    int count = Backends.devices(status);
    if (count == 0 && !ordinals.isEmpty()) {
      throw new Failure(
          ExitCode.UNAVAILABLE,
          "--device %s is not there: the %s backend computes on the processor and has no numbered devices"
              .formatted(named, status.name()));
    }
    List<Device> all = new ArrayList<>(List.of(new Device(first, status)));
    List<Integer> rest = ordinals.isEmpty() ? upTo(count) : ordinals;
    for (int ordinal : rest.subList(Math.min(1, rest.size()), rest.size())) {
      all.add(new Device(ordinal, choose(status.name(), ordinal, threads)));
    }
    return new BatchDevices(all, Math.max(1, threads / all.size()));
  }

  private static Backends.Status choose(String backend, int ordinal, int threads) {
    return Backends.choose(backend, new Backends.Resources(threads, ordinal));
  }

  private static List<Integer> ordinals(String named) {
    Set<Integer> ordinals = new LinkedHashSet<>();
    for (String word : named.split(",")) {
      if (!ordinals.add(Integer.valueOf(word))) {
        throw Numbers.usage("--device names device " + word + " twice: " + named);
      }
    }
    return List.copyOf(ordinals);
  }

  private static List<Integer> upTo(int count) {
    List<Integer> ordinals = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ordinals.add(i);
    }
    return ordinals;
  }

  /** The first one, which stands for all: they are of one backend. */
  Backends.Status first() {
    return all.get(0).status;
  }

  /** For each device what opens a bench on it. */
  List<Function<Progress, Workbench>> benches() {
    List<Function<Progress, Workbench>> benches = new ArrayList<>();
    for (Device device : all) {
      Backends.Resources resources = new Backends.Resources(threads, device.ordinal);
      benches.add(listener -> Workbench.open(device.status, resources, listener));
    }
    return benches;
  }
}
