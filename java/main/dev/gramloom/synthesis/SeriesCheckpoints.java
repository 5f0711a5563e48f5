package dev.gramloom.synthesis;

import dev.gramloom.synthesis.Checkpoint.Leg;
import dev.gramloom.synthesis.SynthesisResult.ScaleReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Keeps runs through the same scales, one after the other, as one run through all of them. */
public final class SeriesCheckpoints {
  private final Checkpoints all;
  private final int scales;
  private final List<Leg> behind = new ArrayList<>();
  private Checkpoint resumed; // null once its run was begun

  /**
   * @param all where the series' state is kept, and found
   * @param scales of each run
   */
  public SeriesCheckpoints(Checkpoints all, int scales) {
    this.all = all;
    this.scales = scales;
    resumed = all.resumed().orElse(null);
    if (resumed != null) {
      behind.addAll(resumed.legs().subList(0, runsBehind(resumed, scales) * scales));
    }
  }

  /** Whole runs behind a checkpoint of a series. */
  public static int runsBehind(Checkpoint checkpoint, int scales) {
    return checkpoint.leg() / scales;
  }

  /** Whole runs that are behind. */
  public int behind() {
    return behind.size() / scales;
  }

  /** Where the next run's state is kept, and found. */
  public Checkpoints next() {
    Checkpoint from = resumed;
    resumed = null;
    return new Checkpoints() {
      @Override
      public Optional<Checkpoint> resumed() {
        return Optional.ofNullable(from)
            .map(whole -> with(whole, whole.legs().subList(behind.size(), whole.legs().size())));
      }

      @Override
      public void pause(Supplier<Checkpoint> state) {
        all.pause(() -> {
          Checkpoint own = state.get();
          List<Leg> legs = new ArrayList<>(behind);
          legs.addAll(own.legs());
          return with(own, legs);
        });
      }
    };
  }

  private static Checkpoint with(Checkpoint checkpoint, List<Leg> legs) {
    return new Checkpoint(legs, checkpoint.over(), checkpoint.state(), checkpoint.seen());
  }

  /**
   * The run that was begun has ended.
   *
   * @param reports of all its scales
   */
  public void ended(List<ScaleReport> reports) {
    for (ScaleReport report : reports) {
      behind.add(
          new Leg(
              report.exemplarWidth(), report.exemplarHeight(), report.losses(), report.seconds()));
    }
  }
}
