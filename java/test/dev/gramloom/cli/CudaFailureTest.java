package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gramloom.Main;
import dev.gramloom.backend.cuda.Emulation;
import dev.gramloom.backend.cuda.OnCuda;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a broken machine looks like: one line, its exit code, no crash. On the emulated driver. */
@OnCuda
@Timeout(60)
class CudaFailureTest {
  @TempDir Path folder;

  @BeforeEach
  void onlyWhereTheMachineCanBeBroken() throws IOException {
    assumeTrue(Emulation.isOn() && !Emulation.isSanitized(), "needs the emulated driver");
    Cli.exemplar(folder);
  }

  /** What a small run on a device as given says, and its exit code. */
  private List<String> run(String cudaPath, String device) throws Exception {
    return start(
        cudaPath,
        device,
        "synth",
        "stone.png",
        "--backend=cuda",
        "--size=32",
        "--iterations=2",
        "--quiet");
  }

  private List<String> start(String cudaPath, String device, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("GRAMLOOM_EMULATED_DEVICE", device);
    builder.environment().put("GRAMLOOM_CUDA_PATH", cudaPath);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String code = String.valueOf(process.waitFor());
    return List.of(said.trim(), code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          devices=0    | 69 | the driver sees no GPU
          busy         | 69 | another process holds the GPU alone
          driver=12040 | 69 | the driver is too old for the compiled kernels
          lost=40      | 69 | the device was lost during the run
          memory=100   | 33 | out of device memory: this size needs
          """)
  void aBrokenMachineIsOneLine(String device, String code, String reason) throws Exception {
    List<String> run = run(System.getenv("GRAMLOOM_CUDA_PATH"), device);
    assertEquals(code, run.get(1), run::toString);
    assertEquals(1, run.get(0).lines().count(), run::toString);
    assertTrue(run.get(0).startsWith("gramloom: "), run::toString);
    assertTrue(run.get(0).contains(reason), run::toString);
    assertFalse(Files.exists(folder.resolve("out/stone.png")));
  }

  @Test
  void halfALibraryIsOneLine() throws Exception {
    Path broken = Files.createDirectory(folder.resolve("broken"));
    Files.writeString(broken.resolve("libcuda.so.1"), "no library");
    List<String> run = run(broken.toString(), "");
    assertEquals("69", run.get(1), run::toString);
    assertEquals(1, run.get(0).lines().count(), run::toString);
    assertTrue(run.get(0).contains("libcuda.so.1 does not load: it is no library"), run::toString);
  }

  /** cuDNN would end the process; of cuBLAS there is no library behind the name. */
  @Test
  void halfOfCudnnAndABrokenCublasAreNotLoaded() throws Exception {
    Path half = Files.createDirectory(folder.resolve("half"));
    for (String part : List.of("libcudnn.so.9", "libcudnn_graph.so.9", "libcudnn_ops.so.9")) {
      Files.createFile(half.resolve(part));
    }
    Files.writeString(half.resolve("libcublas.so.12"), "no library");
    List<String> run = start(half + ":" + System.getenv("GRAMLOOM_CUDA_PATH"), "", "backends");
    assertEquals("0", run.get(1), run::toString);
    String missing = "own kernels in fp32 (no libcudnn_cnn.so.9 beside " + half;
    assertTrue(run.get(0).contains(missing), run::toString);
    String broken =
        "(%s does not load: it is no library)".formatted(half.resolve("libcublas.so.12"));
    assertTrue(run.get(0).contains("own kernels in fp32 " + broken), run::toString);
  }
}
