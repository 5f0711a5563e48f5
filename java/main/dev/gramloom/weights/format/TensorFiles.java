package dev.gramloom.weights.format;

import dev.gramloom.failure.Failure;
import dev.gramloom.file.InputFile;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens a file of arrays, whatever format its content says it has. */
public final class TensorFiles {
  /** The formats that are read, for people. */
  public static final String FORMATS =
      "safetensors, NumPy (.npz, or a folder of .npy), PyTorch (.pth), Keras (.h5), Caffe"
          + " (.caffemodel), or a whole VGG as raw little-endian float32";

  private static final int HEAD = 512; // bytes that tell the formats apart
  private static final int ZIP = 0x04034b50; // "PK", 3, 4

  private TensorFiles() {}

  /**
   * Opens a file, or a folder of .npy files.
   *
   * @throws Failure if it is not there, cannot be read or is in no format that is known
   */
  public static TensorFile open(Path path) {
    if (Files.isDirectory(path)) {
      return new NumpyFile(path);
    }
    byte[] head;
    long size = InputFile.size(path);
    try (InputStream in = Files.newInputStream(path)) {
      head = in.readNBytes(HEAD);
    } catch (IOException e) {
      throw IoReason.cannotRead(path, e);
    }
    if (KerasFile.isHdf5(head)) {
      return new KerasFile(path);
    }
    if (TorchFile.isLegacy(head)) {
      return new TorchFile(path);
    }
    if (NumpyFile.isNpy(head)) {
      return new NumpyFile(path);
    }
    if (head.length >= 4 && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt() == ZIP) {
      return openZip(path);
    }
    if (SafetensorsFile.looksLike(head, size)) {
      return new SafetensorsFile(path);
    }
    if (RawFloats.fits(size)) { // before Caffe, whose files have no mark of their own
      return new RawFloats(path);
    }
    if (CaffeModel.looksLike(path)) {
      return new CaffeModel(path);
    }
    throw TensorFile.bad(path, "its format is none of " + FORMATS);
  }

  private static TensorFile openZip(Path path) {
    boolean torch;
    try (Archive archive = new Archive(path)) {
      torch =
          archive.names().stream().anyMatch(n -> n.equals("data.pkl") || n.endsWith("/data.pkl"));
    } catch (IOException | IllegalArgumentException e) {
      throw TensorFile.bad(path, "it is no whole zip archive; it may be cut short", e);
    }
    return torch ? new TorchFile(path) : new NumpyFile(path);
  }
}
