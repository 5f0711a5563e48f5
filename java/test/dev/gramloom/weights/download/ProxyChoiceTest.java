package dev.gramloom.weights.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyChoiceTest {
  private static final String URL = "https://weights.example.org/a";

  /** Type, host and port, or DIRECT. */
  private static String choice(Map<String, String> environment, String url) {
    return new ProxyChoice(environment)
        .to(URI.create(url))
        .map(proxy -> {
          InetSocketAddress address = (InetSocketAddress) proxy.address();
          return proxy.type() + " " + address.getHostString() + " " + address.getPort();
        })
        .orElse(Proxy.Type.DIRECT.name());
  }

  @Test
  void anEmptyEnvironmentNamesNoProxy() {
    assertEquals("DIRECT", choice(Map.of(), URL));
    assertEquals("DIRECT", choice(Map.of("HTTPS_PROXY", " ", "https_proxy", ""), URL));
  }

  @ParameterizedTest
  @CsvSource({
    "http://proxy:3128, HTTP proxy 3128",
    "http://proxy:3128/, HTTP proxy 3128",
    "' proxy:3128 ', HTTP proxy 3128",
    "proxy, HTTP proxy 80",
    "https://proxy, HTTP proxy 443",
    "HTTP://Proxy.Example:8, HTTP Proxy.Example 8",
    "http://user:pa:ss@proxy:3128, HTTP proxy 3128",
    "http://[::1]:3128, HTTP ::1 3128",
    "socks5://proxy, SOCKS proxy 1080",
    "socks5h://proxy:9050, SOCKS proxy 9050",
  })
  void anAddressIsReadAsPeopleWriteIt(String value, String expected) {
    assertEquals(expected, choice(Map.of("HTTPS_PROXY", value), URL));
  }

  @Test
  void theSchemeChoosesTheVariable() {
    Map<String, String> both =
        Map.of("HTTPS_PROXY", "s:1", "HTTP_PROXY", "p:2", "ALL_PROXY", "a:3");
    assertEquals("HTTP s 1", choice(both, URL));
    assertEquals("HTTP p 2", choice(both, "http://weights.example.org/a"));
    assertEquals("DIRECT", choice(Map.of("HTTP_PROXY", "p:2"), URL));
    assertEquals("HTTP a 3", choice(Map.of("HTTP_PROXY", "p:2", "all_proxy", "a:3"), URL));
  }

  @Test
  void smallLettersGoBeforeCapitals() {
    assertEquals("HTTP a 1", choice(Map.of("https_proxy", "a:1", "HTTPS_PROXY", "b:2"), URL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "weights.example.org",
        "example.org",
        ".example.org",
        "*.example.org",
        "EXAMPLE.ORG",
        "localhost, example.org",
        "localhost example.org",
        "a,,example.org:443",
      })
  void anExceptionGoesDirectly(String exceptions) {
    assertEquals("DIRECT", choice(Map.of("HTTPS_PROXY", "p:1", "NO_PROXY", exceptions), URL));
    assertEquals("DIRECT", choice(Map.of("HTTPS_PROXY", "p:1", "no_proxy", exceptions), URL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",", ".", "ample.org", "example.org:80", "example.com", "org.", "s.*"})
  void whatIsNoExceptionDoesNot(String exceptions) {
    String expected = exceptions.equals("org.") ? "DIRECT" : "HTTP p 1";
    assertEquals(expected, choice(Map.of("HTTPS_PROXY", "p:1", "NO_PROXY", exceptions), URL));
  }

  @Test
  void addressesAreExceptionsToo() {
    Map<String, String> environment =
        Map.of("http_proxy", "p:1", "no_proxy", "127.0.0.1:81,::1,[fe80::1]:82");
    assertEquals("DIRECT", choice(environment, "http://127.0.0.1:81/"));
    assertEquals("HTTP p 1", choice(environment, "http://127.0.0.1/"));
    assertEquals("DIRECT", choice(environment, "http://[::1]:5/"));
    assertEquals("DIRECT", choice(environment, "http://[fe80::1]:82/"));
    assertEquals("HTTP p 1", choice(environment, "http://[fe80::1]/"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://", "http://u:secret@:80", "p:0", "p:65536", "p:999999", "a b"})
  void whatIsNoAddressIsSaidWithoutItsPassword(String value) {
    Failure failure =
        assertThrows(Failure.class, () -> choice(Map.of("HTTPS_PROXY", value), URL), value);
    assertEquals(ExitCode.USAGE, failure.exitCode());
    assertFalse(failure.getMessage().contains("secret"));
  }
}
