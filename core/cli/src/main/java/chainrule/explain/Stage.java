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
  public enum Kind {
    /** The rows of the batch; computes nothing. */
    BATCH,
    /** z of a layer, from its inputs and parameters. */
    Z,
    /** The activations a of a layer. */
    A,
    /** The loss of the batch. */
    LOSS,
    /** g, the derivative of the loss with respect to the network's outputs. */
    OUTPUT_SLOPE,
    /** δ of a layer, the derivative of the loss with respect to z. */
    DELTA,
    /** The gradient of a layer's weights and biases. */
    GRADIENT,
    /** The penalties' part of the gradient. */
    PENALTY,
    /** The gradient scaled to the largest norm allowed. */
    CLIPPING,
    /** The parameters after the step. */
    UPDATE
  }

  /**
   * Copies the lists.
   *
   * @param kind what the stage computes
   * @param layer the index of the layer, from 0; −1 for none
   * @param title the heading
   * @param formula the formula; may be empty
   * @param shapes the shapes of its arrays
   * @param ids the ids of formulas; not null
   * @param lines the numbers; not null
   */
  public Stage {
    ids = List.copyOf(ids);
    lines = List.copyOf(lines);
  }

  /** {@return whether the stage belongs to the backward pass} */
  public boolean isBackward() {
    return kind.ordinal() >= Kind.OUTPUT_SLOPE.ordinal() && kind.ordinal() < Kind.UPDATE.ordinal();
  }
}
