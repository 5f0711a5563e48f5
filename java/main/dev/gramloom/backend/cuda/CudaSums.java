package dev.gramloom.backend.cuda;

import static dev.gramloom.backend.cuda.CudaTensor.address;

import dev.gramloom.backend.cuda.Kernels.Grid;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.List;
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

  /** The arrays of {@code Rows} and {@code Columns} in {@code reduction.cu}. */
  private static final int MOST_ROWS = 4;

  private static final int MOST_COLUMNS = 32;
  private static final int COLUMNS_OF_BLOCK = 4;
  private static final int TILE_WIDTH = 32; // threads
  private static final int TILE_HEIGHT = 8; // threads

  private final Kernels kernels;
  private final Scratch partials;

  CudaSums(Kernels kernels, DeviceMemory memory) {
    this.kernels = kernels;
    partials = new Scratch(memory);
  }

  double dot(Tensor a, Tensor b) {
    long n = a.shape().size();
    int blocks = blocks(n);
    DeviceMemory.Block sums = room(1, blocks);
    kernels.call("dot").address(address(a)).address(address(b)).size(n).address(partials(sums, 1));
    kernels.launch(Grid.blocks(blocks, 1));
    return totals(sums, 1, blocks)[0];
  }

  double[][] dots(List<Tensor> a, List<Tensor> b) {
    double[][] dots = new double[a.size()][b.size()];
    if (b.isEmpty()) {
      return dots;
    }
    for (int i = 0; i < a.size(); i += MOST_ROWS) {
      List<Tensor> rows = a.subList(i, Math.min(a.size(), i + MOST_ROWS));
      for (int j = 0; j < b.size(); j += MOST_COLUMNS) {
        List<Tensor> columns = b.subList(j, Math.min(b.size(), j + MOST_COLUMNS));
        double[] products = products(rows, columns);
        for (int p = 0; p < products.length; p++) {
          dots[i + p / columns.size()][j + p % columns.size()] = products[p];
        }
      }
    }
    return dots;
  }

  /** [rows][columns], in one launch and one download. */
  private double[] products(List<Tensor> rows, List<Tensor> columns) {
    long n = rows.get(0).shape().size();
    int blocks = blocks(n);
    int count = rows.size() * columns.size();
    DeviceMemory.Block sums = room(count, blocks);
    kernels.call("dots").table(MOST_ROWS, rows).table(MOST_COLUMNS, columns);
    kernels.integers(rows.size(), columns.size()).size(n).address(partials(sums, count));
    kernels.launch(Grid.blocks(blocks, Grid.ceil(columns.size(), COLUMNS_OF_BLOCK)));
    return totals(sums, count, blocks);
  }

  double rangePenalty(Tensor x, float scale, Tensor gradient) {
    long n = x.shape().size();
    int blocks = blocks(n);
    DeviceMemory.Block sums = room(1, blocks);
    kernels.call("range_penalty").address(address(x)).size(n).number(scale);
    kernels.address(address(gradient)).address(partials(sums, 1));
    kernels.launch(Grid.blocks(blocks, 1));
    return totals(sums, 1, blocks)[0];
  }

  double totalVariation(Tensor x, Edges edges, float scale, Tensor gradient) {
    Shape s = x.shape();
    int across = Grid.ceil(s.width(), TILE_WIDTH);
    int down = Math.min(MOST_ROWS_OF_BLOCKS, Grid.ceil(s.height(), TILE_HEIGHT));
    int blocks = across * down * s.channels();
    DeviceMemory.Block sums = room(1, blocks);
    kernels.call("total_variation").address(address(x));
    axis(s.height(), edges.vertical(), s);
    axis(s.width(), edges.horizontal(), s);
    kernels.number(scale).address(address(gradient)).address(partials(sums, 1));
    kernels.launch(new Grid(across, down, s.channels(), TILE_WIDTH, TILE_HEIGHT, 0));
    return totals(sums, 1, blocks)[0];
  }

  /** Of all steps along the axis each counts alike; where there are none, none counts. */
  private void axis(int n, Edge edge, Shape shape) {
    long steps = shape.size() / n * (edge == Edge.WRAP ? n : n - 1);
    kernels.axis(n, CudaConvolution.code(edge), steps == 0 ? 0 : 1.0 / steps);
  }

  private static int blocks(long n) {
    return (int) Math.min(MOST_BLOCKS, (n + VALUES - 1) / VALUES);
  }

  /** A double for each sum, then the blocks' of each. */
  private DeviceMemory.Block room(int count, int blocks) {
    return partials.bytes(count * (blocks + 1L) * Double.BYTES);
  }

  private static long partials(DeviceMemory.Block sums, int count) {
    return sums.address() + (long) count * Double.BYTES;
  }

  private double[] totals(DeviceMemory.Block sums, int count, int blocks) {
    kernels.call("sum_partials").address(partials(sums, count)).integers(blocks);
    kernels.address(sums.address()).launch(Grid.blocks(count, 1));
    double[] totals = new double[count];
    Status.check(
        "download sums",
        JCudaDriver.cuMemcpyDtoH(Pointer.to(totals), sums.pointer(), (long) count * Double.BYTES));
    return totals;
  }

  /** Gives the memory for partial sums back, until the next call. */
  @Override
  public void close() {
    partials.close();
  }
}
