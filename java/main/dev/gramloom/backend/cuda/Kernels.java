package dev.gramloom.backend.cuda;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/**
 * The compiled operations of {@code cuda/}, and how they are launched: {@code call(name)}, the
 * arguments in the kernel's order, then {@code launch}.
 *
 * <p>Launches are asynchronous and follow one another; a kernel that fails is reported by a later
 * call. Not thread-safe.
 */
final class Kernels {
  /** Beside this class in the jar; CMake makes it. */
  private static final String FATBIN = "kernels.fatbin";

  private static final int ARGUMENT_BYTES = 1024;
  private static final int MOST_ARGUMENTS = 24;

  private final CUmodule module = new CUmodule();
  private final Map<String, CUfunction> functions = new HashMap<>();
  private final ByteBuffer arguments =
      ByteBuffer.allocateDirect(ARGUMENT_BYTES).order(ByteOrder.nativeOrder());
  private final Pointer base = Pointer.to(arguments);
  private final Pointer[] slots = new Pointer[MOST_ARGUMENTS];
  private final Stream stream;
  private int count;
  private String name;

  /** The number of blocks, of threads in each, and bytes of shared memory. */
  record Grid(int x, int y, int z, int blockX, int blockY, int sharedBytes) {
    private static final int LINE = 256; // threads
    private static final int TILE_WIDTH = 32; // threads
    private static final int TILE_HEIGHT = 8; // threads
    private static final int MOST_BLOCKS = 4096;

    /** For kernels that go through n values in turns, a row of the grid for each channel. */
    static Grid line(long n, int channels) {
      return blocks(Math.min(MOST_BLOCKS, ceil(n, LINE)), channels);
    }

    /** Blocks of 256 threads. */
    static Grid blocks(int x, int y) {
      return new Grid(x, y, 1, LINE, 1, 0);
    }

    /** One thread a pixel, the grid's z for each channel. */
    static Grid pixels(int height, int width, int channels) {
      return new Grid(
          ceil(width, TILE_WIDTH), ceil(height, TILE_HEIGHT), channels, TILE_WIDTH, TILE_HEIGHT, 0);
    }

    /** n / size, rounded up. */
    static int ceil(long n, int size) {
      return Math.toIntExact((n + size - 1) / size);
    }
  }

  /**
   * Loads the kernels onto the current device.
   *
   * @param stream that they are launched into *
   * @throws Failure UNAVAILABLE if this jar has none, or the driver does not take them
   */
  Kernels(Stream stream) {
    this.stream = stream;
    byte[] image =
        image().orElseThrow(() -> new Failure(ExitCode.UNAVAILABLE, "backend cuda: " + missing()));
    Status.check("load the kernels", JCudaDriver.cuModuleLoadData(module, image));
  }

  /** Why this jar cannot compute on a GPU; empty if it can. */
  static Optional<String> problem() {
    return Kernels.class.getResource(FATBIN) == null ? Optional.of(missing()) : Optional.empty();
  }

  private static String missing() {
    return "this jar was built without nvcc and has no GPU kernels; build it where nvcc and CMake are on the PATH";
  }

  private static Optional<byte[]> image() {
    try (InputStream in = Kernels.class.getResourceAsStream(FATBIN)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new Failure(ExitCode.UNAVAILABLE, "backend cuda: the jar cannot be read", e);
    }
  }

  /** Begins a launch. */
  Kernels call(String kernel) {
    name = kernel;
    count = 0;
    arguments.clear();
    return this;
  }

  /** The next argument begins at a multiple of eight bytes. */
  private ByteBuffer slot() {
    arguments.position((arguments.position() + 7) / 8 * 8);
    slots[count++] = base.withByteOffset(arguments.position());
    return arguments;
  }

  /** A pointer, 0 for null. */
  Kernels address(long address) {
    slot().putLong(address);
    return this;
  }

  /** A {@code size_t}. */
  Kernels size(long value) {
    slot().putLong(value);
    return this;
  }

  /** An int, or a struct of several. */
  Kernels integers(int... values) {
    ByteBuffer slot = slot();
    for (int value : values) {
      slot.putInt(value);
    }
    return this;
  }

  Kernels number(float value) {
    slot().putFloat(value);
    return this;
  }

  Kernels real(double value) {
    slot().putDouble(value);
    return this;
  }

  /** An array of pointers in a struct, null behind the last. */
  Kernels table(int length, List<Tensor> tensors) {
    ByteBuffer slot = slot();
    for (int i = 0; i < length; i++) {
      slot.putLong(i < tensors.size() ? CudaTensor.address(tensors.get(i)) : 0);
    }
    return this;
  }

  /** An array of doubles in a struct, zero behind the last. */
  Kernels table(int length, double... values) {
    ByteBuffer slot = slot();
    for (int i = 0; i < length; i++) {
      slot.putDouble(i < values.length ? values[i] : 0);
    }
    return this;
  }

  /** The struct {@code Axis} of {@code penalty.cu}. */
  Kernels axis(int n, int edge, double perStep) {
    slot().putInt(n).putInt(edge).putDouble(perStep);
    return this;
  }

  /** Starts the kernel. */
  void launch(Grid grid) {
    Pointer[] used = Arrays.copyOf(slots, count);
    int result =
        JCudaDriver.cuLaunchKernel(
            function(),
            grid.x(),
            grid.y(),
            grid.z(),
            grid.blockX(),
            grid.blockY(),
            1,
            grid.sharedBytes(),
            stream.handle(),
            Pointer.to(used),
            null);
    if (result != 0) {
      Status.check("run " + name, result);
    }
  }

  private CUfunction function() {
    CUfunction function = functions.get(name);
    if (function == null) {
      function = new CUfunction();
      Status.check("find kernel " + name, JCudaDriver.cuModuleGetFunction(function, module, name));
      functions.put(name, function);
    }
    return function;
  }

  /** Unloads them. */
  void close() {
    JCudaDriver.cuModuleUnload(module);
  }
}
