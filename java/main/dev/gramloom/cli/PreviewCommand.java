package dev.gramloom.cli;

import dev.gramloom.cli.batch.Companions;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Preview;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gramloom preview}: a picture repeated, to see how it tiles. */
@Command(
    name = "preview",
    description = "Repeats a picture side by side, to see how it tiles.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class)
final class PreviewCommand implements Callable<Integer> {
  private static final Pattern REPEAT = Pattern.compile("([1-9]\\d{0,2})x([1-9]\\d{0,2})");

  private final Console console;

  @Parameters(paramLabel = "PICTURE", description = "the picture to repeat")
  private Path picture;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "default: the picture's name with .preview.png")
  private Path output;

  @Option(
      names = "--repeat",
      paramLabel = "CxR",
      defaultValue = "3x3",
      description = "columns and rows (default: ${DEFAULT-VALUE})")
  private String repeat;

  PreviewCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Matcher count = REPEAT.matcher(repeat);
    if (!count.matches()) {
      throw new Failure(
          ExitCode.USAGE,
          "--repeat must be columns x rows from 1x1 to 999x999, got '" + repeat + "'");
    }
    Path target = output == null ? Companions.preview(picture) : output;
    Outputs.requireOther(picture, target);
    ImageFile.requireWritable(target);
    Image tile = ImageFile.read(picture);
    int columns = Integer.parseInt(count.group(1));
    int rows = Integer.parseInt(count.group(2));
    ImageFile.write(Preview.tile(tile, columns, rows), target);
    console.result("wrote " + target);
    return 0;
  }
}
