// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

/**
 * A figure of a run, or the reason why it was not measured.
 *
 * @param group the point of the table ("1" to "8"), or the chart that shows the figure
 * @param row the row of {@code bench/RESULTS.md}, which several figures with the same goal may share
 * @param name what was measured, unique in its group
 * @param unit the unit, such as "× OpenBLAS", "of the peak" or "µs"
 * @param spread null if it was not measured
 * @param reason why it was not measured; otherwise empty
 */
record Figure(String group, String row, String name, String unit, Goal goal, Spread spread, String reason) {
  /** The unit of a share of the peak of a core. */
  static final String OF_PEAK = "of the peak";

  /** Creates a figure without a goal, for a chart. */
  static Figure ofChart(String group, String name, String unit, Spread spread) {
    return new Figure(group, name, name, unit, Goal.NONE, spread, "");
  }

  boolean isMeasured() {
    return spread != null;
  }

  /** Returns whether the figure belongs to the table; others are in charts only. */
  boolean isInTable() {
    return !goal.sign().isEmpty();
  }

  /**
   * Returns whether two runs can be compared by this figure. Absolute times vary by 5 to 10 % between runs, ratios
   * less.
   */
  boolean isRelative() {
    return isInTable() || unit.equals(OF_PEAK);
  }

  /** Returns whether the goal is reached; false if the figure was not measured. */
  boolean isReached() {
    return isMeasured() && goal.isReachedBy(spread.median());
  }

  String key() {
    return group + "\t" + name;
  }
}
