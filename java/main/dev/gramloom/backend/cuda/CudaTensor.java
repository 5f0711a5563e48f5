package dev.gramloom.backend.cuda;

import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import jcuda.Pointer;

/**
 * A tensor on the device, [C][H][W], width fastest.
 *
 * @param shape its size
 * @param block whose beginning holds the values; it may be longer, and shared with a view
 * @param stream whose work fills it
 */
record CudaTensor(Shape shape, DeviceMemory.Block block, Stream stream) implements Tensor {
  static DeviceMemory.Block block(Tensor tensor) {
    return ((CudaTensor) tensor).block;
  }

  static long address(Tensor tensor) {
    return block(tensor).address();
  }

  /** Bytes of the values. */
  static long bytes(Shape shape) {
    return shape.size() * Float.BYTES;
  }

  @Override
  public float[] toArray() {
    float[] values = new float[Math.toIntExact(shape.size())];
    stream.download(block, bytes(shape), Pointer.to(values));
    return values;
  }

  @Override
  public void close() {
    block.close();
  }

  @Override
  public String toString() {
    return "tensor " + shape;
  }
}
