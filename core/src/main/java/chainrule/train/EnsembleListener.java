// SPDX-License-Identifier: MIT
package chainrule.train;

/**
 * Receives the progress of an ensemble's members, counted from 0. It is called by the threads that train, by one at a
 * time. The calls of one member are in order; those of different members come in any order.
 */
public interface EnsembleListener {

  /**
   * Called after each step of a member.
   *
   * @param member 0 … K − 1
   * @param epoch the member's current epoch, counted from 1
   * @param step the number of steps made in this epoch, ≥ 1
   * @param steps the number of steps in an epoch
   * @param loss the training loss over this epoch so far, see {@link TrainingListener#onStep}
   */
  default void onStep(int member, int epoch, int step, int steps, double loss) {}

  /**
   * Called after each epoch of a member.
   *
   * @param member 0 … K − 1
   * @param epoch the metrics of the epoch
   */
  default void onEpoch(int member, History.Epoch epoch) {}

  /**
   * Called when the training of a member has ended, also if it had ended before a resumption.
   *
   * @param member 0 … K − 1
   * @param history the epochs of the member and how it ended
   */
  default void onEnd(int member, History history) {}
}
