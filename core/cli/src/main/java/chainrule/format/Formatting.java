// SPDX-License-Identifier: MIT
package chainrule.format;

import java.math.BigDecimal;
import java.util.Locale;

/** Formats numbers, durations and names for the terminal and the report. The result never depends on the locale. */
public final class Formatting {
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private Formatting() {}

  /**
   * {@return a count as text: {@code 12,345}}
   *
   * @param n the count
   */
  public static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /**
   * {@return a count with its noun: {@code 1 row}, {@code 12,345 rows}}
   *
   * @param n the count
   * @param singular the noun for one
   * @param plural the noun for any other count
   */
  public static String count(long n, String singular, String plural) {
    return count(n) + " " + (n == 1 ? singular : plural);
  }

  /**
   * {@return a number as text with three or four digits: 0.0381, 12.3, 68,432, 9.1×10⁻⁵; – for NaN}
   *
   * @param v any number
   */
  public static String value(double v) {
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

  /**
   * {@return a power of ten as text: {@code 10⁻⁵}}
   *
   * @param exponent the exponent
   */
  public static String power(int exponent) {
    StringBuilder s = new StringBuilder("10");
    if (exponent < 0) s.append('⁻');
    for (char c : Integer.toString(Math.abs(exponent)).toCharArray()) s.append(SUPERSCRIPTS.charAt(c - '0'));
    return s.toString();
  }

  /**
   * {@return the e of 10ᵉ ≤ |v| &lt; 10ᵉ⁺¹, exactly}
   *
   * @param v a finite number other than 0
   */
  public static int decade(double v) {
    BigDecimal exact = new BigDecimal(v);
    return exact.precision() - exact.scale() - 1;
  }

  /**
   * {@return a fraction of n rows as text: 96.7 %; – for NaN} Only the fractions 0 and 1 are 0 % and 100 %.
   *
   * @param fraction the fraction, from 0 to 1, or NaN
   * @param n the number of rows; more than 2,000 have two decimals instead of one
   */
  public static String percent(double fraction, long n) {
    if (Double.isNaN(fraction)) return "–";
    if (fraction == 0 || fraction == 1) return fraction == 0 ? "0 %" : "100 %";
    int decimals = n > 2000 ? 2 : 1;
    double step = decimals == 2 ? 0.01 : 0.1, value = Math.max(step, Math.min(100 - step, 100 * fraction));
    return String.format(Locale.ROOT, "%." + decimals + "f %%", value);
  }

  /**
   * {@return a duration as text: 0.04 s, 4.2 s, 42 s, 3 min 07 s, 2 h 05 min; – for NaN}
   *
   * @param seconds the duration in seconds; a negative one gives –
   */
  public static String duration(double seconds) {
    if (!(seconds >= 0)) return "–";
    if (seconds < 119.5) {
      return String.format(Locale.ROOT, seconds < 0.095 ? "%.2f s" : seconds < 9.95 ? "%.1f s" : "%.0f s", seconds);
    }
    long s = Math.round(seconds), minutes = s / 60;
    if (minutes < 120) return String.format(Locale.ROOT, "%d min %02d s", minutes, s % 60);
    return String.format(Locale.ROOT, "%,d h %02d min", minutes / 60, minutes % 60);
  }

  /**
   * {@return a name, or (empty) for one that would not be visible}
   *
   * @param name the name, possibly blank
   */
  public static String named(String name) {
    return name.isBlank() ? "(empty)" : name;
  }

  /**
   * {@return a name, or (empty) for one that would not be visible, truncated}
   *
   * @param name the name, possibly blank
   * @param most the most characters (code points) of the result, ≥ 1
   */
  public static String named(String name, int most) {
    return truncate(named(name), most);
  }

  /**
   * {@return a string, truncated so that its last character is "…" if it is too long}
   *
   * @param text the string
   * @param most the most characters (code points) of the result, ≥ 1
   */
  public static String truncate(String text, int most) {
    if (text.length() <= most || text.codePointCount(0, text.length()) <= most) return text;
    return text.substring(0, text.offsetByCodePoints(0, most - 1)).stripTrailing() + "…";
  }

  /**
   * Makes a string from a file or an argument safe to print. Control and formatting characters, line breaks and
   * unpaired surrogates, which a terminal could interpret, become spaces.
   *
   * @param text the string
   * @param most the most characters (code points) of the result, ≥ 1
   * @return one line
   */
  public static String line(String text, int most) {
    return truncate(text, most).replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", " ");
  }

  /**
   * {@return an SVG coordinate as text, rounded to a tenth of a pixel}
   *
   * @param v the coordinate in pixels
   */
  public static String px(double v) {
    long tenths = Math.round(v * 10);
    return tenths % 10 == 0 ? Long.toString(tenths / 10)
        : (tenths < 0 ? "-" : "") + Math.abs(tenths) / 10 + "." + Math.abs(tenths) % 10;
  }
}
