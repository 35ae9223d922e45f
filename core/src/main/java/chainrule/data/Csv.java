// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.kernels.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads CSV files (RFC 4180) in UTF-8. Fields in double quotes may contain separators, line breaks and doubled quotes.
 * Lines end in LF, CRLF or CR. The separator is the most frequent of comma, semicolon and tab in the first line; on a
 * tie, the first of these. A byte-order mark and empty lines are skipped. The first line is a header unless one of its
 * fields is a number.
 */
final class Csv {
  /** The length up to which cells are likely to repeat. */
  private static final int SHORT = 8;

  private final String file;
  private final String text;
  private final char separator;
  /** Short cells by their hash, the latest of each: see {@link #cell}. */
  private final String[] cells = new String[1 << 12];
  private int at;
  private int line = 1;
  private int lineStart;

  private Csv(String file, String text, char separator) {
    this.file = file;
    this.text = text;
    this.separator = separator;
  }

  /**
   * Reads a file into a table of strings.
   *
   * @throws DataException naming file, line and column of what is not a table
   * @throws UncheckedIOException if the file cannot be read
   */
  static Table read(Path path, TableOptions options) {
    try {
      return parse(path.toString(), decode(path.toString(), bytes(path, mostBytes())), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes, text and cells are in memory at once: at least four times the size of the file. */
  private static long mostBytes() {
    return Math.min(Limits.MAX_ARRAY_LENGTH, Runtime.getRuntime().maxMemory() / 4);
  }

  /**
   * Reads all bytes of a file or a pipe, at most {@code most}. If the file's size is known to be larger, reads none.
   */
  static byte[] bytes(Path path, long most) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = Files.size(path) <= most ? in.readNBytes((int) most) : null;
      if (bytes != null && (bytes.length < most || in.read() < 0)) return bytes;
    }
    throw new DataException(path + ": larger than " + (most >> 20) + " MiB, the limit for a heap of "
        + (Runtime.getRuntime().maxMemory() >> 20) + " MiB. " + (most < Limits.MAX_ARRAY_LENGTH
        ? "Raise the heap with -Xmx, or split the file." : "Split the file."));
  }

  private static String decode(String file, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult end = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    if (end.isError()) {
      throw new DataException(file + ":" + lineOf(bytes, in.position()) + ": not valid UTF-8. Save the file as UTF-8.");
    }
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        throw new DataException(file + ":" + lineOf(bytes, i)
            + ": contains a NUL byte, so it is not a text file. If it is UTF-16, save it as UTF-8.");
      }
    }
    return out.flip().toString();
  }

  private static int lineOf(byte[] bytes, int place) {
    int line = 1;
    for (int i = 0; i < place; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r' && bytes[i + 1] != '\n') line++;
    }
    return line;
  }

  /** A row: the line of the file on which it starts, and its cells. */
  private record Row(int line, String[] cells) {}

  /** Parses text like {@link #read}; {@code file} is the name for messages. */
  static Table parse(String file, String text, TableOptions options) {
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Csv csv = new Csv(file, body, separatorOf(body));
    List<Row> rows = csv.rows();
    if (rows.isEmpty()) throw new DataException(file + ": the file is empty. Expected one line per example.");
    String[] first = rows.get(0).cells();
    boolean header = options.header().orElse(true);
    for (String cell : first) {
      header &= options.header().isPresent() || !DecimalNumbers.isNumber(cell, csv.separator != ',');
    }
    String[] names = header ? first : numbered(first.length);
    for (int i = 0; header && i < names.length; i++) names[i] = names[i].strip();
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; header && i < names.length; i++) {
      Integer before = places.put(names[i], i);
      if (before != null) {
        throw new DataException(file + ":" + rows.get(0).line() + ": columns " + (before + 1) + " and " + (i + 1)
            + " are both named '" + Table.shown(names[i]) + "'. Rename one.");
      }
    }
    List<Row> examples = header ? rows.subList(1, rows.size()) : rows;
    if (examples.isEmpty()) {
      throw new DataException(file + ": the file has only a header. Expected one line per example after it.");
    }
    List<Column> columns = new ArrayList<>();
    for (int c = 0; c < names.length; c++) columns.add(csv.column(names[c], examples, c));
    return new Table(file, columns, examples.stream().mapToInt(Row::line).toArray(), (char) 0, List.of());
  }

  private Column column(String name, List<Row> rows, int c) {
    double[] values = new double[rows.size()];
    int[] codes = new int[rows.size()];
    Map<String, Integer> places = new LinkedHashMap<>();
    Map<Integer, String> words = new TreeMap<>();
    int numbers = 0;
    for (int r = 0; r < values.length; r++) {
      String cell = rows.get(r).cells()[c].strip();
      values[r] = DecimalNumbers.parse(cell, separator != ',');
      if (!Double.isNaN(values[r])) numbers++;
      codes[r] = cell.isEmpty() ? -1 : places.computeIfAbsent(cell, k -> places.size());
      if (Double.isNaN(values[r]) && codes[r] >= 0) words.put(r, cell);
    }
    return numbers > 0 && numbers >= 19 * words.size() ? new NumberColumn(name, ColumnType.NUMBER, values, words)
        : new TextColumn(name, codes, List.copyOf(places.keySet()));
  }

  private static String[] numbered(int n) {
    String[] names = new String[n];
    for (int i = 0; i < n; i++) names[i] = "column" + (i + 1);
    return names;
  }

  /**
   * Returns the most frequent separator in the first line that is not empty. Separators inside quotes, which open at
   * the start of a field, do not count.
   */
  private static char separatorOf(String text) {
    int commas = 0, semicolons = 0, tabs = 0;
    boolean quoted = false, closed = false, begin = true, empty = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && (quoted || closed || begin)) {
        closed = quoted; // a doubled quote closes and reopens
        quoted = !quoted;
        begin = false;
        empty = false;
        continue;
      }
      closed = false;
      if (quoted) continue;
      if (c == '\n' || c == '\r') {
        if (!empty) break;
        commas = semicolons = tabs = 0;
        begin = true;
        continue;
      }
      if (c == ',') commas++;
      if (c == ';') semicolons++;
      if (c == '\t') tabs++;
      begin = c == ',' || c == ';' || c == '\t';
      empty &= Character.isWhitespace(c);
    }
    return tabs > commas && tabs > semicolons ? '\t' : semicolons > commas ? ';' : ',';
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    int width = -1;
    while (at < text.length()) {
      int startLine = line;
      boolean blank = readRow(cells);
      if (blank) continue;
      if (width < 0) width = cells.size();
      if (cells.size() != width) {
        throw new DataException(file + ":" + startLine + ": expected " + fields(width) + " as in the first line, found "
            + cells.size() + ". Check for a missing or extra separator '" + shown(separator) + "'.");
      }
      rows.add(new Row(startLine, cells.toArray(String[]::new)));
    }
    return rows;
  }

  private static String fields(int n) {
    return n == 1 ? "1 field" : n + " fields";
  }

  private static String shown(char separator) {
    return separator == '\t' ? "tab" : String.valueOf(separator);
  }

  /** Fills the list with the cells of the next record; returns true for an empty line. */
  private boolean readRow(List<String> cells) {
    cells.clear();
    while (true) {
      boolean quoted = at < text.length() && text.charAt(at) == '"';
      cells.add(quoted ? quotedField() : plainField());
      if (at < text.length() && text.charAt(at) == separator) {
        at++;
        continue;
      }
      endOfLine();
      return cells.size() == 1 && !quoted && cells.get(0).isBlank();
    }
  }

  private String plainField() {
    int from = at;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == separator || c == '\n' || c == '\r') break;
      at++;
    }
    return cell(from, at);
  }

  /**
   * Returns part of the text. Equal short cells share one object: a table of 5,000 images (9 MB) is then read in 60 MB
   * of memory instead of 300, and in a third of the time.
   */
  private String cell(int from, int to) {
    if (to - from > SHORT) return text.substring(from, to);
    int hash = 0;
    for (int i = from; i < to; i++) hash = 31 * hash + text.charAt(i);
    int slot = hash & cells.length - 1;
    String known = cells[slot];
    if (known != null && known.length() == to - from && text.startsWith(known, from)) return known;
    return cells[slot] = text.substring(from, to);
  }

  private String quotedField() {
    int openLine = line, openColumn = at - lineStart + 1;
    StringBuilder field = new StringBuilder();
    at++;
    while (true) {
      if (at >= text.length()) {
        throw new DataException(file + ":" + openLine + ": the quote at character " + openColumn + " is never closed");
      }
      char c = text.charAt(at++);
      if (c == '"') {
        if (at < text.length() && text.charAt(at) == '"') {
          field.append('"');
          at++;
          continue;
        }
        break;
      }
      if (c == '\n' || (c == '\r' && (at >= text.length() || text.charAt(at) != '\n'))) {
        line++;
        lineStart = at;
      }
      field.append(c);
    }
    if (at < text.length() && text.charAt(at) != separator && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
      throw new DataException(
          file + ":" + line + ": expected '" + shown(separator) + "' or the end of the line after a closing "
          + "quote, found '" + Table.shown(Character.toString(text.codePointAt(at))) + "' at character "
          + (at - lineStart + 1)
          + ". Double a quote inside quotes.");
    }
    return field.toString();
  }

  private void endOfLine() {
    if (at < text.length() && text.charAt(at) == '\r') at++;
    if (at < text.length() && text.charAt(at) == '\n') at++;
    line++;
    lineStart = at;
  }
}
