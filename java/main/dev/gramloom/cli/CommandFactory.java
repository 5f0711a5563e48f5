package dev.gramloom.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands, each with the console it speaks through. */
final class CommandFactory implements IFactory {
  private final Console console;
  private final IFactory others = CommandLine.defaultFactory();

  CommandFactory(Console console) {
    this.console = console;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    Object command =
        type == SynthCommand.class
            ? new SynthCommand(console)
            : type == PreviewCommand.class
                ? new PreviewCommand(console)
                : type == CompareCommand.class
                    ? new CompareCommand(console)
                    : type == BackendsCommand.class ? new BackendsCommand(console) : null;
    return command == null ? others.create(type) : type.cast(command);
  }
}
