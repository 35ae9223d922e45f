// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/**
 * A library that runs a {@link Workload}. Needs a constructor without arguments. Runs in a separate process, which
 * prepares one workload with one number of threads, possibly several times. Thread pools should be created only once.
 */
public interface Engine {
  /**
   * Copies data and initial weights into the structures of this engine.
   *
   * @throws UnsupportedOperationException if this engine does not support the workload, with the reason as its message
   */
  PreparedWorkload prepare(Workload work, int threads) throws Exception;

  /** Returns the name, the version and selected features of the engine. Called after {@link #prepare}. */
  String name();
}
