package dev.gramloom.backend.cuda;

import dev.gramloom.backend.Memory;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/**
 * One GPU and this process's context on it.
 *
 * <p>The context is the device's primary one, which cuDNN and cuBLAS use as well; it lives as long
 * as the process, for it takes a while to make.
 */
final class Device {
  private static final Map<Integer, Device> OPENED = new HashMap<>();
  private static final int NAME_LENGTH = 256; // bytes

  private final CUdevice handle = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final AtomicLong held = new AtomicLong();
  private final int ordinal;

  private Device(int ordinal) {
    this.ordinal = ordinal;
    Status.check("find device " + ordinal, JCudaDriver.cuDeviceGet(handle, ordinal));
    Status.check("open device " + ordinal, JCudaDriver.cuDevicePrimaryCtxRetain(context, handle));
  }

  /**
   * Opens a GPU.
   *
   * @param ordinal from 0, as the driver counts
   * @throws Failure UNAVAILABLE if there is no such device or it cannot be opened
   */
  static synchronized Device open(int ordinal) {
    Driver.require();
    int count = count();
    if (ordinal < 0 || ordinal >= count) {
      throw new Failure(
          ExitCode.UNAVAILABLE,
          "backend cuda: no device %d: this machine has %s"
              .formatted(ordinal, count == 1 ? "one, 0" : count + ", from 0"));
    }
    Device device = OPENED.computeIfAbsent(ordinal, Device::new);
    device.enter();
    return device;
  }

  /** How many there are. */
  static int count() {
    int[] count = new int[1];
    Status.check("count the devices", JCudaDriver.cuDeviceGetCount(count));
    return count[0];
  }

  /** Makes this thread's calls go to the device. */
  void enter() {
    Status.check("enter device " + ordinal, JCudaDriver.cuCtxSetCurrent(context));
  }

  /**
   * Refuses what the device has not free. What this process holds there counts as free: its jobs
   * wait for each other.
   *
   * @param need MiB
   * @throws Failure OUT_OF_MEMORY with both
   */
  Memory requireMemory(long need) {
    long[] bytes = new long[1];
    Status.check("ask for free memory", JCudaDriver.cuMemGetInfo(bytes, new long[1]));
    long free = bytes[0] + held.get() >> 20;
    if (need > free) {
      throw new Failure(
          ExitCode.OUT_OF_MEMORY,
          "out of device memory: this size needs %d MiB, the GPU has %d MiB free; use a smaller --size, or --backend cpu"
              .formatted(need, free));
    }
    return new Memory(need, free);
  }

  /** Bytes that this process's tensors take, counted by those who allocate. */
  AtomicLong held() {
    return held;
  }

  /** "NVIDIA H200". */
  String name() {
    byte[] name = new byte[NAME_LENGTH];
    Status.check("ask for the name", JCudaDriver.cuDeviceGetName(name, NAME_LENGTH, handle));
    return new String(name, StandardCharsets.UTF_8).trim();
  }

  /** "NVIDIA H200, compute capability 9.0, 143771 MiB, driver for CUDA 13.0". */
  String description() {
    long[] bytes = new long[1];
    Status.check("ask for the memory", JCudaDriver.cuDeviceTotalMem(bytes, handle));
    return "%s, compute capability %d.%d, %d MiB, driver for CUDA %s"
        .formatted(name(), capability() / 10, capability() % 10, bytes[0] >> 20, Driver.version());
  }

  /** Compute capability 9.0 as 90. */
  int capability() {
    return 10 * attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
        + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
  }

  private int attribute(int which) {
    int[] value = new int[1];
    Status.check("ask for an attribute", JCudaDriver.cuDeviceGetAttribute(value, which, handle));
    return value[0];
  }
}
