package dev.gramloom.backend.cuda;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the driver's and the toolkit's libraries lie.
 *
 * <p>In this order: the folders that {@value #VARIABLE} names and what lies below them, the
 * system's library path, the system's own folders, the toolkit's, and those of Python wheels, which
 * is where a machine for PyTorch has cuDNN and cuBLAS.
 */
final class LibrarySearch {
  /** Folders to look into first. */
  static final String VARIABLE = "GRAMLOOM_CUDA_PATH";

  private static final List<String> SYSTEM =
      List.of(
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib64",
          "/usr/lib",
          "/usr/lib/wsl/lib",
          "/usr/local/nvidia/lib64",
          "/usr/local/cuda/lib64",
          "/usr/local/cuda/targets/x86_64-linux/lib",
          "/opt/cuda/lib64");

  private static final List<String> WHEELS =
      List.of("cu13/lib", "cublas/lib", "cudnn/lib", "cuda_nvrtc/lib");

  private final List<Path> folders;

  /**
   * @param environment the process's variables
   */
  LibrarySearch(Map<String, String> environment) {
    Set<Path> all = new LinkedHashSet<>();
    for (Path named : paths(environment.get(VARIABLE))) {
      all.add(named);
      all.add(named.resolve("lib64"));
      all.add(named.resolve("lib"));
      WHEELS.forEach(wheel -> all.add(named.resolve(wheel)));
    }
    all.addAll(paths(environment.get("LD_LIBRARY_PATH")));
    SYSTEM.forEach(folder -> all.add(Path.of(folder)));
    for (Path python : pythons(environment)) {
      WHEELS.forEach(wheel -> all.add(python.resolve("nvidia").resolve(wheel)));
    }
    folders = all.stream().filter(Files::isDirectory).toList();
  }

  /** What helps where a library was not found. */
  static String remedy(String product) {
    return "install %s, or name its folder in %s".formatted(product, VARIABLE);
  }

  /** The first file of one of these names, in one folder the first of them; an absolute path. */
  Optional<Path> find(String... names) {
    return folders.stream()
        .flatMap(folder -> Stream.of(names).map(folder::resolve))
        .map(Path::toAbsolutePath)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** The first file whose name begins so and goes on with a version. */
  Optional<Path> findVersion(String beginning) {
    for (Path folder : folders) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, beginning + "[0-9]*")) {
        for (Path file : files) {
          return Optional.of(file.toAbsolutePath());
        }
      } catch (IOException e) {
        // a folder that may not be read has nothing for us
      }
    }
    return Optional.empty();
  }

  private static List<Path> paths(String variable) {
    List<Path> paths = new ArrayList<>();
    for (String part : variable == null ? new String[0] : variable.split(":")) {
      if (!part.isBlank()) {
        paths.add(Path.of(part));
      }
    }
    return paths;
  }

  /** Folders that Python installs packages into. */
  private static List<Path> pythons(Map<String, String> environment) {
    List<Path> roots = new ArrayList<>();
    for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      roots.addAll(paths(environment.get(variable)));
    }
    paths(environment.get("HOME")).forEach(home -> roots.add(home.resolve(".local")));
    roots.addAll(List.of(Path.of("/usr/local"), Path.of("/usr")));
    List<Path> packages = new ArrayList<>();
    for (Path root : roots) {
      try (DirectoryStream<Path> versions =
          Files.newDirectoryStream(root.resolve("lib"), "python3*")) {
        for (Path version : versions) {
          packages.add(version.resolve("site-packages"));
          packages.add(version.resolve("dist-packages"));
        }
      } catch (IOException e) {
        // no Python there
      }
    }
    return packages;
  }
}
