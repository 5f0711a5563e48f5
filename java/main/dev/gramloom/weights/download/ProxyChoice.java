package dev.gramloom.weights.download;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proxy that the environment names: {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY}
 * and {@code NO_PROXY}, in capitals or not, read as curl reads them. Java itself knows only its own
 * properties. A user name and password in the address are left out.
 */
public final class ProxyChoice {
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:(?<scheme>[A-Za-z0-9+.-]+)://)?(?:[^@/]*@)?"
              + "(?<host>\\[[0-9A-Fa-f:.%]+]|[^\\s:/@\\[\\]]+)(?::(?<port>\\d{1,5}))?(?:/.*)?");

  private final Map<String, String> environment;

  /** Reads an environment, such as {@link System#getenv()}. */
  public ProxyChoice(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * The proxy on the way to {@code url}; none where the environment names none.
   *
   * @throws Failure USAGE if the variable holds no address
   */
  public Optional<Proxy> to(URI url) {
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    for (String name : new String[] {scheme + "_proxy", "all_proxy"}) {
      String value = value(name);
      if (!value.isEmpty()) {
        return isExcepted(url) ? Optional.empty() : Optional.of(proxy(name, value));
      }
    }
    return Optional.empty();
  }

  private String value(String name) {
    String small = environment.getOrDefault(name, "").strip();
    return small.isEmpty()
        ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "").strip()
        : small;
  }

  private static Proxy proxy(String name, String value) {
    Matcher address = ADDRESS.matcher(value);
    if (!address.matches()) {
      throw notAnAddress(name);
    }
    String scheme = String.valueOf(address.group("scheme")).toLowerCase(Locale.ROOT);
    boolean socks = scheme.startsWith("socks");
    int port = socks ? 1080 : scheme.equals("https") ? 443 : 80;
    if (address.group("port") != null) {
      port = Integer.parseInt(address.group("port"));
    }
    if (port < 1 || port > 65535) {
      throw notAnAddress(name);
    }
    String host = address.group("host").replaceAll("[\\[\\]]", "");
    return new Proxy(
        socks ? Proxy.Type.SOCKS : Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
  }

  /** Does not repeat the value: it may hold a password. */
  private static Failure notAnAddress(String name) {
    return new Failure(
        ExitCode.USAGE,
        "the environment variable %s must be a proxy's address such as http://host:8080"
            .formatted(name.toUpperCase(Locale.ROOT)));
  }

  private boolean isExcepted(URI url) {
    String host = bare(url.getHost());
    int port =
        url.getPort() >= 0 ? url.getPort() : url.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    for (String entry : value("no_proxy").split("[,\\s]+")) {
      if (entry.equals("*") || covers(entry, host, port)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an exception such as {@code example.org}, with all below it, is meant. */
  private static boolean covers(String entry, String host, int port) {
    String name = entry;
    int colon = entry.lastIndexOf(':');
    boolean manyColons = entry.indexOf(':') != colon && !entry.startsWith("[");
    if (colon > entry.indexOf(']') && !manyColons) {
      if (!entry.substring(colon + 1).equals(String.valueOf(port))) {
        return false;
      }
      name = entry.substring(0, colon);
    }
    String domain = bare(name).replaceFirst("^\\*?\\.", "");
    return !domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain));
  }

  private static String bare(String host) {
    return host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]|\\.$", "");
  }
}
