package dev.gramloom.synthesis;

import dev.gramloom.image.Image;
import dev.gramloom.optimize.Optimizer;
import dev.gramloom.optimize.OptimizerState;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.Checkpoint.Leg;
import dev.gramloom.synthesis.SynthesisResult.ScaleReport;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A run's way through its scales: what is behind it, and where it takes up again. */
final class Course {
  private final List<Scale> scales;
  private final Checkpoints checkpoints;
  private final List<Leg> behind = new ArrayList<>();
  private final List<Double> losses = new ArrayList<>(); // of the leg at work
  private Checkpoint resumed; // null once it was taken up
  private int exemplarWidth;
  private int exemplarHeight;
  private double earlier; // seconds of the leg at work that an earlier process spent
  private long start;
  private Supplier<OptimizerState> state;
  private boolean over;

  Course(List<Scale> scales, Checkpoints checkpoints) {
    this.scales = scales;
    this.checkpoints = checkpoints;
    resumed = checkpoints.resumed().orElse(null);
    if (resumed != null) {
      behind.addAll(resumed.legs().subList(0, resumed.leg()));
    }
  }

  /** The scales that are not behind. */
  List<Scale> ahead() {
    return scales.subList(behind.size(), scales.size());
  }

  /** Whether the next leg was begun by an earlier process. */
  boolean resumes() {
    return resumed != null;
  }

  /** The picture with which the next leg is taken up. */
  Image picture() {
    Scale scale = scales.get(behind.size());
    return new Image(scale.height(), scale.width(), resumed.state().vectors().get(0));
  }

  /**
   * Begins the next leg, or takes it up.
   *
   * @return the state to go on from; null where there is none
   */
  OptimizerState begin(int widthOfExemplar, int heightOfExemplar) {
    exemplarWidth = widthOfExemplar;
    exemplarHeight = heightOfExemplar;
    start = System.nanoTime();
    losses.clear();
    earlier = 0;
    over = false;
    if (resumed == null) {
      return null;
    }
    Leg leg = resumed.legs().get(resumed.leg());
    for (double loss : leg.losses()) {
      losses.add(loss);
    }
    earlier = leg.seconds();
    over = resumed.over();
    OptimizerState from = resumed.state();
    resumed = null;
    return from;
  }

  /** Whether nothing is left to do in the leg at work but to end it. */
  boolean isOver() {
    return over;
  }

  /** Hears the optimiser of the leg at work. */
  Optimizer.Listener listener(Optimizer.Listener other) {
    return new Optimizer.Listener() {
      @Override
      public void begins(Supplier<OptimizerState> source) {
        state = source;
        other.begins(source);
      }

      @Override
      public void iterated(int iteration, double value) {
        losses.add(value);
        other.iterated(iteration, value);
      }
    };
  }

  /**
   * Whether the last iterations of the leg at work lowered the loss by less than a share of it.
   *
   * @param share 0 is never too little
   */
  boolean gainedLess(double share, int iterations) {
    int before = losses.size() - 1 - iterations;
    return share > 0
        && before >= 0
        && losses.get(before) - losses.get(losses.size() - 1) < share * losses.get(before);
  }

  /** A moment between two legs, or before the first, as while an exemplar is measured. */
  void pauseBetween() {
    if (resumed != null || behind.isEmpty()) {
      checkpoints.pause();
    } else {
      checkpoints.pause(() -> new Checkpoint(behind, true, state.get()));
    }
  }

  /** A moment within an evaluation. */
  void pause() {
    checkpoints.pause(this::checkpoint);
  }

  /**
   * Ends the leg at work.
   *
   * @param picture its result; kept until the next leg begins
   */
  void end(Tensor picture) {
    over = true;
    state =
        () ->
            new OptimizerState(
                0, new double[0], OptimizerState.fetched(1, index -> picture.toArray()));
    if (behind.size() == scales.size() - 1) {
      pause();
    }
    behind.add(leg());
  }

  /** How each scale went. */
  List<ScaleReport> reports() {
    List<ScaleReport> reports = new ArrayList<>();
    for (Leg leg : behind) {
      reports.add(
          new ScaleReport(
              scales.get(reports.size()),
              leg.exemplarWidth(),
              leg.exemplarHeight(),
              leg.losses(),
              leg.seconds()));
    }
    return reports;
  }

  private Checkpoint checkpoint() {
    List<Leg> legs = new ArrayList<>(behind);
    legs.add(leg());
    return new Checkpoint(legs, over, state.get());
  }

  private Leg leg() {
    double[] curve = losses.stream().mapToDouble(Double::doubleValue).toArray();
    double seconds = earlier + (System.nanoTime() - start) / 1e9;
    return new Leg(exemplarWidth, exemplarHeight, curve, seconds);
  }
}
