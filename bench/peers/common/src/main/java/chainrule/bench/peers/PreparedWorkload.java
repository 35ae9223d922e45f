// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/** A work in an engine, ready to run. */
public interface PreparedWorkload extends AutoCloseable {
  /** One step of training on the batch; returns the mean loss before the update: see {@link #lossAndStep}. */
  double step();

  /** Probabilities [classes] of the first row of x, which the engine may have put where it likes beforehand. */
  void predict(double[] probabilities);

  /**
   * A step that always returns the mean loss before the update. An engine whose training does not compute the loss
   * returns 0 from {@link #step}, which is timed, and looks for the loss here by a forward pass first.
   */
  default double lossAndStep() {
    return step();
  }

  /** Gives back what no collector would. */
  @Override default void close() {}
}
