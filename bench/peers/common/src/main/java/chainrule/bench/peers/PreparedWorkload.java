// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/** A workload that an engine has prepared. */
public interface PreparedWorkload extends AutoCloseable {
  /** Takes a training step on the batch. Returns the mean loss before the update, or 0: see {@link #lossAndStep}. */
  double step();

  /** Computes the probabilities [classes] of the first row of x. */
  void predict(double[] probabilities);

  /**
   * Takes a training step, and always returns the mean loss before the update. An engine whose training does not
   * compute the loss returns 0 from {@link #step}, which is timed, and computes the loss here in a separate forward
   * pass.
   */
  default double lossAndStep() {
    return step();
  }

  /** Releases memory that the garbage collector does not manage. */
  @Override default void close() {}
}
