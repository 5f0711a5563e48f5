package dev.gramloom.image;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.weights.format.StoredTensor;
import dev.gramloom.weights.format.TensorFile;
import dev.gramloom.weights.format.TensorFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** A process that reads many files in turn and names each before it does. */
final class HostileFeeder {
  private static final int MANY = 10_000; // damaged files a format: these take their time
  private final Path folder;
  private final String plant;
  private int tried;
  private String slowest = "";
  private long longest; // nanoseconds

  private HostileFeeder(Path folder, String plant) {
    this.folder = folder;
    this.plant = plant;
  }

  /** Folder, damaged files a format, fault to plant after a hundred files or "none". */
  public static void main(String[] words) throws IOException {
    HostileFeeder feeder = new HostileFeeder(Path.of(words[0]), words[2]);
    Map<String, byte[]> samples = HostileSamples.pictures(feeder.folder);
    for (Map.Entry<String, byte[]> sample : samples.entrySet()) {
      if (!feeder.feed(sample.getKey(), sample.getValue())) {
        throw new AssertionError(sample.getKey() + " is sound and was refused");
      }
    }
    if (Integer.parseInt(words[1]) >= MANY
        && !feeder.feed("jpg that takes longest", HostileSamples.longestJpeg())) {
      throw new AssertionError("the scans of the longest JPEG are not as many as are read");
    }
    samples.putAll(HostileSamples.weights());
    for (String format :
        new String[] {"png", "bmp", "tga", "jpg", "gif", "psd", "hdr", "pnm", "weights"}) {
      var own = samples.entrySet().stream().filter(e -> e.getKey().startsWith(format)).toList();
      int times = Integer.parseInt(words[1]) / own.size() + 1;
      for (Map.Entry<String, byte[]> sample : own) {
        feeder.cut(sample.getKey(), sample.getValue());
        feeder.flip(sample.getKey(), sample.getValue(), times);
      }
    }
    System.out.println(
        "tried %d; the slowest took %d ms: %s; at most %d MB of memory"
            .formatted(feeder.tried, feeder.longest / 1_000_000, feeder.slowest, peak()));
  }

  /** The process's largest resident set, MB; 0 where the system does not say. */
  private static long peak() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1000)
        .findAny()
        .orElse(0);
  }

  private void cut(String name, byte[] whole) throws IOException {
    for (int length = 0; length < whole.length; length += 64) {
      feed(name + " cut to " + length, Arrays.copyOf(whole, length));
    }
  }

  private void flip(String name, byte[] whole, int times) throws IOException {
    Random random = new Random(whole.length);
    for (int time = 0; time < times; time++) {
      byte[] bytes = whole.clone();
      int near = random.nextBoolean() ? Math.min(64, bytes.length) : bytes.length;
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(near)] ^= (byte) (1 << random.nextInt(8));
      }
      if (name.startsWith("png") && random.nextInt(4) > 0) {
        HostileSamples.mend(bytes);
      }
      feed(name + " flipped, try " + time, bytes);
    }
  }

  /** Whether the file was taken; every end but a refusal of bad data ends the process. */
  private boolean feed(String name, byte[] bytes) throws IOException {
    System.out.println(name);
    Path path = folder.resolve("hostile");
    Files.deleteIfExists(path);
    Files.write(path, bytes);
    if (++tried > 100 && !plant.equals("none")) {
      plant();
    }
    long start = System.nanoTime();
    try {
      return taken(name, path);
    } finally {
      long took = System.nanoTime() - start;
      if (took > longest) {
        longest = took;
        slowest = name;
      }
    }
  }

  private static boolean taken(String name, Path path) {
    try {
      if (name.startsWith("weights")) {
        try (TensorFile file = TensorFiles.open(path)) {
          file.tensors().forEach(StoredTensor::read);
        }
      } else {
        ImageFile.read(path);
      }
      return true;
    } catch (Failure failure) {
      boolean memory = failure.exitCode() == ExitCode.OUT_OF_MEMORY; // sound, and too large
      if (failure.exitCode() != ExitCode.BAD_DATA && !memory
          || failure.getMessage().lines().count() != 1) {
        throw new AssertionError(name, failure);
      }
      return false;
    }
  }

  private void plant() {
    switch (plant) {
      case "crash" -> Runtime.getRuntime().halt(134);
      case "exception" -> throw new IndexOutOfBoundsException("planted");
      case "memory" -> System.out.println(new long[1 << 30].length);
      default -> {
        while (tried > 0) {
          Thread.onSpinWait();
        }
      }
    }
  }
}
