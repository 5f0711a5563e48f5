package dev.gramloom.cli;

import com.google.gson.JsonObject;
import dev.gramloom.cli.batch.Companions;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.image.FrameSequence;
import dev.gramloom.image.ImageFile;
import dev.gramloom.synthesis.Identity;
import dev.gramloom.synthesis.SynthesisSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a run writes and says: the options of every command that moves pixels. */
final class OutputOptions {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "PNG, JPEG, TGA or BMP (default: in out/, named after the input)")
  private Path output;

  @Option(
      names = "--frames-every",
      paramLabel = "K",
      description = "write every K-th iterate as a picture to frames/")
  private Integer framesEvery;

  @Option(names = "--gif", description = "write the iterations as an animation")
  private boolean gif;

  @Mixin private SeriesOptions series;

  @Option(names = "--no-preview", description = "do not write the picture to judge the result by")
  private boolean noPreview;

  @Option(names = "--json", description = "print one JSON object, and nothing else, at the end")
  private boolean json;

  @Option(names = "--quiet", description = "say nothing but errors")
  private boolean quiet;

  /** Says no more than is wanted from here on. */
  void beginOn(Console console) {
    if (quiet) {
      console.beQuiet();
    }
  }

  /** Refuses what cannot be, before any file is read. */
  void check() {
    if (framesEvery != null && framesEvery < 1) {
      throw Numbers.usage("--frames-every must be at least 1, got " + framesEvery);
    }
    series.check();
  }

  /**
   * Where the run writes.
   *
   * @param usual where it does if nothing else was said
   */
  Outputs outputs(Outputs usual) {
    return output == null ? usual : new Outputs(output);
  }

  SeriesOptions series() {
    return series;
  }

  boolean preview() {
    return !noPreview;
  }

  /** Shows how a run goes on, where there is somebody to look. */
  ProgressLine progress(Console console, Runnable opening) {
    return new ProgressLine(console, opening, console.onTerminal() && !json);
  }

  /**
   * Says how a run ended.
   *
   * @param report as it was written
   * @param measurements in lines
   */
  void tell(Console console, Outputs outputs, JsonObject report, List<String> measurements) {
    if (json) {
      console.result(RunReport.json(report, outputs));
    } else if (!quiet) {
      measurements.forEach(console::result);
      console.result("wrote " + outputs.picture());
    }
  }

  /** What lies beside a finished picture. */
  List<Path> companions(Outputs outputs) {
    List<Path> files = new ArrayList<>();
    if (!noPreview) {
      files.add(outputs.preview());
    }
    if (gif) {
      files.add(outputs.gif());
    }
    if (framesEvery != null) {
      files.add(outputs.firstFrame());
    }
    files.addAll(series.files(outputs));
    return files;
  }

  /** What of this decides which files there are. */
  Identity addTo(Identity identity) {
    return identity
        .with("frames_every", framesEvery)
        .with("gif", gif)
        .with("iterates", series.toString());
  }

  /** Says that there was nothing to do. */
  void tellFinished(Console console, Outputs outputs) {
    if (json) {
      console.result(
          RunReport.json(
              Companions.readReport(outputs.picture()).orElseGet(JsonObject::new), outputs));
    } else {
      console.say(outputs.picture() + " is finished already; --force makes it again");
    }
  }

  /**
   * Everything that will be written can be, before any long work.
   *
   * @param inputs what must not be replaced
   */
  void checkWritable(Outputs outputs, List<Path> inputs) {
    ImageFile.requireWritable(outputs.picture());
    List<Path> files = companions(outputs);
    files.addAll(List.of(outputs.picture(), outputs.report(), outputs.checkpoint()));
    files.forEach(AtomicFile::requireWritable);
    companions(outputs).forEach(AtomicFile::requireNoLink);
    AtomicFile.requireNoLink(outputs.report());
    if (framesEvery != null) {
      FrameSequence.requireOwnFolder(outputs.picture());
    }
    for (Path input : inputs) {
      files.forEach(file -> Outputs.requireOther(input, file));
      if (framesEvery != null) {
        outputs.requireNoFrame(input);
      }
    }
  }

  /**
   * @param pictures how many the run makes; of several each is a frame, of one its iterates are
   */
  FrameWriter frameWriter(Outputs outputs, SynthesisSettings settings, int pictures) {
    return new FrameWriter(
        outputs, settings.schedule(), settings.tiling().edges(), framesEvery, gif, pictures > 1);
  }
}
