package dev.gramloom.synthesis;

import dev.gramloom.backend.Memory;
import dev.gramloom.image.Image;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.pyramid.Scale;
import java.util.List;

/**
 * What a run made.
 *
 * @param picture the texture, values within 0..1
 * @param exemplar as it was at the finest scale
 * @param statistics of that exemplar, to measure the picture by
 * @param scales how each went
 * @param memory what it was to need, counted before the start
 */
public record SynthesisResult(
    Image picture,
    Image exemplar,
    TextureStatistics statistics,
    List<ScaleReport> scales,
    Memory memory) {
  /**
   * How a scale went.
   *
   * @param scale what was asked for
   * @param exemplarWidth pixels, of the exemplar there
   * @param exemplarHeight pixels
   * @param losses after each iteration that was made
   * @param seconds of wall time
   */
  public record ScaleReport(
      Scale scale, int exemplarWidth, int exemplarHeight, double[] losses, double seconds) {}
}
