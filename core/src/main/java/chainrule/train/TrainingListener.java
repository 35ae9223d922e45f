// SPDX-License-Identifier: MIT
package chainrule.train;

/** Told how training goes, on the thread that trains. */
public interface TrainingListener {

  /** After each step. {@code loss} is the mean over the epoch so far. */
  default void onStep(int epoch, int step, int steps, double loss) {}

  /** After each epoch. */
  default void onEpoch(History.Epoch epoch) {}
}
