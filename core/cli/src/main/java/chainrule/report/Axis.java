// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.format.Formatting;
import chainrule.kernels.Elementary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An axis of a chart: a range of numbers, linear or logarithmic, with ticks at round numbers.
 *
 * @param low the number at the left or lower end
 * @param high the number at the right or upper end, greater than {@code low}
 */
record Axis(double low, double high, boolean log, List<Tick> ticks) {

  /** A tick and its label. */
  record Tick(double value, String label) {}

  /** Returns an axis that contains low to high and starts and ends at a tick. */
  static Axis around(double low, double high, int intervals) {
    return linear(low, high, intervals, true, false);
  }

  /** Returns an axis from low to high with the ticks in this range. */
  static Axis within(double low, double high, int intervals) {
    return linear(low, high, intervals, false, false);
  }

  /** Returns an axis from low to high with ticks at integers only. */
  static Axis whole(double low, double high, int intervals) {
    return linear(low, high, intervals, false, true);
  }

  /** Returns an axis of counts from 0 to at least {@code most}. */
  static Axis counts(double most) {
    return linear(0, Math.max(1, most), 5, true, true);
  }

  /** Returns an axis of fractions with percentages as labels; it does not exceed 100 %. */
  static Axis shares(double low, double high, int intervals) {
    Axis a = around(low, Math.min(high, 1), intervals);
    List<Tick> ticks = new ArrayList<>();
    for (Tick t : a.ticks) {
      double hundredths = Math.rint(t.value * 1e4) / 100;
      ticks.add(new Tick(t.value, (hundredths == Math.rint(hundredths) ? Long.toString((long) hundredths)
          : Double.toString(hundredths)) + " %"));
    }
    return new Axis(a.low, a.high, false, List.copyOf(ticks));
  }

  private static Axis linear(double from, double to, int intervals, boolean outward, boolean whole) {
    double low = from, high = to;
    if (!(high > low)) { // a single number, or NaN
      if (!(Math.abs(low) < Double.POSITIVE_INFINITY)) low = 0;
      double room = whole || low == 0 ? 0.5 : Math.abs(low) / 10;
      high = low + room;
      low -= room;
    }
    // The smallest step of 1, 2 or 5 × 10ᵉ that gives at most this many intervals. Halved, since high − low may
    // overflow.
    double half = high / 2 - low / 2, least = 2 * (half / intervals);
    int e = least < 1e-300 ? -300 : Formatting.decade(least);
    int m = 1;
    while (scaled(m, e) < least) {
      m = m == 1 ? 2 : m == 2 ? 5 : 10;
      if (m == 10) {
        m = 1;
        e++;
      }
    }
    if (whole && e < 0) {
      m = 1;
      e = 0;
    }
    double step = scaled(m, e);
    // Tolerates rounding: 0.3 / 0.1 is slightly less than 3.
    long first = (long) (outward ? Math.floor(low / step + 1e-9) : Math.ceil(low / step - 1e-9));
    long last = (long) (outward ? Math.ceil(high / step - 1e-9) : Math.floor(high / step + 1e-9));
    List<Tick> ticks = new ArrayList<>();
    double largest = Math.max(Math.abs((double) first), Math.abs((double) last)) * step;
    for (long k = first; k <= last; k++) ticks.add(new Tick(scaled(k * m, e), label(k * m, e, largest)));
    if (outward) {
      low = Math.min(low, scaled(first * m, e));
      high = Math.max(high, scaled(last * m, e));
    }
    return new Axis(low, high, false, List.copyOf(ticks));
  }

  /** Returns n · 10ᵉ, correctly rounded. */
  private static double scaled(long n, int e) {
    return Double.parseDouble(n + "e" + e);
  }

  /** Formats n · 10ᵉ in the style that suits the largest tick: 0.25, 1,500, 250k, 3M, 2×10⁹. */
  private static String label(long n, int e, double largest) {
    if (n == 0) return "0";
    String sign = n < 0 ? "−" : "";
    double size = Math.abs(scaled(n, e));
    if (largest >= 1e9 || largest < 1e-3) return sign + powerLabel(Math.abs(n), e);
    if (largest >= 1e4) {
      boolean millions = largest >= 1e6;
      int decimals = Math.max(0, (millions ? 6 : 3) - e);
      return sign + trimmed(size / (millions ? 1e6 : 1e3), decimals) + (millions ? "M" : "k");
    }
    return sign + String.format(Locale.ROOT, "%,." + Math.max(0, -e) + "f", size);
  }

  private static String trimmed(double v, int decimals) {
    String s = String.format(Locale.ROOT, "%,." + decimals + "f", v);
    return decimals == 0 ? s : s.replaceAll("\\.?0+$", "");
  }

  private static String powerLabel(long n, int e) {
    String digits = Long.toString(n);
    int exponent = e + digits.length() - 1;
    String tail = digits.substring(1).replaceAll("0+$", "");
    String mantissa = digits.charAt(0) + (tail.isEmpty() ? "" : "." + tail);
    return mantissa.equals("1") ? Formatting.power(exponent) : mantissa + "×" + Formatting.power(exponent);
  }

  /** Returns a logarithmic axis; 0 &lt; low. Ticks are powers of ten, and 2 and 5 times these on a short range. */
  static Axis logarithmic(double low, double high) {
    int first = Formatting.decade(low), last = Formatting.decade(high);
    int every = Math.max(1, (last - first + 5) / 6);
    List<Tick> ticks = new ArrayList<>();
    for (int e = first; e <= last + 1; e++) {
      if (Math.floorMod(e - first, every) == 0) addTick(ticks, 1, e, low, high);
      if (last - first <= 2) {
        addTick(ticks, 2, e, low, high);
        addTick(ticks, 5, e, low, high);
      }
    }
    return new Axis(low, high, true, List.copyOf(ticks));
  }

  private static void addTick(List<Tick> ticks, int m, int e, double low, double high) {
    double v = scaled(m, e);
    if (v < low || v > high) return;
    boolean plain = e >= -3 && e < 4;
    ticks.add(new Tick(v, plain ? String.format(Locale.ROOT, "%,." + Math.max(0, -e) + "f", v) : powerLabel(m, e)));
  }

  /** Returns the position of a number: 0 at the low end, 1 at the high end; not finite if it cannot be drawn. */
  double at(double v) {
    if (!log) return (v / 2 - low / 2) / (high / 2 - low / 2);
    double bottom = Elementary.log(low);
    return v > 0 ? (Elementary.log(v) - bottom) / (Elementary.log(high) - bottom) : Double.NaN;
  }

  /** Returns whether a number can be drawn. */
  boolean shows(double v) {
    return Math.abs(v) < Double.POSITIVE_INFINITY && (!log || v > 0);
  }

  /** Returns the number at a position from 0 to 1 of a linear axis. */
  double value(double at) {
    return low + at * (high - low);
  }
}
