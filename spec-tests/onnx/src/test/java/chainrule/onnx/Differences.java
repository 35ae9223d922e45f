// SPDX-License-Identifier: MIT
package chainrule.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;

/** Compares rows of numbers, with a bound for each number, and records the largest differences. */
final class Differences {
  private final String what;
  private double absolute;
  private double relative;
  private double ofBound;
  private double widest;
  private long count;

  Differences(String what) {
    this.what = what;
  }

  /** Compares {@code columns} numbers of a row, from index {@code o}. NaN and ∞ must agree, others within the bound. */
  void compareRow(int columns, double[] expected, double[] actual, int o, double[] bound, Object place) {
    double scale = 0;
    for (int j = 0; j < columns; j++) scale = Math.max(scale, Math.abs(expected[o + j]));
    for (int j = 0; j < columns; j++) {
      double e = expected[o + j], a = actual[o + j];
      count++;
      if (Double.isFinite(scale) && scale > 1e-290) widest = Math.max(widest, bound[j] / scale);
      if (e == a || Double.isNaN(e) && Double.isNaN(a)) continue;
      double d = Math.abs(e - a);
      if (!(d <= bound[j])) assertEquals(e, a, bound[j], what + ", column " + j + " at " + place);
      absolute = Math.max(absolute, d);
      if (scale > 1e-290) relative = Math.max(relative, d / scale);
      ofBound = Math.max(ofBound, d / bound[j]);
    }
  }

  /** Prints the largest differences. Relative ones are relative to the largest number of the row. */
  void report() {
    System.out.printf(Locale.ROOT, "%-22s %,9d numbers, worst difference %.1e, relative %.1e "
        + "(bound at most %.1e; %.2f of it)%n", what, count, absolute, relative, widest, ofBound);
  }
}
