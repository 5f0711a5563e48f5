package dev.gramloom.collect;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.IoReason;
import dev.gramloom.file.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** {@code sources.json}: where each picture of a folder is from, over all runs. */
final class Manifest {
  /** Its file in the folder. */
  static final String NAME = "sources.json";

  private final Path file;
  private final JsonArray pictures;
  private final Set<String> known = new HashSet<>(); // URLs and checksums

  private Manifest(Path file, JsonArray pictures) {
    this.file = file;
    this.pictures = pictures;
    for (JsonElement picture : pictures) {
      JsonObject entry = picture.getAsJsonObject();
      if (Files.exists(file.resolveSibling(entry.get("file").getAsString()))) {
        known.add(entry.get("url").getAsString());
        known.add(entry.get("sha256").getAsString());
      }
    }
  }

  /**
   * Opens a folder's manifest, or begins one.
   *
   * @throws Failure BAD_DATA if there is a file of that name that is none
   */
  static Manifest in(Path folder) {
    Path file = folder.resolve(NAME);
    if (!Files.exists(file)) {
      return new Manifest(file, new JsonArray());
    }
    try {
      JsonObject tree = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      return new Manifest(file, tree.getAsJsonArray("pictures"));
    } catch (IOException e) {
      throw new Failure(
          ExitCode.MISSING_INPUT, "cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    } catch (RuntimeException e) { // no JSON, or JSON of another kind
      throw new Failure(
          ExitCode.BAD_DATA, file + " is not a list of sources of ours; give another folder", e);
    }
  }

  /** Whether a picture of that URL or SHA-256 lies in the folder. */
  boolean has(String urlOrChecksum) {
    return known.contains(urlOrChecksum);
  }

  /** Notes a picture and writes the file. */
  void add(String name, URI url, URI page, String sha256, int width, int height) {
    JsonObject entry = new JsonObject();
    entry.addProperty("file", name);
    entry.addProperty("url", url.toString());
    entry.addProperty("page", page.toString());
    entry.addProperty("sha256", sha256);
    entry.addProperty("width", width);
    entry.addProperty("height", height);
    pictures.add(entry);
    known.add(url.toString());
    known.add(sha256);
    JsonObject tree = new JsonObject();
    tree.add("pictures", pictures);
    String text = Json.pretty(tree);
    AtomicFile.write(file, out -> out.write((text + "\n").getBytes(StandardCharsets.UTF_8)));
  }
}
