package dev.gramloom.cli;

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
        Map.of(
            SynthCommand.class, () -> new SynthCommand(console, store),
            PreviewCommand.class, () -> new PreviewCommand(console),
            ColorCommand.class, () -> new ColorCommand(console),
            CollectCommand.class, () -> new CollectCommand(console),
            FinishCommand.class, () -> new FinishCommand(console, store),
            CompareCommand.class, () -> new CompareCommand(console, store),
            WeightsCommand.class, () -> new WeightsCommand(console, store),
            BackendsCommand.class, () -> new BackendsCommand(console),
            BenchCommand.class, () -> new BenchCommand(console, store));
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    Supplier<Object> command = commands.get(type);
    return command == null ? others.create(type) : type.cast(command.get());
  }
}
