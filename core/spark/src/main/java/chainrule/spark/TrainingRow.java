// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.Serializable;

/**
 * A training row that lives on an executor.
 *
 * @param number of the row, from 0; n rows have the numbers 0 … n − 1
 * @param x the inputs, as the network reads them
 * @param y the targets, in the form of the network's outputs
 * @param weight by which the row's loss is multiplied; 1 in data without weights
 */
public record TrainingRow(int number, double[] x, double[] y, double weight) implements Serializable {
  /** A row of weight 1. */
  public TrainingRow(int number, double[] x, double[] y) {
    this(number, x, y, 1);
  }
}
