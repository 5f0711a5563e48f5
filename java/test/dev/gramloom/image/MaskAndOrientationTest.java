package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.gramloom.failure.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskAndOrientationTest {
  @TempDir Path folder;

  @Test
  void aMaskKeepsWhatIsWhiteAndOpaqueInBoth() {
    Image image = Pictures.withHole(Pictures.noise(1, 4, 1), 0, 0, 1, 1);
    byte[] greyAlpha = {0, -1, -1, (byte) 128, -1, 127, -1, -1, 0};
    Path mask = Pictures.file(folder, "m.png", Pictures.png(4, 1, 8, 4, null, greyAlpha));

    assertArrayEquals(new float[] {0, 1, 0, 0}, ImageFile.withMask(image, mask).mask());
  }

  @Test
  void aWhiteMaskIsNoMask() {
    ImageFile.write(Pictures.plain(3, 4, 1, 1, 1), folder.resolve("m.png"));

    assertNull(ImageFile.withMask(Pictures.noise(3, 4, 1), folder.resolve("m.png")).mask());
  }

  @Test
  void aBlackMaskIsBadData() {
    ImageFile.write(Pictures.plain(3, 4, 0, 0, 0), folder.resolve("m.png"));

    ImageFileTest.assertFails(
        ExitCode.BAD_DATA,
        "leaves no pixel",
        () -> ImageFile.withMask(Pictures.noise(3, 4, 1), folder.resolve("m.png")));
  }

  @Test
  void aMaskOfAnotherSizeIsRefusedWithBothSizes() {
    ImageFile.write(Pictures.plain(3, 5, 1, 1, 1), folder.resolve("m.png"));

    ImageFileTest.assertFails(
        ExitCode.USAGE,
        "as large as the exemplar, 4 x 3, but",
        () -> ImageFile.withMask(Pictures.noise(3, 4, 1), folder.resolve("m.png")));
  }

  /** The stored picture: 1 2 3 / 4 5 6, as tens of a percent of red. */
  @ParameterizedTest
  @CsvSource({
    "1, 3, 123456", "2, 3, 321654", "3, 3, 654321", "4, 3, 456123",
    "5, 2, 142536", "6, 2, 415263", "7, 2, 635241", "8, 2, 362514"
  })
  void turnsAPhotographTheWayItWasHeld(int tag, int width, String pixels) {
    float[] rgb = new float[18];
    for (int i = 0; i < 6; i++) {
      rgb[i] = (i + 1) / 10f;
    }
    float[] mask = {0, 1, 1, 1, 1, 1};

    Image upright = Orientation.upright(new Image(2, 3, rgb, mask), tag);

    assertEquals(width, upright.width());
    for (int i = 0; i < 6; i++) {
      assertEquals((pixels.charAt(i) - '0') / 10f, upright.rgb()[i]);
      assertEquals(pixels.charAt(i) == '1' ? 0 : 1, upright.mask()[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"II", "MM"})
  void readsTheOrientationOfAJpeg(String order) throws IOException {
    Path path = folder.resolve("a.jpg");
    ImageFile.write(Pictures.noise(5, 9, 2), path);
    byte[] jpeg = Files.readAllBytes(path);
    byte[] exif = exif(order, 6);
    ByteBuffer file = ByteBuffer.allocate(jpeg.length + exif.length);
    file.put(jpeg, 0, 2).put(exif).put(jpeg, 2, jpeg.length - 2);
    Files.write(path, file.array());

    Image upright = ImageFile.read(path);

    assertEquals(9, upright.height());
    assertEquals(5, upright.width());
  }

  @Test
  void takesUnsoundExifForNone() {
    for (int cut = 4; cut < 36; cut++) {
      byte[] exif = Arrays.copyOf(exif("II", 6), cut);
      exif[2] = 0;
      exif[3] = (byte) (cut - 2);
      ByteBuffer file = ByteBuffer.allocate(cut + 4).put(new byte[] {-1, (byte) 0xD8}).put(exif);
      file.put(new byte[] {-1, (byte) 0xD9});

      assertEquals(new JpegScan(true, cut < 30 ? 1 : 6), JpegScan.of(file.array()), "cut " + cut);
    }
  }

  /** A segment APP1 with one directory of one entry. */
  private static byte[] exif(String order, int orientation) {
    ByteBuffer segment = ByteBuffer.allocate(36);
    segment.put(new byte[] {-1, (byte) 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0});
    segment.put((byte) order.charAt(0)).put((byte) order.charAt(1));
    segment.order(order.equals("II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    segment.putShort((short) 42).putInt(8).putShort((short) 1);
    segment.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return segment.array();
  }
}
