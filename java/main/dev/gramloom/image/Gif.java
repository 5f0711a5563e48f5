package dev.gramloom.image;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.image.GifSpool.Frame;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * An animated GIF that grows picture by picture and appears, whole, when it is published.
 *
 * <p>However many pictures come, it plays for 4 to 8 seconds, 6 where it can, and then again; the
 * last picture stays for a second. Of very many pictures, evenly spaced ones are shown, and always
 * the last.
 *
 * <pre>
 *   try (Gif gif = Gif.open(path)) {
 *     gif.add(picture); ...
 *     gif.publish();
 *   }
 * </pre>
 *
 * <p>Each picture has its own 256 colours. The JDK's writer packs the pixels (LZW); the frame
 * around them is ours, because delays are known only at the end. Format: GIF89a specification, W3C.
 */
public final class Gif implements AutoCloseable {
  /** Pictures shown at most: at two centiseconds each they fill eight seconds. */
  public static final int MOST_FRAMES = 350;

  private static final int LOOP = 500; // centiseconds for all pictures but the last
  private static final int HOLD = 100; // centiseconds for the last
  private static final int SHORTEST = 2; // centiseconds; browsers slow down what is shorter
  private static final float DITHER = 0.75f; // of Floyd-Steinberg's error, see GifTest

  private final Path target;
  private final GifSpool spool; // of frames: descriptor, colours, pixels
  private final List<Frame> frames = new ArrayList<>();
  private int seen;
  private int stride = 1; // every how-manieth picture is packed
  private Image pending; // the last picture, where it was not packed
  private int height;
  private int width;

  private Gif(Path target, GifSpool spool) {
    this.target = target;
    this.spool = spool;
  }

  /**
   * Starts an animation.
   *
   * @throws Failure CANNOT_WRITE if nothing can be written there
   */
  public static Gif open(Path target) {
    return new Gif(target, GifSpool.temporary(target));
  }

  /**
   * Starts an animation, or goes on with one, whose pictures outlive the process; at least one more
   * is to be added.
   *
   * @param kept where they lie until the animation is published; the caller's to remove
   * @param added pictures that were added before; later ones are forgotten
   * @throws Failure BAD_DATA if they are not all there
   */
  public static Gif open(Path target, Path kept, int added) {
    Gif gif = new Gif(target, GifSpool.kept(target, kept));
    try {
      gif.find(added);
      return gif;
    } catch (Failure e) {
      gif.close();
      throw e;
    }
  }

  private void find(int added) {
    while (seen < added) {
      if (seen++ % stride == 0) {
        Frame frame = spool.found();
        if (frame == null) {
          throw new Failure(ExitCode.BAD_DATA, "the animation's pictures so far are damaged");
        }
        append(frame);
      }
    }
    spool.cut();
  }

  /**
   * Adds a picture; its arrays must not change before the next call.
   *
   * @throws IllegalArgumentException if its size is not the first one's
   * @throws Failure CANNOT_WRITE with the machine's reason
   */
  public void add(Image picture) {
    if (height == 0) {
      height = picture.height();
      width = picture.width();
    }
    if (picture.height() != height || picture.width() != width) {
      throw new IllegalArgumentException(
          "the first picture is %d x %d, this one is %d x %d"
              .formatted(width, height, picture.width(), picture.height()));
    }
    if (seen++ % stride != 0) {
      pending = picture;
      return;
    }
    pending = append(spool.add(packed(picture))) ? null : picture;
  }

  /** Returns whether the frame stayed when there were too many. */
  private boolean append(Frame frame) {
    frames.add(frame);
    if (frames.size() < 2 * MOST_FRAMES) {
      return true;
    }
    for (int i = frames.size() - 1; i > 0; i -= 2) {
      frames.remove(i);
    }
    stride *= 2;
    return false;
  }

  /** What was added is on the disk then, where it outlives the process. */
  public void sync() {
    spool.sync();
  }

  /**
   * Puts the animation in its place.
   *
   * @throws IllegalStateException if no picture was added
   * @throws Failure CANNOT_WRITE with the machine's reason
   */
  public void publish() {
    if (seen == 0) {
      throw new IllegalStateException("an animation needs a picture");
    }
    if (pending != null) {
      frames.add(spool.add(packed(pending)));
      pending = null;
    }
    AtomicFile.write(target, this::assemble);
    close();
  }

  /** Removes what was not published. */
  @Override
  public void close() {
    spool.close();
  }

  private void assemble(OutputStream out) throws IOException {
    out.write("GIF89a".getBytes(StandardCharsets.US_ASCII));
    ByteBuffer screen = ByteBuffer.allocate(7).order(ByteOrder.LITTLE_ENDIAN);
    out.write(screen.putShort((short) width).putShort((short) height).put((byte) 0x70).array());
    out.write(new byte[] {0x21, (byte) 0xFF, 11});
    out.write("NETSCAPE2.0".getBytes(StandardCharsets.US_ASCII));
    out.write(new byte[] {3, 1, 0, 0, 0}); // for ever
    int count = Math.min(MOST_FRAMES, frames.size());
    int[] delays = delays(count);
    for (int i = 0; i < count; i++) {
      long of = count == 1 ? 0 : (long) i * (frames.size() - 1) / (count - 1);
      out.write(new byte[] {0x21, (byte) 0xF9, 4, 0x04}); // shown over the one before
      out.write(new byte[] {(byte) delays[i], (byte) (delays[i] >> 8), 0, 0});
      out.write(spool.read(frames.get((int) of)));
    }
    out.write(0x3B);
  }

  /** [count] centiseconds. */
  static int[] delays(int count) {
    int[] delays = new int[count];
    int gaps = count - 1;
    int loop = Math.max(LOOP, SHORTEST * gaps);
    for (int i = 0; i < gaps; i++) {
      delays[i] = loop * (i + 1) / gaps - loop * i / gaps;
    }
    delays[gaps] = count == 1 ? LOOP + HOLD : HOLD;
    return delays;
  }

  /** Image descriptor, local colours and pixels. */
  private static byte[] packed(Image picture) {
    int w = picture.width();
    int h = picture.height();
    int[] pixels = pixels(picture);
    GifPalette palette = GifPalette.of(pixels);
    var image = new BufferedImage(w, h, BufferedImage.TYPE_BYTE_INDEXED, palette.model());
    byte[] indices = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    System.arraycopy(palette.dithered(pixels, w, DITHER), 0, indices, 0, indices.length);
    var bytes = new ByteArrayOutputStream();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
      ImageWriteParam plain = writer.getDefaultWriteParam();
      plain.setProgressiveMode(ImageWriteParam.MODE_DISABLED); // rows in order
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), plain);
      writer.dispose();
    } catch (IOException e) {
      throw new IllegalStateException("the JDK does not pack a GIF in memory", e);
    }
    return localised(bytes.toByteArray());
  }

  /** Takes the one picture out of a GIF and gives it the file's colours as its own. */
  private static byte[] localised(byte[] gif) {
    int sizeBits = gif[10] & 7;
    int colorBytes = 3 << sizeBits + 1;
    int at = 13 + colorBytes;
    while (gif[at] == 0x21) { // extensions: label, then blocks up to an empty one
      at += 2;
      while (gif[at] != 0) {
        at += 1 + (gif[at] & 255);
      }
      at++;
    }
    if (gif[at] != 0x2C || (gif[at + 9] & 0x80) != 0) {
      throw new IllegalStateException("the JDK's GIF writer lays out its files in a new way");
    }
    gif[at + 9] |= (byte) (0x80 | sizeBits);
    var out = new ByteArrayOutputStream(gif.length);
    out.write(gif, at, 10);
    out.write(gif, 13, colorBytes);
    out.write(gif, at + 10, gif.length - 1 - (at + 10)); // without the trailer
    return out.toByteArray();
  }

  /** [H][W], 0xRRGGBB. */
  private static int[] pixels(Image picture) {
    int m = picture.pixels();
    int[] pixels = new int[m];
    for (int i = 0; i < 3 * m; i++) {
      pixels[i % m] = pixels[i % m] << 8 | ColorSpace.level(picture.rgb()[i]);
    }
    return pixels;
  }
}
