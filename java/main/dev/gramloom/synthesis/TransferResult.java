package dev.gramloom.synthesis;

import dev.gramloom.backend.Memory;
import dev.gramloom.image.Image;
import dev.gramloom.network.Network;
import dev.gramloom.synthesis.SynthesisResult.ScaleReport;
import java.util.List;

/**
 * What a transfer made.
 *
 * @param picture values within 0..1
 * @param content as it was at the finest scale; null where there was none
 * @param styles as they were at the finest scale
 * @param network that looked at the finest scale
 * @param styleLoss of the picture, weights included
 * @param contentLoss likewise
 * @param scales how each went; the exemplar there is the first style
 * @param memory what it was to need, counted before the start
 */
public record TransferResult(
    Image picture,
    Image content,
    List<Image> styles,
    Network network,
    double styleLoss,
    double contentLoss,
    List<ScaleReport> scales,
    Memory memory) {
  /** With another picture in its place. */
  public TransferResult with(Image other) {
    return new TransferResult(
        other, content, styles, network, styleLoss, contentLoss, scales, memory);
  }
}
