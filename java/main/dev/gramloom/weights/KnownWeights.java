package dev.gramloom.weights;

import dev.gramloom.weights.format.VggShape;

/**
 * Weights that many people hold, told by the beginning of their first filter: its blue or red plane
 * and its bias. That is enough to tell them apart whatever tool wrote the file.
 *
 * <p>Source: VGG-19's values from the networks themselves; VGG-16's as public programs print them.
 */
enum KnownWeights {
  VGG19_CAFFE(
      "VGG-19 of the Visual Geometry Group",
      Convention.CAFFE_BGR,
      0.7301776,
      new double[] {
        0.34119523,
        0.33999205,
        -0.04484424,
        0.23215917,
        0.08978214,
        -0.30331427,
        -0.07260918,
        -0.246675,
        -0.33683276
      }),
  VGG16_CAFFE(
      "VGG-16 of the Visual Geometry Group",
      Convention.CAFFE_BGR,
      0.73429835,
      new double[] {
        0.42947057,
        0.373467,
        -0.061360113,
        0.27476987,
        0.038680777,
        -0.36722335,
        -0.05746817,
        -0.26224968,
        -0.35009676
      }),
  VGG19_TORCHVISION(
      "VGG-19 of torchvision",
      Convention.TORCHVISION_RGB,
      -0.9129628,
      new double[] {
        -0.05347426,
        -0.04925704,
        -0.06794177,
        0.01531445,
        0.04506842,
        0.0021444,
        0.03622622,
        0.01999945,
        0.01986402
      }),
  VGG16_TORCHVISION(
      "VGG-16 of torchvision",
      Convention.TORCHVISION_RGB,
      0.4034, // four decimals, like its kernel
      new double[] {-0.5537, 0.1427, 0.5290, -0.5831, 0.3566, 0.7657, -0.6902, -0.0480, 0.4841});

  private static final String OXFORD =
      "Creative Commons Attribution (CC BY), Visual Geometry Group, University of Oxford";
  private static final String TORCHVISION = "BSD-3-Clause, torchvision";

  private final String title;
  private final Convention convention;
  private final double bias;
  private final double[] plane;

  KnownWeights(String title, Convention convention, double bias, double[] plane) {
    this.title = title;
    this.convention = convention;
    this.bias = bias;
    this.plane = plane;
  }

  /** For people. */
  String title() {
    return title;
  }

  /** The network they are of. */
  VggShape shape() {
    return this == VGG16_CAFFE || this == VGG16_TORCHVISION ? VggShape.VGG16 : VggShape.VGG19;
  }

  /** Under which their publishers give them away. */
  String licence() {
    return convention == Convention.CAFFE_BGR ? OXFORD : TORCHVISION;
  }

  Convention convention() {
    return convention;
  }

  /** Bias of the first filter. */
  double bias() {
    return bias;
  }

  /** First filter, first input channel, [3][3]. */
  double[] plane() {
    return plane.clone();
  }
}
