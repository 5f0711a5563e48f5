package dev.gramloom.cli;

import dev.gramloom.backend.Backends;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code gramloom backends}: what can compute here. */
@Command(
    name = "backends",
    description = "Lists what can compute on this machine, and why the rest cannot.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class)
final class BackendsCommand implements Callable<Integer> {
  private final Console console;

  BackendsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int threads = Runtime.getRuntime().availableProcessors();
    String chosen = Backends.choose(Backends.AUTO, threads).name();
    for (Backends.Status status : Backends.list(threads)) {
      String state = status.available() ? status.name().equals(chosen) ? "auto" : "yes" : "no";
      console.result("%-10s %-5s %s".formatted(status.name(), state, status.description()));
    }
    return 0;
  }
}
