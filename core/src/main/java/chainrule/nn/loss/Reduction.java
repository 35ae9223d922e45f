// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

/** How the losses of a batch's n rows are combined into one number. The source documents use both ways. */
public enum Reduction {
  /** Σ over the rows. */
  SUM {
    @Override public double factor(int rows) {
      return 1;
    }
  },
  /** (1/n) Σ over the rows; the outputs of one row are always summed. The mean of 0 rows is 0. */
  MEAN {
    @Override public double factor(int rows) {
      return rows == 0 ? 0 : 1.0 / rows;
    }
  };

  /** Returns the name of a loss with this reduction: the plain name for a mean, with {@code -sum} for a sum. */
  String name(String plain) {
    return this == SUM ? plain + "-sum" : plain;
  }

  /** Returns f, the factor of the sum over the rows and of its gradient. */
  public abstract double factor(int rows);
}
