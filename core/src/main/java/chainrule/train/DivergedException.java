// SPDX-License-Identifier: MIT
package chainrule.train;

/**
 * Training stopped because the loss, or a parameter, was no longer a finite number. The network has the weights of the
 * last whole epoch again.
 */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int epoch;
  private final int step;
  private final String where;

  DivergedException(String what, int epoch, int step, String where) {
    super(what + " in epoch " + epoch + ", step " + step + ", " + where + "; the network has "
        + (epoch == 1 ? "its first weights" : "the weights of epoch " + (epoch - 1))
        + " again; a lower learning rate, clipped gradients or standardised inputs usually help");
    this.epoch = epoch;
    this.step = step;
    this.where = where;
  }

  /** The epoch in which it happened, from 1. */
  public int epoch() {
    return epoch;
  }

  /** The step of that epoch, from 1. */
  public int step() {
    return step;
  }

  /** Where it was first seen: {@code "first in layer 2 (32 relu)"}. */
  public String where() {
    return where;
  }
}
