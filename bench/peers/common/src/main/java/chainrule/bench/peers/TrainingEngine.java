// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/** A library that trains a {@link TrainingTask}. Needs a constructor without arguments. Runs in a separate process. */
public interface TrainingEngine {
  /** Returns the name and version. */
  String name();

  /** Trains the epochs of the task, each between {@code server.startEpoch()} and {@code server.endEpoch(…)}. */
  void train(TrainingTask task, TrainingServer server) throws Exception;
}
