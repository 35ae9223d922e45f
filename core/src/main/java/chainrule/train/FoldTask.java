// SPDX-License-Identifier: MIT
package chainrule.train;

import java.io.Serializable;

/**
 * One training of a cross-validation: plain numbers, from which any machine that has the data and the candidates can
 * compute its {@link FoldResult}.
 *
 * @param candidate the number of the settings to try, from 0; 0 if there is only one
 * @param repeat the number of the division into folds, from 0
 * @param fold the fold that is held out, from 0
 * @param foldSeed the seed of the division, the same for all folds of a repeat: see
 *     {@link chainrule.data.Dataset#folds(int, long)}
 * @param seed the seed of the training, the same for all candidates, so that they differ by their settings only
 */
public record FoldTask(int candidate, int repeat, int fold, long foldSeed, long seed) implements Serializable {
  /** Returns the place, for a log line. */
  @Override public String toString() {
    return "candidate " + candidate + ", repeat " + repeat + ", fold " + fold;
  }
}
