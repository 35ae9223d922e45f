// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A column of a table as an input column of a model: numbers, or the place of each cell's category. The file's column
 * may have another type than in training, as long as every cell has a meaning in the model's type.
 */
final class InputCells {
  /** [table rows], NaN for missing; null for categories. */
  final double[] numbers;
  /** [table rows], the cell's string, −1 for missing; null for numbers. */
  final int[] codes;
  /** For each code the index of the category in the model, −1 for an unseen one. */
  final int[] places;
  /** The strings of the codes. */
  final List<String> texts;

  private InputCells(double[] numbers, int[] codes, int[] places, List<String> texts) {
    this.numbers = numbers;
    this.codes = codes;
    this.places = places;
    this.texts = texts;
  }

  /** @throws DataException if a cell does not have the model's type */
  static InputCells of(Table table, int column, InputColumn in) {
    return in.isNumber() ? new InputCells(numbers(table, column, in.type()), null, null, null)
        : categories(table, column, in.categories());
  }

  /** Returns the numbers or dates of a column [table rows], NaN for missing. */
  static double[] numbers(Table table, int column, ColumnType type) {
    if (table.column(column) instanceof NumberColumn c) {
      if (c.type() == type || c.missing() == c.rows()) return c.values();
      String expected = type == ColumnType.DATE ? "dates such as 2026-11-29 as in training, found numbers"
          : "numbers as in training, found dates";
      throw new DataException(table.file() + ": column '" + Table.shown(c.name()) + "': expected " + expected
          + ". Write them as in the training data.");
    }
    TextColumn c = (TextColumn) table.column(column);
    MissingMarkers markers = new MissingMarkers(List.of());
    double[] ofCode = new double[c.values().size()], values = new double[c.rows()];
    for (int i = 0; i < ofCode.length; i++) {
      String text = c.values().get(i);
      ofCode[i] = type == ColumnType.DATE ? IsoDate.parse(text) : number(text, table.decimal());
    }
    for (int r = 0; r < values.length; r++) {
      values[r] = c.isMissing(r) ? Double.NaN : ofCode[c.code(r)];
      if (!Double.isNaN(values[r]) || c.isMissing(r) || markers.amongNumbers(c.text(r))) continue;
      throw table.error(r, column, "expected a " + (type == ColumnType.DATE ? "date such as 2026-11-29" : "number")
          + ", found '" + Table.shown(c.text(r)) + "'. Fix the value, or leave the cell empty.");
    }
    return values;
  }

  /** Returns the value of a number as people write it, NaN if it is not one that a double can hold. */
  private static double number(String text, char decimal) {
    WrittenNumber number = WrittenNumber.of(text);
    double v = number == null ? Double.NaN : decimal == ',' ? number.comma() : number.usual();
    return Double.isInfinite(v) ? Double.NaN : v;
  }

  private static InputCells categories(Table table, int column, List<String> categories) {
    CategoryIndex index = new CategoryIndex(categories);
    if (table.column(column) instanceof TextColumn c) {
      int[] codes = new int[c.rows()];
      for (int r = 0; r < codes.length; r++) codes[r] = c.code(r);
      return new InputCells(null, codes, c.values().stream().mapToInt(index::of).toArray(), c.values());
    }
    NumberColumn c = (NumberColumn) table.column(column);
    if (c.type() == ColumnType.DATE && c.missing() < c.rows()) {
      throw new DataException(table.file() + ": column '" + Table.shown(c.name())
          + "': expected strings as in training, found dates. Read it as strings: --type NAME=category.");
    }
    Map<Object, Integer> codeOf = new HashMap<>(); // by number or word
    List<String> texts = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    int[] codes = new int[c.rows()];
    for (int r = 0; r < codes.length; r++) {
      double v = c.value(r) + 0.0; // +0 for −0
      String word = Double.isNaN(v) ? c.text(r) : null;
      if (word != null && word.isEmpty()) {
        codes[r] = -1;
        continue;
      }
      Integer code = codeOf.get(word != null ? word : (Object) v);
      if (code == null) {
        code = texts.size();
        codeOf.put(word != null ? word : (Object) v, code);
        texts.add(word != null ? word : NumberColumn.text(v));
        places.add(word != null ? index.of(word) : index.of(v));
      }
      codes[r] = code;
    }
    return new InputCells(null, codes, places.stream().mapToInt(p -> p).toArray(), texts);
  }
}
