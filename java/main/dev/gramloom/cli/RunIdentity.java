package dev.gramloom.cli;

import com.google.gson.JsonObject;
import dev.gramloom.backend.Backend;
import dev.gramloom.synthesis.Identity;
import dev.gramloom.synthesis.NetworkRecipe;
import dev.gramloom.synthesis.SynthesisSettings;

/** What decides the result of every command that makes a picture; inputs are the command's own. */
final class RunIdentity {
  private RunIdentity() {}

  static Identity of(String command, SynthesisSettings settings, Backend backend) {
    return Identity.of(settings)
        .with("command", command)
        .with("version", GramloomCommand.Version.current())
        .with("backend", backend.name() + " on " + backend.machine());
  }

  /** With the network, whatever name it was asked for by. */
  static Identity with(
      NetworkChoice network, NetworkRecipe networks, SynthesisSettings settings, Identity run) {
    JsonObject choice = network.json();
    choice.remove("name");
    int side = settings.schedule().finest().shortSide();
    return run.with("network", networks.at(side).identity())
        .with("network_settings", choice.toString());
  }
}
