package dev.gramloom.weights;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How pixels were fed to a network in training. */
public enum Convention {
  /** Blue, green, red of 0..255 less the mean of ImageNet. */
  CAFFE_BGR,
  /** Red, green, blue of 0..1 less the mean of ImageNet, over its standard deviation. */
  TORCHVISION_RGB,
  /** Red, green, blue of 0..1 as it is. */
  NONE;

  /** As written in files and flags: "caffe-bgr", … */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The convention of this {@link #id}. */
  public static Optional<Convention> of(String id) {
    return Arrays.stream(values()).filter(c -> c.id().equals(id)).findFirst();
  }

  /** "caffe-bgr, torchvision-rgb or none". */
  public static String ids() {
    String ids = Arrays.stream(values()).map(Convention::id).collect(Collectors.joining(", "));
    return ids.replaceFirst(", (?=[^,]*$)", " or ");
  }
}
