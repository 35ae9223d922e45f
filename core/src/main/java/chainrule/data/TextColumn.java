// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A column of strings, stored as indices into the list of its different values. */
public final class TextColumn implements Column {
  private static final long serialVersionUID = 1;

  /** The name of the column. */
  private final String name;
  /** For each row the index of its string in the different values, −1 for missing. */
  private final int[] codes; // [rows]
  /** The different strings in the order of their first appearance. */
  private final List<String> values;

  /**
   * @param codes for each row the index of its value, −1 for missing; the array is not copied
   * @param values the different strings, in the order of their first appearance
   */
  TextColumn(String name, int[] codes, List<String> values) {
    this.name = Objects.requireNonNull(name, "name");
    this.codes = codes;
    this.values = values;
  }

  /**
   * {@return a column of strings} Blanks around a string are removed.
   *
   * @param name the name of the column
   * @param texts the strings, null or blank for missing
   */
  public static TextColumn of(String name, List<String> texts) {
    Map<String, Integer> places = new LinkedHashMap<>();
    int[] codes = new int[texts.size()];
    for (int i = 0; i < codes.length; i++) {
      String text = texts.get(i) == null ? "" : texts.get(i).strip();
      codes[i] = text.isEmpty() ? -1 : places.computeIfAbsent(text, t -> places.size());
    }
    return new TextColumn(name, codes, List.copyOf(places.keySet()));
  }

  @Override public String name() {
    return name;
  }

  @Override public ColumnType type() {
    return ColumnType.CATEGORY;
  }

  @Override public int rows() {
    return codes.length;
  }

  /**
   * {@return the index of a row's string in {@link #values}, or −1 if it is missing}
   *
   * @param row the row, from 0
   */
  public int code(int row) {
    return codes[row];
  }

  /**
   * {@return the different strings in the order of their first appearance} Those from a file are stripped and in NFC
   * normalization, except in a column that is read {@linkplain TableOptions#exact exactly}.
   */
  public List<String> values() {
    return values;
  }

  @Override public boolean isMissing(int row) {
    return codes[row] < 0;
  }

  @Override public String text(int row) {
    return codes[row] < 0 ? "" : values.get(codes[row]);
  }

  /** The values stay the same, so that codes keep their meaning; some may not occur in the selected rows. */
  @Override public TextColumn select(int[] rows) {
    int[] chosen = new int[rows.length];
    for (int i = 0; i < rows.length; i++) chosen[i] = codes[rows[i]];
    return new TextColumn(name, chosen, values);
  }
}
