package dev.gramloom.backend.cuda;

import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.Precision;
import dev.gramloom.tensor.Shape;
import java.util.HashMap;
import java.util.Map;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnDeterminism;
import jcuda.jcudnn.cudnnHandle;
import jcuda.runtime.cudaStream_t;

/**
 * cuDNN's convolutions, in float32, or with tensor cores' rounding where that was asked for. The
 * first call of each shape tries its algorithms and keeps the fastest that always gives the same
 * bytes and whose workspace fits the budget. Filters that are mostly zeros, and shapes for which
 * there is none, go to our own kernels.
 */
final class CudnnMultiplier implements Multiplier {
  private static final long WORKSPACE = 256L << 20; // bytes, at most
  private static final int MOST_ALGORITHMS = 8;
  private static final int NONE = -1;
  private static final Pointer ONE = Pointer.to(new float[] {1});
  private static final Pointer ZERO = Pointer.to(new float[] {0});

  private record Key(boolean forward, int inputs, int outputs, int size, int height, int width) {}

  /**
   * @param algorithm or {@link #NONE}
   * @param workspace bytes
   */
  private record Choice(CudnnShapes shapes, int algorithm, long workspace) {
    boolean works() {
      return algorithm != NONE;
    }
  }

  private final cudnnHandle handle = new cudnnHandle();
  private final OwnMultiplier own;
  private final Precision precision;
  private final Scratch workspace;
  private final Map<Key, Choice> choices = new HashMap<>();

  CudnnMultiplier(OwnMultiplier own, DeviceMemory memory, Stream stream, Precision precision) {
    this.precision = precision;
    this.own = own;
    workspace = new Scratch(memory);
    Cudnn.check("start", JCudnn.cudnnCreate(handle));
    Cudnn.check("take a stream", JCudnn.cudnnSetStream(handle, new cudaStream_t(stream.handle())));
  }

  @Override
  public Storage plan(
      boolean forward,
      Shape from,
      CudaFilters filters,
      Scratch bordered,
      DeviceMemory.Block other) {
    if (filters.isSparse()) {
      return Storage.FLOAT;
    }
    Key key = key(forward, from, filters.kernel());
    Choice choice = choices.get(key);
    if (choice == null) {
      Shape picture = new Shape(key.inputs, key.height, key.width);
      DeviceMemory.Block block = bordered.bytes(storage().bytes(picture));
      choice =
          forward
              ? forwardChoice(key, block, filters, other)
              : adjointChoice(key, other, filters, block);
      choices.put(key, choice);
    }
    return choice.works() ? storage() : Storage.FLOAT;
  }

  private Storage storage() {
    return precision == Precision.BF16 ? Storage.BF16 : Storage.FLOAT;
  }

  /** How cuDNN does what was planned; null where our own kernels do it. */
  private Choice planned(boolean forward, Shape from, CudaFilters filters) {
    if (filters.isSparse()) {
      return null;
    }
    Choice choice = choices.get(key(forward, from, filters.kernel()));
    return choice.works() ? choice : null;
  }

  private DeviceMemory.Block weights(CudaFilters filters) {
    return precision == Precision.BF16 ? filters.rounded() : filters.plain();
  }

  @Override
  public void forward(
      DeviceMemory.Block in, Shape from, CudaFilters filters, DeviceMemory.Block out) {
    Choice choice = planned(true, from, filters);
    if (choice == null) {
      own.forward(in, from, filters, out);
      return;
    }
    Cudnn.check(
        "convolve",
        JCudnn.cudnnConvolutionForward(
            handle,
            ONE,
            choice.shapes.input(),
            in.pointer(),
            choice.shapes.filters(),
            weights(filters).pointer(),
            choice.shapes.convolution(),
            choice.algorithm,
            workspace.bytes(Math.max(1, choice.workspace)).pointer(),
            choice.workspace,
            ZERO,
            choice.shapes.output(),
            out.pointer()));
  }

  @Override
  public void adjoint(
      DeviceMemory.Block slope, Shape from, CudaFilters filters, DeviceMemory.Block out) {
    Choice choice = planned(false, from, filters);
    if (choice == null) {
      own.adjoint(slope, from, filters, out);
      return;
    }
    Cudnn.check(
        "convolve backwards",
        JCudnn.cudnnConvolutionBackwardData(
            handle,
            ONE,
            choice.shapes.filters(),
            weights(filters).pointer(),
            choice.shapes.output(),
            slope.pointer(),
            choice.shapes.convolution(),
            choice.algorithm,
            workspace.bytes(Math.max(1, choice.workspace)).pointer(),
            choice.workspace,
            ZERO,
            choice.shapes.input(),
            out.pointer()));
  }

  /** Forward the picture with its border counts, backward the slopes without. */
  private static Key key(boolean forward, Shape from, Kernel kernel) {
    int grow = forward ? 0 : kernel.size() - 1;
    return new Key(
        forward,
        kernel.inputs(),
        kernel.outputs(),
        kernel.size(),
        from.height() + grow,
        from.width() + grow);
  }

  private static CudnnShapes shapes(Key key, Precision precision) {
    return CudnnShapes.of(precision, key.inputs, key.outputs, key.size, key.height, key.width);
  }

  private Choice forwardChoice(
      Key key, DeviceMemory.Block in, CudaFilters filters, DeviceMemory.Block out) {
    CudnnShapes shapes = shapes(key, precision);
    var tried = new cudnnConvolutionFwdAlgoPerf[MOST_ALGORITHMS];
    for (int i = 0; i < MOST_ALGORITHMS; i++) {
      tried[i] = new cudnnConvolutionFwdAlgoPerf();
    }
    int[] count = new int[1];
    int found =
        JCudnn.cudnnFindConvolutionForwardAlgorithmEx(
            handle,
            shapes.input(),
            in.pointer(),
            shapes.filters(),
            weights(filters).pointer(),
            shapes.convolution(),
            shapes.output(),
            out.pointer(),
            MOST_ALGORITHMS,
            count,
            tried,
            workspace.bytes(WORKSPACE).pointer(),
            WORKSPACE);
    for (int i = 0; found == 0 && i < count[0]; i++) {
      if (tried[i].status == 0 && tried[i].determinism == cudnnDeterminism.CUDNN_DETERMINISTIC) {
        return new Choice(shapes, tried[i].algo, tried[i].memory);
      }
    }
    return new Choice(shapes, NONE, 0);
  }

  private Choice adjointChoice(
      Key key, DeviceMemory.Block slope, CudaFilters filters, DeviceMemory.Block out) {
    CudnnShapes shapes = shapes(key, precision);
    var tried = new cudnnConvolutionBwdDataAlgoPerf[MOST_ALGORITHMS];
    for (int i = 0; i < MOST_ALGORITHMS; i++) {
      tried[i] = new cudnnConvolutionBwdDataAlgoPerf();
    }
    int[] count = new int[1];
    int found =
        JCudnn.cudnnFindConvolutionBackwardDataAlgorithmEx(
            handle,
            shapes.filters(),
            weights(filters).pointer(),
            shapes.output(),
            slope.pointer(),
            shapes.convolution(),
            shapes.input(),
            out.pointer(),
            MOST_ALGORITHMS,
            count,
            tried,
            workspace.bytes(WORKSPACE).pointer(),
            WORKSPACE);
    for (int i = 0; found == 0 && i < count[0]; i++) {
      if (tried[i].status == 0 && tried[i].determinism == cudnnDeterminism.CUDNN_DETERMINISTIC) {
        return new Choice(shapes, tried[i].algo, tried[i].memory);
      }
    }
    return new Choice(shapes, NONE, 0);
  }

  @Override
  public String description() {
    return "cuDNN %s in %s".formatted(Cudnn.version(), precision);
  }

  @Override
  public long mebibytes() {
    return WORKSPACE >> 20;
  }

  /** The choices stay: they hold no device memory. */
  @Override
  public void trim() {
    workspace.close();
  }

  @Override
  public void close() {
    trim();
    JCudnn.cudnnDestroy(handle);
  }
}
