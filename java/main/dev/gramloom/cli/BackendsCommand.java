package dev.gramloom.cli;

import dev.gramloom.backend.Backends;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gramloom backends}: what can compute here. */
@Command(
    name = "backends",
    description = "Lists what can compute on this machine, and why the rest cannot.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class)
final class BackendsCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--device",
      paramLabel = "N",
      defaultValue = "0",
      description = "which GPU, from 0 (default: ${DEFAULT-VALUE})")
  private int device;

  BackendsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int threads = Runtime.getRuntime().availableProcessors();
    List<Backends.Status> all = Backends.list(new Backends.Resources(threads, device));
    String chosen =
        all.stream().filter(Backends.Status::available).findFirst().orElseThrow().name();
    for (Backends.Status status : all) {
      String state = status.available() ? status.name().equals(chosen) ? "auto" : "yes" : "no";
      console.result("%-10s %-5s %s".formatted(status.name(), state, status.description()));
    }
    return 0;
  }
}
