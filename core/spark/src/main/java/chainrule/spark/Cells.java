// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.math.BigDecimal;

/** Reads the cells of rows: a null, a string, or a number of any of Spark's types. */
final class Cells {
  private static final long EXACT = 1L << 53;

  private Cells() {}

  /** Receives the cells of a row. */
  interface Receiver {
    void missing(int column);

    /** @param v may be infinite, but is not NaN */
    void number(int column, double v);

    void text(int column, String cell);
  }

  /**
   * Passes a cell on. NaN is missing. A float has its exact value, a decimal the nearest double. A whole number that a
   * double does not hold exactly is a string, as in a file.
   */
  static void read(Object cell, int column, Receiver to) {
    if (cell == null) to.missing(column);
    else if (cell instanceof String s) to.text(column, s);
    else if (cell instanceof Long n) read(n.longValue(), column, to);
    else if (cell instanceof BigDecimal n) read(n, column, to);
    else if (Double.isNaN(((Number) cell).doubleValue())) to.missing(column);
    else to.number(column, ((Number) cell).doubleValue());
  }

  private static void read(long n, int column, Receiver to) {
    boolean exact = n >= -EXACT && n <= EXACT || new BigDecimal((double) n).compareTo(BigDecimal.valueOf(n)) == 0;
    if (exact) to.number(column, n);
    else to.text(column, Long.toString(n));
  }

  private static void read(BigDecimal n, int column, Receiver to) {
    double v = n.doubleValue();
    if (n.scale() > 0 || new BigDecimal(v).compareTo(n) == 0) to.number(column, v);
    else to.text(column, n.toPlainString());
  }
}
