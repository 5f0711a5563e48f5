package dev.gramloom.cli.farm;

import dev.gramloom.file.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A run in the form that another manager of jobs reads. */
public enum FarmExport {
  /** A template of Open Job Description. */
  OPENJD("template.json"),
  /** A script that submits to Slurm. */
  SBATCH("submit.sh"),
  /** A manifest of an Indexed Job. */
  KUBERNETES("job.json");

  private final String fileName;

  FarmExport(String fileName) {
    this.fileName = fileName;
  }

  /** As the command line has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Writes the file into the run.
   *
   * @param options of the run; only {@link #SBATCH} takes all of them
   * @return the file
   */
  public Path write(RunFolder run, SlurmOptions options, List<String> task) {
    Path file = run.folder().resolve(fileName);
    boolean gpus = options.gres() != null && options.gres().startsWith("gpu");
    String text =
        switch (this) {
          case OPENJD -> Json.pretty(OpenJobTemplate.of(run, gpus)) + "\n";
          case KUBERNETES -> Json.pretty(KubernetesJob.of(run, options.maxParallel(), gpus)) + "\n";
          case SBATCH -> submitScript(run, options, task);
        };
    RunFolder.write(file, text);
    return file;
  }

  private static String submitScript(RunFolder run, SlurmOptions options, List<String> task) {
    FarmRun.prepare(run, options, task);
    List<String> commands =
        FarmRun.commands(
            run.script(), options, FarmRun.all(run.settings().jobs()), SlurmLimits.DEFAULT);
    return "#!/bin/bash\n# Submits all tasks of a run to Slurm.\nset -eu\n"
        + String.join("\n", commands)
        + "\necho \"job $job\"\n";
  }
}
