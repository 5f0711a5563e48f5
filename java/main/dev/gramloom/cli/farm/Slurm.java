package dev.gramloom.cli.farm;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Slurm's own commands, of slurm-client; needs neither slurmdbd nor sacct. */
public final class Slurm {
  private static final Pattern FIELD = Pattern.compile("(?:^| )([A-Z][A-Za-z]*)=(\\S*)");

  /** What Slurm says of a job that it has forgotten. */
  private static final String FORGOTTEN = "Invalid job id specified";

  /** How a program ended: its standard output, and standard error. */
  private record Ended(int code, String out, String err) {}

  /**
   * Submits an array.
   *
   * @param words as {@link SlurmOptions#words} makes them
   * @return its number
   * @throws Failure UNAVAILABLE if there is no sbatch, or it refuses
   */
  String submit(List<String> words) {
    String said = run(words).strip();
    String id = said.replaceFirst(";.*", ""); // a cluster's name may follow
    if (!id.matches("\\d+")) {
      throw new Failure(ExitCode.UNAVAILABLE, "sbatch gave no job's number, it said: " + said);
    }
    return id;
  }

  /** How large arrays may be. */
  public SlurmLimits limits() {
    return SlurmLimits.of(run(List.of("scontrol", "show", "config")));
  }

  /** Ends all of an array. */
  void cancel(String job) {
    run(List.of("scancel", job));
  }

  /**
   * The states of an array's jobs, by their numbers in it; empty when Slurm has forgotten it.
   *
   * @throws Failure UNAVAILABLE if Slurm does not answer
   */
  SortedMap<Integer, String> states(String job) {
    Ended ended = start(List.of("scontrol", "-o", "show", "job", job));
    if (ended.code != 0 && ended.err.contains(FORGOTTEN)) {
      return new TreeMap<>();
    }
    return states(checked("scontrol", ended).lines().toList());
  }

  static SortedMap<Integer, String> states(List<String> lines) {
    SortedMap<Integer, String> states = new TreeMap<>();
    for (String line : lines) {
      Map<String, String> fields = new TreeMap<>();
      Matcher field = FIELD.matcher(line);
      while (field.find()) {
        fields.putIfAbsent(field.group(1), field.group(2)); // later ones are the user's
      }
      Optional<String> numbers = Optional.ofNullable(fields.get("ArrayTaskId"));
      SortedSet<Integer> indices = IndexRanges.parse(numbers.orElse(""));
      indices.forEach(index -> states.put(index, fields.getOrDefault("JobState", "")));
    }
    return states;
  }

  private static String run(List<String> words) {
    return checked(words.get(0), start(words));
  }

  private static String checked(String program, Ended ended) {
    if (ended.code != 0) {
      String said = ended.err.isBlank() ? ended.out : ended.err;
      throw new Failure(
          ExitCode.UNAVAILABLE, said.isBlank() ? program + " failed and said nothing" : said);
    }
    return ended.out;
  }

  private static Ended start(List<String> words) {
    Path err = null;
    try {
      err = Files.createTempFile("gramloom-", ".slurm");
      Process process =
          new ProcessBuilder(words)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectError(err.toFile())
              .start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), out, Files.readString(err));
    } catch (IOException e) {
      throw new Failure(
          ExitCode.UNAVAILABLE,
          "%s is not there: run this where Slurm's commands are installed (slurm-client of Debian), or see gramloom farm export"
              .formatted(words.get(0)),
          e);
    } catch (InterruptedException e) {
      throw new Failure(ExitCode.STOPPED, "stopped", e);
    } finally {
      remove(err);
    }
  }

  private static void remove(Path file) {
    if (file != null) {
      file.toFile().delete();
    }
  }
}
