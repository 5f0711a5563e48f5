package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFileTest {
  private static final float LEVEL = 1 / 255f;

  @TempDir Path folder;

  static Stream<Arguments> losslessFormatsAndSizes() {
    return Stream.of("png", "tga", "bmp")
        .flatMap(format ->
            Stream.of(
                Arguments.of(format, 1, 1),
                Arguments.of(format, 1, 2),
                Arguments.of(format, 13, 7),
                Arguments.of(format, 64, 33)));
  }

  @ParameterizedTest
  @MethodSource("losslessFormatsAndSizes")
  void readsWhatItWroteRoundedToEightBits(String format, int height, int width) {
    Image image = Pictures.noise(height, width, 1);
    Path path = folder.resolve("deep/er/picture." + format);

    ImageFile.write(image, path);
    Image back = ImageFile.read(path);

    assertEquals(height, back.height());
    assertEquals(width, back.width());
    assertArrayEquals(Pictures.rounded(image), back.rgb(), 1e-7f);
    assertNull(back.mask());
  }

  @Test
  void writesJpegThatIsCloseToThePicture() {
    Image image = Pictures.waves(61, 47, 2);

    ImageFile.write(image, folder.resolve("a.JPG"));

    assertTrue(Pictures.psnr(image.rgb(), ImageFile.read(folder.resolve("a.JPG")).rgb()) > 40);
  }

  @Test
  void recognisesByContentNotByName() throws IOException {
    ImageFile.write(Pictures.noise(4, 5, 3), folder.resolve("a.png"));
    Files.move(folder.resolve("a.png"), folder.resolve("a.jpg"));

    assertEquals(5, ImageFile.read(folder.resolve("a.jpg")).width());
  }

  @Test
  void keepsThePrecisionOfSixteenBits() {
    byte[] rows = {0, 0, 1, (byte) 0x80, 0, (byte) 0xFF, (byte) 0xFE};
    Image image = read("grey16", Pictures.png(3, 1, 16, 0, null, rows));

    float[] grey = {1 / 65535f, 32768 / 65535f, 65534 / 65535f};
    for (int c = 0; c < 3; c++) {
      assertArrayEquals(grey, Arrays.copyOfRange(image.rgb(), 3 * c, 3 * c + 3), 1e-8f);
    }
  }

  @Test
  void readsPalettes() {
    byte[] palette = {10, 20, 30, 40, 50, 60};
    Image image = read("palette", Pictures.png(2, 1, 8, 3, palette, new byte[] {0, 1, 0}));

    float[] expected = {40 * LEVEL, 10 * LEVEL, 50 * LEVEL, 20 * LEVEL, 60 * LEVEL, 30 * LEVEL};
    assertArrayEquals(expected, image.rgb(), 1e-7f);
  }

  @Test
  void keepsOnlyFullyOpaquePixelsInTheMask() {
    byte[] greyAndAlpha = {0, 9, (byte) 255, 9, (byte) 128, 9, 0, 9, (byte) 252};
    Image image = read("alpha", Pictures.png(4, 1, 8, 4, null, greyAndAlpha));

    assertArrayEquals(new float[] {1, 0, 0, 0}, image.mask());
    assertEquals(9 * LEVEL, image.rgb()[0], 1e-7f);
  }

  @Test
  void hasNoMaskWhereEverythingIsOpaque() {
    byte[] rgba = {0, 1, 2, 3, (byte) 255};
    assertNull(read("opaque", Pictures.png(1, 1, 8, 6, null, rgba)).mask());
  }

  @Test
  void refusesAPictureWithoutAnOpaquePixel() {
    byte[] rgba = {0, 1, 2, 3, 0};
    assertFails(
        ExitCode.BAD_DATA,
        "no opaque pixel",
        () -> read("a", Pictures.png(1, 1, 8, 6, null, rgba)));
  }

  @Test
  void readsHighDynamicRangeAsEncodedAndClamped() {
    byte[] head =
        "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 2\n".getBytes(StandardCharsets.US_ASCII);
    byte[] file = Arrays.copyOf(head, head.length + 8);
    // 128 · 2^(128 − 136) = ½; 255 · 2^(132 − 136) = 15.9
    byte[] pixels = {(byte) 128, (byte) 128, 0, (byte) 128, (byte) 255, 0, 0, (byte) 132};
    System.arraycopy(pixels, 0, file, head.length, 8);

    Image image = read("a.hdr", file);

    float half = ColorSpace.encode(0.5f); // 0.7354
    assertArrayEquals(new float[] {half, 1, half, 0, 0, 0}, image.rgb(), 1e-6f);
    assertEquals(0.7354f, half, 1e-4f);
    assertFails(ExitCode.BAD_DATA, "", () -> read("b.hdr", Arrays.copyOf(file, file.length - 1)));
  }

  @Test
  void readsPortablePixmaps() {
    byte[] file = {'P', '6', ' ', '1', ' ', '1', ' ', '2', '5', '5', '\n', 10, 20, 30};
    float[] expected = {10 * LEVEL, 20 * LEVEL, 30 * LEVEL};
    assertArrayEquals(expected, read("a.ppm", file).rgb(), 1e-7f);
    assertFails(ExitCode.BAD_DATA, "", () -> read("b.ppm", Arrays.copyOf(file, 13)));
  }

  @Test
  void readsTheFirstFrameOfAGif() throws IOException {
    Path path = folder.resolve("a.gif");
    Image image = Pictures.noise(15, 16, 6); // 240 pixels: the colours suffice
    try (Gif gif = Gif.open(path)) {
      gif.add(image);
      gif.add(Pictures.noise(15, 16, 7));
      gif.publish();
    }

    assertTrue(Pictures.psnr(image.rgb(), ImageFile.read(path).rgb()) > 33);
    byte[] half = Arrays.copyOf(Files.readAllBytes(path), 900);
    assertFails(ExitCode.BAD_DATA, "", () -> read("half.gif", half));
  }

  @Test
  void readsPhotoshopsFlattenedPicture() {
    byte[] head = new byte[40];
    System.arraycopy(new byte[] {'8', 'B', 'P', 'S', 0, 1}, 0, head, 0, 6);
    head[13] = 3; // channels
    head[17] = 1; // rows
    head[21] = 2; // columns
    head[23] = 8; // bits
    head[25] = 3; // RGB
    byte[] file = Arrays.copyOf(head, 46); // three empty sections, no compression, planes
    System.arraycopy(new byte[] {10, 40, 20, 50, 30, 60}, 0, file, 40, 6);

    float[] expected = {10 * LEVEL, 40 * LEVEL, 20 * LEVEL, 50 * LEVEL, 30 * LEVEL, 60 * LEVEL};
    assertArrayEquals(expected, read("a.psd", file).rgb(), 1e-7f);
    assertFails(
        ExitCode.BAD_DATA, "truncated", () -> read("b.psd", Arrays.copyOf(file, file.length - 1)));
  }

  static Stream<Arguments> formatsAndCuts() {
    return Stream.of("png", "jpg", "tga", "bmp")
        .flatMap(format ->
            Stream.of(0.02, 0.1, 0.5, 0.9, 0.99, 1.0).map(share -> Arguments.of(format, share)));
  }

  @ParameterizedTest
  @MethodSource("formatsAndCuts")
  void refusesATruncatedPicture(String format, double share) throws IOException {
    Path whole = folder.resolve("whole." + format);
    ImageFile.write(Pictures.noise(31, 32, 4), whole);
    byte[] file = Files.readAllBytes(whole);
    int cut = (int) Math.min(file.length - 1, share * file.length);

    assertFails(ExitCode.BAD_DATA, "", () -> read("cut." + format, Arrays.copyOf(file, cut)));
  }

  @Test
  void takesAnUnusedFourthByteOfATargaForOpaque() {
    byte[] targa = {0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 32, 8, 30, 20, 10, 0};
    Image image = read("a.tga", targa);

    assertArrayEquals(new float[] {10 * LEVEL, 20 * LEVEL, 30 * LEVEL}, image.rgb(), 1e-7f);
    assertNull(image.mask());
  }

  @Test
  void refusesADamagedPng() throws IOException {
    ImageFile.write(Pictures.noise(31, 32, 4), folder.resolve("a.png"));
    byte[] file = Files.readAllBytes(folder.resolve("a.png"));
    file[file.length / 2] ^= 1;

    assertFails(ExitCode.BAD_DATA, "damaged", () -> read("b.png", file));
  }

  @Test
  void doesNotTakeTheEndOfAThumbnailForTheEndOfTheJpeg() throws IOException {
    ImageFile.write(Pictures.noise(16, 16, 5), folder.resolve("a.jpg"));
    byte[] jpeg = Files.readAllBytes(folder.resolve("a.jpg"));
    byte[] segment = {(byte) 0xFF, (byte) 0xEF, 0, 4, (byte) 0xFF, (byte) 0xD9};
    byte[] file = new byte[jpeg.length + segment.length];
    System.arraycopy(jpeg, 0, file, 0, 2);
    System.arraycopy(segment, 0, file, 2, segment.length);
    System.arraycopy(jpeg, 2, file, 2 + segment.length, jpeg.length - 2);

    assertEquals(16, read("b.jpg", file).width());
    assertFails(
        ExitCode.BAD_DATA, "truncated", () -> read("c.jpg", Arrays.copyOf(file, file.length - 2)));
  }

  @Test
  void saysBothNumbersOfAPictureThatIsTooLarge() {
    byte[] bomb = Pictures.png(60_000, 60_000, 8, 2, null, new byte[100]);
    assertFails(
        ExitCode.BAD_DATA,
        "is 60000 x 60000 pixels; at most 16384 a side and 100 million in all are read",
        () -> read("bomb.png", bomb));
    byte[] flat = Pictures.png(16_000, 16_000, 8, 2, null, new byte[100]);
    assertFails(ExitCode.BAD_DATA, "16000 x 16000", () -> read("flat.png", flat));
    byte[] targa = {0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, -1, 24, 0}; // 65280 x 65280
    assertFails(ExitCode.BAD_DATA, "65280 x 65280", () -> read("bomb.tga", targa));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"A text file, and not a short one.", "\0\0\2", "GIF89a", "BM", "8BPS", "#"})
  void refusesWhatIsNotAPicture(String content) {
    assertFails(
        ExitCode.BAD_DATA,
        "not a picture",
        () -> read("a.png", content.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void tellsMissingFilesFromEmptyOnesAndFolders() {
    assertFails(
        ExitCode.MISSING_INPUT, "no such file", () -> ImageFile.read(folder.resolve("no.png")));
    assertFails(ExitCode.MISSING_INPUT, "it is a folder", () -> ImageFile.read(folder));
    assertFails(ExitCode.BAD_DATA, "is empty", () -> read("empty.png", new byte[0]));
  }

  @Test
  void refusesToWriteWhatIsNotANumber() {
    Image image = Pictures.plain(2, 2, 0, Float.NaN, 0);
    Path path = folder.resolve("a.png");

    assertThrows(IllegalArgumentException.class, () -> ImageFile.write(image, path));
    assertEquals(0, folder.toFile().list().length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.webp", "a", "png", "a.png.txt", "a."})
  void namesTheExtensionsItWrites(String name) {
    assertFails(
        ExitCode.USAGE,
        "must end in .png, .jpg, .jpeg, .tga, .bmp",
        () -> ImageFile.requireWritable(folder.resolve(name)));
  }

  private Image read(String name, byte[] content) {
    return ImageFile.read(Pictures.file(folder, name, content));
  }

  static void assertFails(ExitCode code, String says, Executable call) {
    Failure failure = assertThrows(Failure.class, call);
    assertEquals(code, failure.exitCode(), failure.getMessage());
    assertTrue(failure.getMessage().contains(says), failure.getMessage());
    assertEquals(1, failure.getMessage().lines().count());
  }
}
