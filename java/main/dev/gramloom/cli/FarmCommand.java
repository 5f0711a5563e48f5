package dev.gramloom.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code gramloom farm}: many textures on many machines. */
@Command(
    name = "farm",
    description = "Many textures on many machines: Slurm, or what reads an export.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class,
    subcommands = {
      FarmSubmitCommand.class,
      FarmStatusCommand.class,
      FarmRetryCommand.class,
      FarmCancelCommand.class,
      FarmExportCommand.class
    })
final class FarmCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a command is needed: submit, status, retry, cancel or export");
  }
}
