package dev.gramloom.cli;

import dev.gramloom.backend.Backends;
import dev.gramloom.cli.batch.JobFile;
import dev.gramloom.cli.farm.SlurmOptions;
import dev.gramloom.weights.WeightStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a run on a farm is made of: the options that submitting and exporting share. */
final class FarmOptions {
  @Parameters(paramLabel = "JOBS", description = "the job file, JSONL, as for batch")
  Path jobFile;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "the folder for the outputs and all else of the run; all nodes must share it")
  Path folder;

  @Option(
      names = "--max-parallel",
      paramLabel = "N",
      defaultValue = "32",
      description = "tasks at the same time (default: ${DEFAULT-VALUE})")
  private int maxParallel;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "4:00:00",
      description =
          "limit of one start of a task, after which it goes on in another (default: ${DEFAULT-VALUE})")
  private String time;

  @Option(names = "--partition", paramLabel = "P", description = "of Slurm")
  private String partition;

  @Option(names = "--gres", paramLabel = "gpu:1", description = "what a task needs of a node")
  private String gres;

  @Option(names = "--cpus", paramLabel = "N", description = "processors of a task")
  private Integer cpus;

  @Option(
      names = "--retries",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "starts in a row that a task may have without a later checkpoint (default: ${DEFAULT-VALUE})")
  int retries;

  @Option(
      names = "--backend",
      paramLabel = "auto|cpu|reference",
      defaultValue = Backends.AUTO,
      description = "what computes (default: ${DEFAULT-VALUE})")
  private String backend;

  /** The options, checked. */
  SlurmOptions slurm() {
    Numbers.within("--max-parallel", maxParallel, 1, 100_000);
    Numbers.within("--retries", retries, 0, 1000);
    if (cpus != null) {
      Numbers.within("--cpus", cpus, 1, 1024);
    }
    requireWord("--partition", partition);
    requireWord("--gres", gres);
    if (!backend.equals(Backends.AUTO)) {
      Backends.choose(backend, 1);
    }
    return new SlurmOptions(maxParallel, time, partition, gres, cpus);
  }

  private static void requireWord(String option, String value) {
    if (value != null && !value.matches("[A-Za-z0-9_.:,=@*/+-]+")) {
      throw Numbers.usage(option + " must be a word of Slurm's, got '" + value + "'");
    }
  }

  /** The jobs, all lines checked. */
  JobFile jobs(WeightStore store) {
    Path base = jobFile.toAbsolutePath().getParent();
    return JobFile.read(jobFile, base, folder, BatchCommand.jobCommands(store));
  }

  /** The words that start a task on a node: this program by the launcher, or else by this Java. */
  List<String> task() {
    List<String> words = new ArrayList<>();
    Path launcher = Path.of(System.getProperty("gramloom.home", "")).resolve("gramloom");
    if (System.getProperty("gramloom.home") != null && Files.isExecutable(launcher)) {
      words.add(launcher.toAbsolutePath().toString());
    } else {
      words.addAll(
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "--add-modules=jdk.incubator.vector",
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              "dev.gramloom.Main"));
    }
    words.add("task");
    words.add("--backend=" + backend);
    if (cpus != null) {
      words.add("--threads=" + cpus);
    }
    return words;
  }
}
