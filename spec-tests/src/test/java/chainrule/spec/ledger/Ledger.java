// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import chainrule.spec.witness.HighPrecision;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Collects the results of this run for each formula: the number of cases, and the worst error against each witness. A
 * test gets the {@link Entry} of its formula and makes every comparison through it, so that every assertion is counted.
 */
public final class Ledger {
  private Ledger() {}

  private static final Map<String, Entry> ENTRIES = new ConcurrentHashMap<>();

  /** Returns the entry of a formula, and creates it on first use. */
  public static Entry of(String id) {
    return ENTRIES.computeIfAbsent(id, Entry::new);
  }

  /** Returns an entry that is not on the ledger, for tests of planted bugs, whose comparisons must fail. */
  public static Entry scratch(String id) {
    return new Entry(id);
  }

  static Map<String, Entry> entries() {
    return new TreeMap<>(ENTRIES);
  }

  /**
   * The results for one formula. Each comparison counts as a case, updates the worst error, and throws when the error
   * exceeds its bound.
   */
  public static final class Entry {
    public static final String VALUE = "value", DUAL = "dual", DIFFERENCE = "finite-difference", EXACT = "exact",
        STATISTIC = "statistic", PUBLISHED = "published";

    private final String id;
    private long cases;
    private final Map<String, Double> worst = new TreeMap<>();
    private final Map<String, String> remarks = new TreeMap<>();
    private final Map<String, Long> published = new TreeMap<>();

    private Entry(String id) {
      this.id = id;
    }

    /**
     * Checks that error ≤ bound, and otherwise throws an AssertionError that names the formula, the witness and the
     * case.
     *
     * @param witness what the code was compared with: one of the constants, or another name
     * @param error in the witness's unit: relative, or ulps
     * @param place the arguments of this case
     */
    public void check(String witness, double error, double bound, Object... place) {
      checkWorst(witness, 1, error, bound, place);
    }

    /** Checks many cases at once, of which this one was the worst. */
    public synchronized void checkWorst(String witness, long many, double error, double bound, Object... place) {
      cases += many;
      worst.merge(witness, error, (a, b) -> b > a || Double.isNaN(b) ? b : a);
      if (!(error <= bound)) {
        throw new AssertionError(id + ", " + witness + ": error " + error + " is above " + bound + " at "
            + java.util.Arrays.deepToString(place));
      }
    }

    /** Checks that a value is within {@code bound} ulps of a high-precision one. */
    public void ulps(double actual, BigDecimal exact, double bound, Object... place) {
      check(VALUE, HighPrecision.ulps(actual, exact), bound, place);
    }

    /** Checks a derivative's relative error against a dual number; {@code bound} is 1e-13 where arithmetic allows. */
    public void dual(double actual, double exact, double bound, Object... place) {
      check(DUAL, relative(actual, exact), bound, place);
    }

    /** Checks a derivative's relative error against differences; {@code bound} is 1e-9 where arithmetic allows. */
    public void difference(double actual, double numeric, double bound, Object... place) {
      check(DIFFERENCE, relative(actual, numeric), bound, place);
    }

    /** Checks that two numbers are equal, where 0 = −0 and NaN = NaN. */
    public void exact(double expected, double actual, Object... place) {
      boolean same = expected == actual || Double.isNaN(expected) && Double.isNaN(actual);
      check(EXACT, same ? 0 : Math.abs(expected - actual), 0, "expected " + expected, "got " + actual, place);
    }

    /** Checks that a statement is true. */
    public void holds(boolean truth, Object... place) {
      check(EXACT, truth ? 0 : 1, 0, place);
    }

    /**
     * Checks a published number, and counts it for its source.
     *
     * @param source the name of the source's file in {@code chainrule/spec/published}, without its ending
     * @param error |computed − printed| in units of the last printed digit
     * @param bound ½, plus the source's own rounding errors
     */
    public synchronized void published(String source, double error, double bound, Object... place) {
      check(PUBLISHED, error, bound, source, place);
      published.merge(source, 1L, Long::sum);
    }

    /**
     * Checks that the printed form of an erratum is false for a counterexample.
     *
     * @param remark the counterexample as the ledger shows it: {@code "ŷ = 2, y = 1: printed −1, correct 1"}
     */
    public synchronized void counterexample(boolean printedIsFalse, String remark) {
      holds(printedIsFalse, remark);
      remarks.put("counterexample", remark);
    }

    /** Sets the sentence that the ledger shows: how the line is read, or which convention the code follows. */
    public synchronized void remark(String sentence) {
      remarks.put("remark", sentence);
    }

    public String id() {
      return id;
    }

    synchronized long cases() {
      return cases;
    }

    synchronized Map<String, Double> worst() {
      return new TreeMap<>(worst);
    }

    synchronized Map<String, String> remarks() {
      return new TreeMap<>(remarks);
    }

    /** Returns how many numbers of each source were reproduced. */
    synchronized Map<String, Long> published() {
      return new TreeMap<>(published);
    }

    /** Returns |a − b| / |b|, or 0 if a = b. */
    public static double relative(double a, double b) {
      return a == b ? 0 : Math.abs(a - b) / Math.abs(b);
    }
  }
}
