// SPDX-License-Identifier: MIT
package chainrule.metrics;

import chainrule.random.CounterRandom;
import chainrule.random.CounterRandom.StreamPurpose;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How much the score of predictions drops when the values of one column are permuted among the rows:
 * <pre>
 * drop_jr = s(x) − s(x with column j permuted by π_jr)         repeats r = 1 … R
 * importance_j = (1/R) Σ_r drop_jr         deviation_j = √((1/R) Σ_r (drop_jr − importance_j)²)
 * </pre>
 * The larger, the more the predictions depend on the column; about 0 for a column that the model ignores, and for two
 * columns that carry the same information. A column that becomes several inputs, such as one per category, is permuted
 * as a whole. π_jr is a Fisher–Yates permutation by {@link CounterRandom}, a function of the seed, the column and the
 * repeat, so the result does not depend on the number of columns or repeats computed. If the score is NaN, so are the
 * results.
 *
 * <p>With s the negative log loss, the importance is the rise of the log loss. It distinguishes columns where the
 * accuracy does not: with a rare class, a model may predict the other one everywhere and still rank the rows well. With
 * s = R², it is the rise of the mean squared error in units of the target's variance. Source: Breiman 2001; as in
 * scikit-learn.
 *
 * @param score s(x), the score without permutation
 * @param importance [columns] the mean drop
 * @param deviation [columns] the standard deviation of the drops over the repeats
 */
public record PermutationImportance(double score, double[] importance, double[] deviation) {
  private static final int MAX_REPEATS = 1000;

  /**
   * Computes the importance of each column, with 1 + columns · R calls of the score.
   * Formula: beyond-permutation-importance. Spec: ImportanceSpec#theImportanceIsTheMeanDropOfTheScore.
   *
   * @param x encoded rows [rows × inputs]; not changed
   * @param widths the number of inputs of each column, in order; their sum is the number of inputs
   * @param score returns the score of rows x [rows × inputs], larger for better predictions, such as an R² or a
   *     negative log loss. It must not change or keep the array
   * @param repeats R, 1 … 1,000
   * @param seed the seed of the permutations
   * @return the importances, in the order of the columns
   */
  public static PermutationImportance of(
      double[] x, int[] widths, ToDoubleFunction<double[]> score, int repeats, long seed) {
    return of(x, widths, 1, v -> new double[] {score.applyAsDouble(v)}, repeats, seed).get(0);
  }

  /**
   * Computes the importance of each column by several scores of the same permutations, such as the accuracy and the
   * negative log loss, with 1 + columns · R calls of the function.
   *
   * @param x encoded rows [rows × inputs]; not changed
   * @param widths the number of inputs of each column, in order; their sum is the number of inputs
   * @param count the number of scores
   * @param scores returns the scores [count] of rows x [rows × inputs], like the score of the other method
   * @param repeats R, 1 … 1,000
   * @param seed the seed of the permutations
   * @return one for each score
   */
  public static List<PermutationImportance> of(
      double[] x, int[] widths, int count, Function<double[], double[]> scores, int repeats, long seed) {
    int inputs = IntStream.of(widths).sum();
    if (widths.length == 0 || IntStream.of(widths).min().getAsInt() < 1 || x.length % inputs != 0) {
      throw new IllegalArgumentException(
          "expected rows of " + inputs + " inputs in columns of ≥ 1 input, found " + x.length + " values");
    }
    if (repeats < 1 || repeats > MAX_REPEATS) {
      throw new IllegalArgumentException("repeats: expected 1 to " + MAX_REPEATS + ", found " + repeats);
    }
    double[] permuted = x.clone();
    double[] s = scores.apply(permuted);
    List<PermutationImportance> results = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      results.add(new PermutationImportance(s[k], new double[widths.length], new double[widths.length]));
    }
    double[][] drops = new double[count][repeats];
    for (int j = 0, from = 0; j < widths.length; from += widths[j++]) {
      for (int r = 0; r < repeats; r++) {
        permute(x, permuted, inputs, from, widths[j], permutation(x.length / inputs, j, r, seed));
        double[] now = scores.apply(permuted);
        for (int k = 0; k < count; k++) drops[k][r] = s[k] - now[k];
      }
      permute(x, permuted, inputs, from, widths[j], null);
      for (int k = 0; k < count; k++) results.get(k).set(j, drops[k]);
    }
    return List.copyOf(results);
  }

  /** Sets the mean and the deviation of the drops of column j. */
  private void set(int j, double[] drops) {
    for (double d : drops) importance[j] += d;
    importance[j] /= drops.length;
    for (double d : drops) deviation[j] += (d - importance[j]) * (d - importance[j]);
    deviation[j] = Math.sqrt(deviation[j] / drops.length);
  }

  /** Returns the permutation π of n rows for a column and a repeat, both from 0: row i gets the values of row π[i]. */
  static int[] permutation(int n, int column, int repeat, long seed) {
    int[] order = IntStream.range(0, n).toArray();
    long detail = (long) column << 20 | repeat;
    CounterRandom.shuffle(order, seed, CounterRandom.stream(StreamPurpose.IMPORTANCE, detail));
    return order;
  }

  /** Copies the inputs from … from + width − 1 of row order[i] of x to row i; of row i for null. */
  private static void permute(double[] x, double[] to, int inputs, int from, int width, int[] order) {
    for (int i = 0; i < x.length / inputs; i++) {
      System.arraycopy(x, (order == null ? i : order[i]) * inputs + from, to, i * inputs + from, width);
    }
  }

  /** {@return the columns from the most important to the least; equal ones in their order, NaN last} */
  public List<Integer> ranking() {
    List<Integer> columns = new ArrayList<>(IntStream.range(0, importance.length).boxed().toList());
    columns.sort(Comparator.comparingDouble(j -> Double.isNaN(importance[j]) ? Double.POSITIVE_INFINITY
        : 0 - importance[j]));
    return List.copyOf(columns);
  }
}
