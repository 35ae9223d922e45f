// SPDX-License-Identifier: MIT
/**
 * The command line and the report of a training run. Depends on {@code chainrule.core} alone.
 *
 * <ul>
 *   <li>{@code chainrule.cli}: the commands, from arguments to printed results;
 *   <li>{@code chainrule.report}: a training run as one HTML page, also for use from Java;
 *   <li>{@code chainrule.explain}: formulas, and training steps with each number as a sum of its terms;
 *   <li>{@code chainrule.format}: numbers and names as strings, for all of them; not exported.
 * </ul>
 *
 * Networks, training, data and model files are in {@code chainrule.core}.
 */
module chainrule.cli {
  requires transitive chainrule.core;

  exports chainrule.explain;
  exports chainrule.report;
  exports chainrule.cli;
}
