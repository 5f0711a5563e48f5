package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Google's encoder wrote by Caffe's schema comes out bit for bit. */
class CaffeModelTest {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final List<String> CONVOLUTIONS = List.copyOf(Fixtures.CONVOLUTIONS.keySet());

  @TempDir private Path folder;

  private CaffeModel open(CaffeBytes model) throws IOException {
    return new CaffeModel(model.write(folder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "old-layers.caffemodel",
        "present-layers.caffemodel",
        "unpacked.caffemodel",
        "doubles.caffemodel"
      })
  void readsWhatGooglesEncoderWrote(String name) {
    CaffeModel file = new CaffeModel(Fixtures.file(name));
    Fixtures.assertHoldsTheNetwork(file, CONVOLUTIONS);
    assertEquals(2 * CONVOLUTIONS.size(), file.tensors().size());
    assertEquals("conv1_1.weight", file.tensors().get(0).name());
    assertTrue(CaffeModel.looksLike(Fixtures.file(name)));
  }

  @Test
  void oldBiasesOfFourDimensionsHaveOne() throws IOException {
    CaffeBytes bias = new CaffeBytes().number(4, 2).number(3, 1).number(2, 1).number(1, 1);
    bias.floats(5, 7, 8);
    CaffeBytes weight = new CaffeBytes().number(1, 1).number(2, 1).number(3, 1).number(4, 2);
    weight.floats(5, 5, 6);
    CaffeBytes layer = new CaffeBytes().message(6, weight).message(6, bias).text(4, "fc");
    CaffeModel file = open(new CaffeBytes().message(CaffeBytes.V1_LAYERS, layer));
    Fixtures.assertHolds(file, "fc.weight", new float[] {5, 6}, 1, 1, 1, 2);
    Fixtures.assertHolds(file, "fc.bias", new float[] {7, 8}, 2);
  }

  @Test
  void numbersMayComeInSeveralPieces() throws IOException {
    CaffeBytes blob = new CaffeBytes().floats(5, 1, 2).aFloat(5, 3).message(7, new CaffeBytes());
    blob.floats(5).floats(5, 4, 5, 6).floats(6, 9, 9, 9);
    blob.message(7, new CaffeBytes().number(1, 2))
        .message(7, new CaffeBytes().content(1, new byte[] {3}));
    Fixtures.assertHolds(
        open(CaffeBytes.model(blob)), "conv.weight", new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
  }

  @Test
  void blobsBeyondTheSecondAreNumbered() throws IOException {
    CaffeBytes layer = new CaffeBytes().text(1, "norm");
    for (int i = 0; i < 3; i++) {
      layer.message(7, CaffeBytes.shape(1).floats(5, i));
    }
    CaffeModel file = open(new CaffeBytes().message(CaffeBytes.LAYER, layer));
    Fixtures.assertHolds(file, "norm.2", new float[] {2}, 1);
  }

  @Test
  void fieldsThatAreNotAboutWeightsAreSteppedOver() throws IOException {
    CaffeBytes blob =
        CaffeBytes.shape(1).floats(5, 4).number(99, -1).raw("c9060102030405060708").text(98, "x");
    CaffeBytes model = new CaffeBytes().text(1, "net").number(5, 1).text(12345678, "more");
    model.bytes.writeBytes(CaffeBytes.model(blob).bytes.toByteArray());
    Fixtures.assertHolds(open(model.aFloat(77, 3)), "conv.weight", new float[] {4}, 1);
  }

  @Test
  void ofHalfAGigabyteOnlyWhatIsAskedForIsRead() throws IOException {
    int large = 100_000_000; // numbers
    CaffeBytes head = new CaffeBytes().text(1, "net");
    CaffeBytes label = CaffeBytes.shape(large);
    label.varint(5 << 3 | 2).varint(4L * large); // whose content is a hole in the file
    long blobBytes = label.bytes.size() + 4L * large;
    CaffeBytes name = new CaffeBytes().text(1, "fc");
    name.varint(7 << 3 | 2).varint(blobBytes);
    head.varint(CaffeBytes.LAYER << 3 | 2).varint(name.bytes.size() + blobBytes);
    head.bytes.writeBytes(name.bytes.toByteArray());
    head.bytes.writeBytes(label.bytes.toByteArray());
    Path path = head.write(folder);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(head.bytes.size() + 4L * large);
      file.write(CaffeBytes.model(CaffeBytes.shape(2).floats(5, 1, 2)).bytes.toByteArray());
    }
    assertTimeout(
        SOON,
        () -> {
          CaffeModel file = new CaffeModel(path);
          assertArrayEquals(new int[] {large}, Fixtures.find(file, "fc.weight").shape());
          Fixtures.assertHolds(file, "conv.weight", new float[] {1, 2}, 2);
          Fixtures.assertRefused(path, Fixtures.find(file, "fc.weight")::read);
        });
  }

  @Test
  void noiseAndTextDoNotLookLikeCaffe() throws IOException {
    Random random = new Random(11);
    Path path = folder.resolve("noise");
    int taken = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] noise = new byte[4096];
      random.nextBytes(noise);
      noise[0] = new byte[] {0x0a, 0x12, 0x1a, (byte) 0xa2}[i % 4]; // as models can begin
      Damage.replace(path, noise);
      taken += CaffeModel.looksLike(path) ? 1 : 0;
    }
    assertEquals(0, taken);
    for (String text : List.of("", "\n# weights\nof a network, " + "x".repeat(300), "{}", "\n\n")) {
      assertFalse(CaffeModel.looksLike(Files.writeString(path, text)), text);
    }
    assertFalse(CaffeModel.looksLike(folder));
    assertFalse(CaffeModel.looksLike(folder.resolve("none")));
  }

  @Test
  void otherFormatsDoNotLookLikeCaffe() {
    for (String name : List.of("stored.numpy-archive", "pickled.numpy-array")) {
      assertFalse(CaffeModel.looksLike(Fixtures.file(name)), name);
    }
  }

  @Test
  void aModelCutShortStillLooksLikeOne() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.file("old-layers.caffemodel"));
    Path path = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, 3000));
    assertTrue(CaffeModel.looksLike(path));
    Fixtures.assertRefused(path, () -> new CaffeModel(path));
  }
}
