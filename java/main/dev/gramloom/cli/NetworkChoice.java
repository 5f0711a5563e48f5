package dev.gramloom.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gramloom.image.Image;
import dev.gramloom.network.Vgg.TapPoint;
import dev.gramloom.synthesis.NetworkRecipe;
import java.util.List;
import java.util.function.Function;

/**
 * The network that a run looks with.
 *
 * @param name "filters", or what weights were asked for
 * @param description one line for people
 * @param recipe from the exemplar to the network at each scale
 * @param vgg what only a VGG has, else null
 */
record NetworkChoice(
    String name, String description, Function<Image, NetworkRecipe> recipe, VggChoice vgg) {

  /**
   * What was chosen of a VGG.
   *
   * @param recipe "gatys", or "custom" where layers were listed
   * @param pool "avg" or "max"
   * @param octaves of the picture
   * @param taps layers and weights
   */
  record VggChoice(String recipe, String pool, int octaves, List<TapPoint> taps) {}

  /** For the run's report. */
  JsonObject json() {
    JsonObject tree = new JsonObject();
    tree.addProperty("name", name);
    if (vgg != null) {
      tree.addProperty("recipe", vgg.recipe());
      tree.addProperty("pool", vgg.pool());
      tree.addProperty("octaves", vgg.octaves());
      JsonArray layers = new JsonArray();
      JsonArray weights = new JsonArray();
      JsonArray shifts = new JsonArray();
      for (TapPoint tap : vgg.taps()) {
        layers.add(tap.name());
        weights.add(tap.weight());
        shifts.add(tap.shift());
      }
      tree.add("layers", layers);
      tree.add("layer_weights", weights);
      tree.add("activation_shifts", shifts);
    }
    return tree;
  }
}
