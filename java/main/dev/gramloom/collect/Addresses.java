package dev.gramloom.collect;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Tells addresses of the public internet from those of this machine and its own network. */
final class Addresses {
  private Addresses() {}

  /**
   * Whether a name leads to an address that is not public. A name that is not known here leads
   * nowhere, or to where only a proxy knows.
   */
  static boolean isPrivate(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host.replaceAll("[\\[\\]]", ""))) {
        if (isPrivate(address)) {
          return true;
        }
      }
      return false;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** RFC 6890's special blocks; those that IPv6 wraps around IPv4 are looked into. */
  static boolean isPrivate(InetAddress address) {
    byte[] a = address.getAddress();
    if (address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return true;
    }
    return address instanceof Inet6Address ? isPrivate6(a) : isPrivate4(a, 0);
  }

  private static boolean isPrivate4(byte[] a, int at) {
    int first = a[at] & 255;
    int second = a[at + 1] & 255;
    return first == 0
        || first == 10
        || first == 127
        || first >= 224
        || (first == 100 && second >= 64 && second < 128) // shared by carriers, RFC 6598
        || (first == 169 && second == 254)
        || (first == 172 && second >= 16 && second < 32)
        || (first == 192 && second == 168)
        || (first == 192 && second == 0 && a[at + 2] == 0)
        || (first == 198 && (second == 18 || second == 19)); // benchmarks, RFC 2544
  }

  private static boolean isPrivate6(byte[] a) {
    int first = (a[0] & 255) << 8 | a[1] & 255;
    boolean unique = (a[0] & 0xFE) == 0xFC; // fc00::/7, RFC 4193
    boolean translated = first == 0x0064 && (a[2] & 255) == 0xFF && (a[3] & 255) == 0x9B; // NAT64
    boolean lowest = first == 0; // ::/16 holds IPv4's addresses in several ways
    boolean sixToFour = first == 0x2002;
    return unique
        || ((translated || lowest) && isPrivate4(a, 12))
        || (sixToFour && isPrivate4(a, 2));
  }
}
