// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.CellSurvey;
import chainrule.data.ColumnType;
import chainrule.data.DataException;
import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The string columns of a DataFrame that a model needs as numbers or dates. What a string means may depend on the
 * others of its column, so a job looks at all of them first.
 *
 * @param decimals by column, the decimal mark
 * @param notices what had to be assumed
 */
record StringInputs(Map<String, Character> decimals, List<String> notices) {
  static final StringInputs NONE = new StringInputs(Map.of(), List.of());

  /**
   * Looks at all strings of these columns.
   *
   * @param columns the input columns and their columns of the frame
   * @throws DataException if a column cannot be read
   */
  static StringInputs of(String data, Frame frame, Map<InputColumn, Integer> columns, Encoding encoding) {
    if (columns.isEmpty()) return NONE;
    ArrayList<CellSurvey> empty = new ArrayList<>();
    List<Column> selected = new ArrayList<>();
    columns.forEach((in, c) -> {
      empty.add(new CellSurvey(in, encoding));
      selected.add(frame.readable(c));
    });
    Dataset<Row> strings = frame.select(selected);
    if (strings.isStreaming()) throw streaming(data, columns.keySet().iterator().next());
    Surveys task = new Surveys(empty);
    for (List<CellSurvey> part : PartitionResults.of("partition of " + data, strings, task::of)) {
      for (int i = 0; i < empty.size(); i++) empty.get(i).add(part.get(i));
    }
    return decide(data, List.copyOf(columns.keySet()), empty, encoding);
  }

  private static DataException streaming(String data, InputColumn in) {
    String name = Words.literal(in.name()), type = in.type() == ColumnType.DATE ? "timestamp" : "double";
    return new DataException(data + ": column '" + Words.shown(in.name()) + "': expected " + (in.type()
        == ColumnType.DATE ? "dates" : "numbers") + " as in training, found strings in a stream. Cast it: "
        + "rows.withColumn(" + name + ", col(" + name + ").cast(\"" + type + "\")).");
  }

  /** Surveys the strings of a partition. */
  private record Surveys(ArrayList<CellSurvey> empty) implements Serializable {
    ArrayList<CellSurvey> of(Iterator<Row> rows) {
      while (rows.hasNext()) {
        Row row = rows.next();
        for (int i = 0; i < empty.size(); i++) empty.get(i).add(row.getString(i));
      }
      return empty;
    }
  }

  private static StringInputs decide(
      String data, List<InputColumn> columns, List<CellSurvey> surveys, Encoding encoding) {
    boolean point = false, comma = false;
    for (CellSurvey s : surveys) {
      s.requireReadable(data);
      point |= s.evidence() == '.';
      comma |= s.evidence() == ',';
    }
    char likely = point != comma ? comma ? ',' : '.' : encoding.decimal() == ',' ? ',' : '.';
    Map<String, Character> decimals = new HashMap<>();
    Map<String, List<String>> byText = new LinkedHashMap<>();
    for (int i = 0; i < surveys.size(); i++) {
      CellSurvey s = surveys.get(i);
      char mark = s.evidence() != 0 ? s.evidence() : likely;
      if (columns.get(i).type() == ColumnType.NUMBER) decimals.put(s.name(), mark);
      for (String text : s.notices(mark)) byText.computeIfAbsent(text, t -> new ArrayList<>()).add(s.name());
    }
    List<String> notices = new ArrayList<>();
    byText.forEach((text, names) ->
        notices.add((names.size() == 1 ? "column " : "columns ") + Words.listed(names) + ": " + text));
    return new StringInputs(decimals, notices);
  }
}
