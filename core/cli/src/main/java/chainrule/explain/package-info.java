// SPDX-License-Identifier: MIT
/**
 * Formulas and training steps, explained: the library's formulas as the ledger lists them, and one training step with
 * each number as a sum of its terms. The command {@code explain} and the page of a step show both.
 */
package chainrule.explain;
