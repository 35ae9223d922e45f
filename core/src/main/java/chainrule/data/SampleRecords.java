// SPDX-License-Identifier: MIT
package chainrule.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The complete records of the first part of a file, split by one separator. Records without any value are left out. */
final class SampleRecords {
  /**
   * A record.
   *
   * @param start the byte at which it starts
   * @param line the line of that byte
   * @param next the byte after its line end
   * @param nextLine the line of that byte
   * @param cells its cells without quotes, blanks around them removed
   * @param quoted for each cell whether it is in quotes
   */
  record Row(int start, int line, int next, int nextLine, List<String> cells, List<Boolean> quoted) {
    int width() {
      return cells.size();
    }

    String cell(int i) {
      return i < cells.size() ? cells.get(i) : "";
    }

    /** Returns whether all cells from an index on are empty. */
    boolean isEmptyFrom(int from) {
      for (int i = from; i < cells.size(); i++) if (!cells.get(i).isEmpty()) return false;
      return true;
    }
  }

  private final byte[] bytes;
  private final int length;
  private final char separator;
  private final List<Row> rows = new ArrayList<>();
  private int at;
  private int line;
  private int lineStart;
  private int openLine;
  private int openColumn;

  private SampleRecords(byte[] bytes, int length, char separator, int from, int line) {
    this.bytes = bytes;
    this.length = length;
    this.separator = separator;
    this.at = from;
    this.lineStart = from;
    this.line = line;
  }

  /**
   * Parses records until the end of the sample or a number of records.
   *
   * @param whole whether the sample is the whole file; otherwise a record without a line end is left out
   */
  static SampleRecords parse(byte[] bytes, int from, int length, int line, char separator, boolean whole, int most) {
    SampleRecords records = new SampleRecords(bytes, length, separator, from, line);
    while (records.at < length && records.rows.size() < most && records.openLine == 0) records.record(whole);
    return records;
  }

  List<Row> rows() {
    return rows;
  }

  /** Returns the line of a quote that is not closed, or 0. */
  int openLine() {
    return openLine;
  }

  /** Returns the character of its line at which a quote is that is not closed, from 1. */
  int openColumn() {
    return openColumn;
  }

  private void record(boolean whole) {
    int start = at, startLine = line;
    List<String> cells = new ArrayList<>();
    List<Boolean> quoted = new ArrayList<>();
    while (true) {
      skipBlanks();
      boolean last = at >= length || isLineEnd(bytes[at]);
      if (last && separator == ' ' && !cells.isEmpty()) break;
      boolean quote = !last && bytes[at] == '"';
      String cell = quote ? quotedField() : plainField();
      if (openLine != 0) return;
      cells.add(cell);
      quoted.add(quote);
      if (at >= length || isLineEnd(bytes[at])) break;
      if (separator != ' ') at++;
    }
    if (at >= length && !whole) return;
    endOfLine();
    Row row = new Row(start, startLine, at, line, cells, quoted);
    if (!row.isEmptyFrom(0)) rows.add(row);
  }

  private static boolean isLineEnd(byte b) {
    return b == '\n' || b == '\r';
  }

  private boolean isSeparator(byte b) {
    return separator == ' ' ? b == ' ' || b == '\t' : b == separator;
  }

  private void skipBlanks() {
    while (at < length && (bytes[at] == ' ' || bytes[at] == '\t' && separator != '\t')) at++;
  }

  private String plainField() {
    int from = at;
    while (at < length && !isSeparator(bytes[at]) && !isLineEnd(bytes[at])) at++;
    return UnicodeText.strip(new String(bytes, from, at - from, StandardCharsets.UTF_8));
  }

  private String quotedField() {
    int fromLine = line, fromStart = lineStart, from = ++at;
    StringBuilder doubled = null;
    while (true) {
      while (at < length && bytes[at] != '"') {
        if (bytes[at] == '\n' || bytes[at] == '\r' && (at + 1 >= length || bytes[at + 1] != '\n')) {
          line++;
          lineStart = at + 1;
        }
        at++;
      }
      if (at >= length) {
        openLine = fromLine;
        openColumn = new String(bytes, fromStart, from - fromStart, StandardCharsets.UTF_8).length();
        return "";
      }
      if (at + 1 >= length || bytes[at + 1] != '"') break;
      doubled = doubled == null ? new StringBuilder() : doubled;
      doubled.append(new String(bytes, from, at + 1 - from, StandardCharsets.UTF_8));
      at += 2;
      from = at;
    }
    String rest = new String(bytes, from, at - from, StandardCharsets.UTF_8);
    at++;
    String tail = plainField(); // blanks, or characters after the closing quote, which the reader refuses
    return UnicodeText.strip((doubled == null ? rest : doubled + rest) + tail);
  }

  private void endOfLine() {
    if (at >= length) return;
    if (bytes[at] == '\r' && at + 1 < length && bytes[at + 1] == '\n') at++;
    at++;
    line++;
    lineStart = at;
  }
}
