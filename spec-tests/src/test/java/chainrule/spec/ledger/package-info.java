// SPDX-License-Identifier: MIT
/**
 * The ledger: which tests cover each formula, on how many cases, and with which worst error. A test links itself to
 * formulas with {@link chainrule.spec.ledger.Proves}, and makes its comparisons through
 * {@link chainrule.spec.ledger.Ledger}. After the last test, a run writes {@code ledger.json}, {@code ledger.html} and
 * {@code LEDGER.md} to {@code spec-tests/target}.
 *
 * <p>Not here: the tests of the formulas ({@link chainrule.spec}) and the numbers they compare with
 * ({@link chainrule.spec.witness}).
 *
 * <p>Reading order:
 *
 * <ol>
 *   <li>input: {@code catalogue.txt}, read by {@code Catalogue}, with a {@link chainrule.spec.ledger.Verdict} per
 *       formula
 *   <li>collecting: {@code Proves}, {@code Ledger}, {@code LedgerListener}, {@code LedgerRow}
 *   <li>writing: {@code LedgerWriter} with {@code Json}, {@code LedgerMarkdown}, and {@code LedgerHtml} with
 *       {@code MathMl} and {@code PlotSvg}
 *   <li>checking: {@code LedgerCheck} with {@code LibraryCode}, {@code TrustTable}; {@code LedgerFreshnessTest}, which
 *       runs after all other tests
 * </ol>
 */
package chainrule.spec.ledger;
