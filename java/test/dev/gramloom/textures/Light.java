package dev.gramloom.textures;

/**
 * How a {@link Canvas} is lit: a sun with soft shadows and a sky with occlusion. Strengths are
 * linear light reaching a level white sheet; the defaults suit an outdoor close-up.
 */
final class Light {
  /** Unit vector towards the sun; x right, y down, z out of the picture. */
  double x;

  double y;
  double z;
  double sun = 0.75;
  double sky = 0.42;

  /** Half-width of the shadow's edge, as a slope. */
  double softness = 0.35;

  /** How far shadows and sky occlusion look, in output pixels. */
  double shadowReach = 40;

  double skyReach = 24;
  double specular = 0.25;

  /** Sharpness of highlights: the power is 2 to this. */
  int polish = 4;

  /** Amplitude of the sensor's noise, in encoded units. */
  double sensorNoise = 0.012;

  /** A sun in direction (x, y) as seen in the picture, z above it; normalised here. */
  Light(double x, double y, double z) {
    double length = StrictMath.sqrt(x * x + y * y + z * z);
    this.x = x / length;
    this.y = y / length;
    this.z = z / length;
  }

  Light strengths(double sun, double sky) {
    this.sun = sun;
    this.sky = sky;
    return this;
  }

  Light shadows(double softness, double reach) {
    this.softness = softness;
    this.shadowReach = reach;
    return this;
  }

  Light skyReach(double reach) {
    this.skyReach = reach;
    return this;
  }

  Light specular(double strength, int polish) {
    this.specular = strength;
    this.polish = polish;
    return this;
  }
}
