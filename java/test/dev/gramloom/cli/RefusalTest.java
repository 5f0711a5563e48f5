package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes in the command line itself. */
class RefusalTest {
  @TempDir Path folder;
  private Path exemplar;

  @BeforeEach
  void makeExemplar() throws IOException {
    exemplar = Cli.exemplar(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          bogus          | synth, transfer, doodle, preview, compare, color, finish, collect, w | 'bogus'
          synth          | EXEMPLAR                               | Missing
          synth a.png b  | one argument too many                  | 'b'
          synth ''       | EXEMPLAR must be a file name           | ''
          synth a --bog  | synth has no option                    | '--bog'
          synth a --siz  | did you mean --size?                   | '--siz'
          synth a -o     | --output                               | FILE
          preview        | PICTURE                                | Missing
          preview a b    | one argument too many                  | 'b'
          preview a --x  | preview has no option                  | '--x'
          compare a      | EXEMPLAR                               | Missing
          compare a b c  | one argument too many                  | 'c'
          compare a b -t | compare has no option                  | '-t'
          backends x     | one argument too many                  | 'x'
          --bogus        | gramloom has no option                 | '--bogus'
          """)
  void aCommandLineThatCannotBeIsRefused(String line, String allowed, String came)
      throws IOException {
    assertSays(Cli.refused(ExitCode.USAGE, folder, Cli.words(line)), allowed, came);
  }

  @Test
  void noCommandAtAllNamesThem() throws IOException {
    assertSays(Cli.refused(ExitCode.USAGE, folder), "synth, transfer, doodle", "a command");
  }

  @ParameterizedTest
  @CsvSource({
    "bogus, gramloom, synth",
    "synth, gramloom synth, EXEMPLAR",
    "weights, gramloom weights, 'a command is needed: list, install, import or info'",
    "weights bogus, gramloom weights, the command must be one of",
    "weights import, gramloom weights import, FILE"
  })
  void aRefusalSaysWhereTheHelpIs(String line, String command, String reason) throws IOException {
    String said = Cli.refused(ExitCode.USAGE, folder, Cli.words(line));
    assertSays(said, reason, " (see " + command + " --help)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --size 5                            | from 32 to 16384            | 5
          --size 0                            | from 32 to 16384            | 0
          --size -3                           | --size must be a size like  | '-3'
          --size 20000                        | from 32 to 16384            | 20000
          --size 64x                          | --size must be a size like  | '64x'
          --size abc                          | --size must be a size like  | 'abc'
          --size 99999999999                  | --size must be a size like  | '99999999999'
          --size ''                           | --size must be a size like  | ''
          --size                              | --size                      | N
          --size 48 --size 64                 | --size                      | only once
          --scales 768,192                    | must grow                   | 192 after 768
          --scales 64,64                      | must grow                   | 64 after 64
          --scales 64,,128                    | --scales must be a size     | ''
          --scales 64,128 --size 128          | --size and --scales         | exclude each other
          --scales 64,128 --iterations 1,2,3  | as there are scales, 2      | '1,2,3'
          --size 48 --iterations 1,2          | as there are scales, 1      | '1,2'
          --iterations 0,0,0                  | from 1 to 100000            | 0
          --iterations x                      | --iterations must be whole  | 'x'
          --iterations ''                     | --iterations must be whole  | ''
          --iterations 5,5,5 --quality draft  | --iterations and --quality  | exclude each other
          --quality best                      | draft, normal, high         | 'best'
          --seed x                            | --seed must be a whole num  | 'x'
          --seed 99999999999999999999         | at most 18 digits           | '99999999999999999999'
          --tile z                            | one of both, x, y, none     | 'z'
          --init ''                           | --init must be a file name  | ''
          --exemplar-scale 0                  | from 0.01 to 16             | 0
          --exemplar-scale NaN                | from 0.01 to 16             | NaN
          --exemplar-scale -1                 | from 0.01 to 16             | -1
          --exemplar-scale x                  | must be fit or a number     | 'x'
          --exemplar-scale 0.02               | at least 8 pixels a side    | 0.3
          --style-weight NaN                  | from 0.000001 to 1000000    | NaN
          --style-weight 0                    | from 0.000001 to 1000000    | 0
          --style-weight -1                   | from 0.000001 to 1000000    | -1
          --style-weight Infinity             | from 0.000001 to 1000000    | Infinity
          --style-weight x                    | must be a number            | 'x'
          --tv-weight NaN                     | from 0 to 1000000           | NaN
          --tv-weight -1                      | from 0 to 1000000           | -1
          --color x                           | one of match, free          | 'x'
          --optimizer x                       | one of lbfgs, adam          | 'x'
          --network filters --pool max        | --pool is for VGG           | built-in
          --network filters --recipe gatys    | --recipe is for VGG         | built-in
          --network filters --layers conv1_1  | --layers is for VGG         | built-in
          --network filters --layer-weights 1 | --layer-weights is for VGG  | built-in
          --network w.safetensors --pool x    | one of avg, max             | 'x'
          --network ''                        | must be a name or a file    | ''
          --recipe x                          | gatys, pyramid, deep        | 'x'
          --layers conv6_1                    | --layers must be different  | 'conv6_1'
          --layers conv1_1,,conv2_1           | --layers must be different  | 'conv1_1,,conv2_1'
          --layers conv1_1,conv1_1            | --layers must be different  | 'conv1_1,conv1_1'
          --layer-weights 1,2                 | as there are layers, 5      | '1,2'
          --layer-weights 1,x,1,1,1           | must be numbers like        | '1,x,1,1,1'
          --layer-weights 1,-1,1,1,1          | from 0 to 1000000           | -1
          --layer-weights 0,0,0,0,0           | must not all be 0           | '0,0,0,0,0'
          --gram-normalization x              | relative, gatys, neural-sty | 'x'
          --backend gpu                       | auto, cuda, cpu or reference      | 'gpu'
          --precision half                    | auto, fp32, tf32 or bf16          | 'half'
          --backend cpu --precision tf32      | computes in fp32                  | tf32
          --threads 0                         | from 1 to 1024              | 0
          --threads -1                        | from 1 to 1024              | -1
          --threads x                         | --threads must be a whole   | 'x'
          --threads 99999999999               | at most 9 digits            | '99999999999'
          --frames-every 0                    | at least 1                  | 0
          --frames-every x                    | --frames-every must be a wh | 'x'
          --quiet=maybe                       | without a value             | 'maybe'
          """)
  void aFlagThatCannotBeIsRefused(String flags, String allowed, String came) throws IOException {
    String line = "synth %s -o %s %s".formatted(exemplar, folder.resolve("new/o.png"), flags);
    assertSays(Cli.refused(ExitCode.USAGE, folder, Cli.words(line)), allowed, came);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --repeat 0x3     | from 1x1 to 999x999  | '0x3'
          --repeat 3       | from 1x1 to 999x999  | '3'
          --repeat axb     | from 1x1 to 999x999  | 'axb'
          --repeat -1x3    | from 1x1 to 999x999  | '-1x3'
          --repeat ''      | from 1x1 to 999x999  | ''
          --repeat 500x500 | at most 100 million  | 500 x 500
          """)
  void aLayoutThatCannotBeIsRefused(String flags, String allowed, String came) throws IOException {
    String line = "preview " + exemplar + " " + flags;
    assertSays(Cli.refused(ExitCode.USAGE, folder, Cli.words(line)), allowed, came);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --tile q      | one of both, x, y, none  | 'q'
          --backend gpu | auto, cuda, cpu or reference   | 'gpu'
          --threads 0   | from 1 to 1024           | 0
          --pool x      | one of avg, max          | 'x'
          --layers x    | --layers must be         | 'x'
          """)
  void aComparisonThatCannotBeIsRefused(String flags, String allowed, String came)
      throws IOException {
    String line = "compare %s %s %s".formatted(exemplar, exemplar, flags);
    assertSays(Cli.refused(ExitCode.USAGE, folder, Cli.words(line)), allowed, came);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--quiet", "--json", "--gif", "--frames-every=1", "--no-preview"})
  void aRefusalIsHeardAndDoesNothingWhateverElseIsAsked(String flag) throws IOException {
    Path target = folder.resolve("new/o.png");
    assertSays(
        Cli.refused(
            ExitCode.USAGE, folder, "synth", exemplar, "-o", target, flag, "--exemplar-scale=.02"),
        "at least 8 pixels",
        "0.3");
  }

  @Test
  void anExemplarScaledBeyondAllMeasureIsRefused() throws IOException {
    Path wide = folder.resolve("wide.png");
    Cli.run("preview", exemplar, "--repeat", "20x20", "-o", wide).succeeded();
    assertSays(
        Cli.refused(
            ExitCode.USAGE,
            folder,
            "synth",
            wide,
            "-o",
            folder.resolve("o.png"),
            "--exemplar-scale",
            16),
        "at most 100 million",
        "20480 x 20480");
  }

  private static void assertSays(String line, String allowed, String came) {
    assertTrue(line.contains(allowed), line);
    assertTrue(line.contains(came), line);
    assertFalse(line.contains("Exception"), line);
  }
}
