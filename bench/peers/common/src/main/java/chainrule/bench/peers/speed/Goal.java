// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.Locale;

/**
 * The goal of a figure, as text such as "≥ 1.05", "≤ 1.10" or "≥ 1.00 on Intel".
 *
 * @param sign ≥, ≤, or empty if there is no goal
 * @param where the maker of processors for which the goal applies, if this run is on another one; otherwise empty
 */
record Goal(String sign, double limit, String where) {
  static final Goal NONE = new Goal("", Double.NaN, "");

  static Goal atLeast(double limit) {
    return new Goal("≥", limit, "");
  }

  static Goal atMost(double limit) {
    return new Goal("≤", limit, "");
  }

  /** Returns this goal as one that applies only for a maker of processors. */
  Goal on(String maker, MachineKind machine) {
    return machine.maker().equals(maker) ? this : new Goal(sign, limit, maker);
  }

  /** Returns whether a smaller value is better. */
  boolean isUpperLimit() {
    return sign.equals("≤");
  }

  /** Returns whether the goal applies on the machine of this run. */
  boolean applies() {
    return !sign.isEmpty() && where.isEmpty();
  }

  boolean isReachedBy(double value) {
    return isUpperLimit() ? value <= limit : value >= limit;
  }

  /** Parses the text form. */
  static Goal parse(String text) {
    if (text.isEmpty()) return NONE;
    String[] parts = text.split(" on ", 2);
    String sign = parts[0].substring(0, 1);
    if (!sign.equals("≥") && !sign.equals("≤")) {
      throw new IllegalArgumentException("goal: expected ≥ or ≤ and a number, found " + text);
    }
    return new Goal(sign, Double.parseDouble(parts[0].substring(1).strip()), parts.length > 1 ? parts[1] : "");
  }

  @Override public String toString() {
    if (sign.isEmpty()) return "";
    return sign + " " + String.format(Locale.ROOT, "%.2f", limit) + (where.isEmpty() ? "" : " on " + where);
  }
}
