// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.nn.Backpropagation;
import java.util.Locale;

/**
 * The metrics of a network on a data set, ŷ the outputs and y the targets. A metric that does not apply is NaN:
 * accuracy for a regression, rmse, mae and r2 for a classification, and all of them for no rows.
 * {@link ConfusionMatrix} has the metrics of each class.
 *
 * @param loss the loss, a mean over the rows or their sum, depending on the loss's reduction
 * @param accuracy the share of rows whose predicted class is right
 * @param rmse √(mean of (ŷ − y)²) over all rows and outputs, in the unit of y
 * @param mae mean of |ŷ − y| over all rows and outputs, in the unit of y
 * @param r2 1 − Σ(ŷ − y)² / Σ(y − ȳ)², where ȳ is the mean of each output over these rows. NaN if no output varies, as
 *     for a single row, or if a sum overflows; otherwise finite
 */
public record Evaluation(double loss, double accuracy, double rmse, double mae, double r2) {

  /** Σ(ŷ − y)² and Σ|ŷ − y|. */
  private static final class ErrorSums {
    double squares;
    double sizes;

    void add(double[] yhat, double[] y, int yo, int n) {
      for (int i = 0; i < n; i++) {
        double error = yhat[i] - y[yo + i];
        squares += error * error;
        sizes += Math.abs(error);
      }
    }

    Evaluation evaluation(double loss, Dataset data) {
      double count = (double) data.rows() * data.outputs();
      return new Evaluation(loss, Double.NaN, Math.sqrt(squares / count), sizes / count, r2(squares, data));
    }
  }

  /** Runs the forward pass over all rows, up to {@code batch} at a time. */
  static Evaluation of(Backpropagation b, boolean meanLoss, Dataset data, int batch) {
    int n = data.rows(), in = data.inputs(), out = data.outputs();
    double loss = 0;
    ErrorSums errors = new ErrorSums();
    int right = 0;
    for (int from = 0; from < n; from += batch) {
      int rows = Math.min(batch, n - from);
      double value = b.loss(rows, data.x(), from * in, data.y(), from * out);
      loss += meanLoss ? value * rows : value;
      double[] yhat = b.outputs();
      if (data.isClassification()) {
        for (int i = 0; i < rows; i++) if (isRight(out, yhat, i * out, data.y(), (from + i) * out)) right++;
      } else {
        errors.add(yhat, data.y(), from * out, rows * out);
      }
    }
    double mean = meanLoss ? loss / n : loss;
    if (data.isClassification()) return new Evaluation(mean, (double) right / n, Double.NaN, Double.NaN, Double.NaN);
    return errors.evaluation(mean, data);
  }

  /**
   * Returns rmse, mae and r2 of predictions ŷ [rows × outputs] for a regression; the loss is NaN.
   * @throws IllegalArgumentException for a classification, or if ŷ has another shape than y
   */
  public static Evaluation ofPredictions(double[] yhat, Dataset data) {
    if (data.isClassification()) throw new IllegalArgumentException("expected a regression, found classes");
    if (yhat.length != data.y().length) {
      throw new IllegalArgumentException("expected " + data.y().length + " predictions, found " + yhat.length);
    }
    ErrorSums errors = new ErrorSums();
    errors.add(yhat, data.y(), 0, yhat.length);
    return errors.evaluation(Double.NaN, data);
  }

  private static double r2(double squares, Dataset data) {
    double spread = spread(data), r2 = 1 - squares / spread;
    return spread > 0 && spread < Double.POSITIVE_INFINITY && r2 > Double.NEGATIVE_INFINITY ? r2 : Double.NaN;
  }

  /** Returns Σ(y − ȳ)² over rows and outputs. A constant output adds exactly 0, whatever its mean rounds to. */
  private static double spread(Dataset data) {
    int n = data.rows(), out = data.outputs();
    double total = 0;
    for (int j = 0; j < out; j++) {
      if (isConstant(data, j)) continue;
      double mean = 0;
      for (int i = 0; i < n; i++) mean += data.y()[i * out + j] / n;
      for (int i = 0; i < n; i++) total += (data.y()[i * out + j] - mean) * (data.y()[i * out + j] - mean);
    }
    return total;
  }

  private static boolean isConstant(Dataset data, int output) {
    int out = data.outputs();
    for (int i = 1; i < data.rows(); i++) if (data.y()[i * out + output] != data.y()[output]) return false;
    return true;
  }

  private static boolean isRight(int out, double[] yhat, int a, double[] y, int b) {
    return ConfusionMatrix.classOf(out, yhat, a) == ConfusionMatrix.classOf(out, y, b);
  }

  /** Returns the metrics that apply, for a log line: {@code loss 0.0123, accuracy 0.9750}. */
  @Override public String toString() {
    StringBuilder s = new StringBuilder(String.format(Locale.ROOT, "loss %.4g", loss));
    if (!Double.isNaN(accuracy)) s.append(String.format(Locale.ROOT, ", accuracy %.4f", accuracy));
    if (!Double.isNaN(r2)) s.append(String.format(Locale.ROOT, ", R² %.4f", r2));
    if (!Double.isNaN(rmse)) s.append(String.format(Locale.ROOT, ", RMSE %.4g", rmse));
    return s.toString();
  }
}
