// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.data.Dataset;
import chainrule.data.Target;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.io.Predictions;
import chainrule.train.ConfusionMatrix;
import chainrule.train.Evaluation;
import chainrule.train.MultilabelMetrics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

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

  /** Returns the metrics of each label of a multilabel problem. */
  MultilabelMetrics labelMetrics() {
    return MultilabelMetrics.ofPredictions(predictions.yhat(), rows);
  }

  /** Errors of a regression, as {@link Evaluation} defines them, in the target's unit. */
  record Errors(double rmse, double mae, double r2) {}

  /** Returns the errors over all outputs; rmse and mae are NaN for targets that were scaled by different units. */
  Errors errors() {
    Target target = model.encoding().target();
    boolean oneUnit = new HashSet<>(target.deviations()).size() == 1;
    // as encoded: decoded, the squares could overflow
    return errors(Evaluation.ofPredictions(predictions.yhat(), rows), oneUnit ? target.deviation() : Double.NaN);
  }

  /** Returns the errors of each output. */
  List<Errors> errorsByOutput() {
    List<Evaluation> outputs = Evaluation.ofOutputs(predictions.yhat(), rows);
    List<Errors> errors = new ArrayList<>();
    for (int j = 0; j < outputs.size(); j++) errors.add(errors(outputs.get(j), model.encoding().target().deviation(j)));
    return errors;
  }

  private static Errors errors(Evaluation e, double unit) {
    return new Errors(e.rmse() * unit, e.mae() * unit, e.r2());
  }
}
