package dev.gramloom.textures;

/** One sample of a material: height in output pixels, sRGB-encoded colour 0..1, gloss 0..1. */
final class Surface {
  double height;
  double red;
  double green;
  double blue;
  double gloss;

  /** Sets the colour from 0xRRGGBB. */
  Surface color(int hex) {
    red = (hex >> 16 & 255) / 255.0;
    green = (hex >> 8 & 255) / 255.0;
    blue = (hex & 255) / 255.0;
    return this;
  }

  /** Moves the colour towards 0xRRGGBB by {@code amount} (clamped to 0..1). */
  Surface blend(int hex, double amount) {
    double t = Noise.clamp(amount);
    red += ((hex >> 16 & 255) / 255.0 - red) * t;
    green += ((hex >> 8 & 255) / 255.0 - green) * t;
    blue += ((hex & 255) / 255.0 - blue) * t;
    return this;
  }

  /** Walks a palette of evenly spaced colours; {@code t} 0..1 is clamped. */
  Surface ramp(int[] palette, double t) {
    double at = Noise.clamp(t) * (palette.length - 1);
    int i = StrictMath.min((int) at, palette.length - 2);
    return color(palette[i]).blend(palette[i + 1], at - i);
  }

  /** Multiplies the encoded colour. */
  Surface tone(double factor) {
    return tint(factor, factor, factor);
  }

  /** Multiplies the encoded channels one by one. */
  Surface tint(double r, double g, double b) {
    red *= r;
    green *= g;
    blue *= b;
    return this;
  }
}
