// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Why an input column cannot be used.
 *
 * @param constant whether it has the same value in all training rows, or no value at all
 * @param words the reason in a few words
 */
record LeftOut(boolean constant, String words) {
  /** A text column with more different values than this holds identifiers or free text rather than categories. */
  private static final int MOST_CATEGORIES = 1000;
  private static final int MOST_NAMED = 12;
  /** Names of columns that number the rows: empty, "Unnamed: 0", index, Id, PassengerId, row_no, … */
  private static final Pattern ROW_NUMBER = Pattern.compile(
      "|(?i:unnamed(:? ?\\d+)?|rows?|rownames?|row[ _.]?(names?|number)|#|observation|obs|record|case)"
      + "|(.*[^A-Za-z])?(?i:id|idx|index|no|no\\.|nr|nr\\.|num|number|key)|.*[a-z](Id|ID|Idx|Index|No|Nr|Num|Number)"
      + "|rowid|sno");
  private static final Pattern DATE = Pattern.compile(
      "\\d{1,4}([./-])(\\d{1,2}|[A-Za-z]{3,9})\\1\\d{1,4}([ T]\\d{1,2}:\\d\\d.*)?|\\d{1,2} [A-Za-z]{3,9} \\d{4}"
      + "|[A-Za-z]{3,9} \\d{1,2}, \\d{4}");

  /** Returns why a column cannot be used, given its training rows; empty if it can, or if it is to be kept. */
  static Optional<LeftOut> reason(Table table, int column, int[] rows, boolean kept) {
    Column c = table.column(column);
    return c instanceof NumberColumn numbers ? ofNumbers(numbers, rows, kept) : ofTexts((TextColumn) c, rows, kept);
  }

  private static Optional<LeftOut> ofNumbers(NumberColumn c, int[] rows, boolean kept) {
    double first = Double.NaN;
    boolean constant = true, missing = false;
    for (int r : rows) {
      double v = c.value(r);
      if (Double.isNaN(v)) missing = true;
      else if (Double.isNaN(first)) first = v;
      else if (v != first) constant = false;
    }
    if (Double.isNaN(first)) return Optional.of(new LeftOut(true, "no values"));
    if (constant && (!missing || c.type() == ColumnType.DATE)) {
      return Optional.of(new LeftOut(true, "always " + NumberColumn.text(first)));
    }
    boolean rowNumber = !kept && c.type() == ColumnType.NUMBER && isRowNumberName(c.name()) && isRunning(c);
    return rowNumber ? Optional.of(new LeftOut(false, "a row number")) : Optional.empty();
  }

  /** Returns whether a name suggests that the column numbers or identifies rows. */
  static boolean isRowNumberName(String name) {
    return ROW_NUMBER.matcher(name.strip()).matches();
  }

  /** Returns whether the numbers increase by 1 from each row of the table to the next. */
  static boolean isRunning(NumberColumn c) {
    for (int r = 1; r < c.rows(); r++) if (c.value(r) != c.value(r - 1) + 1) return false;
    return c.rows() > 1 && c.value(0) == Math.rint(c.value(0));
  }

  private static Optional<LeftOut> ofTexts(TextColumn c, int[] rows, boolean kept) {
    boolean[] seen = new boolean[c.values().size()];
    int present = 0;
    for (int r : rows) {
      if (c.isMissing(r)) continue;
      present++;
      seen[c.code(r)] = true;
    }
    int[] codes = IntStream.range(0, seen.length).filter(code -> seen[code]).toArray();
    int n = codes.length;
    if (n == 0) return Optional.of(new LeftOut(true, "no values"));
    String any = c.values().get(codes[0]);
    if (n == 1 && present == rows.length) {
      return Optional.of(new LeftOut(true, "always '" + Table.shown(any) + "'"));
    }
    if (kept) return Optional.empty();
    if (n > 1 && Arrays.stream(codes).allMatch(code -> DATE.matcher(c.values().get(code)).matches())) {
      return Optional.of(new LeftOut(false, "dates not written like 2026-11-29, such as '" + Table.shown(any) + "'"));
    }
    boolean many = n > MOST_CATEGORIES || n > 20 && 2 * n > rows.length || present >= 10 && n > 0.9 * present;
    if (!many) return Optional.empty();
    String where = present + (present == rows.length ? " rows" : " rows with a value");
    return Optional.of(new LeftOut(false, n + " different strings in " + where));
  }

  /** Returns at most one line about columns without information, and one about the others. */
  static List<String> notices(Table table, Map<Integer, LeftOut> columns) {
    List<String> lines = new ArrayList<>();
    List<Integer> unusable = columns.keySet().stream().filter(c -> !columns.get(c).constant).toList();
    if (!unusable.isEmpty()) {
      lines.add("columns left out: " + named(table, columns, unusable) + ". To use one, pass "
          + OptionAdvice.keep(table, unusable.get(0)) + ".");
    }
    List<Integer> constant = columns.keySet().stream().filter(c -> columns.get(c).constant).toList();
    if (!constant.isEmpty()) {
      lines.add("columns without information left out: " + named(table, columns, constant));
    }
    return lines;
  }

  private static String named(Table table, Map<Integer, LeftOut> all, List<Integer> some) {
    List<String> words = some.stream().limit(MOST_NAMED)
        .map(c -> "'" + Table.shown(table.names().get(c)) + "' (" + all.get(c).words + ")").toList();
    return String.join(", ", words) + (some.size() > MOST_NAMED ? " and " + (some.size() - MOST_NAMED) + " more" : "");
  }
}
