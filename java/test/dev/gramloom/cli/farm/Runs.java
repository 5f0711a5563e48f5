package dev.gramloom.cli.farm;

import dev.gramloom.cli.batch.Job;
import dev.gramloom.cli.batch.JobCommand;
import dev.gramloom.cli.batch.JobCommands;
import dev.gramloom.cli.batch.JobFile;
import dev.gramloom.cli.batch.Made;
import dev.gramloom.cli.batch.Workbench;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Small runs of a program whose one job command does what a test wants. */
final class Runs {
  /** What a job does besides writing its picture; it is given the folder it writes to. */
  static final class Paint {
    private Consumer<Path> work = folder -> {};

    void does(Consumer<Path> what) {
      work = what;
    }
  }

  /** The program. */
  @Command(name = "studio")
  static final class Studio {}

  /** The job command. */
  @Command(name = "paint")
  static final class PaintCommand implements JobCommand {
    private final Paint paint;

    @Parameters(paramLabel = "EXEMPLAR")
    private Path exemplar;

    @Option(names = {"-o", "--output"})
    private Path output;

    PaintCommand(Paint paint) {
      this.paint = paint;
    }

    @Override
    public void check() {
      ImageFile.requireReadable(exemplar);
    }

    @Override
    public Made run(Workbench bench) {
      Image picture = ImageFile.read(exemplar);
      paint.work.accept(output.getParent());
      ImageFile.write(picture, output);
      Path report =
          output.resolveSibling(output.getFileName().toString().replace(".png", ".run.json"));
      RunFolder.write(report, "{\"words\":[\"--output=" + output + "\"],\"n\":1.50}");
      return new Made(picture, picture, false);
    }
  }

  private Runs() {}

  static JobCommands commands(Paint paint) {
    return new JobCommands(
        () ->
            new CommandLine(new Studio())
                .addSubcommand("paint", new PaintCommand(paint))
                .setExpandAtFiles(false),
        e -> e.getMessage());
  }

  /** A run of one picture of waves, {@code walls/wave.png}, and one that is none. */
  static RunFolder make(Path folder, int retries) throws IOException {
    ImageFile.write(Pictures.waves(16, 16, 3), folder.resolve("wave.png"));
    Files.writeString(folder.resolve("bad.png"), "no picture");
    List<String> lines =
        List.of(
            "{\"exemplar\":\"wave.png\",\"output\":\"walls/wave.png\"}",
            "",
            "{\"exemplar\":\"bad.png\"}");
    Path file = Files.write(folder.resolve("jobs.jsonl"), lines);
    Path outputs = folder.resolve("run");
    JobFile jobs = JobFile.read(file, folder, outputs, commands(new Paint()));
    if (!jobs.bad().isEmpty()) {
      throw new Failure(ExitCode.SOFTWARE, jobs.bad().toString());
    }
    List<Job> good = jobs.jobs();
    return RunFolder.create(outputs, good, retries);
  }
}
