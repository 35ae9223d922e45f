// SPDX-License-Identifier: MIT
package chainrule.train;

/**
 * Receives the progress of an ensemble's members, counted from 0. It is called by the threads that train, by one at a
 * time. The calls of one member are in order; those of different members come in any order.
 */
public interface EnsembleListener {

  /** Called after each step of a member; the other parameters are those of {@link TrainingListener#onStep}. */
  default void onStep(int member, int epoch, int step, int steps, double loss) {}

  /** Called after each epoch of a member. */
  default void onEpoch(int member, History.Epoch epoch) {}

  /** Called when the training of a member has ended, also if it had ended before a resumption. */
  default void onEnd(int member, History history) {}
}
