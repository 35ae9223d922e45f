// SPDX-License-Identifier: MIT
package chainrule.explain;

import java.util.List;

/**
 * A stage of a training step: one formula applied to one layer, and the numbers that it gives.
 *
 * @param kind what it computes
 * @param layer the index of the layer, from 0; −1 for none
 * @param title the heading: {@code z of layer 1 (3 relu)}
 * @param formula the formula in the names of the lines
 * @param shapes the shapes of its arrays
 * @param ids the ids of the formulas it applies, in {@link FormulaSheet}
 * @param lines the numbers
 */
public record Stage(Kind kind, int layer, String title, String formula, String shapes, List<String> ids,
    List<Line> lines) {

  /** What a stage computes. */
  public enum Kind { BATCH, Z, A, LOSS, OUTPUT_SLOPE, DELTA, GRADIENT, PENALTY, CLIPPING, UPDATE }

  public Stage {
    ids = List.copyOf(ids);
    lines = List.copyOf(lines);
  }

  /** Returns whether the stage belongs to the backward pass. */
  public boolean isBackward() {
    return kind.ordinal() >= Kind.OUTPUT_SLOPE.ordinal() && kind.ordinal() < Kind.UPDATE.ordinal();
  }
}
