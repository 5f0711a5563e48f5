package dev.gramloom.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The settings of other programs, as near as their published text allows: flags that stand before
 * those that are given.
 */
enum Preset {
  /** Gatys, Ecker and Bethge 2016, Image Style Transfer Using Convolutional Neural Networks. */
  GATYS(
      List.of(
          "--recipe=gatys",
          "--layer-weights=0.2,0.2,0.2,0.2,0.2",
          "--pool=avg",
          "--gram-normalization=gatys",
          "--optimizer=lbfgs"),
      List.of("--content-layer=conv4_2", "--content-weight=0.001", "--init=noise"),
      "The style counts 1000 times the content, as in most of their figures.",
      "Coarse to fine, where they start at the final size; --scales with one size undoes that.",
      "Their weights are rescaled to a mean activation of 1; the content weight may need care."),

  /** srijarkoroy/ArtiStyle. */
  ARTISTYLE(
      List.of("--recipe=gatys", "--gram-normalization=neural-style", "--optimizer=lbfgs"),
      List.of("--content-layer=conv4_2", "--init=noise"),
      "Layers, optimiser and white noise are named by its README; it makes 300 iterations at one"
          + " size.",
      "Its README names no weights: ours is --content-weight 0.5."),

  /** titu1994/Neural-Style-Transfer, Network.py and INetwork.py. */
  TITU1994(
      List.of("--pool=max", "--gram-normalization=keras", "--optimizer=lbfgs"),
      List.of("--content-layer=conv5_2", "--content-weight=0.025", "--init=content"),
      "Layers are those of gatys; --recipe inetwork has those of INetwork.py.",
      "Its variation weight, 8.5e-5, is of a sum to the power of 1.25 over 0..255; ours is of a"
          + " mean, and 0 here.",
      "It takes VGG-16 where we take VGG-19; --network vgg16 undoes that.",
      "It makes the picture square; we keep its proportions."),

  /** Bitmol/Style-Texture. */
  STYLE_TEXTURE(
      List.of(
          "--recipe=gatys",
          "--gram-normalization=neural-style",
          "--optimizer=adam",
          "--tv-weight=0.001"),
      List.of(),
      "Its README has a style weight of 1e7 and a variation weight of 1e4; only their quotient"
          + " decides, and ours is 1 to 0.001.",
      "It makes 10000 iterations at one size; we go from coarse to fine.",
      "It does not say what Gram matrices and variation are divided by: mean squared errors here.");

  private static final String FLAG = "--preset";

  private final List<String> style;
  private final List<String> content;
  private final List<String> departures;

  Preset(List<String> style, List<String> content, String... departures) {
    this.style = style;
    this.content = content;
    this.departures = List.of(departures);
  }

  /** As in flags: "style-texture". */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it sets and where it departs, in lines. */
  List<String> explained() {
    List<String> lines = new ArrayList<>();
    style.forEach(flag -> lines.add("  " + flag.replace('=', ' ')));
    content.forEach(flag -> lines.add("  " + flag.replace('=', ' ') + "   (transfer, doodle)"));
    departures.forEach(lines::add);
    return lines;
  }

  /**
   * A command line with its preset's flags, where it has one that exists; flags that are there stay
   * as they are.
   */
  static String[] expanded(String... words) {
    List<String> expanded = new ArrayList<>(List.of(words));
    boolean paints = words.length > 0 && List.of("transfer", "doodle").contains(words[0]);
    boolean makes = paints || words.length > 0 && words[0].equals("synth");
    for (int i = 1; makes && i < words.length; i++) {
      String name =
          words[i].startsWith(FLAG + "=")
              ? words[i].substring(FLAG.length() + 1)
              : words[i].equals(FLAG) && i + 1 < words.length ? words[i + 1] : null;
      for (Preset preset : values()) {
        if (preset.toString().equalsIgnoreCase(name)) {
          preset.addTo(expanded, paints);
        }
      }
    }
    return expanded.toArray(String[]::new);
  }

  private void addTo(List<String> words, boolean paints) {
    List<String> flags = new ArrayList<>(style);
    if (paints) {
      flags.addAll(content);
    }
    // a list of weights fits its own layers alone
    boolean otherLayers = isThere(words, "--layers") || isThere(words, "--recipe");
    int at = 1;
    for (String flag : flags) {
      String name = flag.substring(0, flag.indexOf('='));
      boolean fits = !otherLayers || !Arrays.asList("--layer-weights", "--recipe").contains(name);
      if (fits && !isThere(words, name)) {
        words.add(at++, flag);
      }
    }
  }

  private static boolean isThere(List<String> words, String flag) {
    return words.stream().anyMatch(word -> word.equals(flag) || word.startsWith(flag + "="));
  }
}
