package dev.gramloom.collect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageImagesTest {
  private static List<String> found(String html) {
    byte[] bytes = html.getBytes(StandardCharsets.UTF_8);
    return PageImages.of(bytes, "utf-8", URI.create("https://example.org/dir/page?x=1")).stream()
        .map(URI::toString)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          <img src=a.png> | /dir/a.png
          <img src=/a.png#top> | /a.png
          <img src=?id=7> | /dir/page?id=7
          <img src="../up/./a b.png"> | /up/a%20b.png
          <img src=ä.png> | /dir/%C3%A4.png
          <img src=s.png srcset="m.png 400w, l.png 1600w, k.png 800w"> | /dir/l.png
          <img src=s.png srcset="m.png 1.5x,l.png 3x"> | /dir/l.png
          <img src=s.png srcset="m.png, l.png 2x"> | /dir/l.png
          <img src=s.png srcset="m,1.png 10w, l,2.png 20w"> | /dir/l,2.png
          <img src="data:image/gif;base64,R0" data-src=lazy.jpg> | /dir/lazy.jpg
          <img src=tiny.jpg data-original=big.jpg> | /dir/big.jpg
          <img src=tiny.jpg data-srcset="a.jpg 1x, b.jpg 2x"> | /dir/b.jpg
          <picture><source srcset="w.webp 2000w" type=image/webp><source srcset="j.jpg 900w"><img src=s.jpg></picture> | /dir/j.jpg
          <picture><source srcset="no-name" type="image/avif"><img src=s.jpg></picture> | /dir/s.jpg
          <img src=only.webp> | /dir/only.webp
          <a href=full.JPG><img src=thumb.jpg></a> | /dir/full.JPG
          <a href=next.html><img src=thumb.jpg></a> | /dir/thumb.jpg
          <noscript><img src=n.jpg></noscript> | /dir/n.jpg
          <meta property=og:image content=/og.jpg> | /og.jpg
          <meta name=twitter:image content=/tw.jpg> | /tw.jpg
          <link rel=image_src href=/l.jpg> | /l.jpg
          <base href=/other/><img src=a.png> | /other/a.png
          """)
  void takesTheLargestVersion(String html, String path) {
    assertEquals(List.of("https://example.org" + path), found(html));
  }

  @Test
  void takesEachOnceInThePagesOrder() {
    assertEquals(
        List.of("https://example.org/b.png", "https://example.org/a.png"),
        found(
            "<img src=/b.png><img src=/a.png><img src=/b.png#x><meta property=og:image content=/a.png>"));
  }

  @ParameterizedTest
  @CsvSource({
    "<img src=javascript:alert(1)>",
    "<img src=ftp://example.org/a.png>",
    "<img src='http://[bad'>",
    "<img>",
    "<img src='  '>",
    "<img src=data:image/png;base64,AA>",
    "<img src=file:///etc/passwd>"
  })
  void leavesOutWhatIsNoAddressOfTheWeb(String html) {
    assertEquals(List.of(), found(html));
  }

  @Test
  void anotherHostAndSchemeArePossible() {
    assertEquals(
        List.of("https://cdn.example.net/a.png", "http://example.com/b.png"),
        found("<img src=//cdn.example.net/a.png><img src=http://example.com/b.png>"));
  }
}
