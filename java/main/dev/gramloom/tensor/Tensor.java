package dev.gramloom.tensor;

/** Numbers that live where their backend keeps them: on the heap, in native memory, on the GPU. */
public interface Tensor extends AutoCloseable {
  /** The size as seen from outside; the layout inside is the backend's own. */
  Shape shape();

  /** Copies the values to the heap, [C][H][W], width fastest. */
  float[] toArray();

  /** Gives the memory back; the tensor must not be used afterwards. */
  @Override
  void close();
}
