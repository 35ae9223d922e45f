// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/**
 * A library that trains. Has a constructor without arguments; lives in a process of its own, which prepares one work
 * with one number of threads and nothing else, but that one again and again: threads are to be made once.
 */
public interface Engine {
  /**
   * Puts data and first weights where this engine wants them.
   * @throws UnsupportedOperationException if this engine cannot do that, saying why
   */
  PreparedWorkload prepare(Workload work, int threads) throws Exception;

  /** Its name, its version and what it chose, such as a processor core; called after {@link #prepare}. */
  String name();
}
