// SPDX-License-Identifier: MIT
package chainrule.report;

import java.util.Arrays;

/** Selects fewer points that look the same. The selection is deterministic, so identical runs give identical pages. */
final class Downsampling {
  private Downsampling() {}

  /** Returns at most {@code most} of the indices 0 … n − 1, evenly spaced. */
  static int[] evenly(int n, int most) {
    int[] chosen = new int[Math.min(n, most)];
    for (int i = 0; i < chosen.length; i++) chosen[i] = (int) ((long) i * n / chosen.length);
    return chosen;
  }

  /**
   * Returns the indices of the points of a line to draw. Short lines keep all points. Long lines keep the first and the
   * last point and, in each of {@code intervals} intervals, the lowest, the highest, and the start of each gap.
   */
  static int[] line(double[] y, Axis axis, int intervals) {
    int n = y.length;
    if (n <= 3 * intervals) return evenly(n, n);
    boolean[] kept = new boolean[n];
    kept[0] = kept[n - 1] = true;
    for (int s = 0; s < intervals; s++) {
      int from = (int) ((long) s * n / intervals), to = (int) ((long) (s + 1) * n / intervals);
      int low = -1, high = -1;
      for (int i = from; i < to; i++) {
        if (!axis.shows(y[i])) {
          if (i == from || axis.shows(y[i - 1])) kept[i] = true;
          continue;
        }
        if (low < 0 || y[i] < y[low]) low = i;
        if (high < 0 || y[i] > y[high]) high = i;
      }
      if (low >= 0) kept[low] = kept[high] = true;
    }
    int[] chosen = new int[n];
    int count = 0;
    for (int i = 0; i < n; i++) if (kept[i]) chosen[count++] = i;
    return Arrays.copyOf(chosen, count);
  }
}
