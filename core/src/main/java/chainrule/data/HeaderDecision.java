// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Whether the first record is a header, and the columns that follow from it.
 *
 * @param header whether the first record contains names; otherwise it is data
 * @param names the name of each column, {@code column1} and so on where the file has none
 * @param leftOut the indexes of the columns to leave out: an unnamed index, row names, empty columns without a name
 * @param notices what had to be assumed, one short line each
 */
record HeaderDecision(boolean header, List<String> names, Set<Integer> leftOut, List<String> notices) {
  private static final int MOST_SHOWN = 5;
  private static final double CERTAIN = 8;
  private static final Pattern UNNAMED = Pattern.compile("Unnamed: \\d+(\\.\\d+|_level_\\d+)*");

  /**
   * Decides from all that is known.
   *
   * @param columns all records after the first, {@code layout.width()} columns
   * @throws DataException if two columns of a header have the same name
   */
  static HeaderDecision decide(String file, TableLayout layout, List<RawColumn> columns, TableOptions options) {
    List<String> notices = new ArrayList<>();
    List<String> first = new ArrayList<>();
    if (layout.rowNames()) first.add("");
    for (String cell : layout.first()) first.add(UnicodeText.clean(cell));
    while (first.size() < columns.size()) first.add("");
    boolean numbered = !options.expected().isEmpty()
        && IntStream.range(0, options.expected().size()).allMatch(i -> isNumbered(options.expected().get(i)));
    boolean header = true, byPosition = false;
    if (options.header().isPresent()) header = options.header().get();
    else if (!layout.commentHeader() && !layout.rowNames()) {
      HeaderEvidence evidence = HeaderEvidence.of(first, columns, options);
      boolean named = !options.expected().isEmpty() && first.containsAll(options.expected());
      if (named) header = true;
      else if (numbered) header = byPosition = evidence.score() > CERTAIN && !evidence.hasNumberNames();
      else header = evidence.score() + (anyExpected(first, options) ? CERTAIN : 0) > 0;
      String line = "line " + layout.startLine() + " (" + listed(first) + ")";
      if (byPosition) {
        notices.add(line + " looks like names, which the model does not have: columns are taken by their position");
      } else if (!header) {
        notices.add("no header: line " + layout.startLine() + " looks like data (" + named(columns.size())
            + "); --header yes if it contains names");
      } else if (!named && !anyExpected(first, options) && evidence.isDoubtful()) {
        notices.add(line + " taken as column names; --header no if it is data");
      }
    }
    Set<Integer> leftOut = new TreeSet<>();
    List<String> names = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) names.add(header && !byPosition ? first.get(c) : "");
    for (int c = 0; c < columns.size(); c++) {
      RawColumn column = columns.get(c);
      String name = names.get(c);
      boolean pandas = name.startsWith("Unnamed: ") && UNNAMED.matcher(name).matches()
          && !options.expected().contains(name);
      if (!name.isEmpty() && !pandas) continue;
      if (c == 0 && layout.rowNames()) {
        leftOut.add(c);
        notices.add("the header has one name less than the lines have fields: column 1 contains row names, left out");
      } else if (isEmpty(column) && (header || layout.first().size() <= c || first.get(c).isEmpty())) {
        leftOut.add(c);
        notices.add("column " + (c + 1) + " is empty and has no name: left out");
      } else if ((c == 0 || pandas && leftOut.size() == c) && header && !byPosition && looksLikeIndex(column)
          && !options.expected().contains("column1")) {
        leftOut.add(c);
        notices.add(pandas ? "column " + (c + 1) + " is named '" + name + "' and looks like an index: left out"
            : "column 1 has no name and looks like an index: left out");
      }
    }
    Set<String> taken = new HashSet<>(names);
    for (int c = 0; c < names.size(); c++) {
      if (!names.get(c).isEmpty()) continue;
      String name = "column" + (c + 1);
      while (!taken.add(name)) name += "_";
      names.set(c, name);
      if (header && !byPosition && !leftOut.contains(c)) {
        notices.add("column " + (c + 1) + " has no name: named " + name);
      }
    }
    if (header && !byPosition) requireDifferent(file + ":" + layout.startLine(), names, leftOut);
    return new HeaderDecision(header, List.copyOf(names), leftOut, List.copyOf(notices));
  }

  private static void requireDifferent(String place, List<String> names, Set<Integer> leftOut) {
    Map<String, Integer> places = new HashMap<>();
    for (int c = 0; c < names.size(); c++) {
      if (leftOut.contains(c)) continue;
      Integer before = places.put(names.get(c), c);
      if (before != null) {
        throw new DataException(place + ": columns " + (before + 1) + " and " + (c + 1) + " are both named '"
            + Table.shown(names.get(c)) + "'. Rename one.");
      }
    }
  }

  private static boolean isNumbered(String name) {
    return name.matches("column[1-9]\\d*");
  }

  private static boolean anyExpected(List<String> first, TableOptions options) {
    for (String name : options.expected()) if (first.contains(name) && !WrittenNumber.isPossible(name)) return true;
    return false;
  }

  private static String named(int columns) {
    return columns == 1 ? "the column is named column1" : "columns are named column1 to column" + columns;
  }

  private static String listed(List<String> cells) {
    List<String> shown = cells.stream().limit(MOST_SHOWN).map(Table::shown).toList();
    return String.join(", ", shown) + (cells.size() > MOST_SHOWN ? ", …" : "");
  }

  private static boolean isEmpty(RawColumn column) {
    if (column.codes == null) return column.rows() == 0;
    for (int r = 0; r < column.rows(); r++) if (column.isNumber(r) || !column.text(r).isEmpty()) return false;
    return true;
  }

  /** Returns whether a column counts rows (from 0 or 1), or has a different whole number or string in every row. */
  private static boolean looksLikeIndex(RawColumn column) {
    int rows = column.rows();
    if (column.codes != null && column.numbers == null) return column.texts.size() == rows && !isEmptyAnywhere(column);
    if (column.codes == null && isCount(column.numbers)) return true;
    double[] sorted = column.numbers.clone();
    Arrays.sort(sorted); // strings, which are NaN, at the end
    int strings = 0;
    for (int r = 0; r < rows; r++) {
      if (Double.isNaN(sorted[r])) strings++;
      else if (sorted[r] != Math.rint(sorted[r]) || r > 0 && sorted[r] == sorted[r - 1]) return false;
    }
    return strings == 0 || column.texts.size() == strings && !isEmptyAnywhere(column);
  }

  private static boolean isCount(double[] numbers) {
    for (int r = 0; r < numbers.length; r++) if (numbers[r] != numbers[0] + r) return false;
    return true;
  }

  private static boolean isEmptyAnywhere(RawColumn column) {
    return column.texts.contains("");
  }
}
