package dev.gramloom.cli;

import static java.util.Map.entry;

import dev.gramloom.weights.WeightStore;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands, each with what it speaks through and where weights lie. */
final class CommandFactory implements IFactory {
  private final Map<Class<?>, Supplier<Object>> commands;
  private final IFactory others = CommandLine.defaultFactory();

  CommandFactory(Console console, WeightStore store) {
    commands =
        Map.ofEntries(
            entry(SynthCommand.class, () -> new SynthCommand(console, store)),
            entry(PreviewCommand.class, () -> new PreviewCommand(console)),
            entry(CompareCommand.class, () -> new CompareCommand(console, store)),
            entry(WeightsCommand.class, () -> new WeightsCommand(console, store)),
            entry(BackendsCommand.class, () -> new BackendsCommand(console)),
            entry(BenchCommand.class, () -> new BenchCommand(console, store)),
            entry(BatchCommand.class, () -> new BatchCommand(console, store)),
            entry(FarmSubmitCommand.class, () -> new FarmSubmitCommand(console, store)),
            entry(FarmStatusCommand.class, () -> new FarmStatusCommand(console)),
            entry(FarmRetryCommand.class, () -> new FarmRetryCommand(console)),
            entry(FarmCancelCommand.class, () -> new FarmCancelCommand(console)),
            entry(FarmExportCommand.class, () -> new FarmExportCommand(console, store)),
            entry(TaskCommand.class, () -> new TaskCommand(console, store)));
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    Supplier<Object> command = commands.get(type);
    return command == null ? others.create(type) : type.cast(command.get());
  }
}
