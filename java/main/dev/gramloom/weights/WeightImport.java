package dev.gramloom.weights;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.weights.VggWeights.Convolution;
import dev.gramloom.weights.format.VggShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Brings weights of any format into the store, in our own. */
public final class WeightImport {
  private static final String LAST_BLOCK = "conv5_";

  private final WeightStore store;
  private final boolean replace;

  /**
   * @param replace whether weights that have the name already give way
   */
  public WeightImport(WeightStore store, boolean replace) {
    this.store = store;
    this.replace = replace;
  }

  /**
   * Imports a file. Nothing is written unless all of it is good.
   *
   * @param name to install under; null for the network's own
   * @param convention how pixels were fed to the network; null to find out
   * @return the file written
   * @throws Failure if the file is no VGG we can use, the name is taken, or writing fails
   */
  public Path run(Path file, String name, Convention convention) {
    Path plain = file.toAbsolutePath().normalize().getFileName(); // none of a root folder
    return run(file, plain == null ? file.toString() : plain.toString(), name, convention);
  }

  /**
   * The same, of a file that had another name where it was published.
   *
   * @param origin that name
   */
  Path run(Path file, String origin, String name, Convention convention) {
    try (VggWeights weights = VggReader.read(file, convention)) {
      String wanted = name == null ? name(weights) : name;
      Path target = requireFree(wanted);
      AtomicFile.requireWritable(target);
      SafetensorsWriter.write(weights, metadata(weights, origin), target);
      return target;
    }
  }

  /**
   * Where weights of a name will go.
   *
   * @throws Failure USAGE if the name is taken
   */
  private Path requireFree(String name) {
    Path target = store.place(name);
    if (!replace && Files.exists(target)) {
      throw new Failure(
          ExitCode.USAGE,
          "%s is installed already (%s); --force replaces it, --name takes another name"
              .formatted(name, target));
    }
    return target;
  }

  /** "vgg19"; "vgg19-to-conv3_4" for the beginning of one; "vgg" for one of another shape. */
  static String name(VggWeights weights) {
    List<Convolution> ours = weights.convolutions();
    String last = ours.get(ours.size() - 1).name();
    for (VggShape shape : shapes(weights.known())) {
      List<VggShape.Convolution> known = shape.convolutions();
      boolean same = ours.size() <= known.size();
      for (int i = 0; same && i < ours.size(); i++) {
        same =
            ours.get(i).name().equals(known.get(i).name())
                && ours.get(i).outputs() == known.get(i).outputs();
      }
      if (same) {
        return last.startsWith(LAST_BLOCK) ? shape.id() : shape.id() + "-to-" + last;
      }
    }
    return "vgg";
  }

  /** In the order of preference: to conv3_3 the two are alike. */
  private static List<VggShape> shapes(KnownWeights known) {
    return known != null && known.shape() == VggShape.VGG16
        ? List.of(VggShape.VGG16, VggShape.VGG19)
        : List.of(VggShape.VGG19, VggShape.VGG16);
  }

  private static Map<String, String> metadata(VggWeights weights, String origin) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("format", "gramloom 1");
    metadata.put("network", weights.description());
    metadata.put("convention", weights.convention().id());
    metadata.put("origin", origin + ", " + weights.format());
    metadata.put(VggWeights.CHECKSUM, weights.checksum());
    if (weights.licence() != null) {
      metadata.put(VggWeights.LICENCE, weights.licence());
    }
    return metadata;
  }
}
