package dev.gramloom.collect;

import dev.gramloom.weights.download.HttpGet;
import dev.gramloom.weights.download.Limits;
import dev.gramloom.weights.download.ProxyChoice;
import dev.gramloom.weights.download.Refusal;
import dev.gramloom.weights.download.Reply;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What may be asked for: hosts that were agreed on, addresses that a public page may lead to, and
 * paths that the host's robots.txt allows. Asked before each request, redirected ones as well.
 */
final class Rules {
  private static final String PRODUCT = "gramloom";

  private final HttpGet robotsGet;
  private final boolean privateAllowed;
  private final Set<String> hosts = new HashSet<>();
  private final Map<String, Robots> robots = new HashMap<>();

  /**
   * @param page where the collecting begins; one on a private address may lead to others
   * @param hosts whose pictures are taken, with all below them, besides the page's
   */
  Rules(URI page, Set<String> hosts, Limits limits, ProxyChoice proxies) {
    this.privateAllowed = Addresses.isPrivate(page.getHost());
    this.robotsGet = new HttpGet(limits, proxies, this::requireAddress);
    hosts.forEach(this::allow);
    allow(page.getHost());
  }

  /** From now on pictures of this host, and of those below it, are taken. */
  void allow(String host) {
    hosts.add(bare(host));
  }

  /** The rules for the page itself, which any host may hold. */
  void passPage(URI url) throws Refusal {
    requireAddress(url);
    if (!robots(url).allows(url)) {
      throw Refusal.lasting("its robots.txt does not allow it");
    }
  }

  /** The rules for a picture. */
  void passPicture(URI url) throws Refusal {
    String host = bare(url.getHost());
    if (hosts.stream().noneMatch(h -> host.equals(h) || host.endsWith("." + h))) {
      throw Refusal.lasting("on another host");
    }
    passPage(url);
  }

  private void requireAddress(URI url) throws Refusal {
    if (!privateAllowed && Addresses.isPrivate(url.getHost())) {
      throw Refusal.lasting("it leads from the public net to a private address");
    }
  }

  private Robots robots(URI url) {
    String origin =
        url.getScheme().toLowerCase(Locale.ROOT)
            + "://"
            + url.getRawAuthority().toLowerCase(Locale.ROOT);
    return robots.computeIfAbsent(origin, this::fetch);
  }

  /** RFC 9309, section 2.3.1: 4xx allows all, and what cannot be reached allows nothing. */
  private Robots fetch(String origin) {
    try (Reply reply = robotsGet.open(URI.create(origin + "/robots.txt"), Map.of())) {
      if (reply.status() >= 400 && reply.status() < 500) {
        return Robots.ALLOW_ALL;
      }
      return reply.status() == 200
          ? Robots.parse(reply.body().readNBytes(Robots.MOST_BYTES), PRODUCT)
          : Robots.DISALLOW_ALL;
    } catch (IOException | Refusal e) {
      return Robots.DISALLOW_ALL;
    }
  }

  private static String bare(String host) {
    return host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
  }
}
