package dev.gramloom.cli.batch;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.IoReason;
import dev.gramloom.file.LockFile;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What has become of a batch's jobs: each one's line of the report and row of the contact sheet, on
 * the disk, so that a thousand jobs take no more memory than one. Holds the folder against a second
 * batch.
 */
final class Ledger implements AutoCloseable {
  private static final String NAME = ".gramloom-batch";
  private static final String ROW = ".html";
  private static final String LINE = ".json";

  private final Path folder;
  private final LockFile lock;

  private Ledger(Path folder, LockFile lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Starts an empty ledger.
   *
   * @param outputs the batch's folder, made if it is not there
   * @throws Failure CANNOT_WRITE with the machine's reason, or if another batch has the folder
   */
  static Ledger open(Path outputs) {
    Path folder = outputs.resolve(NAME);
    try {
      if (Files.isSymbolicLink(folder)) {
        throw new Failure(ExitCode.CANNOT_WRITE, folder + " is a symbolic link");
      }
      LockFile lock =
          LockFile.take(folder.resolve("lock"))
              .orElseThrow(() ->
                  new Failure(ExitCode.CANNOT_WRITE, "another batch is writing to " + outputs));
      Ledger ledger = new Ledger(folder, lock);
      ledger.clear();
      return ledger;
    } catch (IOException e) {
      throw IoReason.cannotWrite(folder, e);
    }
  }

  /** Notes what has become of a job. */
  void put(Job job, JobOutcome outcome) {
    JsonObject line = JobReport.of(job, outcome);
    try {
      Files.writeString(fragment(job, ROW), ContactSheet.row(line, outcome.made()));
      Files.writeString(fragment(job, LINE), line.toString());
    } catch (IOException e) {
      throw IoReason.cannotWrite(folder, e);
    }
  }

  private Path fragment(Job job, String ending) {
    return folder.resolve(job.line() + ending);
  }

  /** What was noted of a job, or that it was not run. */
  private JsonObject line(Job job) throws IOException {
    Path file = fragment(job, LINE);
    return Files.exists(file)
        ? JsonParser.parseString(Files.readString(file)).getAsJsonObject()
        : JobReport.notRun(job);
  }

  /**
   * Writes the report, whole or not at all.
   *
   * @param head what is said of the batch as a whole
   */
  void writeReport(Path file, JsonObject head, List<Job> jobs) {
    AtomicFile.write(
        file,
        out -> {
          JsonWriter writer = new JsonWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          writer.setIndent("  ");
          writer.beginObject();
          for (Map.Entry<String, JsonElement> entry : head.entrySet()) {
            writer.name(entry.getKey()).jsonValue(entry.getValue().toString());
          }
          writer.name("jobs").beginArray();
          for (Job job : jobs) {
            writer.jsonValue(line(job).toString());
          }
          writer.endArray().endObject().flush();
        });
  }

  /** Writes the contact sheet, whole or not at all. */
  void writeSheet(Path file, String title, String summary, List<Job> jobs) {
    AtomicFile.write(
        file,
        out -> {
          Writer page = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          ContactSheet.begin(page, title, summary, failures(jobs));
          for (Job job : jobs) {
            Path row = fragment(job, ROW);
            page.append(
                Files.exists(row) ? Files.readString(row) : ContactSheet.row(line(job), null));
          }
          ContactSheet.end(page);
          page.flush();
        });
  }

  private List<JsonObject> failures(List<Job> jobs) throws IOException {
    List<JsonObject> failures = new ArrayList<>();
    for (Job job : jobs) {
      JsonObject line = line(job);
      if (!line.get("exit_code").isJsonNull() && line.get("exit_code").getAsInt() != 0) {
        failures.add(line);
      }
    }
    return failures;
  }

  private void clear() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{html,json}")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /** Forgets everything, and gives the folder free. */
  @Override
  public void close() {
    try {
      try (lock) {
        clear();
      }
      Files.deleteIfExists(folder); // that of a batch that was killed, which the lock did not make
    } catch (IOException e) {
      throw IoReason.cannotWrite(folder, e);
    }
  }
}
