// SPDX-License-Identifier: MIT
package chainrule.train;

import java.io.Serializable;

/**
 * The result of a {@link TrialTask}, as plain data.
 *
 * @param candidate the number of the candidate
 * @param fold the number of the fold, from 0
 * @param epochs the epochs of the task
 * @param loss the loss on the fold's rows, by which candidates are compared; NaN or ∞ if training diverged
 * @param score a metric for people, such as the accuracy
 */
public record TrialResult(int candidate, int fold, int epochs, double loss, double score) implements Serializable {
  /**
   * {@return the result of a task}
   *
   * @param task the task
   * @param loss the loss on the fold's rows; NaN or ∞ if training diverged
   * @param score a metric for people
   */
  public static TrialResult of(TrialTask task, double loss, double score) {
    return new TrialResult(task.candidate().number(), task.fold().fold(), task.epochs(), loss, score);
  }
}
