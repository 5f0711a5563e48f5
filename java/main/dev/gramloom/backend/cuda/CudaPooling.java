package dev.gramloom.backend.cuda;

import static dev.gramloom.backend.cuda.CudaTensor.address;

import dev.gramloom.backend.PoolAxis;
import dev.gramloom.backend.cuda.Kernels.Grid;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;

/** 2:1 pooling both ways. */
final class CudaPooling {
  /** Longest axis whose windows {@code pool_axis.cuh} counts in 32 bits. */
  private static final int LONGEST = 65535;

  private final Kernels kernels;

  CudaPooling(Kernels kernels) {
    this.kernels = kernels;
  }

  void average(Tensor x, Edges edges, Tensor y) {
    size(kernels.call("average_pool").address(address(x)), x.shape(), edges);
    kernels.address(address(y)).launch(pixels(y.shape()));
  }

  void averageAdjoint(Tensor dY, Edges edges, Tensor dX) {
    size(kernels.call("average_pool_adjoint").address(address(dY)), dX.shape(), edges);
    kernels.address(address(dX)).launch(pixels(dX.shape()));
  }

  void maximum(Tensor x, Edges edges, Tensor y) {
    size(kernels.call("max_pool").address(address(x)), x.shape(), edges);
    kernels.address(address(y)).launch(pixels(y.shape()));
  }

  void maximumAdjoint(Tensor x, Tensor y, Tensor dY, Edges edges, Tensor dX) {
    kernels.call("max_pool_adjoint").address(address(x)).address(address(y));
    size(kernels.address(address(dY)), dX.shape(), edges);
    kernels.address(address(dX)).launch(pixels(dX.shape()));
  }

  private static Grid pixels(Shape s) {
    return Grid.pixels(s.height(), s.width(), s.channels());
  }

  /** The struct {@code PoolSize}. */
  private static void size(Kernels call, Shape x, Edges edges) {
    if (Math.max(x.height(), x.width()) > LONGEST) {
      throw new IllegalArgumentException("pooling takes sides up to " + LONGEST + ", got " + x);
    }
    call.integers(
        x.height(),
        x.width(),
        PoolAxis.windows(x.height()),
        PoolAxis.windows(x.width()),
        CudaConvolution.code(edges.vertical()),
        CudaConvolution.code(edges.horizontal()));
  }
}
