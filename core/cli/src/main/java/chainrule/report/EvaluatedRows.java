package chainrule.report;

import chainrule.data.Dataset;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.io.Predictions;
import chainrule.train.ConfusionMatrix;
import chainrule.train.Evaluation;

/**
 * What the model says of the rows it is judged by: those held out, or where there are none those it was trained on.
 * Numbers are in the target's own unit.
 */
record EvaluatedRows(Model model, Dataset rows, Predictions predictions, boolean heldOut) {

  static EvaluatedRows of(Model model, Dataset train, Dataset test) {
    boolean heldOut = test != null && test.rows() > 0;
    Dataset rows = model.adapt(heldOut ? test : train);
    return new EvaluatedRows(model, rows, model.predictEncoded(rows.x()), heldOut);
  }

  /** For sentences: "on 300 test rows". */
  String where() {
    return heldOut ? "on " + Formatting.count(rows.rows(), "test row", "test rows")
        : "on the " + Formatting.count(rows.rows(), "training row", "training rows") + " themselves; none was held out";
  }

  /** The class that a row has. */
  int truth(int row) {
    return ConfusionMatrix.classOf(rows.outputs(), rows.y(), row * rows.outputs());
  }

  boolean isRight(int row) {
    return predictions.classOf(row) == truth(row);
  }

  /** Output j of all rows, as they are. */
  double[] truths(int j) {
    double[] y = new double[rows.rows()];
    for (int i = 0; i < y.length; i++) y[i] = model.encoding().target().decode(rows.y()[i * rows.outputs() + j]);
    return y;
  }

  /** Output j of all rows, as predicted. */
  double[] predicted(int j) {
    double[] y = new double[rows.rows()];
    for (int i = 0; i < y.length; i++) y[i] = predictions.value(i, j);
    return y;
  }

  /** Errors of a regression over all outputs, as {@link Evaluation} defines them, in the target's unit. */
  record Errors(double rmse, double mae, double r2) {}

  Errors errors() {
    double unit = model.encoding().target().deviation();
    Evaluation e = Evaluation.ofPredictions(predictions.yhat(), rows); // as encoded: decoded, the squares could overflow
    return new Errors(e.rmse() * unit, e.mae() * unit, e.r2());
  }
}
