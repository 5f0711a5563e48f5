package dev.gramloom.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gramloom explain}: what a preset sets, and where it departs from its program. */
@Command(
    name = "explain",
    description = "Says what a preset sets, and where it departs from its program.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class)
final class ExplainCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--preset",
      required = true,
      paramLabel = "gatys|artistyle|titu1994|style-texture",
      description = "the preset")
  private Preset preset;

  ExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.result(preset.toString());
    preset.explained().forEach(console::result);
    return 0;
  }
}
