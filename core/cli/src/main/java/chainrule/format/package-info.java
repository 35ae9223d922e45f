// SPDX-License-Identifier: MIT
/**
 * Formats numbers, durations and names, for the command line and the report alike. Not exported.
 *
 * <p>Metrics in the command line's own style are in {@code chainrule.cli}.
 */
package chainrule.format;
