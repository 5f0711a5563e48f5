package dev.gramloom.textures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;

/**
 * Writes the example textures, 512 x 512 sRGB PNG files. Usage: {@code GenerateTextures FOLDER
 * [NAME...]}; without names it writes all of them.
 */
public final class GenerateTextures {
  private static final Map<String, Material> MATERIALS = materials();

  private GenerateTextures() {}

  /** Every material by its file name without {@code .png}. */
  static Map<String, Material> materials() {
    Map<String, Material> all = new TreeMap<>();
    all.put("bark", new Bark());
    all.put("bricks", new Bricks());
    all.put("cloth", new Cloth());
    all.put("earth", new Earth());
    all.put("grass", new Grass());
    all.put("knit", new Knit());
    all.put("leather", new Leather());
    all.put("marble", new Marble());
    all.put("moss", new Moss());
    all.put("pebbles", new Pebbles());
    all.put("rust", new Rust());
    all.put("scales", new Scales());
    all.put("wood", new Wood());
    return all;
  }

  /** Writes the pictures into the folder {@code args[0]}. */
  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      throw new IllegalArgumentException("the output folder, then the names of pictures or none");
    }
    Path folder = Path.of(args[0]);
    List<String> names = Arrays.asList(args).subList(1, args.length);
    if (!MATERIALS.keySet().containsAll(names)) {
      throw new IllegalArgumentException("pictures: " + MATERIALS.keySet() + ", not " + names);
    }
    Files.createDirectories(folder);
    for (Map.Entry<String, Material> entry : MATERIALS.entrySet()) {
      if (names.isEmpty() || names.contains(entry.getKey())) {
        long start = System.nanoTime();
        Path file = folder.resolve(entry.getKey() + ".png");
        ImageIO.write(entry.getValue().draw(), "png", file.toFile());
        System.out.printf("%-9s %5.2f s%n", entry.getKey(), (System.nanoTime() - start) / 1e9);
      }
    }
  }
}
