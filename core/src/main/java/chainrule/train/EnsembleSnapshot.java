// SPDX-License-Identifier: MIT
package chainrule.train;

import java.util.List;

/**
 * The complete state of the training of an ensemble: that of each member, also of those that have ended, and of those
 * that have not started. Members may have trained for different numbers of epochs.
 *
 * <p>The arrays are copies, but valid only while {@link EnsembleTrainer#checkpoint}'s receiver is called.
 *
 * @param members the state of each member
 */
public record EnsembleSnapshot(List<Snapshot> members) {
  /**
   * Copies the list of members.
   *
   * @param members in the order of the folds
   */
  public EnsembleSnapshot {
    members = List.copyOf(members);
  }

  /** {@return the number of complete epochs of all members together} */
  public int epochs() {
    return members.stream().mapToInt(s -> s.epochs().size()).sum();
  }

  /** Returns the progress, for a log line. */
  @Override public String toString() {
    return members.size() + " members after " + members.stream().map(s -> String.valueOf(s.epochs().size())).toList()
        + " epochs";
  }
}
