package dev.gramloom.cli.farm;

import java.util.List;

/**
 * What every task of a Slurm array runs: {@code gramloom task}, and after it the decision whether
 * Slurm is to start it again.
 *
 * <p>Slurm restarts by itself only what it has ended itself (a preempted job, a lost node). Of the
 * other ends the script asks for a restart where one can help. It does so while Slurm calls the job
 * running and this start the current one: a job that is being cancelled must not come back, and a
 * start that lived on behind a broken cable must not end its successor.
 */
final class ArrayScript {
  private static final String TEXT =
      """
      #!/bin/bash
      # One task of an array: job number SLURM_ARRAY_TASK_ID + $1 of the run.
      run=%s
      task=(%s)
      retries=%d
      index=$((SLURM_ARRAY_TASK_ID + ${1:-0}))
      farm=$run/.gramloom-farm
      exec >>"$farm/logs/$index.log" 2>&1
      echo "== job ${SLURM_JOB_ID:-?}, restart ${SLURM_RESTART_COUNT:-0}, on ${SLURMD_NODENAME:-?}, $(date)"

      # Slurm tells this shell that the time is nearly over; the task then writes its checkpoint.
      child=
      told=
      stop() {
        told=yes
        [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
      }
      trap stop TERM
      "${task[@]}" --run "$run" --index "$index" &
      child=$!
      [ -z "$told" ] || stop # it came before there was a task to tell
      while :; do
        told=
        wait "$child"
        code=$?
        [ -n "$told" ] || break # else the signal ended the wait, and not the task
      done

      # Only the current start of a running job may ask for another.
      current() {
        local job
        job=$(scontrol -o show job "$SLURM_JOB_ID") || return 2
        [[ $job == *" JobState=RUNNING "* && $job == *" Restarts=${SLURM_RESTART_COUNT:-0} "* ]]
      }

      again() {
        local try
        echo "== exit code $code: to be started again"
        for try in 1 2 3 4 5 6 7 8 9 10 11 12; do # slurmctld may be restarting
          [ ! -e "$farm/cancelled" ] || exit "$code"
          current
          case $? in
            0) ! scontrol requeue "$SLURM_JOB_ID" || sleep 600 ;; # Slurm ends this shell
            1) exit "$code" ;;
          esac
          sleep "${GRAMLOOM_FARM_WAIT:-10}"
        done
        echo '== Slurm did not answer'
        exit "$code"
      }

      case $code in
        0) ;;
        33 | 64 | 65 | 66 | 70 | 73) echo "== exit code $code: not to be started again" ;;
        # Stopped, killed or told to end: the task itself counts starts that got nowhere.
        75 | 137 | 143) again ;;
        # The Java machine crashed or did not even start: nobody else counts that.
        *)
          printf x >>"$farm/crashes/$index"
          [ "$(wc -c <"$farm/crashes/$index")" -gt "$retries" ] || again
          echo "== exit code $code: crashed too often"
          ;;
      esac
      exit "$code"
      """;

  private ArrayScript() {}

  /**
   * The script.
   *
   * @param run whose tasks it runs
   * @param task the words that start {@code gramloom task}, without the run and the index
   */
  static String of(RunFolder run, List<String> task) {
    // One pass: what the words contain is not read again.
    return TEXT.formatted(
        ShellWord.of(run.outputs().toString()), ShellWord.line(task), run.settings().retries());
  }
}
