// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Chooses the separator that splits the first records most plausibly. A candidate's score is the product of
 * <ul>
 *   <li>its consistency: the share of records that have the most frequent number of fields, which is ≥ 2;
 *   <li>the plausibility of its cells: a cell that contains another candidate outside quotes, or several numbers,
 *       speaks against it. A decimal comma does not: {@code 0,400;2,10} is split by the semicolon.
 * </ul>
 * On a tie the first of comma, semicolon, tab, {@code |} and runs of blanks wins.
 */
final class SeparatorChoice {
  private SeparatorChoice() {}

  private static final char[] CANDIDATES = {',', ';', '\t', '|', ' '};
  private static final char NONE = '\u001F'; // the unit separator: does not occur in text
  private static final int MOST_RECORDS = 200;
  private static final int MOST_BYTES = 1 << 18;
  private static final int MOST_CELLS = 20_000;
  private static final int LONG = 100;
  private static final double LEAST_CONSISTENCY = 0.5;
  private static final double IMPLAUSIBLE = 0.3;

  private static final Pattern COMMA_NUMBER = Pattern.compile("[^\\p{L},;]{0,3}\\d+(?:[.,]\\d+)+[^\\p{L},;]{0,3}");
  private static final Pattern GROUPED = Pattern.compile("[+-]?\\d{1,3}(?: \\d{3})+(?:[.,]\\d+)?");
  private static final Pattern NUMBERS = Pattern.compile("[+-]?\\.?\\d[\\d.,eE+-]*(?:\\s+[+-]?\\.?\\d[\\d.,eE+-]*)+");

  /** Returns the separator, or for a file with a single column one that does not occur. */
  static char choose(byte[] sample, int from, int length, boolean whole, TableOptions options) {
    char best = 0, open = 0; // the separator after which a quote opens that is never closed
    double bestScore = 0;
    for (char c : CANDIDATES) {
      if (!occurs(sample, from, length, c)) continue;
      SampleRecords records = records(sample, from, length, whole, c);
      List<SampleRecords.Row> rows = records.rows();
      if (rows.isEmpty() && whole && records.openLine() == 0 && c != ' ') return c; // only separators
      if (rows.isEmpty() && records.openLine() != 0 && open == 0) open = c;
      double score = rows.isEmpty() ? 0 : score(rows, c, options);
      if (score > bestScore) {
        best = c;
        bestScore = score;
      }
    }
    if (best != 0) return best;
    if (open != 0) return open;
    for (char c : new char[] {',', ';', '\t', '|'}) if (!occurs(sample, from, length, c)) return c;
    return NONE;
  }

  private static SampleRecords records(byte[] sample, int from, int length, boolean whole, char c) {
    if (length - from > MOST_BYTES) {
      SampleRecords some = SampleRecords.parse(sample, from, from + MOST_BYTES, 1, c, false, MOST_RECORDS);
      if (some.rows().size() > 1) return some;
    }
    return SampleRecords.parse(sample, from, length, 1, c, whole, MOST_RECORDS);
  }

  private static boolean occurs(byte[] sample, int from, int length, char c) {
    for (int i = from; i < length; i++) if (sample[i] == c || c == ' ' && sample[i] == '\t') return true;
    return false;
  }

  /** Returns the most frequent number of fields; the first record's on a tie with it, otherwise the larger one. */
  static int usualWidth(List<SampleRecords.Row> rows) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (SampleRecords.Row row : rows) counts.merge(row.width(), 1, Integer::sum);
    int best = rows.get(0).width();
    for (Map.Entry<Integer, Integer> e : counts.entrySet()) {
      int more = e.getValue() - counts.get(best);
      if (more > 0 || more == 0 && e.getKey() > best && best != rows.get(0).width()) best = e.getKey();
    }
    return best;
  }

  private static double score(List<SampleRecords.Row> rows, char separator, TableOptions options) {
    int width = usualWidth(rows);
    if (width < 2) return 0;
    double consistent = 0, plausible = 0;
    long cells = 0;
    for (int r = 0; r < rows.size(); r++) {
      SampleRecords.Row row = rows.get(r);
      boolean same = row.width() == width || row.width() > width && row.isEmptyFrom(width);
      consistent += same ? 1 : r == 0 && row.width() == width - 1 ? 0.5 : 0;
      for (int c = 0; same && c < width && cells < MOST_CELLS; c++, cells++) {
        plausible += row.quoted().get(c) || isPlausible(row.cell(c), separator) ? 1 : IMPLAUSIBLE;
      }
    }
    double share = consistent / rows.size();
    if (share < LEAST_CONSISTENCY || separator == ' ' && !areColumns(rows, width, options)) return 0;
    if (separator == ',' && width == 2 && isDecimalCommaColumn(rows)) return 0;
    return (share == 1 ? 1 : 0.8 * share) * plausible / Math.max(1, cells) * (separator == ' ' ? 0.9 : 1);
  }

  private static boolean isPlausible(String whole, char separator) {
    String cell = whole.length() > LONG ? whole.substring(0, LONG) : whole; // the patterns recurse
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      if (c == separator) return false; // characters after a closing quote
      if (c == ';' || c == '\t' || c == '|') return false;
      if (c == ',' && !isMarkedNumber(cell) && !COMMA_NUMBER.matcher(cell).matches()) return false;
    }
    return cell.indexOf(' ') < 0 || !NUMBERS.matcher(cell).matches() || GROUPED.matcher(cell).matches();
  }

  /** Returns whether a cell is a sign and groups of digits with marks between: what is usual of COMMA_NUMBER. */
  private static boolean isMarkedNumber(String cell) {
    int n = cell.length(), i = n > 0 && (cell.charAt(0) == '-' || cell.charAt(0) == '+') ? 1 : 0, from = i;
    boolean marks = false;
    for (; i < n; i++) {
      char c = cell.charAt(i);
      if (c >= '0' && c <= '9') continue;
      if (c != '.' && c != ',' || i == from || i + 1 == n) return false;
      from = i + 1;
      marks = true;
    }
    return marks;
  }

  /** Returns whether the first record is one name, and every other record two halves of a number: 1,5. */
  private static boolean isDecimalCommaColumn(List<SampleRecords.Row> rows) {
    if (rows.size() < 2 || rows.get(0).width() != 1 || WrittenNumber.isPossible(rows.get(0).cell(0))) return false;
    for (SampleRecords.Row row : rows.subList(1, rows.size())) {
      if (!row.cell(0).matches("[+-]?\\d*") || !row.cell(1).matches("\\d*")) return false;
    }
    return true;
  }

  /** Returns whether runs of blanks separate columns, and not the words of a string: John Smith. */
  private static boolean areColumns(List<SampleRecords.Row> rows, int width, TableOptions options) {
    SampleRecords.Row first = rows.get(0);
    if (options.expected().equals(List.of(String.join(" ", first.cells())))) return false;
    int off = 0;
    for (SampleRecords.Row row : rows) if (row.width() != width) off++;
    MissingMarkers markers = new MissingMarkers(options.missing());
    boolean rowNames = first.width() == width - 1;
    if (off > (rowNames ? 1 : 0) + rows.size() / 20) return false;
    boolean numbers = false, repeated = false;
    for (int c = 0; c < width; c++) {
      int n = 0;
      Set<String> values = new HashSet<>();
      for (SampleRecords.Row row : rows.subList(Math.min(1, rows.size() - 1), rows.size())) {
        if (WrittenNumber.isPossible(row.cell(c)) || markers.amongNumbers(row.cell(c))) n++;
        values.add(row.cell(c));
      }
      int below = Math.max(1, rows.size() - 1);
      numbers |= n >= 0.95 * below;
      repeated |= values.size() <= Math.max(2, below / 4) && below > values.size();
    }
    return numbers ? width >= 3 || !rowNames : rowNames ? width >= 4 : width >= 3 || repeated;
  }
}
