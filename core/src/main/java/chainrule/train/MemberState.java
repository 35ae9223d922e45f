// SPDX-License-Identifier: MIT
package chainrule.train;

import java.util.List;

/** A copy of the state of a member, so that it can be written to a file while the member continues. */
final class MemberState {
  private final double[] parameters;
  private final double[] epochParameters;
  private final double[] bestParameters;
  private final double[][] optimizerState;
  private Snapshot snapshot; // of the arrays above

  /** The state before the first step. */
  MemberState(Trainer t) {
    int n = t.network.parameters().length;
    parameters = t.network.parameters().clone();
    epochParameters = t.network.parameters().clone();
    bestParameters = new double[n];
    optimizerState = new double[t.optimizer.slots()][n];
    snapshot = new Snapshot(List.of(), 0, 0, 0, parameters, epochParameters, optimizerState, 0, bestParameters);
  }

  Snapshot snapshot() {
    return snapshot;
  }

  void copy(Snapshot s) {
    copy(s.parameters(), parameters);
    copy(s.epochParameters(), epochParameters);
    copy(s.bestParameters(), bestParameters);
    for (int i = 0; i < optimizerState.length; i++) copy(s.optimizerState()[i], optimizerState[i]);
    snapshot = new Snapshot(s.epochs(), s.stepsOfEpoch(), s.lossOfEpoch(), s.steps(), parameters, epochParameters,
        optimizerState, s.bestEpoch(), bestParameters);
  }

  private static void copy(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }
}
