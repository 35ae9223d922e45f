// SPDX-License-Identifier: MIT
package chainrule.cli;

/** Thrown by a {@link TrainingCluster} that cannot do its work. The message is one line that says what to do. */
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param message one line for the user
   * @param cause for a log; null if there is none
   */
  public ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
