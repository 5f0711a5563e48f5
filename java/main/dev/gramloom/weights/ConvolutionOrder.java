package dev.gramloom.weights;

import dev.gramloom.weights.format.TensorFile;
import dev.gramloom.weights.format.VggShape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which convolution of a VGG each of a file's is. */
final class ConvolutionOrder {
  /** "conv3_1", "block3_conv1". */
  private static final Pattern BLOCK_AND_PLACE =
      Pattern.compile("(?i)(?:.*[^a-z0-9])?(?:conv([1-5])_([1-9])|block([1-5])_conv([1-9]))");

  /** The number that ends "features.10", "conv2d_7", "layers/conv2d_7/vars"; "conv2d" has none. */
  private static final Pattern PLACE = Pattern.compile(".*?([0-9]{1,6})(?:/vars)?");

  private ConvolutionOrder() {}

  /**
   * The convolutions under the field's names, in the network's order.
   *
   * @throws dev.gramloom.failure.Failure if neither their names nor their shapes say it
   */
  static Map<String, ConvolutionPair> of(Path path, List<ConvolutionPair> pairs) {
    boolean named = pairs.stream().allMatch(p -> BLOCK_AND_PLACE.matcher(p.stem()).matches());
    Map<String, ConvolutionPair> order = named ? byName(path, pairs) : byNumber(path, pairs);
    if (!order.keySet().iterator().next().equals("conv1_1")) {
      throw TensorFile.bad(path, "it has no conv1_1");
    }
    return order;
  }

  private static Map<String, ConvolutionPair> byName(Path path, List<ConvolutionPair> pairs) {
    Map<String, ConvolutionPair> order = new LinkedHashMap<>();
    List<ConvolutionPair> sorted = new ArrayList<>(pairs);
    sorted.sort(Comparator.comparing(ConvolutionOrder::name));
    for (ConvolutionPair pair : sorted) {
      if (order.put(name(pair), pair) != null) {
        throw TensorFile.bad(path, "it has " + name(pair) + " twice");
      }
    }
    return order;
  }

  private static String name(ConvolutionPair pair) {
    Matcher matcher = BLOCK_AND_PLACE.matcher(pair.stem());
    if (!matcher.matches()) {
      throw new IllegalStateException(pair.stem());
    }
    int first = matcher.group(1) == null ? 3 : 1;
    return "conv" + matcher.group(first) + "_" + matcher.group(first + 1);
  }

  /** Numbered layers: a VGG by its shapes, or one whose blocks the gaps between numbers tell. */
  private static Map<String, ConvolutionPair> byNumber(Path path, List<ConvolutionPair> pairs) {
    List<ConvolutionPair> sorted = new ArrayList<>(pairs);
    sorted.sort(Comparator.comparingInt(ConvolutionOrder::number));
    List<String> names = knownNames(sorted);
    if (names == null) {
      names = namesByGaps(path, sorted);
    }
    Map<String, ConvolutionPair> order = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      order.put(names.get(i), sorted.get(i));
    }
    return order;
  }

  /** Names if the shapes are those of VGG-19 or VGG-16 as far as they go, or null. */
  private static List<String> knownNames(List<ConvolutionPair> sorted) {
    for (VggShape shape : VggShape.values()) {
      List<VggShape.Convolution> known = shape.convolutions();
      boolean same = sorted.size() <= known.size();
      for (int i = 0; same && i < sorted.size(); i++) {
        same =
            sorted.get(i).outputs() == known.get(i).outputs()
                && sorted.get(i).inputs() == known.get(i).inputs();
      }
      if (same) {
        return known.stream().limit(sorted.size()).map(VggShape.Convolution::name).toList();
      }
    }
    return null;
  }

  /** Between blocks there is a pooling layer, so the numbers jump further. */
  private static List<String> namesByGaps(Path path, List<ConvolutionPair> sorted) {
    int[] numbers = sorted.stream().mapToInt(ConvolutionOrder::number).toArray();
    int least = Integer.MAX_VALUE;
    for (int i = 1; i < numbers.length; i++) {
      least = Math.min(least, numbers[i] - numbers[i - 1]);
    }
    List<String> names = new ArrayList<>();
    int block = 1;
    int place = 1;
    for (int i = 0; i < numbers.length; i++) {
      if (i > 0) {
        boolean next = numbers[i] - numbers[i - 1] > least;
        block += next ? 1 : 0;
        place = next ? 1 : place + 1;
      }
      names.add("conv" + block + "_" + place);
    }
    if (least < 2 || block > 5 || place > 9) {
      throw TensorFile.bad(
          path,
          "its convolutions %s are not those of a VGG"
              .formatted(Arrays.toString(sorted.stream().map(ConvolutionPair::stem).toArray())));
    }
    return names;
  }

  private static int number(ConvolutionPair pair) {
    Matcher matcher = PLACE.matcher(pair.stem());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }
}
