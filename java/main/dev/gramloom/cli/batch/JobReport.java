package dev.gramloom.cli.batch;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.List;

/** A job's line in the batch's report. */
final class JobReport {
  /** What a run's report measures, under the same names. */
  private static final List<String> METRICS =
      List.of("relative_gram_distance", "seam", "color_emd", "clipped", "spectrum");

  private JobReport() {}

  static JsonObject of(Job job, JobOutcome outcome) {
    JsonObject tree = head(job);
    tree.addProperty("exit_code", outcome.exitCode());
    tree.addProperty("reason", outcome.reason());
    tree.addProperty("done_before", outcome.doneBefore());
    tree.addProperty("seconds", outcome.seconds());
    tree.addProperty("synthesis_seconds", synthesisSeconds(outcome.run()));
    JsonElement identity = outcome.run().get("identity");
    tree.add("identity", identity == null ? JsonNull.INSTANCE : identity);
    JsonObject metrics = new JsonObject();
    METRICS.stream()
        .filter(outcome.run()::has)
        .forEach(name -> metrics.add(name, outcome.run().get(name)));
    tree.add("metrics", metrics);
    return tree;
  }

  /** Of a job that was not begun. */
  static JsonObject notRun(Job job) {
    JsonObject tree = head(job);
    tree.add("exit_code", JsonNull.INSTANCE);
    tree.addProperty("reason", "not run");
    return tree;
  }

  private static JsonObject head(Job job) {
    JsonObject tree = new JsonObject();
    tree.addProperty("line", job.line());
    tree.addProperty("command", job.command());
    tree.addProperty("input", String.valueOf(job.input()));
    tree.addProperty("output", job.output().toString().replace('\\', '/'));
    return tree;
  }

  /** What the run spent at its scales; 0 if it does not say. */
  private static double synthesisSeconds(JsonObject run) {
    double seconds = 0;
    if (run.get("scales") != null && run.get("scales").isJsonArray()) {
      for (JsonElement scale : run.getAsJsonArray("scales")) {
        seconds += scale.getAsJsonObject().get("seconds").getAsDouble();
      }
    }
    return seconds;
  }
}
