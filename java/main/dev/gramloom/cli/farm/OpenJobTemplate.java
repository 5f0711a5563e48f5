package dev.gramloom.cli.farm;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.util.List;

/**
 * A run as a job of Open Job Description, for AWS Deadline Cloud and others: a step with a task for
 * each texture. JSON, which is one of the two forms of a template (Template Schemas 2023-09).
 */
final class OpenJobTemplate {
  private static final int LONGEST_PATH = 1024; // characters, section 2.5
  private static final String RUN = "RunFolder";
  private static final String INDEX = "Index";

  private OpenJobTemplate() {}

  /**
   * The template.
   *
   * @param gpus whether a worker needs one
   * @throws Failure USAGE if the run's path cannot stand in a template
   */
  static JsonObject of(RunFolder run, boolean gpus) {
    JsonObject template = new JsonObject();
    template.addProperty("specificationVersion", "jobtemplate-2023-09"); // section 1.1
    template.addProperty("name", "gramloom");
    template.add("parameterDefinitions", list(runFolder(run.outputs().toString())));
    template.add("steps", list(step(run.settings().jobs(), gpus)));
    return template;
  }

  /** Section 2.2, {@code <JobPathParameterDefinition>}: the farm maps it to each worker's path. */
  private static JsonObject runFolder(String path) {
    if (path.codePointCount(0, path.length()) > LONGEST_PATH) {
      throw new Failure(
          ExitCode.USAGE,
          "a path in an OpenJD template has at most %d characters, -o has %d"
              .formatted(LONGEST_PATH, path.length()));
    }
    JsonObject parameter = new JsonObject();
    parameter.addProperty("name", RUN);
    parameter.addProperty("type", "PATH");
    parameter.addProperty("objectType", "DIRECTORY");
    parameter.addProperty("dataFlow", "INOUT");
    parameter.addProperty("default", path);
    return parameter;
  }

  /** Section 3, {@code <StepTemplate>}. */
  private static JsonObject step(int jobs, boolean gpus) {
    JsonObject step = new JsonObject();
    step.addProperty("name", "textures");
    JsonObject index = new JsonObject(); // section 3.4.1.1, with an <IntRangeExpr>: no limit
    index.addProperty("name", INDEX);
    index.addProperty("type", "INT");
    index.addProperty("range", jobs == 1 ? "0" : "0-" + (jobs - 1));
    JsonObject space = new JsonObject();
    space.add("taskParameterDefinitions", list(index));
    step.add("parameterSpace", space);
    if (gpus) {
      JsonObject amount = new JsonObject(); // section 3.3.1, <AmountRequirement>
      amount.addProperty("name", "amount.worker.gpu");
      amount.addProperty("min", 1);
      JsonObject needs = new JsonObject();
      needs.add("amounts", list(amount));
      step.add("hostRequirements", needs);
    }
    JsonObject actions = new JsonObject();
    actions.add("onRun", onRun());
    JsonObject script = new JsonObject();
    script.add("actions", actions);
    step.add("script", script);
    return step;
  }

  /** Section 5, {@code <Action>}. A task that is told to end writes its checkpoint first. */
  private static JsonObject onRun() {
    JsonArray words = new JsonArray();
    List.of("task", "--run", "{{Param." + RUN + "}}", "--index", "{{Task.Param." + INDEX + "}}")
        .forEach(words::add);
    JsonObject cancelation = new JsonObject(); // section 5.3.2
    cancelation.addProperty("mode", "NOTIFY_THEN_TERMINATE");
    cancelation.addProperty("notifyPeriodInSeconds", 60);
    JsonObject action = new JsonObject();
    action.addProperty("command", "gramloom");
    action.add("args", words);
    action.add("cancelation", cancelation);
    return action;
  }

  private static JsonArray list(JsonObject item) {
    JsonArray list = new JsonArray();
    list.add(item);
    return list;
  }
}
