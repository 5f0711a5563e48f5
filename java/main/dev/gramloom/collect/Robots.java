package dev.gramloom.collect;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What a robots.txt allows us: RFC 9309, section 2.2.
 *
 * <p>The groups that name us count, all together; where none does, those for {@code *}. Of the
 * rules that match, the longest decides; of equal ones, an allowing one.
 */
final class Robots {
  /** Bytes of a robots.txt that are read: RFC 9309 asks for 500 KiB at least (section 2.5). */
  static final int MOST_BYTES = 512 << 10;

  static final Robots ALLOW_ALL = new Robots(List.of());
  static final Robots DISALLOW_ALL = new Robots(List.of(new Rule("/", false)));

  private record Rule(String pattern, boolean allows) {}

  private final List<Rule> rules;

  private Robots(List<Rule> rules) {
    this.rules = rules;
  }

  /**
   * Reads the rules.
   *
   * @param product our token, letters, "-" and "_" alone
   */
  static Robots parse(byte[] file, String product) {
    String text = new String(file, StandardCharsets.UTF_8).replaceFirst("^\uFEFF", "");
    List<Rule> ours = new ArrayList<>();
    List<Rule> everyones = new ArrayList<>();
    boolean namesUs = read(text, agent -> agent.equals(product.toLowerCase(Locale.ROOT)), ours);
    read(text, "*"::equals, everyones);
    return new Robots(namesUs ? ours : everyones);
  }

  /** Gathers the rules of all groups for the agents meant; whether there is such a group. */
  private static boolean read(String text, Predicate<String> meant, List<Rule> rules) {
    boolean found = false;
    boolean ours = false;
    boolean inRules = true; // whether the next user-agent line begins another group
    for (String raw : text.split("\\r\\n|\\r|\\n")) {
      String line = raw.replaceFirst("#.*", "");
      int colon = line.indexOf(':');
      if (colon < 0) {
        continue;
      }
      String key = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      if (key.equals("user-agent")) {
        ours = (ours && !inRules) || meant.test(token(value));
        found |= ours;
        inRules = false;
      } else if (key.equals("allow") || key.equals("disallow")) {
        inRules = true;
        if (ours && !value.isEmpty()) {
          rules.add(new Rule(normal(value), key.equals("allow")));
        }
      }
    }
    return found;
  }

  /** The product token that an agent's name begins with, in small letters. */
  private static String token(String agent) {
    return agent.startsWith("*")
        ? "*"
        : agent.replaceFirst("[^A-Za-z_-].*", "").toLowerCase(Locale.ROOT);
  }

  /** Whether we may ask for a URL; its path and query count. */
  boolean allows(URI url) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String target = normal(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery());
    if (path.equals("/robots.txt")) {
      return true;
    }
    int longest = -1;
    boolean allowed = true;
    for (Rule rule : rules) {
      int length = rule.pattern.length();
      if (length >= longest && matches(rule.pattern, target)) {
        allowed = rule.allows || (length == longest && allowed);
        longest = length;
      }
    }
    return allowed;
  }

  /**
   * Whether a target begins with a pattern; {@code *} is any characters and {@code $}, at the end,
   * the end. Each part between stars is taken where it first fits, so the time is linear in the
   * stars and no pattern makes it explode.
   */
  private static boolean matches(String pattern, String target) {
    boolean toTheEnd = pattern.endsWith("$");
    String[] parts =
        (toTheEnd ? pattern.substring(0, pattern.length() - 1) : pattern).split("\\*", -1);
    if (!target.startsWith(parts[0])) {
      return false;
    }
    int at = parts[0].length();
    for (int i = 1; i < parts.length; i++) {
      boolean last = toTheEnd && i == parts.length - 1;
      int found = last ? target.length() - parts[i].length() : target.indexOf(parts[i], at);
      if (found < at || !target.startsWith(parts[i], found)) {
        return false;
      }
      at = found + parts[i].length();
    }
    return !toTheEnd || at == target.length();
  }

  /**
   * One spelling of each character (section 2.2.2): what is not ASCII is percent-encoded, what is
   * encoded and need not be, is not, and hexadecimal digits are capitals.
   */
  private static String normal(String path) {
    var out = new StringBuilder();
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      int octet = bytes[i] & 255;
      boolean encoded = false;
      if (octet == '%' && i + 2 < bytes.length) {
        int high = Character.digit(bytes[i + 1], 16);
        int low = Character.digit(bytes[i + 2], 16);
        if (high >= 0 && low >= 0) {
          octet = 16 * high + low;
          encoded = true;
          i += 2;
        }
      }
      boolean unreserved =
          octet < 128 && (Character.isLetterOrDigit(octet) || "-._~".indexOf(octet) >= 0);
      if (unreserved || (!encoded && octet < 128)) {
        out.append((char) octet);
      } else {
        out.append(String.format(Locale.ROOT, "%%%02X", octet));
      }
    }
    return out.toString();
  }
}
