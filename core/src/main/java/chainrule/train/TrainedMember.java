// SPDX-License-Identifier: MIT
package chainrule.train;

import java.io.Serializable;
import java.util.Objects;

/**
 * What the training of one member of an ensemble gives, as plain data that another machine can send:
 * {@link EnsembleTrainer#fitMember}.
 *
 * @param member 0 … K − 1
 * @param parameters θ of epoch {@link History#kept} [parameters]; the array is not copied
 * @param history the epochs of the member and how it ended
 */
public record TrainedMember(int member, double[] parameters, History history) implements Serializable {
  /**
   * Checks the number of the member.
   *
   * @param member 0 … K − 1
   * @param parameters θ [parameters]; not null
   * @param history not null
   */
  public TrainedMember {
    if (member < 0) throw new IllegalArgumentException("member: expected ≥ 0, found " + member);
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(history, "history");
  }

  /** Returns the number of the member and how its training ended, for a log line. */
  @Override public String toString() {
    return "member " + member + ", " + parameters.length + " parameters: " + history;
  }
}
