package dev.gramloom.cli;

import dev.gramloom.cli.batch.Companions;
import dev.gramloom.file.Sha256;
import dev.gramloom.synthesis.Identity;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;

/**
 * Whether a picture is what a run would make: its report says so, and its bytes are as reported.
 */
final class FinishedRun {
  private static final Set<String> WANTED = Set.of(RunReport.IDENTITY, RunReport.PICTURE_SHA256);

  private FinishedRun() {}

  static boolean is(Outputs outputs, Identity identity) {
    Map<String, String> report = Companions.readTexts(outputs.picture(), WANTED);
    return identity.hash().equals(report.get(RunReport.IDENTITY))
        && Files.isRegularFile(outputs.picture())
        && Sha256.of(outputs.picture()).equals(report.get(RunReport.PICTURE_SHA256));
  }
}
