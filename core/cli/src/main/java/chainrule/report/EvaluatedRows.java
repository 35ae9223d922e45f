// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.data.Dataset;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.io.Predictions;
import chainrule.train.ConfusionMatrix;
import chainrule.train.Evaluation;

/**
 * The predictions for the rows on which the model is judged: the test rows, or the training rows if none were held out.
 * Numbers are in the target's own unit.
 */
record EvaluatedRows(Model model, Dataset rows, Predictions predictions, boolean heldOut) {

  static EvaluatedRows of(Model model, Dataset train, Dataset test) {
    boolean heldOut = test != null && test.rows() > 0;
    Dataset rows = model.adapt(heldOut ? test : train);
    return new EvaluatedRows(model, rows, model.predictEncoded(rows.x()), heldOut);
  }

  /** Returns a phrase such as "on 300 test rows". */
  String where() {
    return heldOut ? "on " + Formatting.count(rows.rows(), "test row", "test rows")
        : "on the " + Formatting.count(rows.rows(), "training row", "training rows")
        + ", because no rows were held out";
  }

  /** Returns the true class of a row. */
  int trueClass(int row) {
    return ConfusionMatrix.classOf(rows.outputs(), rows.y(), row * rows.outputs());
  }

  boolean isCorrect(int row) {
    return predictions.classOf(row) == trueClass(row);
  }

  /** Returns the true values of output j. */
  double[] trueValues(int j) {
    double[] y = new double[rows.rows()];
    for (int i = 0; i < y.length; i++) y[i] = model.encoding().target().decode(j, rows.y()[i * rows.outputs() + j]);
    return y;
  }

  /** Returns the predicted values of output j. */
  double[] predicted(int j) {
    double[] y = new double[rows.rows()];
    for (int i = 0; i < y.length; i++) y[i] = predictions.value(i, j);
    return y;
  }

  /** Errors of a regression over all outputs, as {@link Evaluation} defines them, in the target's unit. */
  record Errors(double rmse, double mae, double r2) {}

  Errors errors() {
    double unit = model.encoding().target().deviation();
    // as encoded: decoded, the squares could overflow
    Evaluation e = Evaluation.ofPredictions(predictions.yhat(), rows);
    return new Errors(e.rmse() * unit, e.mae() * unit, e.r2());
  }
}
