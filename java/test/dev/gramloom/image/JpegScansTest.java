package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A JPEG's scans cost their pixels, not their bytes. */
class JpegScansTest {
  private static final Path NAME = Path.of("scans.jpg");

  private static void refused(byte[] file) {
    ImageFileTest.assertFails(
        ExitCode.BAD_DATA,
        "its scans come by the same pixels too often",
        () -> ImageFile.decode(NAME, file));
  }

  @Test
  void scansThatTakeLongerThanTheirBytesAreRefusedSoon() {
    byte[] file = new ProgressiveJpeg(3000, 3000).scans(150).done();
    assertTrue(file.length < 1 << 20);
    assertTimeout(Duration.ofSeconds(2), () -> refused(file));
    refused(new ProgressiveJpeg(2000, 2000).scans(66).done());
  }

  @Test
  void aSmallPictureMayHaveManyScans() {
    assertEquals(40, ImageFile.decode(NAME, new ProgressiveJpeg(40, 30).scans(190).done()).width());
  }

  /** libjpeg's own progression: a look at the upper bits, then one at the last, and once more. */
  @Test
  @Tag("slow")
  void aProgressionOfALargePhotographIsRead() {
    ProgressiveJpeg jpeg = new ProgressiveJpeg(8000, 8000);
    for (int component = 1; component <= 3; component++) {
      jpeg.scan(component, 0, 2).scan(component, 2, 1).scan(component, 1, 0);
    }
    assertEquals(8000, ImageFile.decode(NAME, jpeg.done()).width());
  }
}
