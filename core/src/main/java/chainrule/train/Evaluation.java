package chainrule.train;

import chainrule.data.Dataset;
import chainrule.nn.Backpropagation;

/**
 * How well a network does on a data set. What does not apply is NaN: accuracy for a regression, the last three for a
 * classification, and all of them for no rows. Classes one by one: {@link Confusion}.
 *
 * @param loss the loss, a mean over the rows or their sum as the loss says
 * @param accuracy the share of rows whose most probable class is right
 * @param rmse √(mean of (ŷ − y)²) over all outputs, in the unit of y
 * @param mae mean of |ŷ − y| over all outputs, in the unit of y
 * @param r2 1 − Σ(ŷ − y)² / Σ(y − ȳ)², ȳ the mean of each output over these rows
 */
public record Evaluation(double loss, double accuracy, double rmse, double mae, double r2) {

  /** Runs the network forward over all rows, up to {@code batch} at a time. */
  static Evaluation of(Backpropagation b, boolean meanLoss, Dataset data, int batch) {
    int n = data.rows(), in = data.inputs(), out = data.outputs();
    double loss = 0, squares = 0, sizes = 0;
    int right = 0;
    for (int from = 0; from < n; from += batch) {
      int rows = Math.min(batch, n - from);
      double value = b.loss(rows, data.x(), from * in, data.y(), from * out);
      loss += meanLoss ? value * rows : value;
      double[] yhat = b.outputs();
      if (data.isClassification()) {
        for (int i = 0; i < rows; i++) if (isRight(out, yhat, i * out, data.y(), (from + i) * out)) right++;
      } else {
        for (int i = 0; i < rows * out; i++) {
          double error = yhat[i] - data.y()[from * out + i];
          squares += error * error;
          sizes += Math.abs(error);
        }
      }
    }
    double mean = meanLoss ? loss / n : loss;
    if (data.isClassification()) return new Evaluation(mean, (double) right / n, Double.NaN, Double.NaN, Double.NaN);
    double count = (double) n * out;
    return new Evaluation(
        mean, Double.NaN, Math.sqrt(squares / count), sizes / count, 1 - squares / spread(data));
  }

  /** Σ(y − ȳ)² over rows and outputs. */
  private static double spread(Dataset data) {
    int n = data.rows(), out = data.outputs();
    double total = 0;
    for (int j = 0; j < out; j++) {
      double mean = 0;
      for (int i = 0; i < n; i++) mean += data.y()[i * out + j] / n;
      for (int i = 0; i < n; i++) total += (data.y()[i * out + j] - mean) * (data.y()[i * out + j] - mean);
    }
    return total;
  }

  private static boolean isRight(int out, double[] yhat, int a, double[] y, int b) {
    return Confusion.classOf(out, yhat, a) == Confusion.classOf(out, y, b);
  }
}
