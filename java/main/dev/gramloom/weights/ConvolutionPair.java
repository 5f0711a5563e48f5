package dev.gramloom.weights;

import dev.gramloom.weights.format.StoredTensor;
import dev.gramloom.weights.format.TensorFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel and bias of one 3x3 convolution in a file.
 *
 * @param stem what their names have in common
 * @param weight [K][C][3][3], or [3][3][C][K]
 * @param bias [K]
 * @param channelsLast whether the kernel is [3][3][C][K]
 */
record ConvolutionPair(String stem, StoredTensor weight, StoredTensor bias, boolean channelsLast) {
  private static final Pattern WEIGHT =
      Pattern.compile("(?i)(.+?)[./_](?:weights?|kernel|filters?|w|0)(?:_1)?(?::0)?");
  private static final Pattern BIAS =
      Pattern.compile("(?i)(.+?)[./_](?:bias(?:es)?|b|1)(?:_1)?(?::0)?");
  private static final Pattern NORMALIZATION =
      Pattern.compile("(?i).*(?:running|moving)_(?:mean|var).*");

  /** Filters. */
  int outputs() {
    return weight.shape()[channelsLast ? 3 : 0];
  }

  /** Channels that each filter sees. */
  int inputs() {
    return weight.shape()[channelsLast ? 2 : 1];
  }

  /** The kernel as [K][C][3][3]. */
  float[] readWeight() {
    float[] values = weight.read();
    if (!channelsLast) {
      return values;
    }
    int planes = outputs() * inputs();
    float[] ours = new float[values.length];
    for (int i = 0; i < 9; i++) {
      for (int c = 0; c < inputs(); c++) {
        for (int k = 0; k < outputs(); k++) {
          ours[(k * inputs() + c) * 9 + i] = values[i * planes + c * outputs() + k];
        }
      }
    }
    return ours;
  }

  /**
   * All 3x3 convolutions of a file, in its order.
   *
   * @throws dev.gramloom.failure.Failure if there are none, or one lacks its bias
   */
  static List<ConvolutionPair> in(Path path, List<StoredTensor> tensors) {
    Map<String, StoredTensor> biases = new LinkedHashMap<>();
    List<StoredTensor> kernels = new ArrayList<>();
    for (StoredTensor tensor : tensors) {
      if (NORMALIZATION.matcher(tensor.name()).matches()) {
        throw TensorFile.bad(
            path, "it normalizes batches (" + tensor.name() + "); a VGG without that is wanted");
      }
      Matcher matcher = BIAS.matcher(tensor.name());
      if (tensor.shape().length == 1 && matcher.matches()) {
        biases.put(matcher.group(1), tensor);
      } else if (isKernel(tensor.shape())) {
        kernels.add(tensor);
      }
    }
    if (kernels.isEmpty()) {
      throw TensorFile.bad(path, "it has no 3x3 convolution");
    }
    boolean last = kernels.stream().anyMatch(k -> !isChannelsFirst(k.shape()));
    List<ConvolutionPair> pairs = new ArrayList<>();
    for (StoredTensor kernel : kernels) {
      pairs.add(pair(path, kernel, biases, last));
    }
    return pairs;
  }

  private static ConvolutionPair pair(
      Path path, StoredTensor kernel, Map<String, StoredTensor> biases, boolean channelsLast) {
    if (channelsLast ? !isChannelsLast(kernel.shape()) : !isChannelsFirst(kernel.shape())) {
      throw TensorFile.bad(
          path, "%s is %s, unlike the others".formatted(kernel.name(), kernel.shapeText()));
    }
    Matcher matcher = WEIGHT.matcher(kernel.name());
    String stem = matcher.matches() ? matcher.group(1) : kernel.name();
    StoredTensor bias = biases.get(stem);
    int outputs = kernel.shape()[channelsLast ? 3 : 0];
    if (bias == null || bias.shape()[0] != outputs) {
      throw TensorFile.bad(
          path,
          "%s needs a bias of %d numbers, it has %s"
              .formatted(kernel.name(), outputs, bias == null ? "none" : bias.shapeText()));
    }
    return new ConvolutionPair(stem, kernel, bias, channelsLast);
  }

  private static boolean isKernel(int[] shape) {
    return shape.length == 4 && (isChannelsFirst(shape) || isChannelsLast(shape));
  }

  private static boolean isChannelsFirst(int[] shape) {
    return shape[2] == 3 && shape[3] == 3 && shape[0] > 0 && shape[1] > 0;
  }

  private static boolean isChannelsLast(int[] shape) {
    return shape[0] == 3 && shape[1] == 3 && shape[2] > 2 && shape[3] > 0;
  }
}
