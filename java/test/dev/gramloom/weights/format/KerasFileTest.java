package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What h5py wrote as Keras does comes out bit by bit, in order. */
class KerasFileTest {
  private static final String KERAS_1 = "%1$s/%1$s_W_1:0 %1$s/%1$s_b_1:0";
  private static final String KERAS_2 = "%1$s/%1$s/kernel:0 %1$s/%1$s/bias:0";

  @TempDir private Path folder;

  static void with(String file, Consumer<KerasFile> action) {
    try (KerasFile keras = new KerasFile(Fixtures.file(file))) {
      action.accept(keras);
    }
  }

  private static List<String> names(TensorFile file) {
    return file.tensors().stream().map(StoredTensor::name).toList();
  }

  /** Kernel and bias of each convolution, by the name that Keras gives its layer. */
  private static List<String> layers(String names) {
    List<String> all = new ArrayList<>();
    for (String name : Fixtures.CONVOLUTIONS.keySet()) {
      String layer = "block" + name.charAt(4) + "_conv" + name.charAt(6);
      all.addAll(List.of(names.formatted(layer).split(" ")));
    }
    return all;
  }

  private static void assertHoldsTheNetwork(TensorFile file, List<String> names) {
    int i = 0;
    for (Map.Entry<String, int[]> entry : Fixtures.CONVOLUTIONS.entrySet()) {
      int outputs = entry.getValue()[0];
      int inputs = entry.getValue()[1];
      float[] kernel = heightWidthInputsOutputs(Fixtures.weight(entry.getKey()), outputs, inputs);
      Fixtures.assertHolds(file, names.get(i++), kernel, 3, 3, inputs, outputs);
      Fixtures.assertHolds(file, names.get(i++), Fixtures.bias(entry.getKey()), outputs);
    }
  }

  private static float[] heightWidthInputsOutputs(float[] kernel, int outputs, int inputs) {
    float[] turned = new float[kernel.length];
    for (int o = 0; o < outputs; o++) {
      for (int c = 0; c < inputs; c++) {
        for (int at = 0; at < 9; at++) {
          turned[(at * inputs + c) * outputs + o] = kernel[(o * inputs + c) * 9 + at];
        }
      }
    }
    return turned;
  }

  @ParameterizedTest
  @CsvSource({
    "keras1.keras, '', " + KERAS_1,
    "keras2.keras, '', " + KERAS_2,
    "keras2_model.keras, model_weights/, " + KERAS_2,
  })
  void layersComeInTheOrderThatTheFileLists(String file, String base, String names) {
    List<String> expected = layers(names).stream().map(name -> base + name).toList();
    with(
        file,
        keras -> {
          assertEquals(expected, names(keras));
          assertHoldsTheNetwork(keras, expected);
        });
  }

  @Test
  void withoutAListTheNumbersInTheNamesTell() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String layer = "layers/conv2d" + (i == 0 ? "" : "_" + i);
      expected.addAll(List.of(layer + "/vars/0", layer + "/vars/1").subList(0, i < 5 ? 2 : 1));
    }
    with(
        "keras3.keras",
        keras -> {
          assertEquals(expected, names(keras));
          assertHoldsTheNetwork(keras, expected);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"packed.keras", "packed_latest.keras"})
  void chunksAreUnpackedIntoTheirPlaces(String file) {
    with(
        file,
        keras -> {
          assertHoldsTheNetwork(keras, layers(KERAS_1));
          float[] plain = Fixtures.find(keras, "incompressible_plain").read();
          Fixtures.assertHolds(keras, "incompressible", plain, 16);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked", "single", "early", "growing", "growing_both"})
  void everyIndexOfChunksIsKnown(String name) {
    float[] whole = Fixtures.values("whole", 42);
    with("packed_latest.keras", keras -> Fixtures.assertHolds(keras, name, whole, 6, 7));
  }

  @Test
  void theLatestLayoutOfGroupsIsRead() {
    with(
        "latest.keras",
        keras -> {
          List<String> expected = new ArrayList<>(layers(KERAS_2));
          assertHoldsTheNetwork(keras, expected);
          for (int i = 0; i < 20; i++) {
            expected.add("dense/array_" + i);
            Fixtures.assertHolds(keras, "dense/array_" + i, Fixtures.values("array_" + i, 2), 2);
          }
          assertEquals(expected, names(keras));
        });
  }

  @Test
  void everyFloatingPointTypeIsReadInBothByteOrders() {
    float[] values = Fixtures.values("types", 15);
    List<String> names = new ArrayList<>(List.of("compact"));
    for (String type : new String[] {"f2", "f4", "f8"}) {
      names.addAll(List.of(type + "_big", type + "_little"));
    }
    with(
        "types.keras",
        keras -> {
          names.forEach(name -> Fixtures.assertHolds(keras, name, values, 3, 5));
          Fixtures.assertHolds(keras, "scalar", new float[] {0.5f});
          Fixtures.assertHolds(keras, "none", new float[0], 0, 3);
          names.addAll(List.of("none", "scalar"));
          assertEquals(names, names(keras));
        });
  }

  @Test
  void theSignatureTells() throws IOException {
    assertTrue(KerasFile.isHdf5(Files.readAllBytes(Fixtures.file("keras1.keras"))));
    assertFalse(KerasFile.isHdf5(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a}));
    assertFalse(KerasFile.isHdf5("PK\3\4 and more".getBytes(StandardCharsets.US_ASCII)));
    assertFalse(KerasFile.isHdf5(new byte[0]));
  }

  @Test
  void theFileIsGivenBackAndHasNoMoreToRead() throws IOException {
    Path path = Files.copy(Fixtures.file("keras1.keras"), folder.resolve("weights.h5"));
    KerasFile keras = new KerasFile(path);
    keras.close();
    Fixtures.assertRefused(path, keras.tensors().get(0)::read);
    Files.delete(path);
  }

  /** Reads a file in a process of its own, as a logger complains but once. */
  static final class Reader {
    public static void main(String[] args) {
      with(args[0], keras -> keras.tensors().forEach(StoredTensor::read));
    }
  }

  @Test
  void nothingIsLogged() throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        List.of(
            java.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Reader.class.getName(),
            "packed_latest.keras");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("", said);
    assertEquals(0, process.waitFor());
  }

  @Test
  void aFileThatIsNotThereIsMissing() {
    for (Path path : new Path[] {folder.resolve("none.h5"), folder}) {
      Failure failure = assertThrows(Failure.class, () -> new KerasFile(path));
      assertEquals(ExitCode.MISSING_INPUT, failure.exitCode());
      assertEquals(1, failure.getMessage().lines().count());
    }
  }
}
