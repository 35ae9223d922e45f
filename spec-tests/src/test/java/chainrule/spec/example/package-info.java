// SPDX-License-Identifier: MIT
/**
 * Worked examples: for each formula a few small numbers and what the library computes from them. The sheets
 * ({@code SHEETS.md}) and the command line show them. {@code Plots} has what the ledger page draws.
 */
package chainrule.spec.example;
