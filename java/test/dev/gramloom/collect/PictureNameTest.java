package dev.gramloom.collect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureNameTest {
  @ParameterizedTest
  @CsvSource({
    "/a/Stone Wall.JPG, stone-wall.jpg",
    "/a/b.php?id=1, b.jpg",
    "/, picture.jpg",
    "/..%2F..%2Fetc%2Fpasswd, passwd.jpg",
    "/%2e%2e, picture.jpg",
    "/.hidden, hidden.jpg",
    "/con.png, picture-con.jpg",
    "/%E2%80%AEgpj.exe, gpj.jpg",
    "/a%00b.jpg, a-b.jpg",
    "/--x--.jpg, x.jpg"
  })
  void aNameIsSafeWhateverTheUrl(String path, String name) {
    URI url = URI.create("http://h" + path.replace(" ", "%20"));
    assertEquals(name, PictureName.of(url, "jpg", Set.of()));
  }

  @Test
  void aTakenNameGetsANumberAndALongOneIsCut() {
    Set<String> taken = Set.of("a.png", "a-2.png");
    assertEquals("a-3.png", PictureName.of(URI.create("http://h/A.png"), "png", taken));
    String cut = PictureName.of(URI.create("http://h/" + "x".repeat(300)), "png", taken);
    assertEquals("x".repeat(60) + ".png", cut);
  }

  @Test
  void theEndingIsTheContents() {
    assertEquals("gif", PictureName.ending("GIF89a".getBytes(StandardCharsets.US_ASCII)));
    assertEquals("bmp", PictureName.ending("BM66".getBytes(StandardCharsets.US_ASCII)));
    assertNull(PictureName.ending("<html>".getBytes(StandardCharsets.US_ASCII)));
    assertNull(PictureName.ending("RIFF....WEBP".getBytes(StandardCharsets.US_ASCII)));
    assertNull(PictureName.ending(new byte[0]));
  }
}
