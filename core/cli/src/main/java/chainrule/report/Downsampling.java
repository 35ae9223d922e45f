package chainrule.report;

import java.util.Arrays;

/** Fewer points that look the same: deterministic, so that a report can be compared with another. */
final class Downsampling {
  private Downsampling() {}

  /** At most {@code most} of the numbers 0 … n − 1, evenly spread. */
  static int[] evenly(int n, int most) {
    int[] chosen = new int[Math.min(n, most)];
    for (int i = 0; i < chosen.length; i++) chosen[i] = (int) ((long) i * n / chosen.length);
    return chosen;
  }

  /**
   * Which points of a line to draw: all of few; of many, in each of {@code stretches} stretches the lowest and the
   * highest, one that has no place if there is one (it makes a gap), and the first and the last of all.
   */
  static int[] line(double[] y, Axis axis, int stretches) {
    int n = y.length;
    if (n <= 3 * stretches) return evenly(n, n);
    boolean[] kept = new boolean[n];
    kept[0] = kept[n - 1] = true;
    for (int s = 0; s < stretches; s++) {
      int from = (int) ((long) s * n / stretches), to = (int) ((long) (s + 1) * n / stretches);
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
