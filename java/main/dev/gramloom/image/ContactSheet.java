package dev.gramloom.image;

import dev.gramloom.tensor.Edges;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Small pictures in rows, each with a line of text below, for a person to pick from. */
public final class ContactSheet {
  private static final int CELL = 256; // pixels, of a picture's longer side at most
  private static final int GAP = 8;
  private static final int LINE = Glyphs.HEIGHT + 2 * GAP;
  private static final float PAPER = 1;
  private static final float INK = 0;

  private record Entry(Image picture, String label) {}

  private final List<Entry> entries = new ArrayList<>();

  /**
   * Adds a picture, reduced to a cell and never enlarged.
   *
   * @param edges what lies beyond the picture's borders
   * @param label what is not in the few characters there are stays blank; cut to the cell
   */
  public void add(Image picture, Edges edges, String label) {
    double scale = Math.min(1, (double) CELL / Math.max(picture.width(), picture.height()));
    entries.add(new Entry(Resample.scale(picture, scale, edges).clamped(), label));
  }

  /** Writes all entries, for {@link #of}. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(entries.size());
    for (Entry entry : entries) {
      out.writeUTF(entry.label);
      write(out, entry.picture);
    }
  }

  /**
   * Reads what {@link #write(DataOutput)} wrote.
   *
   * @throws IOException if it is something else
   */
  public static ContactSheet of(DataInputStream in) throws IOException {
    ContactSheet sheet = new ContactSheet();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      String label = in.readUTF();
      sheet.entries.add(new Entry(read(in), label));
    }
    return sheet;
  }

  /** Writes a picture's height, width and RGB, float32; no mask. */
  public static void write(DataOutput out, Image picture) throws IOException {
    out.writeInt(picture.height());
    out.writeInt(picture.width());
    ByteBuffer bytes = ByteBuffer.allocate(picture.rgb().length * Float.BYTES);
    bytes.asFloatBuffer().put(picture.rgb());
    out.write(bytes.array());
  }

  /**
   * Reads a picture, no larger than the bytes that are there.
   *
   * @throws IOException if it is something else
   */
  public static Image read(DataInputStream in) throws IOException {
    int height = in.readInt();
    int width = in.readInt();
    boolean possible = height > 0 && width > 0;
    if (!possible || 3L * Float.BYTES * height > in.available() / width) {
      throw new EOFException("a picture that is not whole");
    }
    float[] rgb = new float[3 * height * width];
    ByteBuffer.wrap(in.readNBytes(rgb.length * Float.BYTES)).asFloatBuffer().get(rgb);
    return new Image(height, width, rgb);
  }

  /** How many pictures there are. */
  public int size() {
    return entries.size();
  }

  /**
   * The sheet: as many columns as rows, or one more.
   *
   * @throws IllegalStateException if there is no picture
   */
  public Image picture() {
    if (entries.isEmpty()) {
      throw new IllegalStateException("a sheet of no pictures");
    }
    int columns = (int) Math.ceil(Math.sqrt(entries.size()));
    int rows = (entries.size() + columns - 1) / columns;
    int wide = entries.stream().mapToInt(e -> e.picture.width()).max().orElseThrow();
    int high = entries.stream().mapToInt(e -> e.picture.height()).max().orElseThrow();
    int width = columns * (wide + GAP) + GAP;
    int height = rows * (high + LINE) + GAP;
    float[] rgb = new float[3 * height * width];
    Arrays.fill(rgb, PAPER);
    Image sheet = new Image(height, width, rgb);
    for (int i = 0; i < entries.size(); i++) {
      int top = GAP + i / columns * (high + LINE);
      int left = GAP + i % columns * (wide + GAP);
      Preview.paste(entries.get(i).picture, sheet, top, left);
      write(entries.get(i).label, sheet, top + high + GAP / 2, left, wide);
    }
    return sheet;
  }

  private static void write(String text, Image sheet, int top, int left, int wide) {
    for (int i = 0; i < text.length() && (i + 1) * Glyphs.WIDTH <= wide; i++) {
      for (int dot = 0; dot < Glyphs.WIDTH * Glyphs.HEIGHT; dot++) {
        int row = dot / Glyphs.WIDTH;
        int column = dot % Glyphs.WIDTH;
        if (Glyphs.dot(text.charAt(i), column, row)) {
          int at = (top + row) * sheet.width() + left + i * Glyphs.WIDTH + column;
          for (int c = 0; c < 3; c++) {
            sheet.rgb()[c * sheet.pixels() + at] = INK;
          }
        }
      }
    }
  }
}
