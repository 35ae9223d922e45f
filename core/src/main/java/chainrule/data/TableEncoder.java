// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.kernels.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Encodes rows of one table: its columns are found by name and prepared once. */
final class TableEncoder {
  /** Rows of x that are filled column by column while they are in the cache. */
  private static final int BLOCK = 256;

  private final Encoding encoding;
  private final Table table;

  TableEncoder(Encoding encoding, Table table) {
    this.encoding = encoding;
    this.table = table;
  }

  private int column(String name, String role) {
    int column = table.indexOf(name);
    if (column < 0) throw table.missing(name, role);
    return column;
  }

  private List<InputCells> cells() {
    List<InputCells> cells = new ArrayList<>();
    for (InputColumn in : encoding.inputColumns()) cells.add(InputCells.of(table, column(in.name(), "an input"), in));
    return cells;
  }

  // ---------------------------------------------------------------- inputs

  /** Returns the inputs of these rows [rows × inputs]. */
  double[] inputs(int[] rows) {
    int width = encoding.inputs();
    double[] x = new double[size(rows.length, width, "inputs")];
    List<InputCells> cells = cells();
    for (int from = 0; from < rows.length; from += BLOCK) {
      int to = Math.min(from + BLOCK, rows.length), o = 0;
      for (int c = 0; c < cells.size(); c++) {
        InputColumn in = encoding.inputColumns().get(c);
        if (in.isNumber()) numbers(in, cells.get(c).numbers, rows, from, to, x, o);
        else oneHot(in, cells.get(c), rows, from, to, x, o);
        o += in.width();
      }
    }
    return x;
  }

  private void numbers(InputColumn in, double[] values, int[] rows, int from, int to, double[] x, int o) {
    int width = encoding.inputs();
    for (int i = from; i < to; i++) {
      in.encode(values[rows[i]], x, i * width + o);
      if (Math.abs(x[i * width + o]) < Double.POSITIVE_INFINITY) continue;
      throw tooFar(rows[i], table.indexOf(in.name()), in.mean(), in.deviation());
    }
  }

  private void oneHot(InputColumn in, InputCells cells, int[] rows, int from, int to, double[] x, int o) {
    int width = encoding.inputs(), ofMissing = in.missingPlace();
    int[] codes = cells.codes, places = cells.places;
    for (int i = from; i < to; i++) {
      int code = codes[rows[i]], place = code < 0 ? ofMissing : places[code];
      if (place >= 0) x[i * width + o + place] = 1;
    }
  }

  private DataException tooFar(int row, int column, double mean, double deviation) {
    return table.error(row, column, "'" + Table.shown(table.column(column).text(row))
        + "' is too far from the training data (mean " + mean + ", deviation " + deviation + ")");
  }

  private int size(int rows, int width, String what) {
    if ((long) rows * width <= Limits.MAX_ARRAY_LENGTH) return rows * width;
    throw new DataException(
        table.file() + ": " + rows + " rows of " + width + " " + what + " exceed the largest array ("
        + Limits.MAX_ARRAY_LENGTH + " elements). Use fewer rows, or train without the columns of many categories.");
  }

  /** Returns what is missing and unseen in these rows, for each input column. */
  List<InputCounts> counts(int[] rows) {
    List<InputCells> cells = cells();
    List<InputCounts> counts = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      InputColumn in = encoding.inputColumns().get(c);
      counts.add(in.isNumber() ? numberCounts(in, cells.get(c), rows) : categoryCounts(in, cells.get(c), rows));
    }
    return counts;
  }

  private InputCounts numberCounts(InputColumn in, InputCells cells, int[] rows) {
    int missing = 0, words = 0;
    Column column = table.column(table.indexOf(in.name()));
    for (int r : rows) {
      if (!Double.isNaN(cells.numbers[r])) continue;
      missing++;
      if (column instanceof NumberColumn c && !c.words().isEmpty() && c.words().containsKey(r)) words++;
    }
    return new InputCounts(in.name(), missing, words, 0, 0, List.of());
  }

  private static InputCounts categoryCounts(InputColumn in, InputCells cells, int[] rows) {
    int missing = 0, unseen = 0, different = 0;
    boolean[] found = new boolean[cells.places.length];
    List<String> examples = new ArrayList<>();
    for (int r : rows) {
      int code = cells.codes[r];
      if (code < 0) missing++;
      if (code < 0 || cells.places[code] >= 0) continue;
      unseen++;
      if (found[code]) continue;
      found[code] = true;
      if (++different <= InputCounts.MOST_EXAMPLES) examples.add(cells.texts.get(code));
    }
    return new InputCounts(in.name(), missing, 0, unseen, different, examples);
  }

  // ---------------------------------------------------------------- targets

  /** Returns the rows that have a value in every target. */
  int[] rowsWithTarget(int[] rows) {
    Target target = encoding.target();
    int[] columns = target.names().stream().mapToInt(name -> column(name, "the target")).toArray();
    return rowsWith(table, columns, rows);
  }

  /** Returns those of these rows that have a value in each of these columns. */
  static int[] rowsWith(Table table, int[] columns, int[] rows) {
    int[] kept = new int[rows.length];
    int n = 0;
    for (int r : rows) {
      boolean complete = true;
      for (int c : columns) complete = complete && !table.column(c).isMissing(r);
      if (complete) kept[n++] = r;
    }
    return Arrays.copyOf(kept, n);
  }

  /** Returns the class of each row. */
  int[] classes(int[] rows) {
    List<String> labels = encoding.target().labels();
    size(rows.length, encoding.outputs(), "outputs");
    int column = column(encoding.target().names().get(0), "the target");
    return places(rows, column, labels);
  }

  /** Returns the index of each row's cell among these labels, all of which must be found. */
  private int[] places(int[] rows, int column, List<String> labels) {
    InputCells cells = InputCells.of(table, column, InputColumn.categories(table.names().get(column), labels));
    int[] places = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int code = cells.codes[rows[i]];
      if (code < 0) {
        throw table.error(
            rows[i], column, "expected a class, found a missing value. Fill it in, or delete the line.");
      }
      places[i] = cells.places[code];
      if (places[i] < 0) {
        throw table.error(rows[i], column, "expected a class of the model, found '"
            + Table.shown(table.column(column).text(rows[i])) + "'. The classes are " + Table.shown(labels)
            + ". Fix the label, delete the line, or train a new model.");
      }
    }
    return places;
  }

  /** Returns the standardized targets of a regression, or the 0s and 1s of a multilabel problem [rows × targets]. */
  double[] targets(int[] rows) {
    Target target = encoding.target();
    int outputs = target.names().size();
    double[] y = new double[size(rows.length, outputs, "targets")];
    for (int j = 0; j < outputs; j++) {
      int column = column(target.names().get(j), "the target");
      if (target.isMultilabel()) {
        int[] places = places(rows, column, target.values().get(j));
        for (int i = 0; i < rows.length; i++) y[i * outputs + j] = places[i];
      } else {
        standardized(target, j, column, rows, y);
      }
    }
    return y;
  }

  private void standardized(Target target, int j, int column, int[] rows, double[] y) {
    int outputs = target.names().size();
    ColumnType type = table.column(column).type() == ColumnType.DATE ? ColumnType.DATE : ColumnType.NUMBER;
    double[] values = InputCells.numbers(table, column, type);
    double mean = target.mean(j), deviation = target.deviation(j);
    for (int i = 0; i < rows.length; i++) {
      double v = values[rows[i]];
      if (Double.isNaN(v)) throw noNumber(rows[i], column);
      double z = Standardization.standardize(v, mean, deviation);
      if (!(Math.abs(z) < Double.POSITIVE_INFINITY)) throw tooFar(rows[i], column, mean, deviation);
      y[i * outputs + j] = z;
    }
  }

  private DataException noNumber(int row, int column) {
    String word = table.column(column).text(row);
    return table.error(row, column, word.isEmpty()
        ? "expected a number, found a missing value. Fill it in, or delete the line."
        : "expected a number, found '" + Table.shown(word) + "'. Fix the value, or delete the line.");
  }
}
