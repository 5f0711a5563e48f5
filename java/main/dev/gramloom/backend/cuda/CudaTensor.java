package dev.gramloom.backend.cuda;

import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/**
 * A tensor on the device, [C][H][W], width fastest.
 *
 * @param shape its size
 * @param block whose beginning holds the values; it may be longer, and shared with a view
 * @param device enters before a copy
 */
record CudaTensor(Shape shape, DeviceMemory.Block block, Device device) implements Tensor {
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
    device.enter();
    float[] values = new float[Math.toIntExact(shape.size())];
    Status.check(
        "download", JCudaDriver.cuMemcpyDtoH(Pointer.to(values), block.pointer(), bytes(shape)));
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
