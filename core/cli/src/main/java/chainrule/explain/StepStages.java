// SPDX-License-Identifier: MIT
package chainrule.explain;

import chainrule.explain.Stage.Kind;
import chainrule.nn.Dense;
import chainrule.nn.Layer;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides a recorded step into stages, from the batch to the update. The numbers of one row are written term by term;
 * those of the other rows appear where the gradient sums over the rows. Names: {@code z2[3]} is z of unit 3 of layer 2,
 * {@code W2[1,3]} the weight from its input 1 to unit 3; all count from 1.
 */
public final class StepStages {
  private final RecordedStep step;
  private final int row;
  private final List<String> inputs;
  private final List<String> outputs;

  private StepStages(RecordedStep step, int row, List<String> inputs, List<String> outputs) {
    this.step = step;
    this.row = row;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /**
   * {@return the stages of a step; without a finite loss, those up to the loss}
   *
   * @param step the step
   * @param row the row of the batch that is written term by term, from 0
   * @param inputs the names of the network's inputs
   * @param outputs the names of its outputs
   */
  public static List<Stage> of(RecordedStep step, int row, List<String> inputs, List<String> outputs) {
    return new StepStages(step, row, inputs, outputs).stages();
  }

  private List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    stages.add(batch());
    stages.addAll(ForwardStages.of(step, row));
    stages.add(LossTerms.stage(step));
    if (!step.hasBackwardPass()) return stages;
    stages.addAll(BackwardStages.of(step, row));
    stages.addAll(UpdateStages.of(step));
    return stages;
  }

  private Stage batch() {
    List<Line> lines = new ArrayList<>();
    double[][] x = step.values().input(0);
    for (int i = 0; i < shown(inputs.size()); i++) lines.add(Line.of("x[" + (i + 1) + "] " + inputs.get(i), x[row][i]));
    addMore(lines, inputs.size(), "input", "inputs");
    for (int j = 0; j < shown(outputs.size()); j++) {
      lines.add(Line.of("y[" + (j + 1) + "] " + outputs.get(j), step.y()[row][j]));
    }
    addMore(lines, outputs.size(), "target", "targets");
    int n = step.rows().length;
    for (int r = 0; r < shown(n) && n > 1; r++) {
      lines.add(Line.remark((r == row ? "this is row " : "row ") + (r + 1) + ", row " + (step.rows()[r] + 1)
          + " of the training rows: x " + values(x[r]) + ", y " + values(step.y()[r])
          + (step.weights() == null ? "" : ", weight " + Numbers.of(step.weights()[r]))));
    }
    addMore(lines, n, "row", "rows");
    return new Stage(Kind.BATCH, -1, "the batch: " + (n == 1 ? "1 row" : n + " rows, of which row " + (row + 1)
        + " follows term by term"), "", "x [" + n + " × " + inputs.size() + "], y [" + n + " × " + outputs.size() + "]",
        List.of(), lines);
  }

  private static String values(double[] all) {
    StringBuilder s = new StringBuilder("(");
    for (int i = 0; i < shown(all.length); i++) s.append(i == 0 ? "" : ", ").append(Numbers.of(all[i]));
    return s.append(shown(all.length) < all.length ? ", …)" : ")").toString();
  }

  /** Returns how many of n things are shown: all of a few, else the first ones. */
  static int shown(int n) {
    return n <= Sum.MOST_TERMS ? n : 6;
  }

  /** Adds a remark that says how many of n things are not shown. */
  static void addMore(List<Line> lines, int n, String one, String many) {
    int more = n - shown(n);
    if (more > 0) lines.add(Line.remark("… " + more + " more " + (more == 1 ? one : many)));
  }

  /** Names a layer: {@code layer 1 (3 relu)}. */
  static String named(RecordedStep step, int layer) {
    return "layer " + (layer + 1) + " (" + step.network().layers().get(layer).describe() + ")";
  }

  /** Names an element: {@code z2[3]} for layer index 1 and unit index 2. */
  static String element(String array, int layer, int unit) {
    return array + (layer + 1) + "[" + (unit + 1) + "]";
  }

  /** Names a weight: {@code W2[1,3]}. */
  static String weight(String array, int layer, int i, int j) {
    return array + (layer + 1) + "[" + (i + 1) + "," + (j + 1) + "]";
  }

  /** Names the input of a layer: x, or a of the layer before. */
  static String input(int layer) {
    return layer == 0 ? "x" : "a" + layer;
  }

  /** Returns whether the layer has weights. */
  static boolean isDense(Layer layer) {
    return layer instanceof Dense;
  }
}
