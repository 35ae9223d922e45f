package chainrule.spec.ledger;

import chainrule.spec.witness.HighPrecision;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the tests of this run found of each formula: how many cases, and the worst error against each witness. A test
 * asks for the {@link Entry} of its formula and lets it make the comparisons, so nothing is asserted that is not
 * counted.
 */
public final class Ledger {
  private Ledger() {}

  private static final Map<String, Entry> ENTRIES = new ConcurrentHashMap<>();

  /** The entry of a formula, made at first use. */
  public static Entry of(String id) {
    return ENTRIES.computeIfAbsent(id, Entry::new);
  }

  /** An entry that is on no ledger: for the museum, whose exhibits must fail. */
  public static Entry scratch(String id) {
    return new Entry(id);
  }

  static Map<String, Entry> entries() {
    return new TreeMap<>(ENTRIES);
  }

  /**
   * The findings on one formula. A comparison counts as a case, keeps the worst error, and throws when out of bounds.
   */
  public static final class Entry {
    public static final String VALUE = "value", DUAL = "dual", DIFFERENCE = "finite-difference", EXACT = "exact",
        STATISTIC = "statistic";

    private final String id;
    private long cases;
    private final Map<String, Double> worst = new TreeMap<>();
    private final Map<String, String> remarks = new TreeMap<>();

    private Entry(String id) {
      this.id = id;
    }

    /**
     * error ≤ bound, or an AssertionError that names the formula, the witness and the case.
     *
     * @param witness what it was compared with: one of the constants, or another word
     * @param error in units of the witness: relative, or ulps
     * @param place the arguments of this case
     */
    public void check(String witness, double error, double bound, Object... place) {
      checkWorst(witness, 1, error, bound, place);
    }

    /** The same for many cases at once, of which this one was the worst. */
    public synchronized void checkWorst(String witness, long many, double error, double bound, Object... place) {
      cases += many;
      worst.merge(witness, error, (a, b) -> b > a || Double.isNaN(b) ? b : a);
      if (!(error <= bound)) {
        throw new AssertionError(id + ", " + witness + ": error " + error + " is above " + bound + " at "
            + java.util.Arrays.deepToString(place));
      }
    }

    /** A value within {@code bound} ulps of a high-precision one. */
    public void ulps(double actual, BigDecimal exact, double bound, Object... place) {
      check(VALUE, HighPrecision.ulps(actual, exact), bound, place);
    }

    /** A derivative within {@code bound} (1e-13 unless arithmetic forbids it) of the dual number's, relatively. */
    public void dual(double actual, double exact, double bound, Object... place) {
      check(DUAL, relative(actual, exact), bound, place);
    }

    /** A derivative within {@code bound} (1e-9 unless arithmetic forbids it) of differences, relatively. */
    public void difference(double actual, double numeric, double bound, Object... place) {
      check(DIFFERENCE, relative(actual, numeric), bound, place);
    }

    /** Equal numbers (0 = −0, NaN = NaN). */
    public void exact(double expected, double actual, Object... place) {
      boolean same = expected == actual || Double.isNaN(expected) && Double.isNaN(actual);
      check(EXACT, same ? 0 : Math.abs(expected - actual), 0, "expected " + expected, "got " + actual, place);
    }

    /** A statement that must be true. */
    public void holds(boolean truth, Object... place) {
      check(EXACT, truth ? 0 : 1, 0, place);
    }

    /**
     * For an erratum: that the printed form is false here. Throws if it is not.
     *
     * @param remark the counterexample in words, for the ledger: {@code "ŷ = 2, y = 1: printed −1, true 1"}
     */
    public synchronized void counterexample(boolean printedIsFalse, String remark) {
      holds(printedIsFalse, remark);
      remarks.put("counterexample", remark);
    }

    /** A sentence for the ledger: the reading or the convention that the test pins. */
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

    /** |a − b| / |b|; 0 if both are 0 or equal. */
    public static double relative(double a, double b) {
      return a == b ? 0 : Math.abs(a - b) / Math.abs(b);
    }
  }
}
