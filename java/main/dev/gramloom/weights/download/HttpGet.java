package dev.gramloom.weights.download;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * GET requests. Redirects are followed here and not by Java, which follows none from http to https.
 */
public final class HttpGet {
  private static final int MOST_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** Hears of every address before it is asked, those that redirects lead to as well. */
  @FunctionalInterface
  public interface Gate {
    /**
     * @throws Refusal if it must not be asked
     */
    void pass(URI url) throws Refusal;
  }

  private final Limits limits;
  private final ProxyChoice proxies;
  private final Gate gate;

  HttpGet(Limits limits, ProxyChoice proxies) {
    this(limits, proxies, url -> {});
  }

  /** Requests within limits, through a proxy where one is chosen, to what the gate lets pass. */
  public HttpGet(Limits limits, ProxyChoice proxies, Gate gate) {
    this.limits = limits;
    this.proxies = proxies;
    this.gate = gate;
  }

  /**
   * Asks for {@code url} and gives the first answer that is not a redirect.
   *
   * @throws IOException the network's reason for no answer
   * @throws Refusal if the redirects lead nowhere, or where the gate does not let pass
   */
  public Reply open(URI url, Map<String, String> headers) throws IOException, Refusal {
    Set<URI> seen = new HashSet<>();
    URI at = url;
    while (seen.add(at)) {
      gate.pass(at);
      HttpURLConnection connection = connection(at, headers);
      int status = status(connection);
      if (!REDIRECTS.contains(status)) {
        return new Reply(at, connection, status);
      }
      String location = connection.getHeaderField("Location");
      connection.disconnect();
      if (seen.size() > MOST_REDIRECTS) {
        throw Refusal.lasting("more than " + MOST_REDIRECTS + " redirects");
      }
      at = next(at, location);
    }
    throw Refusal.lasting("its redirects go in a circle");
  }

  private HttpURLConnection connection(URI url, Map<String, String> headers) throws IOException {
    boolean javaKnows =
        System.getProperty(url.getScheme().toLowerCase(Locale.ROOT) + ".proxyHost") != null
            || System.getProperty("socksProxyHost") != null;
    Optional<Proxy> proxy = javaKnows ? Optional.empty() : proxies.to(url);
    var connection =
        (HttpURLConnection)
            (proxy.isPresent()
                ? url.toURL().openConnection(proxy.get())
                : url.toURL().openConnection());
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout((int) limits.connect().toMillis());
    connection.setReadTimeout((int) limits.read().toMillis());
    connection.setRequestProperty("User-Agent", "gramloom");
    connection.setRequestProperty("Accept", "*/*");
    connection.setRequestProperty("Accept-Encoding", "identity"); // ranges count stored bytes
    connection.setRequestProperty("Connection", "close");
    headers.forEach(connection::setRequestProperty);
    return connection;
  }

  /** The status, once all headers have come: Java limits the wait for each byte, not for all. */
  private int status(HttpURLConnection connection) throws IOException {
    long patience = limits.connect().plus(limits.read()).toMillis();
    AtomicBoolean late = new AtomicBoolean();
    Thread watch =
        new Thread(
            () -> {
              try {
                Thread.sleep(patience);
                late.set(true);
                connection.disconnect();
              } catch (InterruptedException e) {
                // the headers are here
              }
            },
            "gramloom-download");
    watch.setDaemon(true);
    watch.start();
    try {
      int status = connection.getResponseCode();
      if (status < 0) {
        throw new IOException("its answer is not HTTP");
      }
      return status;
    } catch (IOException e) {
      connection.disconnect();
      throw late.get() ? new SocketTimeoutException("headers") : e;
    } finally {
      watch.interrupt();
    }
  }

  private static URI next(URI at, String location) throws Refusal {
    URI next;
    try {
      String escaped = String.valueOf(location).strip().replace(" ", "%20");
      if (location == null || escaped.isEmpty()) {
        throw Refusal.lasting("a redirect to nowhere");
      }
      // URI.resolve loses the last name of the path when there is only a query
      next = at.resolve(escaped.startsWith("?") ? at.getRawPath() + escaped : escaped);
      next = new URI(next.toASCIIString().replaceFirst("#.*", ""));
    } catch (IllegalArgumentException | URISyntaxException e) {
      throw Refusal.lasting("a redirect to what is no URL");
    }
    if (!Source.isWeb(next)) {
      throw Refusal.lasting("a redirect to neither http nor https");
    }
    if (at.getScheme().equalsIgnoreCase("https") && next.getScheme().equalsIgnoreCase("http")) {
      throw Refusal.lasting("a redirect from https to http");
    }
    return next;
  }
}
