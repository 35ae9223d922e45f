// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Encodes rows cell by cell, each cell on its own. The inputs of a row do not depend on the rows before and after it,
 * so parts of a large table can be encoded anywhere, in any order, with the result of encoding the table at once.
 * <pre>{@code
 * CellEncoder encoder = new CellEncoder(model.encoding(), Map.of());
 * encoder.start(x, 0);
 * encoder.number(0, 39);
 * encoder.text(1, "Paris");          // x[0] … x[inputs − 1] now hold the row
 * }</pre>
 * A column of numbers or dates also takes strings: they are read as in a file, with the decimal mark of the column. A
 * string that is neither a number nor a missing marker counts as missing. A column of categories also takes numbers: a
 * number is the category that is the same number, however it is written. For one thread at a time.
 */
public final class CellEncoder {
  private final List<InputColumn> columns;
  private final int[] offsets; // [columns]
  private final char[] marks; // [columns]
  private final CategoryIndex[] categories; // [columns], null for numbers
  private final MissingMarkers markers;
  private final int inputs;
  private final CellCounts counts;
  private double[] x;
  private int to;

  /**
   * Creates an encoder.
   *
   * @param encoding the encoding of the model
   * @param decimals by column name, the decimal marks in strings of columns of numbers; for other columns, the mark of
   *     the training file, or else a point
   */
  public CellEncoder(Encoding encoding, Map<String, Character> decimals) {
    columns = encoding.inputColumns();
    inputs = encoding.inputs();
    markers = new MissingMarkers(encoding.missing());
    offsets = new int[columns.size()];
    marks = new char[columns.size()];
    categories = new CategoryIndex[columns.size()];
    counts = new CellCounts(columns.size());
    int o = 0;
    for (int c = 0; c < columns.size(); c++) {
      InputColumn in = columns.get(c);
      offsets[c] = o;
      o += in.width();
      marks[c] = decimals.getOrDefault(in.name(), encoding.decimal() == ',' ? ',' : '.');
      if (!in.isNumber()) categories[c] = new CategoryIndex(in.categories());
    }
  }

  /**
   * Starts a row. One call of {@link #number}, {@link #text} or {@link #missing} for each column must follow.
   *
   * @param newX the array that receives the {@link Encoding#inputs} inputs of the row
   * @param newTo the index of the first input in the array
   * @throws IndexOutOfBoundsException if the array is too short
   */
  public void start(double[] newX, int newTo) {
    Objects.checkFromIndexSize(newTo, inputs, newX.length);
    x = newX;
    to = newTo;
    for (int i = 0; i < inputs; i++) x[to + i] = 0;
    counts.addRow();
  }

  /**
   * Encodes a missing cell.
   *
   * @param column the index of the input column, from 0
   */
  public void missing(int column) {
    counts.addMissing(column);
    InputColumn in = columns.get(column);
    if (in.isNumber()) in.encode(Double.NaN, x, to + offsets[column]);
    else set(column, in.missingPlace());
  }

  /**
   * Encodes a number.
   *
   * @param column the index of the input column, from 0
   * @param v the number, for a column of dates in days since 1970-01-01; NaN and missing markers such as −999 mean
   *     missing
   * @throws IllegalArgumentException naming the column, if the number is infinite or too far from those of training
   */
  public void number(int column, double v) {
    InputColumn in = columns.get(column);
    if (Double.isNaN(v) || markers.isMarker(v)) {
      missing(column);
    } else if (Double.isInfinite(v)) {
      throw error(in, "expected a finite number, found " + v);
    } else if (in.isNumber()) {
      in.encode(v, x, to + offsets[column]);
      if (Math.abs(x[to + offsets[column]]) < Double.POSITIVE_INFINITY) return;
      throw error(in, "'" + NumberColumn.text(v) + "' is too far from the training data (mean " + in.mean()
          + ", deviation " + in.deviation() + ")");
    } else {
      category(column, categories[column].of(v), NumberColumn.text(v));
    }
  }

  /**
   * Encodes a string.
   *
   * @param column the index of the input column, from 0
   * @param cell the string, null for missing
   * @throws IllegalArgumentException as {@link #number}
   */
  public void text(int column, String cell) {
    InputColumn in = columns.get(column);
    String clean = cell == null ? "" : UnicodeText.clean(cell);
    if (!in.isNumber()) {
      if (markers.inText(clean)) missing(column);
      else category(column, categories[column].of(clean), clean);
      return;
    }
    double v = in.type() == ColumnType.DATE ? IsoDate.parse(clean) : number(clean, marks[column]);
    if (Double.isInfinite(v)) throw error(in, "'" + Table.shown(clean) + "' is too large for a double");
    if (!Double.isNaN(v)) {
      number(column, v);
      return;
    }
    if (!markers.amongNumbers(clean)) counts.addWord(column);
    missing(column);
  }

  /** Returns the value of a number with this decimal mark; of one with the other mark only, its value with that. */
  static double number(String text, char mark) {
    WrittenNumber number = WrittenNumber.of(text);
    if (number == null) return Double.NaN;
    double v = mark == ',' ? number.comma() : number.point();
    return Double.isNaN(v) ? mark == ',' ? number.point() : number.comma() : v;
  }

  private void category(int column, int place, String text) {
    if (place < 0) counts.addUnseen(column, text);
    else set(column, place);
  }

  private void set(int column, int place) {
    if (place >= 0) x[to + offsets[column] + place] = 1;
  }

  /** {@return what was missing or unseen in the rows so far; further rows are added to it} */
  public CellCounts counts() {
    return counts;
  }

  private static IllegalArgumentException error(InputColumn in, String what) {
    return new IllegalArgumentException("column '" + Table.shown(in.name()) + "': " + what);
  }
}
