// SPDX-License-Identifier: MIT
package chainrule.train;

/**
 * One fold of a cross-validation: train a network on some rows, then measure it on the others. It is plain data, so
 * that it can be sent to another thread, process or machine.
 *
 * @param repeat the repeat that the fold belongs to, from 1
 * @param fold the number of the fold within its repeat, from 1
 * @param train row numbers to train on: the array itself, not a copy
 * @param held row numbers to measure the network on: the array itself, not a copy
 * @param seed the seed of the repeat, for the initial weights and the shuffling
 */
public record FoldTask(int repeat, int fold, int[] train, int[] held, long seed) {

  /** Returns the numbers and the sizes, for a log line: {@code repeat 1, fold 3: 120 rows to train, 30 held out}. */
  @Override public String toString() {
    return "repeat " + repeat + ", fold " + fold + ": " + train.length + " rows to train, " + held.length
        + " held out";
  }
}
