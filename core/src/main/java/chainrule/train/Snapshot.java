// SPDX-License-Identifier: MIT
package chainrule.train;

import java.util.List;

/**
 * The complete state of a training run. A run resumed from it, with the same network, settings and data, ends in the
 * same bits as a run that was never stopped. Random numbers need no state, since they are functions of seed, epoch and
 * step.
 *
 * <p>The arrays belong to the run and are valid only while {@link Trainer#checkpoint}'s receiver is called. Write them
 * to a file, or copy them.
 *
 * @param epochs the complete epochs so far
 * @param stepsOfEpoch the number of steps made in the epoch after them
 * @param lossOfEpoch Σ loss over the rows of those steps, each times its weight
 * @param steps the number of all steps made
 * @param parameters θ [parameters]
 * @param epochParameters θ after the last complete epoch, which training restores when it diverges
 * @param optimizerState the optimizer's state [slots][parameters]
 * @param bestEpoch the epoch with the lowest validation loss; 0 without early stopping or before the first epoch ends
 * @param bestParameters θ of that epoch [parameters]; null without early stopping
 */
public record Snapshot(
    List<History.Epoch> epochs, int stepsOfEpoch, double lossOfEpoch, long steps, double[] parameters,
    double[] epochParameters, double[][] optimizerState, int bestEpoch, double[] bestParameters) {

  /** Returns the progress, for a log line. */
  @Override public String toString() {
    return "after " + epochs.size() + " epochs and " + stepsOfEpoch + " steps, " + parameters.length + " parameters";
  }
}
