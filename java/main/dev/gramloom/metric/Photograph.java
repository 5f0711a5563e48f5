package dev.gramloom.metric;

import dev.gramloom.backend.Backend;
import dev.gramloom.image.HoleFill;
import dev.gramloom.image.Image;
import dev.gramloom.network.Mask;
import dev.gramloom.network.Network;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.List;

/** A photograph where a backend has it. Not thread-safe. */
public final class Photograph implements AutoCloseable {
  private final Tensor pixels;
  private final float[] mask;
  private Image image; // null until it is asked for

  private Photograph(Tensor pixels, float[] mask, Image image) {
    this.pixels = pixels;
    this.mask = mask;
    this.image = image;
  }

  /**
   * A photograph that is texture all over.
   *
   * @param pixels [3][H][W], closed with this
   */
  public static Photograph of(Tensor pixels) {
    return new Photograph(pixels, null, null);
  }

  /**
   * A photograph from the heap, its holes filled smoothly.
   *
   * @throws IllegalArgumentException if its mask keeps no pixel
   */
  public static Photograph upload(Backend backend, Image image) {
    Shape shape = new Shape(3, image.height(), image.width());
    Tensor pixels = backend.upload(shape, HoleFill.fill(image).rgb());
    return new Photograph(pixels, image.mask(), image.mask() == null ? null : image);
  }

  /** [3][H][W], without holes. */
  public Tensor pixels() {
    return pixels;
  }

  /** [3][H][W]. */
  public Shape shape() {
    return pixels.shape();
  }

  /** [H][W], 1 where it is texture; null where all of it is. */
  public float[] mask() {
    return mask;
  }

  /** {@link #mask} for a verb, to be closed; null where there is none. */
  public Tensor mask(Backend backend) {
    return mask == null ? null : backend.upload(shape().withChannels(1), mask);
  }

  /** What each node of a network sees of the texture; null where all is texture. */
  public List<Mask> visible(Network network) {
    return mask == null
        ? null
        : network.visible(new Mask(shape().height(), shape().width(), mask), Edges.REFLECT);
  }

  /** The photograph on the heap, its holes as they were; fetched if it is not there. */
  public Image image() {
    if (image == null) {
      image = new Image(shape().height(), shape().width(), pixels.toArray());
    }
    return image;
  }

  @Override
  public void close() {
    pixels.close();
  }
}
