package dev.gramloom.cli;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.weights.Convention;
import dev.gramloom.weights.VggReader;
import dev.gramloom.weights.VggWeights;
import dev.gramloom.weights.WeightCatalog;
import dev.gramloom.weights.WeightImport;
import dev.gramloom.weights.WeightInstall;
import dev.gramloom.weights.WeightStore;
import dev.gramloom.weights.download.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gramloom weights}: the networks that are not built in. */
@Command(
    name = "weights",
    description = "Installs, imports and describes the weights of VGG networks.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class)
final class WeightsCommand implements Runnable {
  private final Console console;
  private final WeightStore store;

  @Spec private CommandSpec spec;

  WeightsCommand(Console console, WeightStore store) {
    this.console = console;
    this.store = store;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is needed: list, install, import or info");
  }

  @Command(
      description = "Lists the networks that are known and those that are installed.",
      mixinStandardHelpOptions = true)
  int list() {
    Map<String, Path> installed = store.installed();
    for (WeightCatalog entry : WeightCatalog.all()) {
      if (!installed.containsKey(entry.name())) {
        line(
            entry.name(),
            "not installed",
            entry.title(),
            "run gramloom weights install " + entry.name());
        line("", "", "licence", entry.licence());
      }
    }
    installed.forEach(this::listInstalled);
    line("new weights go to", "", "", store.folder().toString());
    return 0;
  }

  private void listInstalled(String name, Path file) {
    try (VggWeights weights = VggReader.read(file)) {
      String licence = weights.metadata().getOrDefault("licence", "unknown");
      line(name, "installed", weights.description() + ", " + span(weights), file.toString());
      line("", "", "licence", licence);
    } catch (Failure e) {
      line(name, "unusable", e.getMessage(), "");
    }
  }

  private void line(String name, String state, String what, String where) {
    String text = "%-10s %-14s %s".formatted(name, state, what).stripTrailing();
    console.result(where.isEmpty() ? text : text + ": " + where);
  }

  private static String span(VggWeights weights) {
    var convolutions = weights.convolutions();
    String last = convolutions.get(convolutions.size() - 1).name();
    return convolutions.get(0).name() + " to " + last;
  }

  @Command(
      description = "Downloads a network, verifies it and installs it.",
      mixinStandardHelpOptions = true)
  int install(
      @Parameters(paramLabel = "vgg19|vgg16", description = "the network") String name,
      @Option(names = "--force", description = "also if it is installed already") boolean force) {
    WeightCatalog entry =
        WeightCatalog.find(name)
            .orElseThrow(() ->
                Numbers.usage(
                    "the network must be %s, got '%s'"
                        .formatted(String.join(" or ", WeightCatalog.names()), name)));
    Optional<Path> installed = store.find(name);
    if (installed.isPresent() && !force) {
      console.result("%s is installed: %s".formatted(name, installed.get()));
      return 0;
    }
    DownloadLine line = new DownloadLine(console, name);
    Path file = new WeightInstall(store, line, Limits.standard()).run(entry);
    console.result("installed " + file);
    return 0;
  }

  @Command(
      name = "import",
      description = "Installs weights from a file of any known format, recognised by its content.",
      mixinStandardHelpOptions = true)
  int importFile(
      @Parameters(paramLabel = "FILE", description = "the weights, or a folder of .npy files")
          Path file,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              description = "name to install under (default: the network's own)")
          String name,
      @Option(
              names = "--convention",
              paramLabel = "caffe-bgr|torchvision-rgb|none",
              description = "how the network sees pixels, for weights that nobody knows")
          String convention,
      @Option(names = "--force", description = "replace weights of that name") boolean force) {
    if (name != null) {
      requireName(name);
    }
    Path written = new WeightImport(store, force).run(file, name, convention(convention));
    console.result("imported " + written);
    return 0;
  }

  private static void requireName(String name) {
    WeightStore.requireName(name);
    if (name.equals(NetworkOptions.AUTO) || name.equals(NetworkOptions.FILTERS)) {
      throw Numbers.usage("--name must not be '" + name + "', which --network takes otherwise");
    }
  }

  private static Convention convention(String text) {
    return text == null
        ? null
        : Convention.of(text)
            .orElseThrow(() ->
                Numbers.usage(
                    "--convention must be %s, got '%s'".formatted(Convention.ids(), text)));
  }

  @Command(
      description = "Describes a file of weights, or installed ones by their name.",
      mixinStandardHelpOptions = true)
  int info(@Parameters(paramLabel = "FILE|NAME", description = "the weights") Path target) {
    Path file = store.find(target.toString()).orElse(target);
    if (!Files.exists(file) && WeightCatalog.names().contains(target.toString())) {
      throw new Failure(
          ExitCode.MISSING_INPUT,
          "%s is not installed; run gramloom weights install %s".formatted(target, target));
    }
    try (VggWeights weights = VggReader.read(file)) {
      describe(weights);
    }
    return 0;
  }

  private void describe(VggWeights weights) {
    field("file", weights.path().toString());
    field("format", weights.format());
    field("network", weights.description());
    field("convention", weights.convention().id());
    weights.metadata().forEach((key, value) -> field("  says " + key, value));
    field("conv1_1 sha256", weights.fingerprint());
    String checksum = weights.checksum();
    field("tensors sha256", checksum);
    for (VggWeights.Convolution c : weights.convolutions()) {
      field(c.name(), "[%d][%d][3][3]".formatted(c.outputs(), c.inputs()));
    }
    String said = weights.metadata().get(VggWeights.CHECKSUM);
    if (said != null && !said.equals(checksum)) {
      throw new Failure(
          ExitCode.BAD_DATA,
          weights.path() + ": damaged: its numbers are not those that were written");
    }
  }

  private void field(String name, String value) {
    console.result("%-22s %s".formatted(name, value));
  }
}
