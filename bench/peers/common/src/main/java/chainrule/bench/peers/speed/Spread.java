// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.Arrays;

/** A median with its quartiles, the spread of a figure over turns. */
record Spread(double low, double median, double high) {
  /** Returns the quartiles of some values. */
  static Spread of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Spread(quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75));
  }

  /** Returns the quartiles of a[t]/b[t]. Both were measured in turns, so noise of a turn affects both. */
  static Spread ratio(double[] a, double[] b) {
    double[] ratios = new double[Math.min(a.length, b.length)];
    for (int t = 0; t < ratios.length; t++) ratios[t] = a[t] / b[t];
    return of(ratios);
  }

  /** Interpolates linearly between sorted values. */
  private static double quantile(double[] sorted, double q) {
    double at = q * (sorted.length - 1);
    int i = (int) at;
    return i + 1 == sorted.length ? sorted[i] : sorted[i] + (at - i) * (sorted[i + 1] - sorted[i]);
  }

  /** Returns all three numbers multiplied by a positive factor. */
  Spread times(double factor) {
    return new Spread(low * factor, median * factor, high * factor);
  }

  /** Returns factor/x for each of the numbers, such as a rate from a time. */
  Spread inverse(double factor) {
    return new Spread(factor / high, factor / median, factor / low);
  }

  /** Returns the distance between the quartiles. */
  double width() {
    return high - low;
  }
}
