package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  private static String out(String line) {
    Cli.Run run = Cli.run(Cli.words(line)).succeeded();
    assertEquals("", run.err());
    return run.out();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --help          | synth transfer doodle explain preview compare color finish collect weights backends bench --help --version
          synth --help    | EXEMPLAR --output --size --scales --iterations --quality --seed --tile \
          --init --exemplar-scale --mask --style-weight --tv-weight --color --optimizer --network \
          --recipe --layers --layer-weights --gram-normalization --pool --backend --threads --precision --device --frames-every --gif --best --sheet --no-preview --json --quiet \
          --checkpoint-every --[no-]resume --force
          transfer --help | CONTENT STYLE --output --width --scales --style-weight --style-mask --style-area \
          --style-scale --interpolate --content-weight --content-layer --content-mask --preserve-color --init --preset \
          --style-loss --min-improvement --tv-weight --correlation-chain --activation-shift --frames-every --gif
          doodle --help   | STYLE --style-map --target-map --content --width --output
          explain --help  | --preset
          preview --help  | PICTURE --output --repeat
          compare --help  | CANDIDATE EXEMPLAR --network --recipe --layers --layer-weights --pool --backend --threads --precision --device --mask \
          --tile --json
          finish --help   | PICTURE --output --denoise --upscale --resize --sharpen --mask-from --mask --tile --detail \
          --iterations --seed --exemplar-scale --network --recipe --layers --layer-weights --pool --backend --threads
          collect --help  | PAGE_URL --output --min-size --limit --host
          color --help    | SOURCE PALETTE --output --method --space --mask
          backends --help | --device --help
          bench --help    | random-vgg19 --size --rounds --network --recipe --layers --layer-weights --pool --backend \
          --threads --json
          weights --help  | list install import info --help
          weights install --help | vgg19 --force --help
          weights import --help  | FILE --name --convention --force --help
          weights info --help    | FILE --help
          """)
  void helpMentionsEveryFlag(String line, String flags) {
    String help = out(line);
    for (String flag : flags.split(" +")) {
      assertTrue(help.contains(flag), flag + " is not in\n" + help);
    }
    assertTrue(help.lines().allMatch(text -> text.length() <= 80), help);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-V", "--version", "synth --version", "preview -V", "compare -V"})
  void theVersionIsOneLine(String line) {
    assertEquals(List.of("gramloom development"), out(line).lines().toList());
  }

  @Test
  void backendsNamesEachAndTheOneThatAutoTakes() {
    List<String> lines = out("backends").lines().toList();
    assertTrue(lines.stream().anyMatch(l -> l.matches("cpu +auto +.*threads?.*")), lines::toString);
    assertTrue(lines.stream().anyMatch(l -> l.startsWith("reference")), lines::toString);
  }
}
