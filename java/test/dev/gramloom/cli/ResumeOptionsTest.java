package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ResumeOptionsTest {
  @ParameterizedTest
  @CsvSource({"--checkpoint-every=9, false", "--no-resume, true", "--resume, false"})
  void aRunStartsAnewWhereItIsToldToAndOnlyThere(String flag, boolean anew) {
    ResumeOptions options = CommandLine.populateCommand(new ResumeOptions(), flag);
    assertEquals(anew, options.noResume);
  }
}
