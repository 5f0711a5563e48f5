package dev.gramloom.cli.farm;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.gramloom.failure.ExitCode;
import java.util.List;
import java.util.stream.Stream;

/**
 * A run as an Indexed Job of Kubernetes (batch/v1, 1.29 or later): a pod for each texture. JSON,
 * which kubectl takes as well as YAML. The image and the volume's claim are the user's to name.
 */
final class KubernetesJob {
  private static final String VOLUME = "run";

  /** Exit codes of jobs that no restart helps. */
  private static final List<ExitCode> BAD_JOBS =
      List.of(ExitCode.USAGE, ExitCode.BAD_DATA, ExitCode.MISSING_INPUT, ExitCode.CANNOT_WRITE);

  private KubernetesJob() {}

  static JsonObject of(RunFolder run, int maxParallel, boolean gpus) {
    return object(
        "apiVersion", text("batch/v1"),
        "kind", text("Job"),
        "metadata", object("generateName", text("gramloom-")),
        "spec", spec(run, maxParallel, gpus));
  }

  private static JsonObject spec(RunFolder run, int maxParallel, boolean gpus) {
    JsonObject spec =
        object(
            "completionMode", text("Indexed"),
            "completions", number(run.settings().jobs()),
            "parallelism", number(Math.min(maxParallel, run.settings().jobs())),
            "backoffLimitPerIndex", number(run.settings().retries()),
            "podFailurePolicy", object("rules", rules()));
    JsonObject pod =
        object(
            "restartPolicy", text("Never"), // else there is no podFailurePolicy
            "terminationGracePeriodSeconds", number(60),
            "containers", list(container(run, gpus)));
    JsonObject claim = object("claimName", text("REPLACE-WITH-A-SHARED-CLAIM"));
    pod.add("volumes", list(object("name", text(VOLUME), "persistentVolumeClaim", claim)));
    spec.add("template", object("spec", pod));
    return spec;
  }

  /** The first that matches counts: evictions and orderly stops are nobody's failure. */
  private static JsonArray rules() {
    JsonObject disruption = object("type", text("DisruptionTarget"), "status", text("True"));
    return list(
        object("action", text("Ignore"), "onPodConditions", list(disruption)),
        object("action", text("Ignore"), "onExitCodes", codes(List.of(ExitCode.STOPPED))),
        object("action", text("FailIndex"), "onExitCodes", codes(BAD_JOBS)));
  }

  private static JsonObject codes(List<ExitCode> codes) {
    JsonArray values = new JsonArray();
    codes.forEach(code -> values.add(code.code()));
    return object("operator", text("In"), "values", values);
  }

  private static JsonObject container(RunFolder run, boolean gpus) {
    // $(NAME) is filled in by Kubernetes; $$ is a dollar sign.
    String path = run.outputs().toString();
    JsonArray words = new JsonArray();
    Stream.of("gramloom", "task", "--run", path.replace("$", "$$"), "--index").forEach(words::add);
    words.add("$(JOB_COMPLETION_INDEX)");
    JsonObject container =
        object(
            "name", text("gramloom"),
            "image", text("REPLACE-WITH-AN-IMAGE-OF-GRAMLOOM"),
            "command", words,
            "volumeMounts", list(object("name", text(VOLUME), "mountPath", text(path))));
    if (gpus) {
      container.add("resources", object("limits", object("nvidia.com/gpu", number(1))));
    }
    return container;
  }

  private static JsonObject object(Object... keysAndValues) {
    JsonObject object = new JsonObject();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.add((String) keysAndValues[i], (JsonElement) keysAndValues[i + 1]);
    }
    return object;
  }

  private static JsonArray list(JsonElement... items) {
    JsonArray list = new JsonArray();
    Stream.of(items).forEach(list::add);
    return list;
  }

  private static JsonPrimitive text(String value) {
    return new JsonPrimitive(value);
  }

  private static JsonPrimitive number(int value) {
    return new JsonPrimitive(value);
  }
}
