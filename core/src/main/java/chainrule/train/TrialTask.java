// SPDX-License-Identifier: MIT
package chainrule.train;

import java.io.Serializable;

/**
 * One training of a search: a candidate, on one fold, for a number of epochs. It is plain data, as its parts are.
 *
 * @param candidate the settings to train with
 * @param fold the fold; its candidate is the number of the candidate − 1
 * @param epochs the most epochs to train
 */
public record TrialTask(Candidate candidate, FoldTask fold, int epochs) implements Serializable {}
