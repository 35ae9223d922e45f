// SPDX-License-Identifier: MIT
package chainrule.train;

/**
 * Thrown when the loss or a parameter becomes NaN or infinite. The network's weights are restored to those after the
 * last complete epoch, or to the initial ones.
 */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int epoch;
  private final int step;
  private final String where;

  DivergedException(String what, int epoch, int step, String where) {
    super(what + " in epoch " + epoch + ", step " + step + ", " + where + "; the network has "
        + (epoch == 1 ? "its initial weights" : "the weights of epoch " + (epoch - 1))
        + " again; a lower learning rate, gradient clipping or standardized inputs usually help");
    this.epoch = epoch;
    this.step = step;
    this.where = where;
  }

  private DivergedException(String prefix, DivergedException e) {
    super(prefix + e.getMessage(), e);
    this.epoch = e.epoch;
    this.step = e.step;
    this.where = e.where;
  }

  /** Returns the same for a member of an ensemble, counted from 0. */
  DivergedException ofMember(int member, int members) {
    return new DivergedException("member " + (member + 1) + " of " + members + ": ", this);
  }

  /** {@return the epoch in which training diverged, counted from 1} */
  public int epoch() {
    return epoch;
  }

  /** {@return the step of that epoch, counted from 1} */
  public int step() {
    return step;
  }

  /** {@return where the first number that is not finite was found: {@code "first in layer 2 (32 relu)"}} */
  public String where() {
    return where;
  }
}
