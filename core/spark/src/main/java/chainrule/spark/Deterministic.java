// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.DataException;
import chainrule.train.DivergedException;

/** Tells the failures that every further attempt would repeat from those of a machine. */
final class Deterministic {
  private Deterministic() {}

  /** Returns whether the same task would throw it again. Such a failure is reported after one attempt. */
  static boolean test(Throwable failure) {
    return failure instanceof DivergedException || failure instanceof DataException
        || failure instanceof IllegalArgumentException;
  }
}
