// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

/** How the losses of a batch's n rows become one number. The documents use both. */
public enum Reduction {
  /** Σ over the rows. */
  SUM {
    @Override public double factor(int rows) {
      return 1;
    }
  },
  /** (1/n) Σ over the rows; a row's own outputs are always summed. 0 rows have the mean 0. */
  MEAN {
    @Override public double factor(int rows) {
      return rows == 0 ? 0 : 1.0 / rows;
    }
  };

  /** The name of a loss under this reduction: the mean has the plain name, the sum says so. */
  String name(String plain) {
    return this == SUM ? plain + "-sum" : plain;
  }

  /** What the sum over the rows, and its gradient, is multiplied by. */
  public abstract double factor(int rows);
}
