package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Memory;
import dev.gramloom.pyramid.Scale;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private static final Scale SCALE = new Scale(64, 48, 200);
  private static final String END = System.lineSeparator();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console = new Console(new PrintStream(out), new PrintStream(err));

  private void iterate(ProgressLine line) {
    line.begins(new Memory(1012, 12288));
    line.scaleBegins(SCALE);
    for (int i = 1; i <= SCALE.iterations(); i++) {
      line.iterated(i / 200.0, SCALE, i, 1.0 / i, () -> null);
    }
  }

  @Test
  void onATerminalOneLineIsUpdatedAndCleared() {
    iterate(new ProgressLine(console, () -> console.say("Backend"), true));
    console.result("done");

    String said = err.toString();
    String opening = "Backend" + END + "Memory 1012 MiB needed, 12288 MiB allowed" + END;
    assertTrue(said.startsWith(opening + "\r\u001b[K"), said);
    assertEquals(2, said.lines().filter(l -> l.matches("(Backend|Memory).*")).count());
    assertEquals(opening.length(), said.lastIndexOf(END) + END.length(), "no line's end after it");
    assertTrue(said.contains("\r\u001b[K 50%  scale 64x48  iteration 100 of 200  loss 0.01000"));
    assertTrue(said.endsWith("\r\u001b[K"), said);
    assertEquals("done" + END, out.toString());
  }

  @Test
  void anErrorClearsTheLineToo() {
    console.update("42 %");
    console.error("no");
    console.error("no");
    assertEquals("\r\u001b[K42 %\r\u001b[Kgramloom: no" + END + "gramloom: no" + END, err());
  }

  @Test
  void awayFromATerminalEveryTenthPercentIsALine() {
    iterate(new ProgressLine(console, () -> {}, false));
    console.result("done");

    assertTrue(
        err().contains("allowed" + END + "Progress: 0%" + END + "Progress: 10%" + END), err());
    assertEquals(12, err().lines().count());
    assertTrue(err().endsWith("Progress: 100%" + END), err());
    assertFalse(err().contains("\u001b"), err());
  }

  @Test
  void quietSaysNothingButResultsAndErrors() {
    console.beQuiet();
    iterate(new ProgressLine(console, () -> console.say("Backend"), true));
    iterate(new ProgressLine(console, () -> console.say("Backend"), false));
    console.result("done");
    console.error("no");
    assertEquals("gramloom: no" + END, err());
    assertEquals("done" + END, out.toString());
  }

  @Test
  void aStreamInMemoryIsNoTerminal() {
    assertFalse(console.onTerminal());
  }

  private String err() {
    return err.toString();
  }
}
