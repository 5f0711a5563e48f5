package dev.gramloom.cli.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private static final Job FIRST = job(2, "a.png");
  private static final Job SECOND = job(5, "b.png");

  @TempDir Path folder;

  private static Job job(int line, String output) {
    return new Job(line, "paint", List.of(), Path.of("in.png"), Path.of(output));
  }

  private JsonArray reported(Ledger ledger) throws IOException {
    Path file = folder.resolve("report.json");
    JsonObject head = new JsonObject();
    head.addProperty("version", "1");
    ledger.writeReport(file, head, List.of(FIRST, SECOND));
    JsonObject report = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    assertEquals("1", report.get("version").getAsString());
    return report.getAsJsonArray("jobs");
  }

  @Test
  void whatWasNotedIsReportedAndTheRestWasNotRun() throws IOException {
    try (Ledger ledger = Ledger.open(folder)) {
      ledger.put(SECOND, JobOutcome.failed(new Failure(ExitCode.BAD_DATA, "a\nb"), 2));
      JsonArray jobs = reported(ledger);
      assertTrue(jobs.get(0).getAsJsonObject().get("exit_code").isJsonNull());
      assertEquals(65, jobs.get(1).getAsJsonObject().get("exit_code").getAsInt());
      assertEquals("a; b", jobs.get(1).getAsJsonObject().get("reason").getAsString());
    }
  }

  @Test
  void aBugAndFullMemoryAreReasonsToo() {
    assertEquals(70, JobOutcome.failed(new IllegalStateException("x"), 1).exitCode());
    assertTrue(JobOutcome.failed(new IllegalStateException("x"), 1).isBug());
    assertEquals(33, JobOutcome.failed(new OutOfMemoryError(), 1).exitCode());
  }

  @Test
  void theFolderBelongsToOneBatchAtATime() throws IOException {
    try (Ledger ledger = Ledger.open(folder)) {
      Failure failure = assertThrows(Failure.class, () -> Ledger.open(folder));
      assertEquals(ExitCode.CANNOT_WRITE, failure.exitCode());
      assertTrue(failure.getMessage().contains("another batch is writing to " + folder));
      assertEquals(2, reported(ledger).size());
    }
    Ledger.open(folder).close();
  }

  @Test
  void nothingOfItStays() throws IOException {
    try (Ledger ledger = Ledger.open(folder)) {
      ledger.put(FIRST, JobOutcome.failed(new Failure(ExitCode.BAD_DATA, "a"), 2));
    }
    try (var files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void whatAKilledBatchLeftIsForgotten() throws IOException {
    Path left = Files.createDirectories(folder.resolve(".gramloom-batch")).resolve("2.json");
    Files.writeString(left, "{\"exit_code\":0}");
    try (Ledger ledger = Ledger.open(folder)) {
      assertEquals(
          "not run", reported(ledger).get(0).getAsJsonObject().get("reason").getAsString());
    }
    assertFalse(Files.exists(left));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need rights there")
  void aLinkInItsPlaceIsRefused() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("keep.json"), "{}");
    Files.createSymbolicLink(folder.resolve(".gramloom-batch"), elsewhere);
    assertThrows(Failure.class, () -> Ledger.open(folder));
    assertTrue(Files.exists(elsewhere.resolve("keep.json")));
  }
}
