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
import java.util.List;
import java.util.Map;

/**
 * Reads comma-separated files as the world writes them (RFC 4180): fields in double quotes may hold separators, line
 * breaks and doubled quotes; lines end in LF, CRLF or CR; the separator is a comma, semicolon or tab, whichever is most
 * frequent in the first line, the first of equals; a byte-order mark and empty lines are passed over; the text is
 * UTF-8. The first line is a header unless one of its fields is a number.
 */
public final class Csv {
  /** Characters of a cell that is likely to come again. */
  private static final int SHORT = 8;

  private final String file;
  private final String text;
  private final char separator;
  /** Short cells by their hash, the last of each: see {@link #cell}. */
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
   * The file as a table of text.
   * @throws DataException naming file, line and column for what is no table
   * @throws UncheckedIOException if the file cannot be read
   */
  public static Table read(Path path) {
    try {
      return parse(path.toString(), decode(path.toString(), bytes(path, mostBytes())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its bytes, their text and its cells are held at once: at least four times the file. */
  private static long mostBytes() {
    return Math.min(Limits.MAX_ARRAY_LENGTH, Runtime.getRuntime().maxMemory() / 4);
  }

  /** All bytes of a file or a pipe, if they are no more than {@code most}: none are read otherwise, if the file tells. */
  static byte[] bytes(Path path, long most) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = Files.size(path) <= most ? in.readNBytes((int) most) : null;
      if (bytes != null && (bytes.length < most || in.read() < 0)) return bytes;
    }
    throw new DataException(path + ": larger than " + (most >> 20) + " MiB, the most that is read into "
        + (Runtime.getRuntime().maxMemory() >> 20) + " MiB of memory; " + (most < Limits.MAX_ARRAY_LENGTH
        ? "allow Java more with -Xmx, or divide the file" : "divide the file"));
  }

  private static String decode(String file, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult end = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    if (end.isError()) {
      throw new DataException(file + ", line " + lineOf(bytes, in.position()) + ": not UTF-8 text; save the file as UTF-8");
    }
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        throw new DataException(file + ", line " + lineOf(bytes, i)
            + ": a zero byte, which no text has; if the file is UTF-16, save it as UTF-8");
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

  /** As {@link #read}, from text; {@code file} is for messages. */
  public static Table parse(String file, String text) {
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Csv csv = new Csv(file, body, separatorOf(body));
    List<Table.Row> rows = csv.rows();
    if (rows.isEmpty()) throw new DataException(file + ": empty; expected a line for each example");
    String[] first = rows.get(0).cells();
    boolean header = true;
    for (String cell : first) header &= !Numbers.isNumber(cell, csv.separator != ',');
    String[] names = header ? first : numbered(first.length);
    for (int i = 0; header && i < names.length; i++) names[i] = names[i].strip();
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; header && i < names.length; i++) {
      Integer before = places.put(names[i], i);
      if (before != null) {
        throw new DataException(file + ", line " + rows.get(0).line() + ": columns " + (before + 1) + " and " + (i + 1)
            + " are both called '" + Table.shown(names[i]) + "'; rename one");
      }
    }
    List<Table.Row> examples = header ? rows.subList(1, rows.size()) : rows;
    if (examples.isEmpty()) throw new DataException(file + ": only a header; expected a line for each example below it");
    return new Table(file, List.of(names), List.copyOf(examples), csv.separator != ',');
  }

  private static String[] numbered(int n) {
    String[] names = new String[n];
    for (int i = 0; i < n; i++) names[i] = "column" + (i + 1);
    return names;
  }

  /** The most frequent in the first line that is not empty; within quotes, which open at the begin of a field, none counts. */
  private static char separatorOf(String text) {
    int commas = 0, semicolons = 0, tabs = 0;
    boolean quoted = false, closed = false, begin = true, empty = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && (quoted || closed || begin)) {
        closed = quoted; // two in a row close and open
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

  private List<Table.Row> rows() {
    List<Table.Row> rows = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    int width = -1;
    while (at < text.length()) {
      int startLine = line;
      boolean blank = readRow(cells);
      if (blank) continue;
      if (width < 0) width = cells.size();
      if (cells.size() != width) {
        throw new DataException(file + ", line " + startLine + ": " + fields(cells.size()) + " where the first line has "
            + width + "; check for a missing or extra separator '" + shown(separator) + "'");
      }
      rows.add(new Table.Row(startLine, cells.toArray(String[]::new)));
    }
    return rows;
  }

  private static String fields(int n) {
    return n == 1 ? "1 field" : n + " fields";
  }

  private static String shown(char separator) {
    return separator == '\t' ? "tab" : String.valueOf(separator);
  }

  /** Fills cells with the next record; true if it was an empty line. */
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
   * Part of the text. Short cells that come again are one object: a table of 5,000 pictures (9 MB) is read in 60 MB of
   * memory instead of 300, and in a third of the time.
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
        throw new DataException(file + ", line " + openLine + ", character " + openColumn
            + ": a quote opens here and is never closed");
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
      throw new DataException(file + ", line " + line + ", character " + (at - lineStart + 1)
          + ": expected '" + shown(separator) + "' or the end of the line after a closing quote, got '"
          + Table.shown(Character.toString(text.codePointAt(at))) + "'; write a quote inside quotes twice");
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
