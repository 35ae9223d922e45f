// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * The row numbers for training, for validation and for testing.
 *
 * @param validation null without {@code --patience}, and with {@code --ensemble}
 * @param notices rows that could not be held out, one short line each
 */
record RowParts(int[] train, int[] validation, int[] test, List<String> notices) {

  /** Holds out a random part of the rows for testing, and with {@code --patience} a part of the others. */
  static RowParts of(TargetRows rows, double testFraction, Arguments a, long seed) {
    int[][] parts = rows.split(rows.rows(), testFraction, seed, 0);
    List<String> notices = testFraction > 0 ? rows.single(rows.rows(), "testing") : List.of();
    return of(rows, parts[0], parts[1], notices, a, seed);
  }

  /** Holds out these rows for testing, and with {@code --patience} a random part of the others. */
  static RowParts of(TargetRows rows, int[] train, int[] test, List<String> notices, Arguments a, long seed) {
    if (!a.has(Option.PATIENCE) || a.has(Option.ENSEMBLE)) return new RowParts(train, null, test, notices);
    double fraction = a.number(Option.VALIDATION_FRACTION, 0.1, 0, false, 1);
    int[][] parts = rows.split(train, fraction, seed, 1);
    if (parts[1].length == 0) {
      throw new UsageException("no rows are left for validation; raise --validation-fraction or lower --test-fraction");
    }
    List<String> all = new ArrayList<>(notices);
    all.addAll(rows.single(train, "validation"));
    return new RowParts(parts[0], parts[1], test, all);
  }
}
