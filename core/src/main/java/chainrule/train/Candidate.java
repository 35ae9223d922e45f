// SPDX-License-Identifier: MIT
package chainrule.train;

import java.io.Serializable;
import java.util.List;

/**
 * Settings of a network and its training to be compared with others, as plain data.
 *
 * @param number the number of the candidate, from 1
 * @param widths the units of each hidden layer, first to last
 * @param dropout the dropout rate after each hidden layer; 0 for none
 * @param rate the learning rate
 * @param l2 the factor λ of the penalty λ Σw²
 * @param batch the rows of a training step
 */
public record Candidate(int number, List<Integer> widths, double dropout, double rate, double l2, int batch)
    implements Serializable {

  /**
   * Copies the widths.
   *
   * @param number the number of the candidate
   * @param widths the units of each hidden layer; not null
   * @param dropout the dropout rate
   * @param rate the learning rate
   * @param l2 λ
   * @param batch the rows of a training step
   */
  public Candidate {
    widths = List.copyOf(widths);
  }

  /**
   * {@return the hidden layers as {@code train --layers} takes them: {@code 64:relu,dropout:0.2}; none for none}
   *
   * @param activation the activation of every hidden layer, such as {@code relu}
   */
  public String layers(String activation) {
    StringBuilder s = new StringBuilder();
    for (int width : widths) {
      s.append(s.length() == 0 ? "" : ",").append(width).append(':').append(activation);
      if (dropout > 0) s.append(",dropout:").append(dropout);
    }
    return s.length() == 0 ? "none" : s.toString();
  }

  /** Returns the settings, for a log line. */
  @Override public String toString() {
    return "candidate " + number + ": hidden layers " + widths + ", dropout " + dropout + ", rate " + rate + ", L2 "
        + l2 + ", batch " + batch;
  }
}
