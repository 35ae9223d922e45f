// SPDX-License-Identifier: MIT
package chainrule.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the records of a delimited file and their separator, from the first part of the file.
 *
 * <p>Before the first record may be empty lines, a line {@code sep=;}, which sets the separator, and comments: lines
 * that start with {@code #}. {@link SeparatorChoice} chooses the separator otherwise. {@link ForeignFormat} recognizes
 * files that are not tables.
 */
final class LayoutDetector {
  private static final int MOST_RECORDS = 1000, ENOUGH_RECORDS = 125;
  private static final String EMPTY = ": the file is empty. Expected one line per example.";

  private final String file;
  private final byte[] sample;
  private final int length;
  private final boolean whole;
  private final TableOptions options;
  private final MissingMarkers markers;
  private int at; // the first byte after comments, a sep= line and empty lines
  private int line = 1;
  private int comment = -1; // the byte after the # of a comment directly before the first record
  private int commentLine;
  private boolean comments;
  private char declared; // by a sep= line; 0: none

  private LayoutDetector(String file, byte[] sample, int length, boolean whole, TableOptions options) {
    this.file = file;
    this.sample = sample;
    this.length = length;
    this.whole = whole;
    this.options = options;
    this.markers = new MissingMarkers(options.missing());
  }

  /**
   * Returns the layout, or null if the sample ends within the first record, so that a larger one is needed.
   *
   * @param sample the first bytes of the file in UTF-8, without a byte-order mark
   * @param length the number of those bytes
   * @param whole whether they are the whole file; otherwise the last, incomplete record does not count
   * @throws DataException if the file is empty, has a title above the table, or is not a table
   */
  static TableLayout detect(String file, byte[] sample, int length, boolean whole, TableOptions options) {
    ForeignFormat.requireTable(file, sample, length);
    return new LayoutDetector(file, sample, length, whole, options).detect();
  }

  private TableLayout detect() {
    skipPreface();
    if (at >= length) {
      if (!whole) return null;
      throw new DataException(file + (comments ? ": contains only comments, lines that start with '#'. Expected one "
          + "line per example." : EMPTY));
    }
    char separator = options.separator() != 0 ? options.separator() : declared != 0 ? declared
        : SeparatorChoice.choose(sample, at, length, whole, options);
    SampleRecords records = SampleRecords.parse(sample, at, length, line, separator, whole, MOST_RECORDS);
    List<SampleRecords.Row> rows = records.rows();
    if (rows.isEmpty()) {
      if (!whole) return null;
      if (records.openLine() == 0) throw new DataException(file + EMPTY);
      throw new DataException(file + ":" + records.openLine() + ": the quote at character " + records.openColumn()
          + " is never closed");
    }
    TableLayout commented = commentHeader(rows, separator);
    return commented != null ? commented : layout(rows, separator);
  }

  // ---------------------------------------------------------------- before the first record

  private void skipPreface() {
    boolean first = true;
    while (at < length) {
      int from = at;
      while (from < length && (sample[from] == ' ' || sample[from] == '\t')) from++;
      int end = from;
      while (end < length && sample[end] != '\n' && sample[end] != '\r') end++;
      if (end == length && !whole && end > from) return;
      if (from == end) {
        comment = -1;
      } else if (isComment(from, end)) {
        comments = true;
        comment = from;
        while (comment < end && sample[comment] == '#') comment++;
        commentLine = line;
      } else if (first && declaresSeparator(from, end)) {
        comment = -1;
      } else {
        return;
      }
      first &= from == end || comment >= 0;
      if (end < length && sample[end] == '\r' && end + 1 < length && sample[end + 1] == '\n') end++;
      at = Math.min(length, end + 1);
      line++;
    }
  }

  /** Returns whether a line is a comment. A first column named "#" does not make one: {@code #,name,points}. */
  private boolean isComment(int from, int end) {
    if (sample[from] != '#') return false;
    if (from + 1 >= end) return true;
    byte after = sample[from + 1];
    return after != ',' && after != ';' && after != '|' && after != '\t';
  }

  private boolean declaresSeparator(int from, int end) {
    String s = new String(sample, from, Math.min(end - from, 9), StandardCharsets.UTF_8);
    if (s.startsWith("\"") && s.stripTrailing().endsWith("\"") && s.length() > 2) s = s.substring(1, s.length() - 1);
    if (!s.regionMatches(true, 0, "sep=", 0, 4) || s.length() < 5 || !s.substring(5).isBlank()) return false;
    char c = s.charAt(4);
    if (c <= 0x7E && !Character.isLetterOrDigit(c) && c != '"') declared = c;
    return declared != 0;
  }

  // ---------------------------------------------------------------- a header in a comment

  /** Returns the layout if the comment directly before the data contains the names of the columns, otherwise null. */
  private TableLayout commentHeader(List<SampleRecords.Row> rows, char separator) {
    if (comment < 0 || options.header().isPresent()) return null;
    int width = width(rows, SeparatorChoice.usualWidth(rows));
    if (width < 2 || rows.get(0).width() != width && !rows.get(0).isEmptyFrom(width)) return null;
    List<String> names = null;
    for (char c : separator == ' ' ? new char[] {' ', ',', ';'} : new char[] {separator}) {
      List<SampleRecords.Row> line = SampleRecords.parse(sample, comment, at, commentLine, c, true, 1).rows();
      if (!line.isEmpty() && line.get(0).width() == width) {
        names = line.get(0).cells();
        break;
      }
    }
    if (names == null || new HashSet<>(names).size() < width) return null;
    for (String name : names) if (name.isEmpty() || WrittenNumber.isPossible(name)) return null;
    HeaderEvidence evidence = HeaderEvidence.of(cells(rows.get(0), width), columns(rows, 1, width), options);
    if (rows.size() > 1 ? evidence.score() > 0 : !evidence.hasNumberNames()) return null;
    String notice = "the comment in line " + commentLine + " (" + Table.shown(names) + ") taken as column names; "
        + "--header no if it does not contain them";
    return new TableLayout(separator, comment, commentLine, names, true, at, line, width, false,
        numeric(rows, 0, width), List.of(notice));
  }

  // ---------------------------------------------------------------- the records

  private TableLayout layout(List<SampleRecords.Row> rows, char separator) {
    SampleRecords.Row first = rows.get(0);
    int usual = SeparatorChoice.usualWidth(rows), width = first.width();
    boolean rowNames = false;
    if (rows.size() > 1) {
      if (width < usual && !areEmptyFrom(rows, width)) {
        if (looksLikeRowNames(rows, usual)) {
          rowNames = true;
          width = usual;
        } else {
          refuseTitle(rows, usual);
        }
      } else {
        width = width(rows, width);
        if (options.header().isEmpty()) refuseLoneTitle(rows, width);
      }
      if (options.header().isEmpty() && !rowNames) refuseTwoHeaders(rows, width);
    }
    return new TableLayout(separator, first.start(), first.line(), cells(first, rowNames ? width - 1 : width), false,
        first.next(), first.nextLine(), width, rowNames, numeric(rows, 1, width), List.of());
  }

  /** Returns the width without the fields at the end that are empty in every record. */
  private static int width(List<SampleRecords.Row> rows, int most) {
    int width = most;
    while (width > 1 && areEmptyFrom(rows, width - 1)) width--;
    return width;
  }

  private static boolean areEmptyFrom(List<SampleRecords.Row> rows, int from) {
    for (SampleRecords.Row row : rows) if (!row.isEmptyFrom(from)) return false;
    return true;
  }

  /**
   * Returns whether the lines have row names in front: all have one field more than the header, the first ones differ,
   * and the second line is not the header below a title.
   */
  private boolean looksLikeRowNames(List<SampleRecords.Row> rows, int usual) {
    SampleRecords.Row first = rows.get(0);
    if (rows.size() < 3 || first.width() != usual - 1 || options.header().equals(Optional.of(false))) return false;
    Set<String> names = new HashSet<>();
    for (SampleRecords.Row row : rows.subList(1, rows.size())) {
      String name = row.cell(0);
      if (row.width() != usual || row.cell(usual - 1).isEmpty() || name.isEmpty() || !names.add(name)) return false;
      if (WrittenNumber.isPossible(name) && !name.matches("\\d+")) return false;
    }
    if (isAboveNumbers(rows, 1, usual)) return false;
    for (String cell : first.cells()) if (cell.isEmpty() || DecimalNumbers.isNumber(cell, true)) return false;
    return true;
  }

  /** Returns whether the cells of a record are words above columns of numbers in the records below. */
  private boolean isAboveNumbers(List<SampleRecords.Row> rows, int index, int width) {
    if (index + 1 >= rows.size()) return false;
    HeaderEvidence evidence =
        HeaderEvidence.of(cells(rows.get(index), width), columns(rows, index + 1, width), options);
    return evidence.score() > 2 * HeaderEvidence.DOUBTFUL && !evidence.hasNumberNames();
  }

  /** Refuses lines with fewer fields above records that have equally many. */
  private void refuseTitle(List<SampleRecords.Row> rows, int usual) {
    int lines = 0;
    while (lines < rows.size() && rows.get(lines).width() != usual) lines++;
    int below = rows.size() - lines, same = 0;
    for (SampleRecords.Row row : rows.subList(lines, rows.size())) if (row.width() == usual) same++;
    if (below < 2 || same < 0.9 * below) return; // the reader names the first line that differs
    SampleRecords.Row first = rows.get(0);
    String start = file + ":" + first.line() + ": ";
    if (lines == 1 && first.width() == usual - 1 && !isAboveNumbers(rows, 1, usual)) {
      throw new DataException(start + "line " + first.line() + " has " + fields(first.width())
          + ", the following lines have " + usual + ". Add the missing name, or put # in front if it is a title.");
    }
    if (lines == 1) {
      throw new DataException(start + "line " + first.line() + " looks like a title: it has " + fields(first.width())
          + ", the following lines have " + usual + ". Delete it, or put # in front.");
    }
    throw new DataException(start + "lines " + first.line() + " to " + rows.get(lines - 1).line()
        + " look like a title: they have fewer fields than the following lines, which have " + usual
        + ". Delete them, or put # in front.");
  }

  private static String fields(int n) {
    return n == 1 ? "1 field" : n + " fields";
  }

  /** Refuses a title that a spreadsheet has padded with empty fields. */
  private void refuseLoneTitle(List<SampleRecords.Row> rows, int width) {
    SampleRecords.Row first = rows.get(0), second = rows.get(1);
    if (width < 2 || first.cell(0).isEmpty() || !first.isEmptyFrom(1)) return;
    if (WrittenNumber.isPossible(first.cell(0))) return;
    if (second.cells().subList(0, Math.min(width, second.width())).contains("")) return;
    boolean gap = second.line() > first.nextLine();
    if (!gap && !isAboveNumbers(rows, 1, width)) return;
    throw new DataException(file + ":" + first.line() + ": line " + first.line() + " looks like a title: only its "
        + "first field is not empty. Delete it, or put # in front.");
  }

  /** Refuses two lines of words above columns of numbers: a title with commas, or names and units. */
  private void refuseTwoHeaders(List<SampleRecords.Row> rows, int width) {
    if (rows.size() < 4) return;
    int numbers = 0;
    for (int c = 0; c < width; c++) {
      if (numbers(rows, 2, 1, c, 0.95) != 1) continue;
      numbers++;
      for (SampleRecords.Row row : rows.subList(0, 2)) {
        String cell = row.cell(c);
        if (WrittenNumber.isPossible(cell) || markers.amongNumbers(cell) || occurs(rows, 2, c, cell)) return;
      }
    }
    if (numbers < 2) return;
    int line = rows.get(0).line(), next = rows.get(1).line();
    throw new DataException(file + ":" + line + ": lines " + line + " and " + next
        + " both contain words above columns of numbers, but only one can contain the names. Delete the other, or put "
        + "# in front.");
  }

  // ---------------------------------------------------------------- columns of the sample

  private static List<String> cells(SampleRecords.Row row, int width) {
    List<String> cells = new ArrayList<>();
    for (int c = 0; c < width; c++) cells.add(row.cell(c));
    return cells;
  }

  private static List<RawColumn> columns(List<SampleRecords.Row> rows, int from, int width) {
    List<RawColumn> columns = new ArrayList<>();
    int n = rows.size() - Math.min(from, rows.size());
    for (int c = 0; c < width; c++) {
      double[] numbers = new double[n];
      int[] codes = new int[n];
      Map<String, Integer> places = new LinkedHashMap<>();
      for (int r = 0; r < n; r++) {
        String cell = rows.get(from + r).cell(c);
        numbers[r] = DecimalNumbers.parse(cell, false);
        codes[r] = Double.isNaN(numbers[r]) ? places.computeIfAbsent(cell, k -> places.size()) : -1;
      }
      columns.add(new RawColumn(numbers, codes, new ArrayList<>(places.keySet()), () -> {
        throw new IllegalStateException("columns of a sample");
      }));
    }
    return columns;
  }

  private static boolean occurs(List<SampleRecords.Row> rows, int from, int column, String cell) {
    for (int r = from; r < rows.size(); r++) if (rows.get(r).cell(column).equals(cell)) return true;
    return false;
  }

  /**
   * Returns 1 if this share of the cells of a column, in every {@code step}th record, are numbers, 0 if not, −1 if all
   * are missing.
   */
  private int numbers(List<SampleRecords.Row> rows, int from, int step, int column, double share) {
    int known = 0, numbers = 0;
    for (int r = from; r < rows.size(); r += step) {
      String cell = rows.get(r).cell(column);
      boolean number = DecimalNumbers.isNumber(cell, false);
      if (!number && markers.amongNumbers(cell)) continue;
      known++;
      if (number || WrittenNumber.isPossible(cell)) numbers++;
    }
    return known == 0 ? -1 : numbers >= share * known ? 1 : 0;
  }

  /** Guesses from some records in which columns most cells are numbers; the reader corrects it. */
  private boolean[] numeric(List<SampleRecords.Row> rows, int from, int width) {
    boolean[] numeric = new boolean[width];
    int step = Math.max(1, rows.size() / ENOUGH_RECORDS);
    for (int c = 0; c < width; c++) numeric[c] = numbers(rows, from, step, c, 0.5) != 0;
    return numeric;
  }
}
