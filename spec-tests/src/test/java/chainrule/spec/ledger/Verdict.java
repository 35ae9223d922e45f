package chainrule.spec.ledger;

/** What the tests of a formula established. */
public enum Verdict {
  /** The printed formula holds as printed. */
  CONFIRMED,
  /** It holds under a choice on which the documents differ; the test pins both. */
  CONVENTION,
  /** As printed it is false or has no meaning; the test shows a counterexample and confirms the corrected form. */
  ERRATUM,
  /**
   * The line has no value as it stands, or does not say for which case it holds: indices, brackets or shapes do not
   * fit. The test pins the reading taken.
   */
  NOTATION;

  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
