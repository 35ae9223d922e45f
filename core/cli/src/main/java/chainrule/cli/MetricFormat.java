package chainrule.cli;

import java.util.Locale;

/** Numbers as the command line prints them: short however large they are, and in words where they are none. */
final class MetricFormat {
  private MetricFormat() {}

  /** Four decimals, or powers of ten where they would all be 0 or the digits too many. */
  static String loss(double v) {
    return Math.abs(v) < 0.001 && v != 0 ? String.format(Locale.ROOT, "%.1e", v) : decimals(v, 4);
  }

  /** So many decimals; a power of ten from a million on. */
  static String decimals(double v, int decimals) {
    return ofFormat(v, Math.abs(v) < 1e6 ? "%." + decimals + "f" : "%.3e");
  }

  /** Six digits. */
  static String digits(double v) {
    return ofFormat(v, "%.6g");
  }

  /** R²; where it is undefined although the errors are known, why. */
  static String r2(double r2, double rmse) {
    boolean constant = Double.isNaN(r2) && rmse < Double.POSITIVE_INFINITY;
    return "R² " + decimals(r2, 4) + (constant ? " (every row has the same target)" : "");
  }

  private static String ofFormat(double v, String format) {
    if (Double.isNaN(v)) return "undefined";
    return Double.isInfinite(v) ? v > 0 ? "infinite" : "−infinite" : String.format(Locale.ROOT, format, v);
  }
}
