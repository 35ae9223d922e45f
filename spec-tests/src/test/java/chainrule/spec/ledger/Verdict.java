// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

/** Whether a formula holds as printed. Its tests show this. */
public enum Verdict {
  /** The printed formula holds as printed. */
  CONFIRMED,
  /** It holds under a choice on which the documents differ; the test covers both choices. */
  CONVENTION,
  /** As printed, it is false or meaningless; the test shows a counterexample and confirms the corrected form. */
  ERRATUM,
  /**
   * The line cannot be evaluated as it stands, or does not say when it holds: indices, brackets or shapes do not
   * fit. The test states how the line is read, and confirms that reading.
   */
  NOTATION;

  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
