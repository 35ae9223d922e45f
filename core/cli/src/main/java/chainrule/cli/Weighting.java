// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.NumberColumn;
import chainrule.data.Table;
import chainrule.format.Formatting;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weights of the rows of a training run: those of {@code --weight} times those of {@code --class-weight}. They
 * apply to training and validation. Tests count every row once.
 */
final class Weighting {
  /** A label may contain commas and equals signs: it ends before the first =number that a comma or the end follows. */
  private static final Pattern WEIGHTED_LABEL = Pattern.compile("(.+?)=([^=,]*)(?:,|$)", Pattern.DOTALL);
  private static final String BALANCED = "balanced";

  private Weighting() {}

  /**
   * Returns the weights in a column, for these rows.
   *
   * @throws DataException naming the place of a cell that is not a weight
   */
  static double[] column(Table table, int column, int[] rows) {
    String where = "column '" + Formatting.line(table.names().get(column), 60) + "'";
    if (!(table.column(column) instanceof NumberColumn numbers)) {
      throw new UsageException("--weight: " + where + " of " + table.file() + " does not contain numbers");
    }
    double[] weights = new double[rows.length];
    double sum = 0;
    for (int i = 0; i < rows.length; i++) {
      weights[i] = numbers.value(rows[i]);
      sum += weights[i];
      if (weights[i] >= 0) continue;
      throw new DataException(table.file() + ":" + table.line(rows[i]) + ": " + where
          + ": expected a weight ≥ 0, found "
          + (numbers.isMissing(rows[i]) ? "a missing value" : "'" + numbers.text(rows[i]) + "'")
          + ". Fix the value, or delete the line.");
    }
    if (sum > 0 && sum < Double.POSITIVE_INFINITY) return weights;
    throw new DataException(table.file() + ": " + where + ": expected weights with a finite sum > 0, found "
        + (sum == 0 ? "only zeros" : "a sum of " + sum) + ". Choose another column with --weight.");
  }

  /**
   * Returns the weight of each class that {@code --class-weight} gives.
   *
   * @param train the training rows, whose classes are counted for {@code balanced}
   */
  static double[] ofClasses(String value, Dataset train) {
    if (!train.isClassification()) {
      throw new UsageException("--class-weight requires classes, but the target "
          + (train.isMultilabel() ? "has several labels" : "is numeric") + "; remove it, or pass --weight COLUMN");
    }
    List<String> labels = train.labels();
    if (value.equals(BALANCED)) return Dataset.balancedClassWeights(train.classes(), labels.size());
    Map<Integer, Double> given = new LinkedHashMap<>();
    Matcher m = WEIGHTED_LABEL.matcher(value);
    int end = 0;
    while (end < value.length() && m.find(end) && m.start() == end) {
      int label = label(m.group(1).strip(), labels);
      if (given.put(label, weight(m.group(2).strip())) != null) {
        throw new UsageException("--class-weight: class '" + labels.get(label) + "' is given twice; give it once");
      }
      end = m.end();
    }
    if (end != value.length() || given.isEmpty()) {
      throw new UsageException(
          "--class-weight: expected balanced, or LABEL=WEIGHT such as yes=5,no=1, found '" + value + "'");
    }
    double[] weights = new double[labels.size()];
    Arrays.fill(weights, 1);
    given.forEach((label, weight) -> weights[label] = weight);
    return weights;
  }

  private static int label(String name, List<String> labels) {
    int i = labels.indexOf(name);
    if (i >= 0) return i;
    throw new UsageException("--class-weight: no class '" + Formatting.line(name, 60) + "'; the classes are "
        + Formatting.line(String.join(", ", labels), 200) + SpellingHint.of(name, labels));
  }

  private static double weight(String s) {
    try {
      double w = Double.parseDouble(s);
      if (w >= 0 && w < Double.POSITIVE_INFINITY) return w;
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new UsageException("--class-weight: expected a weight ≥ 0, found '" + s + "'");
  }

  /** Returns the weights of the classes as {@code --class-weight} takes them. */
  static String described(double[] perClass, List<String> labels) {
    StringBuilder s = new StringBuilder();
    for (int c = 0; c < perClass.length; c++) {
      s.append(c == 0 ? "" : ",").append(labels.get(c)).append('=').append(perClass[c]);
    }
    return s.toString();
  }

  /** Multiplies the weights of rows by those of their classes; {@code rows} may be null. */
  static Dataset withClassWeights(Dataset rows, double[] perClass) {
    if (rows == null) return null;
    try {
      return rows.withClassWeights(perClass);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--class-weight: " + e.getMessage());
    }
  }
}
