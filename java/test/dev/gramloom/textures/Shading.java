package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/**
 * Turns a {@link Canvas} into a picture: sun with soft shadows, sky with horizon-based occlusion
 * and a little light bounced between surfaces, highlights, then a camera (lens, tone curve, noise).
 */
final class Shading {
  private static final int SIDE = Canvas.SIDE;

  /** Directions in which the sky is probed at each sample, out of SPOKES prepared ones. */
  private static final int DIRECTIONS = 8;

  private static final int SPOKES = 64;
  private static final double[] SPOKE_X = spokes(0);
  private static final double[] SPOKE_Y = spokes(StrictMath.PI / 2);
  private static final double[] LINEAR = linearTable();
  private static final double[] ENCODED = encodedTable();

  private final Canvas canvas;
  private final Light light;

  /** Linear light, layout {@code [3][SIDE * SIDE]}. */
  private final float[][] lit = new float[3][SIDE * SIDE];

  private Shading(Canvas canvas, Light light) {
    this.canvas = canvas;
    this.light = light;
  }

  /** Lights the canvas and develops the picture, SIZE x SIZE, 8-bit sRGB without alpha. */
  static BufferedImage develop(Canvas canvas, Light light) {
    Shading shading = new Shading(canvas, light);
    for (int j = 0; j < SIDE; j++) {
      for (int i = 0; i < SIDE; i++) {
        shading.light(i, j);
      }
    }
    return shading.expose();
  }

  private void light(int i, int j) {
    int at = j * SIDE + i;
    double scale = Canvas.SCALE / 2.0;
    double nx = scale * (height(i - 1, j) - height(i + 1, j));
    double ny = scale * (height(i, j - 1) - height(i, j + 1));
    double norm = 1 / StrictMath.sqrt(nx * nx + ny * ny + 1);
    double facing = StrictMath.max(0, (nx * light.x + ny * light.y + light.z) * norm);
    double shadow = facing > 0 ? shadow(i, j) : 0;
    double sun = light.sun * facing * shadow;
    double open = skyOpenness(i, j);
    double sky = light.sky * (0.75 + 0.25 * norm);
    double shine = highlight(nx * norm, ny * norm, norm) * shadow * canvas.gloss[at];
    shine += 0.06 * light.specular * canvas.gloss[at] * open;
    lit[0][at] = (float) (bounce(canvas.red[at], sun * 1.04, sky * 0.97, open) + shine);
    lit[1][at] = (float) (bounce(canvas.green[at], sun, sky, open) + shine);
    lit[2][at] = (float) (bounce(canvas.blue[at], sun * 0.93, sky * 1.06, open) + shine);
  }

  /** Reflected light; occluded sky is partly made up for by neighbours of the same colour. */
  private static double bounce(double encoded, double sun, double sky, double open) {
    double albedo = lookUp(LINEAR, encoded);
    double filled = open + (1 - open) * open * albedo * 0.9;
    return albedo * (sun + sky * filled);
  }

  /** Blinn's highlight with a power of 2^polish, the eye straight above. */
  private double highlight(double nx, double ny, double nz) {
    double hz = light.z + 1;
    double length = StrictMath.sqrt(light.x * light.x + light.y * light.y + hz * hz);
    double d = StrictMath.max(0, (nx * light.x + ny * light.y + nz * hz) / length);
    for (int k = 0; k < light.polish; k++) {
      d *= d;
    }
    return light.specular * d;
  }

  private double shadow(int i, int j) {
    double h = height(i, j);
    double flat = StrictMath.sqrt(light.x * light.x + light.y * light.y);
    if (flat < 1e-6) {
      return 1;
    }
    double sx = light.x / flat;
    double sy = light.y / flat;
    double steepest = -10;
    double end = light.shadowReach * Canvas.SCALE;
    double jitter = Noise.unit(11, i, j);
    for (double d = 1.5 + jitter * 0.5; d < end; d = d * 1.13 + 0.35) {
      double rise = height(i + round(d * sx), j + round(d * sy)) - h;
      steepest = StrictMath.max(steepest, rise * Canvas.SCALE / d);
    }
    return Noise.step(light.softness, -light.softness, steepest - light.z / flat);
  }

  /** The cosine-weighted share of the sky that is visible, from horizons in eight directions. */
  private double skyOpenness(int i, int j) {
    double h = height(i, j);
    double hidden = 0;
    double turn = Noise.unit(12, i, j);
    double reach = light.skyReach * Canvas.SCALE;
    for (int k = 0; k < DIRECTIONS; k++) {
      int a = (int) ((k + turn) * (SPOKES / DIRECTIONS));
      double steepest = 0;
      for (double d = 1.3 + turn * 0.6; d < reach; d = d * 1.5 + 0.4) {
        double rise = height(i + round(d * SPOKE_X[a]), j + round(d * SPOKE_Y[a])) - h;
        steepest = StrictMath.max(steepest, rise / d);
      }
      double slope = steepest * Canvas.SCALE;
      hidden += slope * slope / (1 + slope * slope);
    }
    return 1 - hidden / DIRECTIONS;
  }

  private double height(int i, int j) {
    int x = i < 0 ? 0 : i >= SIDE ? SIDE - 1 : i;
    int y = j < 0 ? 0 : j >= SIDE ? SIDE - 1 : j;
    return canvas.height[y * SIDE + x];
  }

  /** Averages 4 x 4 samples (weights 1 5 5 1) per pixel, then tone curve and sensor noise. */
  private BufferedImage expose() {
    BufferedImage picture = new BufferedImage(Canvas.SIZE, Canvas.SIZE, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < Canvas.SIZE; y++) {
      for (int x = 0; x < Canvas.SIZE; x++) {
        double luma = Noise.grain(21, x, y);
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
          double noise = light.sensorNoise * (0.8 * luma + 0.5 * Noise.grain(22 + c, x, y));
          double level = lookUp(ENCODED, shoulder(gather(lit[c], x, y))) + noise;
          rgb = rgb << 8 | (int) (Noise.clamp(level) * 255 + 0.5);
        }
        picture.setRGB(x, y, rgb);
      }
    }
    return picture;
  }

  private static double gather(float[] plane, int x, int y) {
    int left = (x + Canvas.MARGIN) * Canvas.SCALE - 1;
    int top = (y + Canvas.MARGIN) * Canvas.SCALE - 1;
    double sum = 0;
    for (int j = 0; j < 4; j++) {
      int row = (top + j) * SIDE + left;
      double line = plane[row] + 5 * plane[row + 1] + 5 * plane[row + 2] + (double) plane[row + 3];
      sum += j == 0 || j == 3 ? line : 5 * line;
    }
    return sum / 144;
  }

  /** Linear below 0.6, then bends towards 1 as film does. */
  private static double shoulder(double x) {
    if (x < 0.6) {
      return x;
    }
    double over = (x - 0.6) / 0.4;
    return 0.6 + 0.4 * over / (1 + over);
  }

  private static double[] spokes(double phase) {
    double[] table = new double[SPOKES + 1];
    for (int k = 0; k <= SPOKES; k++) {
      table[k] = StrictMath.cos(2 * StrictMath.PI * k / SPOKES - phase);
    }
    return table;
  }

  private static int round(double x) {
    return Noise.floor(x + 0.5);
  }

  private static double lookUp(double[] table, double x) {
    double at = Noise.clamp(x) * (table.length - 2);
    int i = (int) at;
    return table[i] + (table[i + 1] - table[i]) * (at - i);
  }

  private static double[] linearTable() {
    double[] table = new double[1026];
    for (int i = 0; i < table.length; i++) {
      double x = i / 1024.0;
      table[i] = x <= 0.04045 ? x / 12.92 : StrictMath.pow((x + 0.055) / 1.055, 2.4);
    }
    return table;
  }

  private static double[] encodedTable() {
    double[] table = new double[8194];
    for (int i = 0; i < table.length; i++) {
      double x = i / 8192.0;
      table[i] = x <= 0.0031308 ? 12.92 * x : 1.055 * StrictMath.pow(x, 1 / 2.4) - 0.055;
    }
    return table;
  }
}
