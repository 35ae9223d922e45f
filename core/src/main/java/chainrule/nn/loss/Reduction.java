// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

/** How the losses of a batch's n rows are combined into one number. The source documents use both ways. */
public enum Reduction {
  /** Σ over the rows. */
  SUM {
    @Override public double factor(double weight) {
      return 1;
    }
  },
  /** (1/n) Σ over the rows; the outputs of one row are always summed. The mean of 0 rows, or of weight 0, is 0. */
  MEAN {
    @Override public double factor(double weight) {
      return weight == 0 ? 0 : 1 / weight;
    }
  };

  /** Returns the name of a loss with this reduction: the plain name for a mean, with {@code -sum} for a sum. */
  String name(String plain) {
    return this == SUM ? plain + "-sum" : plain;
  }

  /**
   * {@return f, the factor of the sum over the rows and of its gradient}
   *
   * @param weight n, or Σ_b w_b for rows with {@linkplain RowWeights weights}
   */
  public abstract double factor(double weight);
}
