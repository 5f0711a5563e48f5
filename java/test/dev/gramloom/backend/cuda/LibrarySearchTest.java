package dev.gramloom.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {
  private static final String NAME = "libgramloom_search_test.so.9";

  @TempDir Path folder;

  private Path library(String place) throws IOException {
    Path file = folder.resolve(place).resolve(NAME);
    Files.createDirectories(file.getParent());
    return Files.createFile(file);
  }

  private Map<String, String> environment(String variable, String... places) {
    StringBuilder value = new StringBuilder();
    for (String place : places) {
      value.append(value.isEmpty() ? "" : ":").append(folder.resolve(place));
    }
    return Map.of(variable, value.toString());
  }

  @Test
  void whatTheUserNamesComesFirst() throws IOException {
    library("second");
    Path first = library("first/lib64");
    LibrarySearch search = new LibrarySearch(environment("GRAMLOOM_CUDA_PATH", "first", "second"));
    assertEquals(Optional.of(first), search.find(NAME));
  }

  @Test
  void foldersOfPythonWheelsAreSearched() throws IOException {
    Path wheel = library("venv/lib/python3.12/site-packages/nvidia/cudnn/lib");
    LibrarySearch search = new LibrarySearch(environment("VIRTUAL_ENV", "venv"));
    assertEquals(Optional.of(wheel), search.find(NAME));
    assertEquals(Optional.of(wheel), search.findVersion("libgramloom_search_test.so."));
  }

  @Test
  void anyOfSeveralNamesIsFoundFolderByFolder() throws IOException {
    Path first = library("first");
    Path newer = Files.createFile(folder.resolve("first").resolve(NAME + "9"));
    library("second");
    LibrarySearch search = new LibrarySearch(environment("LD_LIBRARY_PATH", "first", "second"));
    assertEquals(Optional.of(first), search.find(NAME, NAME + "9"));
    Files.delete(first);
    assertEquals(Optional.of(newer), search.find(NAME, NAME + "9"));
  }

  @Test
  void aFolderOfThatNameIsNoLibrary() throws IOException {
    Files.createDirectories(folder.resolve("a").resolve(NAME));
    Path file = library("b");
    LibrarySearch search = new LibrarySearch(environment("LD_LIBRARY_PATH", "a", "b"));
    assertEquals(Optional.of(file), search.find(NAME));
  }

  @Test
  void whatIsNowhereIsNotFound() {
    LibrarySearch search = new LibrarySearch(environment("GRAMLOOM_CUDA_PATH", "missing"));
    assertEquals(Optional.empty(), search.find(NAME));
    assertEquals(Optional.empty(), search.findVersion("libgramloom_search_test.so."));
  }
}
