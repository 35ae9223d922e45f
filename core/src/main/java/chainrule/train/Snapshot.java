package chainrule.train;

import java.util.List;

/**
 * All that a training run needs to go on as if it had never stopped: a run resumed from it, with the same network,
 * settings and data, ends in the same bits. Random numbers need no state: they are functions of seed, epoch and step.
 *
 * <p>The arrays are those of the run itself, valid while the receiver is called: write them or copy them.
 *
 * @param epochs the whole epochs so far
 * @param stepsOfEpoch steps made in the epoch after them
 * @param lossOfEpoch Σ loss over the rows of those steps
 * @param steps steps made in all
 * @param parameters θ [parameters]
 * @param epochParameters θ after the last whole epoch: what the network goes back to where numbers are not finite any more
 * @param optimizerState the optimizer's memory [slots][parameters]
 * @param bestEpoch the epoch with the lowest validation loss; 0 where training does not stop early, or before the first
 * @param bestParameters its θ [parameters]; null where there is none
 */
public record Snapshot(
    List<History.Epoch> epochs, int stepsOfEpoch, double lossOfEpoch, long steps, double[] parameters,
    double[] epochParameters, double[][] optimizerState, int bestEpoch, double[] bestParameters) {}
