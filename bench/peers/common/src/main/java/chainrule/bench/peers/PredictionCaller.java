// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/** A thread of a server: it has the rows of a request in a Java array, and needs the probabilities in another. */
public interface PredictionCaller {
  /** Predicts the rows of the workload, with everything that a request costs: copies, tensors, results. */
  void call() throws Exception;

  /** Returns the probabilities [n × classes] of the last call. */
  double[] probabilities();
}
