package dev.gramloom.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The list of commands in the program's help, by what one wants to do. */
final class CommandGroups implements IHelpSectionRenderer {
  private static final List<Map.Entry<String, List<String>>> GROUPS =
      List.of(
          Map.entry("Make pictures", List.of("synth", "transfer", "doodle")),
          Map.entry("Before and after", List.of("collect", "color", "finish")),
          Map.entry("Look and measure", List.of("preview", "compare", "explain")),
          Map.entry("Many at once", List.of("batch", "farm", "task")),
          Map.entry("This machine", List.of("weights", "backends", "bench")));

  private static final int NAMES = 11; // characters
  private static final int WIDTH = 80;

  private CommandGroups() {}

  /** Groups the commands in a program's help; those of its commands stay as they are. */
  static void apply(CommandLine program) {
    program.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    program.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, new CommandGroups());
  }

  @Override
  public String render(Help help) {
    Map<String, Help> commands = help.subcommands();
    StringBuilder text = new StringBuilder();
    List<String> listed = new ArrayList<>();
    for (Map.Entry<String, List<String>> group : GROUPS) {
      text.append(System.lineSeparator()).append(group.getKey()).append(':');
      text.append(System.lineSeparator());
      TextTable table =
          TextTable.forColumns(
              help.colorScheme(),
              new Column(NAMES, 2, Column.Overflow.SPAN),
              new Column(WIDTH - NAMES, 1, Column.Overflow.WRAP));
      for (String name : group.getValue()) {
        String[] description = commands.get(name).commandSpec().usageMessage().description();
        table.addRowValues(name, description[0]);
        listed.add(name);
      }
      text.append(table);
    }
    if (listed.size() != commands.size()) {
      throw new IllegalStateException("of %s only %s are in a group".formatted(commands, listed));
    }
    return text.toString();
  }
}
