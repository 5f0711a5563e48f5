package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColorSpaceTest {
  @ParameterizedTest
  @EnumSource(ColorSpace.class)
  void thereAndBackIsWhereItWas(ColorSpace space) {
    float[] rgb = Pictures.noise(20, 20, 1).rgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = 1.4f * rgb[i] - 0.2f; // beyond the range too
    }

    assertArrayEquals(rgb, space.toRgb(space.fromRgb(rgb)), 2e-6f);
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorSpace.class,
      names = {"YCBCR", "LAB"})
  void greyHasLightAlone(ColorSpace space) {
    for (float grey : new float[] {0, 0.01f, 0.2f, 0.5f, 1}) {
      float[] planes = space.fromRgb(new float[] {grey, grey, grey});

      assertEquals(0, planes[1], 1e-6f);
      assertEquals(0, planes[2], 1e-6f);
    }
    assertEquals(1, space.fromRgb(new float[] {1, 1, 1})[0], 1e-6f);
  }

  @Test
  void yCbCrOfPureColoursReachesHalf() {
    // BT.709: blue alone has Cb ½, red alone Cr ½; luma is their share.
    assertArrayEquals(
        new float[] {0.0722f, 0.5f, -0.0722f / 1.5748f},
        ColorSpace.YCBCR.fromRgb(new float[] {0, 0, 1}),
        1e-6f);
    assertArrayEquals(
        new float[] {0.2126f, -0.2126f / 1.8556f, 0.5f},
        ColorSpace.YCBCR.fromRgb(new float[] {1, 0, 0}),
        1e-6f);
  }

  @Test
  void labOfRedIsWhatTheFormulaSaysByHand() {
    // X/Xn = 0.4124/0.9505, Y/Yn = 0.2126, Z/Zn = 0.0193/1.089; their cube roots 0.75705, 0.59684,
    // 0.26072 give L* 53.23, a* 80.11, b* 67.22.
    float[] lab = ColorSpace.LAB.fromRgb(new float[] {1, 0, 0});

    assertArrayEquals(new float[] {0.5323f, 0.8011f, 0.6722f}, lab, 1e-4f);
  }
}
