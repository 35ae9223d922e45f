// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The predictions for a DataFrame. They are computed when Spark runs an action on {@link #rows}. */
public final class SparkPredictions {
  private final Dataset<Row> rows;
  private final List<String> notices;
  private final List<String> inputs;
  private final ScoringCounts counts;

  SparkPredictions(Dataset<Row> rows, List<String> notices, List<String> inputs, ScoringCounts counts) {
    this.rows = rows;
    this.notices = List.copyOf(notices);
    this.inputs = List.copyOf(inputs);
    this.counts = counts;
  }

  /** {@return the kept columns and the predictions, one row for each row of the data} */
  public Dataset<Row> rows() {
    return rows;
  }

  /** {@return what had to be assumed about strings in place of numbers and dates, one short line each} */
  public List<String> notices() {
    return notices;
  }

  /**
   * {@return what was missing or unseen in the rows that have been scored so far} An action on all rows, such as
   * writing them, counts them all, and a second action counts no row twice. {@code show()} and {@code take(n)} may
   * score fewer rows; a partition that is not scored to its end is not counted. {@link ScoringSummary#rows} tells how
   * many are.
   */
  public ScoringSummary summary() {
    return ScoringSummary.of(inputs, counts.value().values());
  }
}
