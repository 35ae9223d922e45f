// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.random.CounterRandom;
import chainrule.random.CounterRandom.StreamPurpose;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Random divisions of row numbers: see the methods of {@link Dataset} of the same purpose. Each shuffles the rows with
 * the stream of (seed, level), then takes rows in that order.
 */
final class RowSplits {
  private RowSplits() {}

  /** The level of the stream of folds; 0 is the test's and 1 the validation's. */
  private static final int FOLDS_LEVEL = 2;

  /** Returns a shuffled copy. */
  private static int[] shuffled(int[] rows, long seed, int level) {
    int[] order = rows.clone();
    CounterRandom.shuffle(order, seed, CounterRandom.stream(StreamPurpose.SPLIT, level));
    return order;
  }

  private static void requireFraction(double fraction) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw new IllegalArgumentException("expected a test fraction with 0 ≤ fraction < 1, found " + fraction);
    }
  }

  static int[][] plain(int[] rows, double fraction, long seed, int level) {
    requireFraction(fraction);
    int n = rows.length, held = total(n, fraction);
    int[] order = shuffled(rows, seed, level);
    return new int[][] {Arrays.copyOfRange(order, held, n), Arrays.copyOf(order, held)};
  }

  /** Returns round(n · fraction), but at least one row on each side where there are rows to hold out. */
  private static int total(int n, double fraction) {
    int held = (int) Math.rint(n * fraction);
    return fraction > 0 && n > 1 ? Math.max(1, Math.min(n - 1, held)) : held;
  }

  static int[][] stratified(int[] rows, int[] classes, double fraction, long seed, int level) {
    requireFraction(fraction);
    int[] left = heldOutOfEachClass(sizes(rows, classes), fraction);
    int held = Arrays.stream(left).sum(), train = 0, test = 0;
    int[][] parts = {new int[rows.length - held], new int[held]};
    for (int row : shuffled(rows, seed, level)) {
      if (left[classes[row]] > 0) {
        left[classes[row]]--;
        parts[1][test++] = row;
      } else {
        parts[0][train++] = row;
      }
    }
    return parts;
  }

  /** Returns the number of these rows in each class. */
  static int[] sizes(int[] rows, int[] classes) {
    int[] sizes = new int[Arrays.stream(rows).map(r -> classes[r]).max().orElse(-1) + 1];
    for (int row : rows) sizes[classes[row]]++;
    return sizes;
  }

  /** Returns the number of rows of each class to hold out. Largest remainders round up, the first of equal ones. */
  private static int[] heldOutOfEachClass(int[] sizes, double fraction) {
    int[] held = new int[sizes.length];
    int missing = total(Arrays.stream(sizes).sum(), fraction);
    for (int c = 0; c < sizes.length; c++) {
      int down = (int) Math.floor(sizes[c] * fraction);
      held[c] = fraction == 0 || sizes[c] < 2 ? 0 : Math.max(1, Math.min(sizes[c] - 1, down));
      missing -= held[c];
    }
    int[] byRemainder = IntStream.range(0, sizes.length).boxed()
        .sorted((a, b) -> Double.compare(remainder(sizes[b], fraction), remainder(sizes[a], fraction)))
        .mapToInt(Integer::intValue).toArray();
    for (int c : byRemainder) {
      boolean canRoundUp = held[c] < sizes[c] * fraction && held[c] < sizes[c] - 1;
      if (missing > 0 && canRoundUp) {
        held[c]++;
        missing--;
      }
    }
    return held;
  }

  private static double remainder(int size, double fraction) {
    return size * fraction - Math.floor(size * fraction);
  }

  static int[][][] folds(int[] rows, int[] classes, int k, long seed) {
    if (k < 2 || k > rows.length) {
      throw new IllegalArgumentException("folds: expected 2 to " + rows.length + ", the number of rows, found " + k);
    }
    int[] order = shuffled(rows, seed, FOLDS_LEVEL);
    if (classes != null) order = byClass(order, classes);
    int[][][] folds = new int[k][2][];
    for (int f = 0; f < k; f++) {
      int held = (rows.length - f + k - 1) / k, train = 0;
      folds[f][0] = new int[rows.length - held];
      folds[f][1] = new int[held];
      for (int i = 0; i < order.length; i++) {
        if (i % k == f) folds[f][1][i / k] = order[i];
        else folds[f][0][train++] = order[i];
      }
    }
    return folds;
  }

  /** Returns the rows grouped by class, in their order within a class, so that dealing them out spreads each class. */
  private static int[] byClass(int[] order, int[] classes) {
    int[] sizes = sizes(order, classes), next = new int[sizes.length];
    for (int c = 1; c < sizes.length; c++) next[c] = next[c - 1] + sizes[c - 1];
    int[] grouped = new int[order.length];
    for (int row : order) grouped[next[classes[row]]++] = row;
    return grouped;
  }
}
