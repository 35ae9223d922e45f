// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.Serializable;

/** A training row that lives on an executor. Not a record, because Spark's Kryo serializer cannot read records. */
public final class TrainingRow implements Serializable {
  private static final long serialVersionUID = 1;

  private final int number;
  private final double[] x;
  private final double[] y;
  private final double weight;

  /**
   * Creates a row of weight 1. The arrays are not copied.
   *
   * @param number of the row, from 0; n rows have the numbers 0 … n − 1
   * @param x the inputs, as the network reads them
   * @param y the targets, in the form of the network's outputs
   */
  public TrainingRow(int number, double[] x, double[] y) {
    this(number, x, y, 1);
  }

  /**
   * Creates a row. The arrays are not copied.
   *
   * @param number of the row, from 0; n rows have the numbers 0 … n − 1
   * @param x the inputs, as the network reads them
   * @param y the targets, in the form of the network's outputs
   * @param weight by which the row's loss is multiplied; 1 in data without weights
   */
  public TrainingRow(int number, double[] x, double[] y, double weight) {
    this.number = number;
    this.x = x;
    this.y = y;
    this.weight = weight;
  }

  /** {@return the number of the row, from 0} */
  public int number() {
    return number;
  }

  /** {@return the inputs: the array itself, not a copy} */
  public double[] x() {
    return x;
  }

  /** {@return the targets: the array itself, not a copy} */
  public double[] y() {
    return y;
  }

  /** {@return the factor of the row's loss} */
  public double weight() {
    return weight;
  }
}
