package chainrule.report;

import java.math.BigDecimal;
import java.util.Locale;

/** Numbers and names as people read them, the same in every language of the machine. */
final class Formatting {
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private Formatting() {}

  /** 12,345. */
  static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /** {@code 1 row}, {@code 12,345 rows}. */
  static String count(long n, String one, String many) {
    return count(n) + " " + (n == 1 ? one : many);
  }

  /** Three digits or four: 0.0381, 12.3, 68,432, 9.1×10⁻⁵; – for NaN. */
  static String value(double v) {
    if (Double.isNaN(v)) return "–";
    if (Double.isInfinite(v)) return v > 0 ? "∞" : "−∞";
    if (v == 0) return "0";
    String sign = v < 0 ? "−" : "";
    double size = Math.abs(v);
    int decade = decade(size);
    if (decade < -3 || decade > 8) return sign + scientific(size, decade);
    if (decade >= 3) return sign + String.format(Locale.ROOT, "%,.0f", size);
    int decimals = decade < 0 ? Math.min(4, 2 - decade) : 3 - Math.max(1, decade);
    return sign + String.format(Locale.ROOT, "%." + decimals + "f", size);
  }

  private static String scientific(double size, int decade) {
    String digits = String.format(Locale.ROOT, "%.1e", size); // 9.1e-05
    int e = digits.indexOf('e');
    return digits.substring(0, e) + "×" + power(Integer.parseInt(digits.substring(e + 1)));
  }

  /** 10⁻⁵. */
  static String power(int exponent) {
    StringBuilder s = new StringBuilder("10");
    if (exponent < 0) s.append('⁻');
    for (char c : Integer.toString(Math.abs(exponent)).toCharArray()) s.append(SUPERSCRIPTS.charAt(c - '0'));
    return s.toString();
  }

  /** The e of 10ᵉ ≤ |v| &lt; 10ᵉ⁺¹, exactly; v is finite and not 0. */
  static int decade(double v) {
    BigDecimal exact = new BigDecimal(v);
    return exact.precision() - exact.scale() - 1;
  }

  /** A share of n rows: 96.7 %. All is said only of all, and none of none. */
  static String percent(double share, long n) {
    if (Double.isNaN(share)) return "–";
    if (share == 0 || share == 1) return share == 0 ? "0 %" : "100 %";
    int decimals = n > 2000 ? 2 : 1;
    double step = decimals == 2 ? 0.01 : 0.1, value = Math.max(step, Math.min(100 - step, 100 * share));
    return String.format(Locale.ROOT, "%." + decimals + "f %%", value);
  }

  /** 4.2 s, 3 min 07 s, 2 h 05 min. */
  static String duration(double seconds) {
    if (!(seconds >= 0)) return "–";
    if (seconds < 0.995) return String.format(Locale.ROOT, "%.2f s", seconds);
    if (seconds < 119.5) return String.format(Locale.ROOT, seconds < 9.95 ? "%.1f s" : "%.0f s", seconds);
    long s = Math.round(seconds), minutes = s / 60;
    if (minutes < 120) return String.format(Locale.ROOT, "%d min %02d s", minutes, s % 60);
    return String.format(Locale.ROOT, "%,d h %02d min", minutes / 60, minutes % 60);
  }

  /** The text, cut to so many characters with … at the end. */
  static String cut(String text, int most) {
    if (text.codePointCount(0, text.length()) <= most) return text;
    return text.substring(0, text.offsetByCodePoints(0, most - 1)).stripTrailing() + "…";
  }

  /** A pixel coordinate, to a tenth. */
  static String px(double v) {
    long tenths = Math.round(v * 10);
    return tenths % 10 == 0 ? Long.toString(tenths / 10)
        : (tenths < 0 ? "-" : "") + Math.abs(tenths) / 10 + "." + Math.abs(tenths) % 10;
  }
}
