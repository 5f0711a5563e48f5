package dev.gramloom.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gramloom.cli.batch.BatchListener;
import dev.gramloom.cli.batch.BatchPlan;
import dev.gramloom.cli.batch.Job;
import dev.gramloom.cli.batch.JobCommands;
import dev.gramloom.cli.batch.JobFile;
import dev.gramloom.cli.batch.JobOutcome;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.file.Json;
import dev.gramloom.weights.WeightStore;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gramloom batch}: many textures in one process. */
@Command(
    name = "batch",
    description = "Runs the jobs of a file, one JSON object a line, in one process.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class,
    sortOptions = false)
final class BatchCommand implements Callable<Integer> {
  private final Console console;
  private final WeightStore store;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "JOBS", arity = "0..1", description = "the job file, JSONL")
  private Path jobFile;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "the folder for all outputs and the contact sheet, index.html")
  private Path folder;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "jobs at the same time on each device; they share the threads; results do not depend on it (default: 1)")
  private int workers;

  @Option(
      names = "--device",
      paramLabel = "all|LIST",
      defaultValue = BatchDevices.ALL,
      description = "GPUs to compute on at the same time, by number: 0,1 (default: all)")
  private String device;

  @Mixin private ComputeOptions engine;

  @Option(names = "--keep-going", description = "a failed job does not keep the next from running")
  private boolean keepGoing;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "how each job went, as JSON (default: report.json in DIR)")
  private Path report;

  @Option(
      names = "--schema",
      description = "print the JSON Schema (2020-12) of a line, and do nothing else")
  private boolean schema;

  BatchCommand(Console console, WeightStore store) {
    this.console = console;
    this.store = store;
  }

  @Override
  public Integer call() {
    JobCommands commands = jobCommands(store);
    if (schema) {
      console.result(Json.pretty(commands.schema()));
      return ExitCode.DONE.code();
    }
    checkFlags();
    BatchDevices devices = BatchDevices.choose(engine, device, workers);
    JobFile file = JobFile.read(jobFile, jobFile.toAbsolutePath().getParent(), folder, commands);
    return BadLines.orElse(console, jobFile, file, jobs -> run(jobs, commands, devices));
  }

  private int run(List<Job> jobs, JobCommands commands, BatchDevices devices) {
    Path reportFile = report == null ? folder.resolve("report.json") : report;
    Outputs.requireOther(jobFile, reportFile);
    BatchPlan plan = new BatchPlan(jobs, folder, reportFile, workers, keepGoing);
    plan.requireWritable();
    engine.announce(devices.first(), console);
    try (StopSignal stop = StopSignal.open()) {
      return plan.run(commands, devices.benches(), head(devices), listener(), stop::requested);
    }
  }

  /** The commands that jobs may name; what they say is not heard. */
  static JobCommands jobCommands(WeightStore store) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Console silent = new Console(nowhere, nowhere);
    return new JobCommands(() -> GramloomCommand.commandLine(silent, store), Refusal::of);
  }

  private void checkFlags() {
    if (jobFile == null) {
      throw Numbers.usage("a job file is needed: gramloom batch JOBS.jsonl -o DIR");
    }
    if (folder == null) {
      throw Numbers.usage("-o must name the folder for the outputs, got none");
    }
    Numbers.within("--workers", workers, 1, engine.threadCount());
  }

  private JsonObject head(BatchDevices devices) {
    JsonObject head = new JsonObject();
    head.addProperty("version", GramloomCommand.Version.current());
    head.addProperty("java", Runtime.version().toString());
    JsonArray command = new JsonArray();
    command.add("gramloom");
    spec.commandLine().getParseResult().originalArgs().forEach(command::add);
    head.add("command", command);
    head.addProperty("backend", devices.first().name());
    JsonArray names = new JsonArray();
    devices.all().forEach(d -> names.add(d.status().description()));
    head.add("devices", names);
    head.addProperty("workers", workers * devices.all().size());
    head.addProperty("threads_per_worker", devices.threads());
    return head;
  }

  private BatchListener listener() {
    return new BatchListener() {
      @Override
      public void say(String line) {
        console.say(line);
      }

      @Override
      public void ended(Job job, JobOutcome outcome) {
        if (outcome.doneBefore()) {
          console.say("line %d: %s was done already".formatted(job.line(), job.output()));
          return;
        }
        if (outcome.succeeded()) {
          console.say(
              "line %d: wrote %s, %.1f s".formatted(job.line(), job.output(), outcome.seconds()));
          return;
        }
        console.error(
            "%s line %d: %s (exit code %d)"
                .formatted(jobFile, job.line(), outcome.reason(), outcome.exitCode()));
        if (outcome.isBug()) {
          outcome.error().printStackTrace(console.err());
        }
      }
    };
  }
}
