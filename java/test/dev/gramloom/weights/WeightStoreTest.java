package dev.gramloom.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which folders weights lie in, and which of them are found. */
class WeightStoreTest {
  @TempDir private Path folder;

  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> properties = new HashMap<>();

  private WeightStore store() {
    return WeightStore.of(environment, properties);
  }

  private void system(String name) {
    properties.put("os.name", name);
    properties.put("user.home", home().toString());
  }

  private Path home() {
    return folder.resolve("home");
  }

  /** A folder that looks like the repository; returns where its weights are. */
  private Path repository() throws IOException {
    Path weights = Files.createDirectories(folder.resolve("repository").resolve("weights"));
    Files.writeString(weights.resolve("README.md"), "Weights");
    properties.put(WeightStore.HOME_PROPERTY, folder.resolve("repository").toString());
    return weights;
  }

  private static Path install(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    return Files.write(folder.resolve(name + ".safetensors"), new byte[0]);
  }

  @Test
  void theVariableAloneCountsWhereItIsSet() throws IOException {
    system("Linux");
    Path mine = folder.resolve("mine");
    environment.put(WeightStore.VARIABLE, mine.toString());
    install(repository(), "vgg19");
    install(home().resolve(".cache/gramloom/weights"), "vgg16");
    assertEquals(mine, store().folder());
    assertEquals(Map.of(), store().installed());
    Path file = install(mine, "other");
    assertEquals(Map.of("other", file), store().installed());
    assertEquals(Optional.empty(), store().find("vgg19"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void aBlankVariableIsNone(String blank) {
    system("Linux");
    environment.put(WeightStore.VARIABLE, blank);
    environment.put("XDG_CACHE_HOME", blank);
    assertEquals(home().resolve(".cache/gramloom/weights"), store().folder());
  }

  @Test
  void fromTheRepositoryItsFolderComesFirstAndTheCacheSecond() throws IOException {
    system("Linux");
    Path weights = repository();
    Path cache = home().resolve(".cache/gramloom/weights");
    Path here = install(weights, "vgg19");
    install(cache, "vgg19");
    Path there = install(cache, "vgg16");
    assertEquals(weights, store().folder());
    assertEquals(Optional.of(here), store().find("vgg19"));
    assertEquals(Optional.of(there), store().find("vgg16"));
    assertEquals(weights.resolve("vgg16.safetensors"), store().place("vgg16"));
    assertEquals(Map.of("vgg19", here, "vgg16", there), store().installed());
    assertEquals(List.of("vgg19", "vgg16"), List.copyOf(store().installed().keySet()));
  }

  @Test
  void aHomeWithoutTheWeightsPageIsNoRepository() throws IOException {
    system("Linux");
    Files.delete(repository().resolve("README.md"));
    assertEquals(home().resolve(".cache/gramloom/weights"), store().folder());
  }

  @Test
  void linuxKeepsWeightsInTheCacheFolderThatTheEnvironmentNames() {
    system("Linux");
    assertEquals(home().resolve(".cache/gramloom/weights"), store().folder());
    environment.put("XDG_CACHE_HOME", folder.resolve("xdg").toString());
    assertEquals(folder.resolve("xdg/gramloom/weights"), store().folder());
  }

  /** As the XDG base directory specification has it. */
  @Test
  void aRelativeCacheFolderIsIgnored() {
    system("Linux");
    environment.put("XDG_CACHE_HOME", "xdg");
    assertEquals(home().resolve(".cache/gramloom/weights"), store().folder());
  }

  @Test
  void macOsKeepsWeightsInTheLibrary() {
    system("Mac OS X");
    environment.put("XDG_CACHE_HOME", folder.resolve("xdg").toString());
    assertEquals(home().resolve("Library/Caches/gramloom/weights"), store().folder());
  }

  @Test
  void windowsKeepsWeightsInItsLocalFolder() {
    system("Windows 11");
    environment.put("XDG_CACHE_HOME", folder.resolve("xdg").toString());
    assertEquals(home().resolve("AppData/Local/gramloom/weights"), store().folder());
    environment.put("LOCALAPPDATA", folder.resolve("local").toString());
    assertEquals(folder.resolve("local/gramloom/weights"), store().folder());
    environment.put("LOCALAPPDATA", "");
    assertEquals(home().resolve("AppData/Local/gramloom/weights"), store().folder());
  }

  @Test
  void installedNamesComeSortedAndTheFirstFolderWins() throws IOException {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    install(one, "b");
    install(one, "a");
    install(two, "c");
    install(two, "a");
    Map<String, Path> installed = new WeightStore(List.of(one, two)).installed();
    assertEquals(List.of("a", "b", "c"), List.copyOf(installed.keySet()));
    assertEquals(one.resolve("a.safetensors"), installed.get("a"));
  }

  @Test
  void foldersThatAreNotThereHoldNothing() {
    WeightStore store = new WeightStore(List.of(folder.resolve("a"), folder.resolve("b")));
    assertEquals(Map.of(), store.installed());
    assertEquals(Optional.empty(), store.find("vgg19"));
    assertFalse(Files.exists(folder.resolve("a")), "looking creates nothing");
  }

  @Test
  void onlyWhatCanBeAskedForByNameIsInstalled() throws IOException {
    Path file = install(folder, "vgg19");
    install(folder, "");
    install(folder, ".hidden");
    install(folder, "two words");
    Files.writeString(folder.resolve("README.md"), "");
    Files.createDirectory(folder.resolve("folder.safetensors"));
    WeightStore store = new WeightStore(List.of(folder));
    assertEquals(Map.of("vgg19", file), store.installed());
    assertEquals(Optional.empty(), store.find("folder"));
    assertEquals(Optional.empty(), store.find("two words"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "..",
        "a/b",
        "../a",
        "a\\b",
        "a.b",
        "-a",
        "_a",
        "a b",
        "é",
        "a\n",
        "C:a",
        "/etc/passwd",
        "12345678901234567890123456789012345678901234567890123456789012345"
      })
  void pathsAndOtherTextsAreNoNames(String text) throws IOException {
    install(folder, "a");
    WeightStore store = new WeightStore(List.of(folder));
    assertFalse(WeightStore.isName(text));
    assertEquals(Optional.empty(), store.find(text));
    Failure failure = assertThrows(Failure.class, () -> store.place(text));
    assertEquals(ExitCode.USAGE, failure.exitCode());
    assertTrue(failure.getMessage().contains("got '" + text + "'"), failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "vgg19", "vgg19-to-conv3_4", "0", "My_Net-2"})
  void lettersDigitsDashesAndUnderscoresAreAName(String name) {
    WeightStore store = new WeightStore(List.of(folder));
    assertEquals(folder.resolve(name + ".safetensors"), store.place(name));
  }
}
