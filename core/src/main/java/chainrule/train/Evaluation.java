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
 * @param r2 1 − Σ(ŷ − y)² / Σ(y − ȳ)², ȳ the mean of each output over these rows. Where y does not vary, as for one row,
 *     there is nothing to explain and no measure of it: NaN, whether ŷ is right (0/0) or not (−∞), and also where a sum
 *     overflows. So it is a finite number, or it is undefined.
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
        mean, Double.NaN, Math.sqrt(squares / count), sizes / count, r2(squares, data));
  }

  /** R² of predictions whose errors have this sum of squares, Σ(ŷ − y)² over rows and outputs; NaN as above. */
  public static double r2(double squares, Dataset data) {
    double spread = spread(data), r2 = 1 - squares / spread;
    return spread > 0 && spread < Double.POSITIVE_INFINITY && r2 > Double.NEGATIVE_INFINITY ? r2 : Double.NaN;
  }

  /** Σ(y − ȳ)² over rows and outputs; nothing for an output that is the same in every row, whatever its mean rounds to. */
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
    return Confusion.classOf(out, yhat, a) == Confusion.classOf(out, y, b);
  }
}
