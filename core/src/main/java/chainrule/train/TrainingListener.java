// SPDX-License-Identifier: MIT
package chainrule.train;

import java.util.Objects;

/** Receives the progress of training, on the thread that trains. */
public interface TrainingListener {

  /**
   * Called after each step.
   *
   * @param epoch the current epoch, counted from 1
   * @param step the number of steps made in this epoch, ≥ 1
   * @param steps the number of steps in an epoch
   * @param loss the training loss over this epoch so far, a mean over its rows or their sum as the loss defines it
   */
  default void onStep(int epoch, int step, int steps, double loss) {}

  /**
   * Called after each epoch.
   *
   * @param epoch the metrics of the epoch
   */
  default void onEpoch(History.Epoch epoch) {}

  /**
   * {@return a listener that calls this one, then another}
   *
   * @param next the listener to call second
   */
  default TrainingListener andThen(TrainingListener next) {
    Objects.requireNonNull(next, "next");
    TrainingListener first = this;
    return new TrainingListener() {
      @Override public void onStep(int epoch, int step, int steps, double loss) {
        first.onStep(epoch, step, steps, loss);
        next.onStep(epoch, step, steps, loss);
      }

      @Override public void onEpoch(History.Epoch epoch) {
        first.onEpoch(epoch);
        next.onEpoch(epoch);
      }
    };
  }
}
