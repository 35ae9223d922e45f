// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/** A library that takes a {@link TrainingTask}. Has a constructor without arguments; lives in a process of its own. */
public interface TrainingEngine {
  /** Its name and version. */
  String name();

  /**
   * Gets ready, then takes all epochs of the task, each between {@link TrainingServer#begin} and
   * {@link TrainingServer#end}.
   */
  void learn(TrainingTask task, TrainingServer epochs) throws Exception;
}
