package dev.gramloom.cli.batch;

import com.google.gson.JsonObject;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A program with two job commands that have every kind of key, and one that is no job. */
@Command(
    name = "gallery",
    subcommands = {Gallery.Paint.class, Gallery.Copy.class, Gallery.Tell.class})
final class Gallery {
  enum Style {
    OIL,
    WATER
  }

  /** The default command. */
  @Command(name = "paint", mixinStandardHelpOptions = true)
  static final class Paint implements JobCommand {
    @Parameters(paramLabel = "EXEMPLAR", description = "the model")
    Path exemplar;

    @Option(names = {"-o", "--output"})
    Path output;

    @Option(names = "--seed")
    long seed;

    @Option(names = "--strokes")
    Integer strokes;

    @Option(names = "--weight")
    double weight;

    @Option(names = "--style")
    Style style;

    @Option(names = "--signed")
    boolean signed;

    @Option(names = "--mask", paramLabel = "FILE")
    Path mask;

    @Option(names = "--size", paramLabel = "N|WxH")
    String size;

    @Option(names = "--layers", paramLabel = "LIST")
    String layers;

    @Option(names = "--init", paramLabel = "noise|FILE")
    String init;

    @Option(names = "--threads")
    Integer threads;

    @Option(names = "--secret", hidden = true)
    String secret;

    @Override
    public void check() {
      if (weight < 0) {
        throw new Failure(ExitCode.USAGE, "--weight must be at least 0, got " + weight);
      }
      if (!Files.exists(exemplar)) {
        throw new Failure(ExitCode.MISSING_INPUT, "no " + exemplar);
      }
    }

    @Override
    public Made run(Workbench bench) {
      throw new Failure(ExitCode.BAD_DATA, "cannot paint <" + exemplar.getFileName() + ">");
    }
  }

  /** Needs its command's name, and has two arguments. */
  @Command(name = "copy")
  static final class Copy implements JobCommand {
    @Parameters(index = "0", paramLabel = "FROM")
    Path from;

    @Parameters(index = "1", paramLabel = "LIKE", arity = "0..1")
    Path like;

    @Option(names = "--output", required = true)
    Path output;

    @Override
    public void check() {}

    @Override
    public Made run(Workbench bench) {
      Image picture = ImageFile.read(from);
      ImageFile.write(picture, output);
      return new Made(picture, picture, false);
    }
  }

  /** Makes no picture. */
  @Command(name = "tell")
  static final class Tell {}

  private Gallery() {}

  static CommandLine line() {
    return new CommandLine(new Gallery())
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  static JobCommands commands() {
    return new JobCommands(Gallery::line, e -> e.getMessage());
  }

  static JsonObject schema() {
    return commands().schema();
  }

  /** Reads a job file of these lines; inputs and outputs are relative to the folder. */
  static JobFile read(Path folder, List<String> lines) throws IOException {
    Path file = folder.resolve("jobs.jsonl");
    Files.write(file, lines);
    return JobFile.read(file, folder, folder.resolve("out"), commands());
  }
}
