package dev.gramloom.cli.farm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports against the rules of who reads them. */
class FarmExportTest {
  private static final List<String> TASK = List.of("gramloom", "task");
  private static final SlurmOptions OPTIONS = new SlurmOptions(8, "1:00:00", null, "gpu:1", null);

  /** Template Schemas 2023-09, section 7.1. */
  private static final String IDENTIFIER = "[A-Za-z_][A-Za-z0-9_]{0,63}";

  @TempDir Path folder;

  private JsonObject export(FarmExport format) throws IOException {
    RunFolder run = Runs.make(folder, 5);
    return JsonParser.parseString(Files.readString(format.write(run, OPTIONS, TASK)))
        .getAsJsonObject();
  }

  private static Set<String> keys(JsonElement object, String... allowed) {
    Set<String> keys = new TreeSet<>(object.getAsJsonObject().keySet());
    Set<String> strangers = new TreeSet<>(keys);
    strangers.removeAll(Set.of(allowed));
    assertEquals(Set.of(), strangers);
    return keys;
  }

  private static JsonArray list(JsonElement object, String key, int most) {
    JsonArray list = object.getAsJsonObject().getAsJsonArray(key);
    assertTrue(!list.isEmpty() && list.size() <= most, key);
    return list;
  }

  private static String text(JsonElement object, String key) {
    return object.getAsJsonObject().get(key).getAsString();
  }

  private static void assertName(String name, int longest) {
    assertTrue(name.codePoints().noneMatch(c -> Character.getType(c) == Character.CONTROL), name);
    assertTrue(!name.isEmpty() && name.length() <= longest, name);
  }

  /** Sections 1.1, 1.1.1, 2.2, 2.5, 3, 3.1, 3.3, 3.4, 5, 7.1 and 7.3. */
  @Test
  void theTemplateKeepsTheRulesOfOpenJobDescription() throws IOException {
    JsonObject template = export(FarmExport.OPENJD);
    keys(template, "specificationVersion", "name", "parameterDefinitions", "steps");
    assertEquals("jobtemplate-2023-09", text(template, "specificationVersion"));
    assertName(text(template, "name"), 128);
    Set<String> known = new HashSet<>();
    for (JsonElement parameter : list(template, "parameterDefinitions", 50)) {
      keys(parameter, "name", "type", "default", "objectType", "dataFlow");
      assertTrue(text(parameter, "name").matches(IDENTIFIER));
      assertEquals("PATH", text(parameter, "type"));
      assertEquals("DIRECTORY", text(parameter, "objectType"));
      assertTrue(Set.of("NONE", "IN", "OUT", "INOUT").contains(text(parameter, "dataFlow")));
      assertTrue(text(parameter, "default").length() <= 1024);
      assertTrue(known.add("Param." + text(parameter, "name")), "names are unique");
    }
    Set<String> steps = new HashSet<>();
    for (JsonElement step : list(template, "steps", Integer.MAX_VALUE)) {
      keys(step, "name", "parameterSpace", "hostRequirements", "script");
      assertName(text(step, "name"), 64);
      assertTrue(steps.add(text(step, "name")));
      assertStep(step.getAsJsonObject(), known);
    }
  }

  private static void assertStep(JsonObject step, Set<String> known) {
    JsonElement space = step.get("parameterSpace");
    keys(space, "taskParameterDefinitions");
    Set<String> names = new HashSet<>(known);
    for (JsonElement parameter : list(space, "taskParameterDefinitions", 16)) {
      keys(parameter, "name", "type", "range");
      assertTrue(text(parameter, "name").matches(IDENTIFIER));
      assertEquals("INT", text(parameter, "type"));
      assertEquals("0-1", text(parameter, "range")); // <IntRangeExpr>, 3.4.1.1.1: both jobs
      assertTrue(names.add("Task.Param." + text(parameter, "name")));
    }
    JsonElement needs = step.get("hostRequirements");
    keys(needs, "amounts");
    for (JsonElement amount : list(needs, "amounts", 50)) {
      keys(amount, "name", "min");
      assertTrue(
          text(amount, "name").matches("amount\\.worker\\.(?:vcpu|memory|gpu|gpu\\.memory)"));
      assertTrue(amount.getAsJsonObject().get("min").getAsInt() >= 0);
    }
    JsonObject script = step.getAsJsonObject("script");
    keys(script, "actions");
    keys(script.get("actions"), "onRun");
    JsonObject action = script.getAsJsonObject("actions").getAsJsonObject("onRun");
    keys(action, "command", "args", "cancelation");
    assertFormat(text(action, "command"), Set.of());
    for (JsonElement word : list(action, "args", Integer.MAX_VALUE)) {
      assertFormat(word.getAsString(), names);
    }
    JsonObject cancelation = action.getAsJsonObject("cancelation");
    keys(cancelation, "mode", "notifyPeriodInSeconds");
    assertEquals("NOTIFY_THEN_TERMINATE", text(cancelation, "mode"));
    int seconds = cancelation.get("notifyPeriodInSeconds").getAsInt();
    assertTrue(seconds > 0 && seconds <= 600);
  }

  /** A format string, section 7.3, refers to what is defined. */
  private static void assertFormat(String text, Set<String> names) {
    assertTrue(!text.isEmpty());
    Matcher reference = Pattern.compile("\\{\\{\\s*([^}]*?)\\s*}}").matcher(text);
    while (reference.find()) {
      assertTrue(names.contains(reference.group(1)), text);
    }
  }

  @Test
  void aPathThatNoTemplateTakesIsRefused() {
    RunFolder run = new RunFolder(Path.of("/" + "long/".repeat(300)));
    Failure failure = assertThrows(Failure.class, () -> OpenJobTemplate.of(run, false));
    assertEquals(ExitCode.USAGE, failure.exitCode());
  }

  @Test
  void theManifestRetriesAnIndexButNotABadJob() throws IOException {
    JsonObject job = export(FarmExport.KUBERNETES);
    assertEquals("batch/v1", text(job, "apiVersion"));
    JsonObject spec = job.getAsJsonObject("spec");
    assertEquals("Indexed", text(spec, "completionMode"));
    assertEquals(2, spec.get("completions").getAsInt());
    assertEquals(2, spec.get("parallelism").getAsInt());
    assertEquals(5, spec.get("backoffLimitPerIndex").getAsInt());
    JsonArray rules = list(spec.get("podFailurePolicy"), "rules", 20);
    for (JsonElement rule : rules) {
      boolean codes = rule.getAsJsonObject().has("onExitCodes");
      keys(rule, "action", codes ? "onExitCodes" : "onPodConditions");
    }
    assertEquals(Set.of(64, 65, 66, 73), codes(rules, "FailIndex"));
    assertEquals(Set.of(75), codes(rules, "Ignore"));
    JsonObject pod = spec.getAsJsonObject("template").getAsJsonObject("spec");
    assertEquals("Never", text(pod, "restartPolicy"));
    JsonObject container = list(pod, "containers", 1).get(0).getAsJsonObject();
    JsonArray words = container.getAsJsonArray("command");
    assertEquals("$(JOB_COMPLETION_INDEX)", words.get(words.size() - 1).getAsString());
    assertTrue(text(list(pod, "volumes", 1).get(0), "name").equals("run"));
  }

  private static Set<Integer> codes(JsonArray rules, String action) {
    Set<Integer> codes = new HashSet<>();
    StreamSupport.stream(rules.spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(rule -> text(rule, "action").equals(action) && rule.has("onExitCodes"))
        .map(rule -> rule.getAsJsonObject("onExitCodes"))
        .peek(rule -> assertEquals("In", text(rule, "operator")))
        .forEach(rule -> rule.getAsJsonArray("values").forEach(code -> codes.add(code.getAsInt())));
    return codes;
  }

  @Test
  void aFolderThatHoldsARunIsNotTakenAgain() throws IOException {
    RunFolder run = Runs.make(folder, 5);
    Failure failure =
        assertThrows(Failure.class, () -> RunFolder.create(run.outputs(), run.allJobs(), 5));
    assertEquals(ExitCode.USAGE, failure.exitCode());
  }

  @Test
  void anOutputThatIsThereIsNotReplaced() throws IOException {
    RunFolder run = Runs.make(folder, 5);
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.createFile(other.resolve("bad.png"));
    Failure failure = assertThrows(Failure.class, () -> RunFolder.create(other, run.allJobs(), 5));
    assertEquals(ExitCode.USAGE, failure.exitCode());
    assertTrue(failure.getMessage().startsWith("line 3: "), failure::getMessage);
    assertFalse(Files.exists(other.resolve(".gramloom-farm")));
  }

  @Test
  void aRunThatWasTamperedWithLeadsNowhere() throws IOException {
    RunFolder run = Runs.make(folder, 5);
    Path jobs = run.folder().resolve("jobs.jsonl");
    String good = Files.readString(jobs);
    for (String bad : List.of("../x.png", "/x.png", ".hidden/x.png")) {
      Files.writeString(jobs, good.replace("\"walls/wave.png\"", "\"" + bad + "\""));
      Failure failure = assertThrows(Failure.class, () -> run.job(0));
      assertEquals(ExitCode.BAD_DATA, failure.exitCode());
    }
    Path done = run.task(0).done();
    Files.createDirectories(done.getParent());
    Files.writeString(done, "{\"token\":\"a\",\"start\":1,\"files\":[\"../../x\"]}");
    assertEquals(
        ExitCode.BAD_DATA,
        assertThrows(Failure.class, () -> Records.read(done, Publication.Done.class)).exitCode());
  }
}
