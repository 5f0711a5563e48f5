package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What breaks Caffe's schema, or protobuf itself, is refused, soon and in one line. */
class CaffeRefusalTest {
  private static final Duration SOON = Duration.ofSeconds(2);

  @TempDir private Path folder;

  private void refuses(CaffeBytes model) throws IOException {
    Path path = model.write(folder);
    assertTimeout(
        SOON,
        () ->
            Fixtures.assertRefused(
                path, () -> new CaffeModel(path).tensors().forEach(StoredTensor::read)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0a", // no length
        "0aff", // half a length
        "0a05616263", // longer than the file
        "0affffffffffffffffff01", // a length of -1
        "0affffffffffffffff7f", // of Long.MAX_VALUE
        "0a8080808010", // of 2^32
        "28ffffffffffffffffff02", // more than 64 bits
        "28ffffffffffffffffffff01", // more than ten bytes
        "288080808080808080808000",
        "00", // field 0
        "0200",
        "8080808080808080808001", // a tag of more than 32 bits
        "8280808010",
        "0b", // groups
        "130c",
        "14",
        "a30600",
        "a606", // kinds 6 and 7
        "a706",
        "a106" // cut within eight bytes
      })
  void bytesThatAreNotProtobufsAreBadData(String hex) throws IOException {
    CaffeBytes blob = CaffeBytes.shape(1).floats(5, 1);
    refuses(CaffeBytes.model(blob).raw(hex)); // which were good without
    CaffeBytes layer = new CaffeBytes().message(7, blob).raw(hex);
    refuses(new CaffeBytes().message(CaffeBytes.LAYER, layer));
    refuses(CaffeBytes.model(CaffeBytes.shape(1).floats(5, 1).raw(hex)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a006ff01", // a layer that is no message
        "1500000000",
        "12", // layers cut short
        "1202",
        "12023200", // blobs without numbers or shape
        "a206023a00",
        "1206320a2a080000", // blobs longer than their layers
        "a206023a01",
        "a20602ff", // names longer than their layers
        "a206020a05",
        "1202220f"
      })
  void layersThatAreNoneAreBadData(String hex) throws IOException {
    refuses(CaffeBytes.model(CaffeBytes.shape(1).floats(5, 1)).raw(hex));
  }

  @Test
  void anEmptyFileIsBadData() throws IOException {
    refuses(new CaffeBytes());
  }

  @Test
  void lengthsBeyondWhatHoldsThemAreBadData() throws IOException {
    byte[] good = CaffeBytes.model(CaffeBytes.shape(2).floats(5, 1, 2)).bytes.toByteArray();
    Path whole = CaffeBytes.model(CaffeBytes.shape(2).floats(5, 1, 2)).write(folder);
    assertEquals(1, new CaffeModel(whole).tensors().size());
    int[] lengths = {2, 4, 10, 12, 16}; // of layer, name, blob, shape, data
    for (int at : lengths) {
      for (int change : new int[] {1, 8, 100}) {
        byte[] bytes = good.clone();
        bytes[at] += (byte) change;
        CaffeBytes spoilt = new CaffeBytes();
        spoilt.bytes.writeBytes(bytes);
        refuses(spoilt);
      }
    }
  }

  @Test
  void shapesThatDoNotFitAreBadData() throws IOException {
    long[][] shapes = {
      {},
      {0},
      {-1},
      {-2, -3},
      {7},
      {5},
      {2, 4},
      {1L << 31, 1L << 31, 4},
      {1L << 32, 1L << 32},
      {(1L << 32) + 6},
      {Long.MAX_VALUE, 2},
      {Long.MIN_VALUE},
      {65536, 65536, 65536, 65536}
    };
    for (long[] sizes : shapes) {
      refuses(CaffeBytes.model(CaffeBytes.shape(sizes).floats(5, 1, 2, 3, 4, 5, 6)));
      CaffeBytes old = new CaffeBytes().floats(5, 1, 2, 3, 4, 5, 6);
      for (int i = 0; i < Math.min(sizes.length, 4); i++) {
        old.number(i + 1, sizes[i]);
      }
      refuses(CaffeBytes.model(old)); // also because what is not said is 0, as in Caffe
    }
    refuses(CaffeBytes.model(CaffeBytes.shape(new long[33]).floats(5)));
    CaffeBytes many = new CaffeBytes().message(7, new CaffeBytes().content(1, new byte[1 << 22]));
    refuses(CaffeBytes.model(many));
  }

  @Test
  void fieldsOfAnotherKindAreBadData() throws IOException {
    refuses(CaffeBytes.model(CaffeBytes.shape(1).number(5, 1)));
    refuses(CaffeBytes.model(CaffeBytes.shape(1).aFloat(8, 1)));
    refuses(CaffeBytes.model(CaffeBytes.shape(1).content(5, new byte[5])));
    refuses(CaffeBytes.model(CaffeBytes.shape(1).content(8, new byte[12])));
    refuses(CaffeBytes.model(new CaffeBytes().number(7, 1).floats(5, 1)));
    refuses(CaffeBytes.model(new CaffeBytes().text(1, "x").floats(5, 1)));
    refuses(new CaffeBytes().number(CaffeBytes.V1_LAYERS, 3));
    refuses(new CaffeBytes().message(CaffeBytes.LAYER, new CaffeBytes().number(1, 3)));
    refuses(new CaffeBytes().message(CaffeBytes.LAYER, new CaffeBytes().number(7, 3)));
  }

  @Test
  void messagesNestedWithoutEndAreBadData() throws IOException {
    CaffeBytes nested = new CaffeBytes();
    for (int i = 0; i < 2000; i++) {
      nested = new CaffeBytes().message(7, nested);
    }
    refuses(new CaffeBytes().message(CaffeBytes.LAYER, nested));
    CaffeBytes groups = new CaffeBytes().raw("3b".repeat(100_000));
    refuses(new CaffeBytes().message(CaffeBytes.LAYER, groups));
  }

  @Test
  void tooManyBlobsAndTwoOfOneNameAreBadData() throws IOException {
    CaffeBytes blob = CaffeBytes.shape(1).floats(5, 1);
    CaffeBytes layer = new CaffeBytes().text(1, "conv").message(7, blob);
    refuses(new CaffeBytes().message(CaffeBytes.LAYER, layer).message(CaffeBytes.LAYER, layer));
    CaffeBytes many = new CaffeBytes().text(1, "conv");
    for (int i = 0; i < 5000; i++) {
      many.message(7, blob);
    }
    refuses(new CaffeBytes().message(CaffeBytes.LAYER, many));
  }

  @Test
  void aModelWithoutWeightsIsBadData() throws IOException {
    refuses(
        new CaffeBytes()
            .text(1, "net")
            .message(CaffeBytes.LAYER, new CaffeBytes().text(1, "relu")));
  }

  @Test
  void aNameOfManyLinesIsReportedInOne() throws IOException {
    for (String name : List.of("one\ntwo\r\nthree", "n".repeat(200), "n".repeat(70_000))) {
      CaffeBytes layer =
          new CaffeBytes().text(1, name).message(7, CaffeBytes.shape(1).floats(5, 1));
      refuses(new CaffeBytes().message(CaffeBytes.LAYER, layer).message(CaffeBytes.LAYER, layer));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"old-layers.caffemodel", "unpacked.caffemodel", "doubles.caffemodel"})
  void aModelCutOrChangedAnywhereIsTakenOrRefused(String name) throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.file(name));
    Path path = folder.resolve("net.caffemodel");
    if (name.startsWith("old")) {
      Damage.cutAnywhere(whole, path, CaffeModel::new);
    }
    Damage.bytesChanged(whole, path, CaffeModel::new, 1500);
  }

  @Test
  void labelsChangedAnyhowAreTakenOrRefused() throws IOException {
    byte[] labels =
        CaffeBytes.model(CaffeBytes.shape(1, 2).floats(5, 1, 2))
            .bytes
            .toByteArray(); // almost only labels
    Damage.bytesChanged(labels, folder.resolve("net.caffemodel"), CaffeModel::new, 3000);
  }

  @Test
  void aFileThatGoesAwayOrChangesAfterOpeningIsRefused() throws IOException {
    Path path = CaffeBytes.model(CaffeBytes.shape(2).floats(5, 1, 2)).write(folder);
    CaffeModel file = new CaffeModel(path);
    byte[] bytes = Files.readAllBytes(path);
    Files.write(path, Arrays.copyOf(bytes, bytes.length - 3));
    Fixtures.assertRefused(path, file.tensors().get(0)::read);
    Files.write(path, CaffeBytes.model(CaffeBytes.shape(2).floats(6, 1, 2)).bytes.toByteArray());
    Fixtures.assertRefused(path, file.tensors().get(0)::read);
    Files.delete(path);
    Fixtures.assertRefused(path, file.tensors().get(0)::read);
  }

  @Test
  void aFileThatIsNotThereIsMissing() {
    for (Path path : List.of(folder.resolve("none.caffemodel"), folder)) {
      Failure failure = assertThrows(Failure.class, () -> new CaffeModel(path));
      assertEquals(ExitCode.MISSING_INPUT, failure.exitCode());
      assertEquals(1, failure.getMessage().lines().count());
    }
  }
}
