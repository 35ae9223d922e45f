// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

/** Thrown if a figure cannot be measured on this machine, with the reason as its message. */
final class NotMeasured extends Exception {
  private static final long serialVersionUID = 1;

  NotMeasured(String reason) {
    super(reason);
  }
}
