package dev.gramloom.collect;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * The pictures that a page shows, each in its largest version: of an {@code img}, with what lazy
 * pages hide in {@code data-} attributes, of a {@code picture} around it, of a link around it that
 * leads to a picture, and those that the page names for others to show.
 */
final class PageImages {
  private static final Pattern PICTURE_NAME =
      Pattern.compile(".*\\.(png|jpe?g|bmp|gif)", Pattern.CASE_INSENSITIVE);

  /** Formats that we cannot read: taken only where there is no other. */
  private static final Pattern UNREADABLE =
      Pattern.compile(
          "(.*\\.)?(image/)?(webp|avif|svg(\\+xml)?|jxl|heic)(\\?.*)?", Pattern.CASE_INSENSITIVE);

  private static final String[] SOURCES = {
    "src", "data-src", "data-original", "data-lazy-src", "data-full", "data-large"
  };
  private static final String[] SETS = {"srcset", "data-srcset", "data-lazy-srcset"};
  private static final String NAMED =
      "meta[property=og:image], meta[property=og:image:url], meta[property=og:image:secure_url],"
          + " meta[name=twitter:image], link[rel=image_src]";

  private PageImages() {}

  /**
   * A version of a picture.
   *
   * @param width pixels, or 0 where the page does not say
   * @param density times that of a plain screen
   * @param readable whether its name and type do not speak against it
   */
  record Candidate(String url, double width, double density, boolean readable) {
    boolean isBetterThan(Candidate other) {
      if (readable != other.readable) {
        return readable;
      }
      return width != other.width ? width > other.width : density > other.density;
    }
  }

  /**
   * @param html the page
   * @param charset its encoding as the server says, or null to find it in the page
   * @param url of the page
   * @return absolute http or https URLs, each once, in the page's order
   */
  static List<URI> of(byte[] html, String charset, URI url) {
    Document page;
    try {
      page = Jsoup.parse(new ByteArrayInputStream(html), charset, url.toString());
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot fail to be read", e);
    }
    Set<URI> found = new LinkedHashSet<>();
    for (Element img : page.select("img")) {
      add(largest(img), img, found);
    }
    for (Element named : page.select(NAMED)) {
      add(named.hasAttr("content") ? named.attr("content") : named.attr("href"), named, found);
    }
    return new ArrayList<>(found);
  }

  private static void add(String url, Element at, Set<URI> found) {
    URI absolute = absolute(url, at);
    if (absolute != null) {
      found.add(absolute);
    }
  }

  /** The URL of the largest version, as it stands in the page; empty if there is none. */
  private static String largest(Element img) {
    Element link = img.closest("a[href]");
    if (link != null && PICTURE_NAME.matcher(path(link.attr("href"))).matches()) {
      return link.attr("href");
    }
    List<Candidate> all = new ArrayList<>();
    Element around = img.parent();
    if (around != null && around.normalName().equals("picture")) {
      for (Element source : around.select("source")) {
        addSets(source, source.attr("type"), all);
      }
    }
    addSets(img, "", all);
    for (String name : SOURCES) {
      String url = img.attr(name).strip();
      if (!url.isEmpty() && !url.startsWith("data:")) {
        all.add(new Candidate(url, 0, name.equals("src") ? 1 : 1.5, readable(url, "")));
      }
    }
    Candidate best = null;
    for (Candidate candidate : all) {
      best = best == null || candidate.isBetterThan(best) ? candidate : best;
    }
    return best == null ? "" : best.url;
  }

  private static void addSets(Element element, String type, List<Candidate> all) {
    for (String name : SETS) {
      all.addAll(srcset(element.attr(name), type));
    }
  }

  /** The candidates of a srcset (HTML, 4.8.4.2.1): each a URL, and a size such as 800w or 2x. */
  static List<Candidate> srcset(String text, String type) {
    List<Candidate> candidates = new ArrayList<>();
    int at = 0;
    while (true) {
      while (at < text.length() && (text.charAt(at) == ',' || isBlank(text.charAt(at)))) {
        at++;
      }
      int start = at;
      while (at < text.length() && !isBlank(text.charAt(at))) {
        at++;
      }
      if (at == start) {
        return candidates;
      }
      String url = text.substring(start, at);
      String sizes = "";
      if (!url.endsWith(",")) {
        start = at;
        while (at < text.length() && text.charAt(at) != ',') {
          at++;
        }
        sizes = text.substring(start, at).strip();
      }
      url = url.replaceFirst(",+$", "");
      if (!url.isEmpty() && !url.startsWith("data:")) {
        candidates.add(candidate(url, sizes, type));
      }
    }
  }

  private static Candidate candidate(String url, String sizes, String type) {
    double width = 0;
    double density = 1;
    for (String size : sizes.split("\\s+")) {
      width = size.matches("\\d{1,6}w") ? number(size) : width;
      density = size.matches("\\d{1,3}(\\.\\d{1,6})?x") ? number(size) : density;
    }
    return new Candidate(url, width, density, readable(url, type));
  }

  private static boolean isBlank(char c) {
    return c <= ' ';
  }

  private static double number(String size) {
    return Double.parseDouble(size.substring(0, size.length() - 1));
  }

  private static boolean readable(String url, String type) {
    return !UNREADABLE.matcher(path(url)).matches()
        && !UNREADABLE.matcher(type.strip().toLowerCase(Locale.ROOT)).matches();
  }

  private static String path(String url) {
    return url.strip().replaceFirst("[?#].*", "");
  }

  /** Null where it is no http or https URL. */
  private static URI absolute(String text, Element at) {
    if (text.isBlank()) {
      return null;
    }
    try {
      URI base = new URI(escaped(at.baseUri()));
      String relative = escaped(text.strip());
      // URI.resolve loses the last name of the path when there is only a query
      URI url = base.resolve(relative.startsWith("?") ? base.getRawPath() + relative : relative);
      url = new URI(url.toString().replaceFirst("#.*", "")).normalize();
      boolean web =
          "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
      return web && url.getHost() != null ? url : null;
    } catch (URISyntaxException | IllegalArgumentException e) {
      return null;
    }
  }

  /** What browsers send though it must not stand in a URL: percent-encoded. */
  private static String escaped(String url) {
    var out = new StringBuilder();
    for (byte b : url.getBytes(StandardCharsets.UTF_8)) {
      int octet = b & 255;
      boolean stands = octet > ' ' && octet < 127 && "\"<>\\^`{|}".indexOf(octet) < 0;
      out.append(
          stands ? String.valueOf((char) octet) : String.format(Locale.ROOT, "%%%02X", octet));
    }
    return out.toString();
  }
}
