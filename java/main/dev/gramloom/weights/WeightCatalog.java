package dev.gramloom.weights;

import dev.gramloom.weights.download.Checksum;
import dev.gramloom.weights.download.Source;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The networks that can be installed by name, and where they are to be had.
 *
 * @param name "vgg19"
 * @param title for people
 * @param licence of the first source's weights
 * @param sources in the order in which they are tried
 */
public record WeightCatalog(String name, String title, String licence, List<Source> sources) {
  private static final String TORCHVISION = "https://download.pytorch.org/models/";
  private static final String KERAS_GITHUB =
      "https://github.com/fchollet/deep-learning-models/releases/download/v0.1/";
  private static final String KERAS_GOOGLE =
      "https://storage.googleapis.com/tensorflow/keras-applications/";
  private static final String LICENCE = "BSD-3-Clause (torchvision); mirrors CC BY (Oxford)";
  private static final long UNKNOWN = -1;

  private static final List<WeightCatalog> ALL =
      List.of(
          new WeightCatalog(
              "vgg19",
              "VGG-19 (Simonyan and Zisserman, arXiv:1409.1556)",
              LICENCE,
              List.of(
                  source(
                      TORCHVISION + "vgg19-dcbb9e9d.pth",
                      574_673_361,
                      "sha256",
                      "dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44"),
                  source(
                      KERAS_GITHUB + "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
                      80_134_624,
                      "md5",
                      "253f8cb515780f3b799900260a226db6"),
                  source(
                      KERAS_GOOGLE + "vgg19/vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
                      80_134_624,
                      "md5",
                      "253f8cb515780f3b799900260a226db6"))),
          new WeightCatalog(
              "vgg16",
              "VGG-16 (Simonyan and Zisserman, arXiv:1409.1556)",
              LICENCE,
              List.of(
                  source(
                      TORCHVISION + "vgg16-397923af.pth",
                      553_433_881,
                      "sha256",
                      "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0"),
                  source(
                      KERAS_GITHUB + "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
                      UNKNOWN,
                      "md5",
                      "6d6bbae143d832006294945121d1f1fc"),
                  source(
                      KERAS_GOOGLE + "vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
                      UNKNOWN,
                      "md5",
                      "6d6bbae143d832006294945121d1f1fc"))));

  private static Source source(String url, long bytes, String algorithm, String hex) {
    return new Source(URI.create(url), bytes, new Checksum(algorithm, hex));
  }

  /** All that can be installed. */
  public static List<WeightCatalog> all() {
    return ALL;
  }

  /** Their names. */
  public static List<String> names() {
    return ALL.stream().map(WeightCatalog::name).toList();
  }

  /** The network of a name. */
  public static Optional<WeightCatalog> find(String name) {
    return ALL.stream().filter(entry -> entry.name.equals(name)).findFirst();
  }
}
