package dev.gramloom.weights;

import dev.gramloom.backend.Kernel;
import dev.gramloom.failure.Failure;
import dev.gramloom.weights.VggWeights.Convolution;
import dev.gramloom.weights.format.StoredTensor;
import dev.gramloom.weights.format.TensorFile;
import dev.gramloom.weights.format.TensorFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Recognises a VGG in a file of any format, by what is in it and not by its name. */
public final class VggReader {
  private final Path path;
  private final TensorFile file;

  private VggReader(Path path, TensorFile file) {
    this.path = path;
    this.file = file;
  }

  /** Reads a file whose convention it must say itself or that must be known. */
  public static VggWeights read(Path path) {
    return read(path, null);
  }

  /**
   * Reads a file.
   *
   * @param convention how pixels were fed to the network; null to find out
   * @throws Failure if it is no VGG, or one whose convention nobody knows
   */
  public static VggWeights read(Path path, Convention convention) {
    TensorFile file = TensorFiles.open(path);
    try {
      return new VggReader(path, file).recognize(convention);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private VggWeights recognize(Convention given) {
    new ColorLayer(path).check(file.tensors());
    Map<String, ConvolutionPair> named =
        ConvolutionOrder.of(path, ConvolutionPair.in(path, file.tensors()));
    List<Convolution> convolutions = new ArrayList<>();
    int inputs = 3;
    for (Map.Entry<String, ConvolutionPair> entry : named.entrySet()) {
      ConvolutionPair pair = entry.getValue();
      if (pair.inputs() != inputs) {
        throw TensorFile.bad(
            path,
            "%s should see %d channels, its kernel is %s"
                .formatted(entry.getKey(), inputs, pair.weight().shapeText()));
      }
      convolutions.add(new Convolution(entry.getKey(), pair.outputs(), inputs));
      inputs = pair.outputs();
    }
    List<ConvolutionPair> pairs = List.copyOf(named.values());
    Recognition recognition = recognition(given, pairs.get(0));
    return new VggWeights(
        path, file, convolutions, recognition, i -> kernel(pairs.get(i), recognition, i == 0));
  }

  private Kernel kernel(ConvolutionPair pair, Recognition recognition, boolean first) {
    float[] weights = recognition.ours(pair.readWeight(), first);
    float[] bias = pair.bias().read();
    requireFinite(pair.weight(), weights);
    requireFinite(pair.bias(), bias);
    return new Kernel(pair.outputs(), pair.inputs(), 3, weights, bias);
  }

  private void requireFinite(StoredTensor tensor, float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw TensorFile.bad(path, tensor.name() + " holds numbers that are none");
      }
    }
  }

  private Recognition recognition(Convention given, ConvolutionPair first) {
    String said = file.metadata().get("convention");
    Recognition known = Recognition.of(first.readWeight(), first.bias().read()[0]);
    if (given != null || said != null) {
      Convention convention =
          given != null
              ? given
              : Convention.of(said)
                  .orElseThrow(() ->
                      TensorFile.bad(
                          path,
                          "its convention should be %s, got %s".formatted(Convention.ids(), said)));
      boolean agrees = known != null && known.convention() == convention;
      return agrees ? known : Recognition.said(convention, known);
    }
    if (known == null) {
      throw TensorFile.bad(
          path,
          "it is a VGG, but its conv1_1 is unknown; say how it sees pixels with --convention "
              + Convention.ids()
              + " when importing it");
    }
    return known;
  }
}
