package dev.gramloom.backend.cuda;

import static dev.gramloom.backend.cuda.CudaTensor.address;

import dev.gramloom.backend.cuda.Kernels.Grid;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/**
 * Sums that come back to Java: the only verbs that wait for the device.
 *
 * <p>The number of blocks depends on the tensor's size alone, so that every GPU sums in the same
 * order.
 */
final class CudaSums implements AutoCloseable {
  private static final int MOST_BLOCKS = 1024;
  private static final int VALUES = 2048; // of a block, at least
  private static final int MOST_ROWS_OF_BLOCKS = 32;
  private static final int TILE_WIDTH = 32; // threads
  private static final int TILE_HEIGHT = 8; // threads

  private final Kernels kernels;
  private final Scratch partials;
  private final double[] result = new double[1];

  CudaSums(Kernels kernels, DeviceMemory memory) {
    this.kernels = kernels;
    partials = new Scratch(memory);
  }

  double dot(Tensor a, Tensor b) {
    long n = a.shape().size();
    int blocks = blocks(n);
    DeviceMemory.Block sums = room(blocks);
    kernels.call("dot").address(address(a)).address(address(b)).size(n).address(partials(sums));
    kernels.launch(Grid.blocks(blocks, 1));
    return total(sums, blocks);
  }

  double rangePenalty(Tensor x, float scale, Tensor gradient) {
    long n = x.shape().size();
    int blocks = blocks(n);
    DeviceMemory.Block sums = room(blocks);
    kernels.call("range_penalty").address(address(x)).size(n).number(scale);
    kernels.address(address(gradient)).address(partials(sums));
    kernels.launch(Grid.blocks(blocks, 1));
    return total(sums, blocks);
  }

  double totalVariation(Tensor x, Edges edges, float scale, Tensor gradient) {
    Shape s = x.shape();
    int across = Grid.ceil(s.width(), TILE_WIDTH);
    int down = Math.min(MOST_ROWS_OF_BLOCKS, Grid.ceil(s.height(), TILE_HEIGHT));
    int blocks = across * down * s.channels();
    DeviceMemory.Block sums = room(blocks);
    kernels.call("total_variation").address(address(x));
    axis(s.height(), edges.vertical(), s);
    axis(s.width(), edges.horizontal(), s);
    kernels.number(scale).address(address(gradient)).address(partials(sums));
    kernels.launch(new Grid(across, down, s.channels(), TILE_WIDTH, TILE_HEIGHT, 0));
    return total(sums, blocks);
  }

  /** Of all steps along the axis each counts alike; where there are none, none counts. */
  private void axis(int n, Edge edge, Shape shape) {
    long steps = shape.size() / n * (edge == Edge.WRAP ? n : n - 1);
    kernels.axis(n, CudaConvolution.code(edge), steps == 0 ? 0 : 1.0 / steps);
  }

  private static int blocks(long n) {
    return (int) Math.min(MOST_BLOCKS, (n + VALUES - 1) / VALUES);
  }

  /** One double for the sum, then the blocks'. */
  private DeviceMemory.Block room(int blocks) {
    return partials.bytes((blocks + 1L) * Double.BYTES);
  }

  private static long partials(DeviceMemory.Block sums) {
    return sums.address() + Double.BYTES;
  }

  private double total(DeviceMemory.Block sums, int blocks) {
    kernels.call("sum_partials").address(partials(sums)).integers(blocks);
    kernels.address(sums.address()).launch(Grid.blocks(1, 1));
    Status.check(
        "download a sum",
        JCudaDriver.cuMemcpyDtoH(Pointer.to(result), sums.pointer(), Double.BYTES));
    return result[0];
  }

  /** Gives the memory for partial sums back, until the next call. */
  @Override
  public void close() {
    partials.close();
  }
}
