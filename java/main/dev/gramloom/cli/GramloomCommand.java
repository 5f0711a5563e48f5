package dev.gramloom.cli;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.weights.WeightStore;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program's front: finds the command, and turns whatever goes wrong into a line and a code. */
@Command(
    name = "gramloom",
    description = "One photograph in, seamless textures out.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class,
    subcommands = {
      SynthCommand.class,
      PreviewCommand.class,
      CompareCommand.class,
      WeightsCommand.class,
      BackendsCommand.class,
      BenchCommand.class,
      BatchCommand.class,
      FarmCommand.class,
      TaskCommand.class
    })
public final class GramloomCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Asked for without a command: says what commands there are. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "a command is needed: synth, preview, compare, weights, backends, bench, batch, farm or task");
  }

  /** The program's version. */
  static final class Version implements IVersionProvider {
    /** As in the jar's manifest; "development" outside a jar. */
    static String current() {
      String version = GramloomCommand.class.getPackage().getImplementationVersion();
      return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
      return new String[] {"gramloom " + current()};
    }
  }

  /**
   * Runs a command with the weights that are installed on this machine.
   *
   * @return the process's exit code
   */
  public static int run(String[] arguments, PrintStream out, PrintStream err) {
    Map<String, String> properties = new HashMap<>();
    System.getProperties()
        .forEach((key, value) -> properties.put(key.toString(), value.toString()));
    return run(arguments, out, err, WeightStore.of(System.getenv(), properties));
  }

  /** Runs a command. */
  static int run(String[] arguments, PrintStream out, PrintStream err, WeightStore store) {
    Console console = new Console(out, err);
    CommandLine line = commandLine(console, store);
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    line.setParameterExceptionHandler((e, args) -> {
      String command = e.getCommandLine().getCommandSpec().qualifiedName();
      console.error(Failure.oneLine(Refusal.of(e)) + " (see " + command + " --help)");
      return ExitCode.USAGE.code();
    });
    // Rethrown from here, picocli would print a stack trace and return 1.
    line.setExecutionExceptionHandler(
        (e, command, result) -> failed(e, List.of(arguments), console));
    try {
      return line.execute(arguments);
    } catch (RuntimeException | Error e) {
      return failed(e, List.of(arguments), console);
    }
  }

  /** All commands with their flags. */
  static CommandLine commandLine(Console console, WeightStore store) {
    CommandLine line = new CommandLine(new GramloomCommand(), new CommandFactory(console, store));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExpandAtFiles(false);
    line.registerConverter(Path.class, new FileName());
    return line;
  }

  private static int failed(Throwable e, List<String> arguments, Console console) {
    if (e instanceof OutOfMemoryError memory) {
      return failed(Failure.outOfMemory(memory), arguments, console);
    }
    if (e instanceof Failure failure) {
      console.error(failure.line());
      return failure.exitCode().code();
    }
    return bug(e, arguments, console);
  }

  private static int bug(Throwable e, List<String> arguments, Console console) {
    console.error("this is a bug in Gramloom; please report the lines below and the picture");
    console.error(
        "gramloom %s, Java %s on %s %s: gramloom %s"
            .formatted(
                Version.current(),
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                String.join(" ", arguments)));
    e.printStackTrace(console.err());
    return ExitCode.SOFTWARE.code();
  }
}
