package dev.gramloom.network;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.Shapes;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;

/** One step of a network: from one tensor to the next. Numbers only; {@link #on} makes it work. */
public sealed interface Layer {
  /** The output's shape for an input's. */
  Shape output(Shape input);

  /** Multiply-adds on the way forward; the way back takes as many again. */
  default long multiplyAdds(Shape input) {
    return 0;
  }

  /** Which outputs stand for texture, for an input of which only a part is texture. */
  Mask visible(Mask input, Edges edges);

  /** This layer with a backend to compute it. */
  Operation on(Backend backend);

  /** A layer that can compute. x is its input, y its output. */
  interface Operation extends AutoCloseable {
    /** y = layer(x). */
    void forward(Tensor x, Edges edges, Tensor y);

    /** dX += the layer's adjoint of dY; x and y are null where the layer does not ask for them. */
    void adjoint(Tensor x, Tensor y, Tensor dY, Edges edges, Tensor dX);

    @Override
    default void close() {
      // most hold nothing
    }
  }

  /** Whether {@link Operation#adjoint} reads x. */
  default boolean adjointReadsInput() {
    return false;
  }

  /** Whether {@link Operation#adjoint} reads y. */
  default boolean adjointReadsOutput() {
    return false;
  }

  /** Cross-correlation, bias, activation: [C][H][W] to [K or 2K][H][W]. */
  record Convolution(Kernel kernel, Activation activation) implements Layer {
    @Override
    public Shape output(Shape input) {
      return input.withChannels(activation.channels(kernel.outputs()));
    }

    @Override
    public long multiplyAdds(Shape input) {
      return kernel.multiplyAdds() * input.pixels();
    }

    /**
     * A filter that decides (that has an activation) must have texture in its middle 3x3 pixels:
     * all of a classic filter, the heart of a wavelet. What reaches further out, and a blur between
     * octaves, sees the smooth continuation of the holes and never the holes. To shrink by every
     * pixel that is reached was measured and is worse: each layer is left with other places than
     * the next, in a photograph that is not the same everywhere, and their statistics contradict
     * each other (birch-marked.jpg: dark blotches, the finest layer's distance 0.010, not 0.001).
     */
    @Override
    public Mask visible(Mask input, Edges edges) {
      return activation == Activation.NONE
          ? input
          : input.eroded(Math.min(1, kernel.radius()), edges);
    }

    @Override
    public boolean adjointReadsOutput() {
      return activation != Activation.NONE;
    }

    @Override
    public Operation on(Backend backend) {
      Filters filters = backend.filters(kernel);
      return new Operation() {
        @Override
        public void forward(Tensor x, Edges edges, Tensor y) {
          backend.convolve(x, filters, edges, activation, y);
        }

        @Override
        public void adjoint(Tensor x, Tensor y, Tensor dY, Edges edges, Tensor dX) {
          // without an activation y is not looked at; dY stands in for its shape
          backend.convolveAdjoint(y == null ? dY : y, dY, filters, edges, activation, dX);
        }

        @Override
        public void close() {
          filters.close();
        }
      };
    }
  }

  /** 2:1 averages: [C][H][W] to [C][H/2][W/2]. */
  record AveragePool() implements Layer {
    @Override
    public Shape output(Shape input) {
      return Shapes.pooled(input);
    }

    @Override
    public Mask visible(Mask input, Edges edges) {
      return input.pooled(edges);
    }

    @Override
    public Operation on(Backend backend) {
      return new Operation() {
        @Override
        public void forward(Tensor x, Edges edges, Tensor y) {
          backend.averagePool(x, edges, y);
        }

        @Override
        public void adjoint(Tensor x, Tensor y, Tensor dY, Edges edges, Tensor dX) {
          backend.averagePoolAdjoint(dY, edges, dX);
        }
      };
    }
  }

  /** 2:1 maxima: [C][H][W] to [C][H/2][W/2]. */
  record MaxPool() implements Layer {
    @Override
    public Shape output(Shape input) {
      return Shapes.pooled(input);
    }

    @Override
    public Mask visible(Mask input, Edges edges) {
      return input.pooled(edges);
    }

    @Override
    public boolean adjointReadsInput() {
      return true;
    }

    @Override
    public boolean adjointReadsOutput() {
      return true;
    }

    @Override
    public Operation on(Backend backend) {
      return new Operation() {
        @Override
        public void forward(Tensor x, Edges edges, Tensor y) {
          backend.maxPool(x, edges, y);
        }

        @Override
        public void adjoint(Tensor x, Tensor y, Tensor dY, Edges edges, Tensor dX) {
          backend.maxPoolAdjoint(x, y, dY, edges, dX);
        }
      };
    }
  }

  /** √(ε + Σ x²) over groups of channels: [C][H][W] to [groups][H][W]. */
  record Energy(int[][] groups, float epsilon) implements Layer {
    @Override
    public Shape output(Shape input) {
      return input.withChannels(groups.length);
    }

    @Override
    public Mask visible(Mask input, Edges edges) {
      return input;
    }

    @Override
    public boolean adjointReadsInput() {
      return true;
    }

    @Override
    public boolean adjointReadsOutput() {
      return true;
    }

    @Override
    public Operation on(Backend backend) {
      return new Operation() {
        @Override
        public void forward(Tensor x, Edges edges, Tensor y) {
          backend.energy(x, groups, epsilon, y);
        }

        @Override
        public void adjoint(Tensor x, Tensor y, Tensor dY, Edges edges, Tensor dX) {
          backend.energyAdjoint(x, y, dY, groups, dX);
        }
      };
    }
  }
}
