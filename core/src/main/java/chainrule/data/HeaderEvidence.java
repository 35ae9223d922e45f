// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.kernels.Elementary;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The evidence whether the first record of a table contains the names of the columns or is data like the others.
 *
 * <p>Each column contributes the logarithm of a likelihood ratio, header over data:
 * <ul>
 *   <li>numbers below a word: a header;
 *   <li>strings: data if the first cell occurs below. If it does not, a header, and the more so the fewer values occur
 *       only once: the probability that a row has a new value is about (values that occur once + 1) / (rows + 2);
 *   <li>strings of one pattern, such as dates: a header if the first cell does not have it;
 *   <li>numbers below a number: data, unless all numbers of the record are a sequence (0, 1, 2 or years) that the data
 *       make improbable, or are out of the columns' range or format.
 * </ul>
 */
final class HeaderEvidence {
  /** A ratio whose logarithm is smaller in absolute value is doubtful. */
  static final double DOUBTFUL = 2;

  private static final double PRIOR = 1;
  private static final double WORD_ABOVE_NUMBERS = 5;
  private static final double NAME_IS_A_NUMBER = -6;
  private static final double DUPLICATE = -4;
  private static final double CONTINUED = -12;
  private static final double CASE_OR_LENGTH = 1.5;
  /** Evidence is taken from this many cells, but at least this many rows. */
  private static final int MOST_CELLS = 200_000;
  private static final int LEAST_ROWS = 100;
  private static final int MOST_PATTERNS = 500;

  private double header;
  private double data;
  private boolean numberNames;

  private HeaderEvidence() {}

  /** The logarithm of the likelihood ratio: positive for a header. */
  double score() {
    return header - data;
  }

  /** Returns whether the evidence is weak, or there is much for both sides. */
  boolean isDoubtful() {
    return Math.abs(score()) < DOUBTFUL || numberNames || Math.min(header, data) > 3;
  }

  /** Returns whether a column would have a number as its name. */
  boolean hasNumberNames() {
    return numberNames;
  }

  private void add(double logRatio) {
    if (logRatio > 0) header += logRatio;
    else data -= logRatio;
  }

  /**
   * Weighs the first record against the records below.
   *
   * @param first the cells of the first record
   * @param columns the columns below, as many as the first record has cells
   */
  static HeaderEvidence of(List<String> first, List<RawColumn> columns, TableOptions options) {
    HeaderEvidence evidence = new HeaderEvidence();
    evidence.add(PRIOR);
    MissingMarkers markers = new MissingMarkers(options.missing());
    Set<String> seen = new HashSet<>();
    double[] firstNumbers = new double[first.size()];
    int numbers = 0;
    boolean floats = false; // 1.0 is not a name
    int mostRows = Math.max(LEAST_ROWS, MOST_CELLS / Math.max(1, first.size()));
    double fits = 0; // the logarithm of the probability that a row has these numbers
    for (int c = 0; c < first.size(); c++) {
      String cell = first.get(c);
      Profile below = new Profile(columns.get(c), mostRows, markers);
      if (cell.isEmpty()) continue;
      if (markers.amongNumbers(cell)) {
        evidence.add(-1.5);
        continue;
      }
      WrittenNumber number = WrittenNumber.of(cell);
      if (number != null) {
        double v = number.usual();
        floats |= cell.endsWith(".0");
        firstNumbers[numbers++] = v;
        fits += below.logProbability(cell);
        evidence.numberAbove(below, cell, v);
      } else {
        if (!seen.add(cell)) evidence.add(DUPLICATE);
        evidence.wordAbove(below, cell);
      }
    }
    evidence.numberNames = numbers > 0;
    if (numbers > 0) evidence.sequence(Arrays.copyOf(firstNumbers, numbers), floats, fits);
    return evidence;
  }

  /** Returns the evidence of a cell above strings: data if it occurs among them, else a header. */
  private static double amongStrings(Profile below, String cell) {
    return Elementary.log(below.count(cell) > 0 ? 0.03 / (1 - below.newValue()) : 0.97 / below.newValue());
  }

  private void wordAbove(Profile below, String cell) {
    if (below.known == 0) return;
    if (below.isNumeric()) {
      add(below.count(cell) > 0 ? 2 : WORD_ABOVE_NUMBERS);
      return;
    }
    add(amongStrings(below, cell));
    if (below.pattern() != null && below.count(cell) == 0) {
      add(below.pattern().equals(patternOf(cell)) ? -2 : CASE_OR_LENGTH);
    }
  }

  /** Adds the evidence of a single number: whether it is out of the range or format of its column. */
  private void numberAbove(Profile below, String cell, double v) {
    if (below.known == 0) return;
    if (!below.isNumeric()) {
      add(amongStrings(below, cell));
      return;
    }
    if (Double.isNaN(v) || below.numbers < 3) return;
    if (below.continues(v)) add(CONTINUED);
    boolean whole = v == Math.rint(v) && cell.indexOf('.') < 0 && cell.indexOf(',') < 0;
    if (whole && below.fractions >= 0.95 * below.numbers) add(Math.min(4, Elementary.log(below.numbers + 1)));
    double spread = below.max - below.min;
    if (v > below.max + spread || v < below.min - spread) add(Math.min(3, Elementary.log(below.numbers + 1)));
  }

  /** Adds the evidence of all numbers of the record together. */
  private void sequence(double[] v, boolean floats, double fits) {
    boolean names = !floats; // whether all are whole and not negative
    Set<Double> different = new HashSet<>();
    for (double x : v) {
      names &= x == Math.rint(x) && x >= 0;
      different.add(x);
    }
    add(DUPLICATE * Math.min(2, v.length - different.size()));
    double step = v.length < 2 ? 0 : v[1] - v[0];
    boolean even = v.length >= 2 && step > 0 && (!floats || v.length >= 3);
    for (int i = 1; i < v.length; i++) even &= Math.abs(v[i] - v[i - 1] - step) <= 1e-6 * Math.abs(v[i]);
    boolean years = v[0] >= 1500 && v[v.length - 1] <= 2200 && names;
    boolean counted = even && step == 1 && !floats && (v[0] == 0 || v[0] == 1 || years);
    if (counted || even && v.length >= 3) add(Math.max(-6, Math.min(12, Elementary.log(0.01) - fits)));
    else add(years ? NAME_IS_A_NUMBER + 2 : names ? NAME_IS_A_NUMBER : 2 * NAME_IS_A_NUMBER);
  }

  /** Returns the kinds of characters of a string: "A/1000" has the pattern A/9. */
  private static String patternOf(String s) {
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < s.length() && b.length() < 40; i++) {
      char c = s.charAt(i), kind = Character.isDigit(c) ? '9' : Character.isUpperCase(c) ? 'A'
          : Character.isLetter(c) ? 'a' : c;
      if (b.length() == 0 || b.charAt(b.length() - 1) != kind || kind != '9' && kind != 'A' && kind != 'a') {
        b.append(kind);
      }
    }
    return b.toString();
  }

  /** What is known about a column from its first rows. */
  private static final class Profile {
    private final RawColumn column;
    private final int rows;
    private final int[] counts; // [strings]
    final int known; // cells that are not missing
    final int numbers;
    final int fractions;
    final double min;
    final double max;
    private final boolean numeric;

    Profile(RawColumn column, int mostRows, MissingMarkers markers) {
      this.column = column;
      this.rows = Math.min(column.rows(), mostRows);
      this.counts = new int[column.texts.size()];
      int cells = 0, plain = 0, parts = 0;
      double low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
      for (int r = 0; r < rows; r++) {
        if (!column.isNumber(r)) {
          counts[column.codes[r]]++;
          continue;
        }
        double v = column.numbers[r];
        cells++;
        plain++;
        if (v != Math.rint(v)) parts++;
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
      for (int t = 0; t < counts.length; t++) {
        String text = column.texts.get(t);
        if (counts[t] == 0 || markers.amongNumbers(text)) continue;
        cells += counts[t];
        WrittenNumber number = WrittenNumber.of(text);
        if (number == null) continue;
        double v = number.usual();
        plain += counts[t];
        if (v != Math.rint(v)) parts += counts[t];
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
      this.known = cells;
      this.numeric = cells > 0 && plain >= 0.95 * cells;
      this.numbers = plain;
      this.fractions = parts;
      this.min = low;
      this.max = high;
    }

    boolean isNumeric() {
      return numeric;
    }

    /** Returns how often a cell occurs, at least 1 if it occurs only further below. */
    int count(String cell) {
      int t = column.texts.indexOf(cell), n = t < 0 ? 0 : Math.max(1, counts[t]);
      WrittenNumber number = n > 0 || column.numbers == null ? null : WrittenNumber.of(cell);
      if (number == null) return n;
      double v = number.usual();
      for (int r = 0; r < rows; r++) if (column.numbers[r] == v) n++;
      return n;
    }

    /** Returns the probability that another row has a value that does not occur, by Good and Turing. */
    double newValue() {
      int once = 0;
      for (int n : counts) if (n == 1) once++;
      if (column.numbers != null) {
        double[] sorted = Arrays.copyOf(column.numbers, rows);
        Arrays.sort(sorted); // strings, which are NaN, at the end
        for (int r = 0; r < rows && !Double.isNaN(sorted[r]); r++) {
          if ((r == 0 || sorted[r - 1] != sorted[r]) && (r == rows - 1 || sorted[r + 1] != sorted[r])) once++;
        }
      }
      return (once + 1.0) / (Math.max(known, once) + 2.0);
    }

    /** Returns whether the first rows continue a sequence that starts with this number: 1, above 2, 3, 4. */
    boolean continues(double v) {
      if (column.numbers == null || column.rows() < 3) return false;
      double[] x = column.numbers;
      return x[0] != v && x[0] - v == x[1] - x[0] && x[2] - x[1] == x[0] - v;
    }

    /** Returns the logarithm of the probability of exactly this number in another row. */
    double logProbability(String cell) {
      return known == 0 ? 0 : Elementary.log((count(cell) + 0.5) / (known + 1.0));
    }

    /** Returns the pattern that all of the first strings have, with a digit in it, or null. */
    String pattern() {
      if (known < 3 || column.texts.size() < 3) return null;
      String pattern = null;
      int n = 0;
      for (String s : column.texts) {
        if (s.isEmpty()) continue;
        String p = patternOf(s);
        if (pattern != null && !pattern.equals(p)) return null;
        pattern = p;
        if (++n == MOST_PATTERNS) break;
      }
      return pattern != null && pattern.indexOf('9') >= 0 ? pattern : null;
    }
  }
}
