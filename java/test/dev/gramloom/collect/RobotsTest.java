package dev.gramloom.collect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RobotsTest {
  private static boolean allows(String rules, String path) {
    byte[] file = rules.replace(" | ", "\n").getBytes(StandardCharsets.UTF_8);
    return Robots.parse(file, "Gramloom").allows(URI.create("http://example.org" + path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          user-agent: * | disallow: /a                              ; /a/b       ; false
          user-agent: * | disallow: /a                              ; /b         ; true
          user-agent: * | disallow:                                 ; /b         ; true
          user-agent: * | disallow: /                               ; /robots.txt; true
          USER-AGENT: * | DisAllow : /a # why                       ; /a         ; false
          user-agent: other | disallow: /                           ; /a         ; true
          user-agent: other | user-agent: gramloom | disallow: /    ; /a         ; false
          user-agent: other | disallow: / | user-agent: * | allow: /; /a         ; true
          user-agent: GramLoom/2.0 | disallow: /                    ; /a         ; false
          user-agent: gramloomer | disallow: /                      ; /a         ; true
          user-agent: * | disallow: / | user-agent: gramloom | allow: /a ; /b    ; true
          user-agent: gramloom | allow: /x | user-agent: b | user-agent: gramloom | disallow: /y ; /y ; false
          user-agent: gramloom | sitemap: /s | disallow: /y         ; /y         ; false
          user-agent: gramloom | crawl-delay: 1 | user-agent: b | disallow: /y ; /y ; false
          disallow: / | user-agent: * | disallow: /y                ; /a         ; true
          """)
  void theGroupsThatNameUsCount(String rules, String path, boolean allowed) {
    assertEquals(allowed, allows(rules, path.strip()), rules + " for " + path);
  }

  @ParameterizedTest
  @CsvSource({
    "/a, /a/b/, /a/b/c, true", // the longer allows
    "/a/b/, /a, /a/b/c, false", // the longer disallows
    "/a, /a, /a, true", // of equal ones the allowing one
    "/*.jpg, /a/*, /a/b.jpg, false", // six octets against four
  })
  void theLongestRuleThatMatchesDecides(
      String disallow, String allow, String path, boolean allowed) {
    String rules = "user-agent: * | disallow: " + disallow + " | allow: " + allow;
    assertEquals(allowed, allows(rules, path));
    String turned = "user-agent: * | allow: " + allow + " | disallow: " + disallow;
    assertEquals(allowed, allows(turned, path));
  }

  @ParameterizedTest
  @CsvSource({
    "/*.gif$, /a/b.gif, false",
    "/*.gif$, /a/b.gif?x, true",
    "/*.gif, /a/b.gif?x, false",
    "/a*c, /abbc/d, false",
    "/a*c$, /abcd, true",
    "/a*c$, /abcdc, false",
    "/a$, /a, false",
    "/a$, /ab, true",
    "/*/b/*/c, /x/b/y/c, false",
    "/*/b/*/c, /x/b/c, true",
    "/?q=, /?q=1, false",
    "/ä, /%c3%a4, false",
    "/%C3%A4, /%c3%a4, false",
    "/%7Eme, /~me, false",
    "/a%2Fb, /a/b, true",
    "/A, /a, true",
  })
  void starsDollarsAndEncodings(String disallow, String path, boolean allowed) {
    assertEquals(allowed, allows("user-agent: * | disallow: " + disallow, path));
  }

  @Test
  void aHostileRuleTakesNoTime() {
    String rule = "/" + "*a".repeat(2000) + "b$";
    String path = "/" + "a".repeat(5000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(2), () -> assertTrue(allows("user-agent: * | disallow: " + rule, path)));
  }

  @Test
  void endsOfLinesAndABomAreRead() {
    assertFalse(allows("\uFEFFuser-agent: *\r\ndisallow: /a\rdisallow: /b", "/a"));
    assertFalse(allows("\uFEFFuser-agent: *\r\ndisallow: /a\rdisallow: /b", "/b"));
  }
}
