// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.kernels.Kernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.RowWeights;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The metrics of a network on a data set, ŷ the outputs and y the targets. A metric that does not apply is NaN:
 * accuracy for a regression, rmse, mae and r2 for a classification or a multilabel problem, and all of them for no
 * rows. {@link ConfusionMatrix} has the metrics of each class, {@link MultilabelMetrics} those of each label, and
 * {@link #ofOutputs} those of each number. {@code chainrule.metrics} has those of probabilities, and the trivial
 * baseline to compare with. Only the loss takes account of the rows' weights.
 *
 * @param loss the loss, a mean over the rows or their sum, depending on the loss's reduction; each row's loss is
 *     multiplied by its {@linkplain RowWeights weight}. NaN for a mean if all weights are 0
 * @param accuracy the share of rows whose predicted class is right; for a multilabel problem the share of rows with all
 *     labels right (exact match, as accuracy_score of scikit-learn)
 * @param rmse √(mean of (ŷ − y)²) over all rows and outputs, in the unit of y
 * @param mae mean of |ŷ − y| over all rows and outputs, in the unit of y
 * @param r2 1 − Σ(ŷ − y)² / Σ(y − ȳ)² over all rows and outputs, where ȳ is the mean of each output over these rows.
 *     For several outputs this is the mean of their R², weighted by their variances. NaN if no output varies, as for a
 *     single row, or if a sum overflows; otherwise finite
 */
public record Evaluation(double loss, double accuracy, double rmse, double mae, double r2) implements Serializable {
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
    double loss = 0, weight = 0;
    ErrorSums errors = new ErrorSums();
    boolean numbers = !data.isClassification() && !data.isMultilabel();
    int right = 0;
    for (int from = 0; from < n; from += batch) {
      int rows = Math.min(batch, n - from);
      double value = b.loss(rows, data.x(), from * in, data.y(), from * out, data.weights(), from);
      double weightOfBatch = data.weights() == null ? rows : RowWeights.sum(rows, data.weights(), from);
      loss += meanLoss ? value * weightOfBatch : value;
      weight += weightOfBatch;
      double[] yhat = b.outputs();
      if (numbers) errors.add(yhat, data.y(), from * out, rows * out);
      else for (int i = 0; i < rows; i++) if (isRight(data, yhat, i * out, (from + i) * out)) right++;
    }
    double mean = meanLoss ? loss / weight : loss;
    if (!numbers) return new Evaluation(mean, (double) right / n, Double.NaN, Double.NaN, Double.NaN);
    return errors.evaluation(mean, data);
  }

  /**
   * {@return rmse, mae and r2 of a regression; the loss is NaN}
   *
   * @param yhat predictions ŷ [rows × outputs]
   * @param data the rows with their targets
   * @throws IllegalArgumentException unless this is a regression, or if ŷ has another shape than y
   */
  public static Evaluation ofPredictions(double[] yhat, Dataset data) {
    if (data.isClassification()) throw new IllegalArgumentException("expected a regression, found classes");
    if (data.isMultilabel()) throw new IllegalArgumentException("expected a regression, found labels");
    requireShape(yhat, data);
    ErrorSums errors = new ErrorSums();
    errors.add(yhat, data.y(), 0, yhat.length);
    return errors.evaluation(Double.NaN, data);
  }

  static void requireShape(double[] yhat, Dataset data) {
    if (yhat.length == data.y().length) return;
    throw new IllegalArgumentException("expected " + data.y().length + " predictions, found " + yhat.length);
  }

  /**
   * {@return all metrics of predictions, such as the mean of several networks' outputs} The loss is computed from ŷ,
   * not from logits: cross-entropy is ∞ if a true class has the probability 0.
   *
   * @param loss the loss to compute
   * @param yhat predictions ŷ [rows × outputs]
   * @param data the rows with their targets
   * @throws IllegalArgumentException if ŷ has another shape than y
   */
  public static Evaluation of(Loss loss, double[] yhat, Dataset data) {
    requireShape(yhat, data);
    double value = value(loss, yhat, data);
    if (!data.isClassification() && !data.isMultilabel()) {
      ErrorSums errors = new ErrorSums();
      errors.add(yhat, data.y(), 0, yhat.length);
      return errors.evaluation(value, data);
    }
    int right = 0, out = data.outputs();
    for (int i = 0; i < data.rows(); i++) if (isRight(data, yhat, i * out, i * out)) right++;
    return new Evaluation(value, (double) right / data.rows(), Double.NaN, Double.NaN, Double.NaN);
  }

  private static double value(Loss loss, double[] yhat, Dataset data) {
    int n = data.rows(), out = data.outputs();
    double[] w = data.weights();
    double sum = w == null ? loss.sum(Kernels.best(), n, out, yhat, data.y(), 0)
        : loss.weightedSum(Kernels.best(), n, out, yhat, data.y(), 0, w, 0, new double[out]);
    return loss.reduction() == Reduction.SUM ? sum : sum / (w == null ? n : RowWeights.sum(n, w, 0));
  }

  /**
   * {@return rmse, mae and r2 of each output alone, for a regression} The outputs may have different units.
   *
   * @param yhat predictions ŷ [rows × outputs]
   * @param data the rows with their targets
   * @throws IllegalArgumentException unless this is a regression, or if ŷ has another shape than y
   */
  public static List<Evaluation> ofOutputs(double[] yhat, Dataset data) {
    ofPredictions(yhat, data); // checks the arguments
    int n = data.rows(), out = data.outputs();
    List<Evaluation> all = new ArrayList<>();
    for (int j = 0; j < out; j++) {
      double[] predicted = new double[n], y = new double[n];
      for (int i = 0; i < n; i++) {
        predicted[i] = yhat[i * out + j];
        y[i] = data.y()[i * out + j];
      }
      all.add(ofPredictions(predicted, Dataset.regression(data.inputs(), data.x(), 1, y)));
    }
    return List.copyOf(all);
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

  /** Returns whether the row of ŷ that starts at a predicts the class, or all labels, of the row of y at b. */
  private static boolean isRight(Dataset data, double[] yhat, int a, int b) {
    int out = data.outputs();
    if (!data.isMultilabel()) {
      return ConfusionMatrix.classOf(out, yhat, a) == ConfusionMatrix.classOf(out, data.y(), b);
    }
    for (int j = 0; j < out; j++) {
      if (MultilabelMetrics.predicts(yhat[a + j]) != MultilabelMetrics.predicts(data.y()[b + j])) return false;
    }
    return true;
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
