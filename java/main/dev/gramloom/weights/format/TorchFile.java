package dev.gramloom.weights.format;

import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * PyTorch's weights, {@code .pth} or {@code .pt}: what {@code torch.save} makes of a state dict or
 * of a checkpoint that holds one, in the zip format or the legacy one. Nothing in the file is run:
 * see {@link Pickle} and {@link TorchObjects}. Arrays of whole numbers are not offered.
 */
public final class TorchFile implements TensorFile {
  private static final int HEAD = 16; // bytes; longer than the legacy files' magic number

  private final Path path;
  private final TorchContainer container;
  private final List<StoredTensor> tensors = new ArrayList<>();

  /**
   * Reads what arrays there are and where.
   *
   * @throws Failure if the file is not there, or is no PyTorch file, or asks for more than arrays
   */
  public TorchFile(Path path) {
    this.path = path;
    container = open(head());
    try {
      StateDict.of(container.content()).forEach(this::add);
    } catch (IllegalArgumentException e) {
      container.close();
      throw bad(e.getMessage(), e);
    } catch (Failure e) {
      container.close();
      throw e;
    }
  }

  /** Whether a file that begins with these bytes, 15 or more, is in the legacy format. */
  static boolean isLegacy(byte[] head) {
    return TorchLegacyStream.begins(head);
  }

  private byte[] head() {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(HEAD);
    } catch (IOException e) {
      throw IoReason.cannotRead(path, e);
    }
  }

  private TorchContainer open(byte[] head) {
    try {
      return isLegacy(head) ? new TorchLegacyStream(path) : new TorchZip(path);
    } catch (IllegalArgumentException e) {
      throw bad(e.getMessage(), e);
    } catch (IOException e) {
      throw bad(IoReason.of(e), e);
    }
  }

  private void add(String name, TorchTensor tensor) {
    try {
      int[] shape = tensor.shape();
      if (!container.holds(tensor.storage())) {
        throw bad("the numbers of " + name + " are not there", null);
      }
      tensors.add(new StoredTensor(name, shape, () -> read(name, tensor)));
    } catch (IllegalArgumentException e) {
      throw bad(name + " is " + e.getMessage(), e);
    }
  }

  private float[] read(String name, TorchTensor tensor) {
    try {
      return tensor.read(container);
    } catch (IllegalArgumentException e) {
      throw bad(name + " is " + e.getMessage(), e);
    } catch (IOException e) {
      throw bad("cannot read " + name + ": " + IoReason.of(e), e);
    }
  }

  @Override
  public String format() {
    return container.format();
  }

  @Override
  public List<StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    container.close();
  }

  /** Names in a file may hold anything; a message stays one line. */
  private Failure bad(String why, Exception cause) {
    return TensorFile.bad(path, String.valueOf(why).replaceAll("\\p{Cntrl}", "?"), cause);
  }
}
