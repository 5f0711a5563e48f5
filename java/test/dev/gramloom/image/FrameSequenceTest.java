package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameSequenceTest {
  @TempDir Path folder;

  @Test
  void numbersFromOneBesideTheOutput() {
    var frames = new FrameSequence(folder.resolve("stone.wall.jpg"));
    Image picture = Pictures.noise(2, 3, 1);

    Path first = frames.add(picture);
    frames.add(picture);

    assertEquals(folder.resolve("frames/stone.wall.0001.png"), first);
    assertEquals(List.of("stone.wall.0001.png", "stone.wall.0002.png"), files());
    assertEquals(3, ImageFile.read(first).width());
    assertEquals(2, frames.written());
  }

  @Test
  void takesTheDigitsItNeeds() {
    var frames = new FrameSequence(folder.resolve("a.png"), 9999);

    Path frame = frames.add(Pictures.noise(1, 1, 1));

    assertEquals("a.10000.png", frame.getFileName().toString());
  }

  @Test
  void removesOnlyItsOwnOldFrames() throws IOException {
    Files.createDirectory(folder.resolve("frames"));
    List<String> others = List.of("a.1.png", "a.0001.jpg", "ab.0001.png", "a.b.0001.png", "a.png");
    for (String name : others) {
      Files.writeString(folder.resolve("frames").resolve(name), "");
    }
    Files.writeString(folder.resolve("frames/a.0001.png"), "");
    Files.writeString(folder.resolve("frames/a.12345.png"), "");

    new FrameSequence(folder.resolve("a.tga"));

    assertEquals(others.stream().sorted().toList(), files());
  }

  @Test
  void goesOnWhereItStopped() {
    var before = new FrameSequence(folder.resolve("a.png"));
    for (int i = 0; i < 4; i++) {
      before.add(Pictures.noise(1, 1, i));
    }

    var after = new FrameSequence(folder.resolve("a.png"), 2);
    after.add(Pictures.noise(1, 1, 9));

    assertEquals(List.of("a.0001.png", "a.0002.png", "a.0003.png"), files());
  }

  private List<String> files() {
    return Arrays.stream(folder.resolve("frames").toFile().list()).sorted().toList();
  }
}
