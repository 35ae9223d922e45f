// SPDX-License-Identifier: MIT
package chainrule.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Parses one chunk of a delimited file after the other: bytes that start and end between records. Belongs to one
 * thread. Its arrays are used again for each chunk.
 *
 * <p>Fields in double quotes may contain separators, line breaks and doubled quotes. A quote opens only at the start of
 * a field, after optional blanks. Lines end in LF, CRLF or CR. Empty lines are skipped, and so are empty cells after
 * the last column.
 */
final class ChunkParser {
  /** The number of bytes after the end of the chunk that must exist. */
  static final int PADDING = ExactDecimal.PADDING + 1;
  /** The code of a cell that is a plain number. */
  static final int NUMBER = -1;
  /** The code of an empty cell. */
  static final int EMPTY = ChunkDictionary.EMPTY;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L, SPACES = ' ' * ONES, HIGH_BITS = 0x8080808080808080L;

  static final String NUL = "contains a NUL byte, so it is not a text file";

  /** How the cells of a column are kept. */
  enum Kind { NUMBER, TEXT, SKIPPED }

  /** What is wrong with a chunk. */
  private static final class ChunkError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int line;

    ChunkError(int line, String message) {
      super(message, null, false, false);
      this.line = line;
    }
  }

  private final byte separator;
  private final boolean blanks; // separate the fields
  private final Kind[] kinds; // [width]
  private final ExactDecimal decimal = new ExactDecimal();
  private int capacity; // rows that the arrays hold

  private byte[] bytes;
  private int end;
  private int line;
  private int lineStart;
  private boolean empty; // all cells of the record so far

  private int rows;
  private int filledRows; // up to the last row with a cell that is not empty
  private int[] rowLines = {};
  private final double[][] numbers; // [width][capacity], null for other columns
  private final int[][] codes; // [width][capacity], null for columns without a text so far
  private final boolean[] texts; // [width], whether codes are valid for this chunk
  private final boolean[] points; // [width], whether a number of this chunk has a decimal point or an exponent
  private final int[] commaRows; // [width], of the first number with a decimal comma, −1 if there is none
  private final int[] commaStarts; // [width], its bytes
  private final int[] commaEnds;
  private final ChunkDictionary[] dictionaries; // [width], null for columns without a text so far
  private String error;
  private int errorLine;

  ChunkParser(char separator, Kind[] kinds) {
    this.separator = (byte) separator;
    this.blanks = separator == ' ';
    this.kinds = kinds;
    numbers = new double[kinds.length][];
    codes = new int[kinds.length][];
    texts = new boolean[kinds.length];
    points = new boolean[kinds.length];
    commaRows = new int[kinds.length];
    commaStarts = new int[kinds.length];
    commaEnds = new int[kinds.length];
    dictionaries = new ChunkDictionary[kinds.length];
    for (int c = 0; c < kinds.length; c++) {
      if (kinds[c] == Kind.NUMBER) numbers[c] = new double[0];
    }
  }

  /** Returns the number of rows. */
  int rows() {
    return rows;
  }

  /** Returns the number of rows without those at the end whose cells are all empty. */
  int filledRows() {
    return filledRows;
  }

  /** Returns the number of line ends. */
  int lines() {
    return line;
  }

  /** Returns for each row the line on which it starts, counted from 0 at the start of the chunk. */
  int[] rowLines() {
    return rowLines;
  }

  /** Returns the numbers of a column. They are valid where the code is {@link #NUMBER}. */
  double[] numbers(int column) {
    return numbers[column];
  }

  /** Returns the codes of a column; null if all its cells are numbers. */
  int[] codes(int column) {
    return texts[column] ? codes[column] : null;
  }

  /** Returns whether a number of a column may have a decimal point. */
  boolean hasPoints(int column) {
    return points[column];
  }

  /** Returns the row of the first number that can only have a decimal comma, such as 0,5; −1 if there is none. */
  int commaRow(int column) {
    return commaRows[column];
  }

  /** Returns the index of the first byte of that number. */
  int commaStart(int column) {
    return commaStarts[column];
  }

  /** Returns the index after the last byte of that number. */
  int commaEnd(int column) {
    return commaEnds[column];
  }

  /** Returns the strings of a column that has codes. */
  ChunkDictionary dictionary(int column) {
    return dictionaries[column];
  }

  /** Returns what is wrong with the first record that cannot be parsed, or null. */
  String error() {
    return error;
  }

  /** Returns the line of the error, counted from 0 at the start of the chunk. */
  int errorLine() {
    return errorLine;
  }

  /**
   * Parses bytes [from, to), which end with a line end and are followed by {@link #PADDING} bytes, the first not LF.
   */
  void parse(byte[] b, int from, int to) {
    bytes = b;
    end = to;
    rows = 0;
    filledRows = 0;
    line = 0;
    error = null;
    Arrays.fill(points, false);
    Arrays.fill(commaRows, -1);
    for (int c = 0; c < kinds.length; c++) {
      texts[c] = kinds[c] == Kind.TEXT && capacity > 0;
      if (dictionaries[c] != null) dictionaries[c].clear();
    }
    try {
      int at = from;
      while (at < to) at = record(at);
    } catch (ChunkError e) {
      error = e.getMessage();
      errorLine = e.line;
    }
  }

  /** Parses a record and returns the start of the next. */
  private int record(int start) {
    byte[] b = bytes;
    Kind[] columns = kinds;
    int row = rows, i = start, field = 0, startLine = line;
    if (row == capacity) grow();
    lineStart = start;
    empty = true;
    boolean extra = false;
    if (blanks) i = afterBlanks(i);
    while (true) {
      boolean parsed = false;
      if (field < columns.length && columns[field] == Kind.NUMBER) {
        char mark = commaRows[field] < 0 || separator == ',' ? '.' : ',';
        double v = decimal.scan(b, i, mark);
        if (v == v) {
          int to = decimal.end();
          byte next = b[to];
          if (next == separator || next == '\n' || next == '\r') {
            if (mark == '.' || decimal.decimals() == -1 || decimal.decimals() > 0 && decimal.decimals() != 3) {
              if (mark == '.' && decimal.decimals() != -1) points[field] = true;
              numbers[field][row] = v;
              if (texts[field]) codes[field][row] = NUMBER;
              empty = false;
              i = to;
              parsed = true;
            }
          }
        }
      }
      if (!parsed) {
        boolean before = empty;
        if (field >= columns.length) empty = true;
        i = cell(i, field);
        if (field >= columns.length) {
          extra |= !empty;
          empty &= before;
        }
      }
      field++;
      byte c = b[i];
      if (blanks) {
        int next = afterBlanks(i);
        if (next > i) {
          i = next;
          c = b[i];
          if (c != '\n' && c != '\r') continue;
        }
      } else if (c == separator) {
        i++;
        continue;
      }
      i += c == '\r' && b[i + 1] == '\n' ? 2 : 1;
      break;
    }
    line++;
    if (empty && (field == 1 || field < columns.length)) return i;
    if (extra || field < columns.length) {
      throw new ChunkError(startLine, "expected " + fields(columns.length) + " as in the first line, found " + field
          + ". Check for a missing or extra separator '" + shown((char) separator) + "'.");
    }
    rowLines[row] = startLine;
    rows++;
    if (!empty) filledRows = rows;
    return i;
  }

  private int afterBlanks(int from) {
    int i = from;
    while (bytes[i] == ' ' || bytes[i] == '\t') i++;
    return i;
  }

  private void grow() {
    capacity = Math.max(16, 2 * capacity);
    rowLines = Arrays.copyOf(rowLines, capacity);
    for (int c = 0; c < kinds.length; c++) {
      if (numbers[c] != null) numbers[c] = Arrays.copyOf(numbers[c], capacity);
      if (kinds[c] == Kind.TEXT) {
        if (dictionaries[c] == null) dictionaries[c] = new ChunkDictionary();
        codes[c] = codes[c] == null ? new int[capacity] : Arrays.copyOf(codes[c], capacity);
        texts[c] = true;
      } else if (texts[c]) {
        codes[c] = Arrays.copyOf(codes[c], capacity);
        Arrays.fill(codes[c], rows, capacity, NUMBER);
      } else {
        codes[c] = null;
      }
    }
  }

  /** Parses a cell that is not simply a number and returns the index of the separator or line end after it. */
  private int cell(int start, int field) {
    byte[] b = bytes;
    int from = start;
    while (isPadding(b[from])) from++;
    if (b[from] == '"') return quoted(from, field);
    int to = from;
    boolean ascii = true;
    while (true) {
      to = next(b, to, separator);
      byte c = b[to];
      if (c == separator) break;
      if (c < ' ') {
        if (c == '\n' || c == '\r' || blanks && c == '\t') break;
        if (c == 0) throw nul(line);
        ascii &= c > 0;
      }
      to++;
    }
    int last = to;
    while (last > from && isBlank(b[last - 1])) last--;
    store(field, from, last, ascii, false, line);
    return to;
  }

  /** Returns the index, from i on, of the first byte that is this one, a control character or not ASCII. */
  private static int next(byte[] b, int i, byte value) {
    int at = i;
    long pattern = value * ONES;
    while (true) {
      long x = (long) LONGS.get(b, at), y = x ^ pattern;
      long found = (y - ONES & ~y | x - SPACES & ~x | x) & HIGH_BITS; // exact for the first
      if (found != 0) return at + (Long.numberOfTrailingZeros(found) >>> 3);
      at += 8;
    }
  }

  private boolean isPadding(byte c) {
    return c == ' ' && !blanks || c == '\t' && separator != '\t' && !blanks;
  }

  private static boolean isBlank(byte c) {
    return c <= ' ' && (c == ' ' || c >= '\t' && c <= '\r' || c >= 0x1C && c <= 0x1F);
  }

  private int quoted(int open, int field) {
    byte[] b = bytes;
    int i = open + 1, openLine = line, openLineStart = lineStart;
    boolean ascii = true, doubled = false;
    while (true) {
      if (i >= end) {
        throw new ChunkError(openLine,
            "the quote at character " + character(openLineStart, open) + " is never closed");
      }
      i = next(b, i, (byte) '"');
      if (i >= end) continue;
      byte c = b[i++];
      if (c == '"') {
        if (b[i] != '"' || i >= end) break;
        doubled = true;
        i++;
      } else if (c < ' ') {
        if (c == 0) throw nul(line);
        ascii &= c > 0;
        if (c == '\n' || c == '\r' && b[i] != '\n') {
          line++;
          lineStart = i;
        }
      }
    }
    int after = i;
    while (isPadding(b[after])) after++;
    byte next = b[after];
    if (next != separator && next != '\n' && next != '\r' && !(blanks && next == '\t')) {
      if (next == 0) throw nul(line);
      throw new ChunkError(line, "expected '" + shown((char) separator) + "' or the end of the line after a closing "
          + "quote, found '" + Table.shown(characterAt(after)) + "' at character " + character(lineStart, after)
          + ". Double a quote inside quotes.");
    }
    empty = false;
    int from = open + 1, last = i - 1;
    while (from < last && isBlank(b[from])) from++;
    while (last > from && isBlank(b[last - 1])) last--;
    store(field, from, last, ascii, doubled, openLine);
    return after;
  }

  private void store(int field, int from, int to, boolean ascii, boolean doubled, int cellLine) {
    int row = rows;
    if (from < to) {
      if (field < kinds.length && kinds[field] == Kind.NUMBER) {
        double v = decimal.scan(bytes, from);
        if (v == v && decimal.end() == to) {
          points[field] |= decimal.decimals() != -1;
          putNumber(field, row, v);
          return;
        }
        if (v == v && bytes[decimal.end()] == ',' && putCommaNumber(field, from, to)) return;
      }
      if (field >= kinds.length || kinds[field] == Kind.SKIPPED) {
        if (ascii || !isBlankText(from, to, cellLine)) empty = false;
        return;
      }
      if (dictionaries[field] == null) dictionaries[field] = new ChunkDictionary();
      int code = dictionaries[field].code(bytes, from, to, ascii, doubled);
      if (code == ChunkDictionary.INVALID) throw notUtf8(from, to, cellLine);
      if (code >= 0) {
        double v = kinds[field] == Kind.NUMBER ? dictionaries[field].number(code) : Double.NaN;
        if (v == v) putNumber(field, row, v);
        else putCode(field, row, code);
        return;
      }
    }
    if (field < kinds.length && kinds[field] != Kind.SKIPPED) {
      boolean before = empty;
      putCode(field, row, EMPTY);
      empty = before;
    }
  }

  /**
   * Stores a number that can only have a decimal comma: 0,5 or 1234,5, but not 1,250, which may be 1250.
   *
   * @return false if the cell is not one
   */
  private boolean putCommaNumber(int field, int from, int to) {
    double v = decimal.scan(bytes, from, ',');
    if (v != v || decimal.end() != to || decimal.decimals() < 1 || decimal.decimals() == 3) return false;
    putNumber(field, rows, v);
    if (commaRows[field] < 0) {
      commaRows[field] = rows;
      commaStarts[field] = from;
      commaEnds[field] = to;
    }
    return true;
  }

  private void putNumber(int field, int row, double v) {
    numbers[field][row] = v;
    if (texts[field]) codes[field][row] = NUMBER;
    empty = false;
  }

  private void putCode(int field, int row, int code) {
    if (!texts[field]) {
      if (codes[field] == null) codes[field] = new int[capacity];
      Arrays.fill(codes[field], NUMBER);
      texts[field] = true;
    }
    codes[field][row] = code;
    empty = false;
  }

  /** Returns whether a string that is not ASCII has only blanks. */
  private boolean isBlankText(int from, int to, int cellLine) {
    ChunkDictionary one = new ChunkDictionary();
    int code = one.code(bytes, from, to, false, false);
    if (code == ChunkDictionary.INVALID) throw notUtf8(from, to, cellLine);
    return code == EMPTY;
  }

  private static ChunkError nul(int line) {
    return new ChunkError(line, NUL);
  }

  private ChunkError notUtf8(int from, int to, int cellLine) {
    ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
    StandardCharsets.UTF_8.newDecoder().decode(in, CharBuffer.allocate(to - from), true);
    int errorLine = cellLine;
    for (int i = from; i < in.position(); i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r' && bytes[i + 1] != '\n') errorLine++;
    }
    return new ChunkError(errorLine, TableSource.NOT_UTF8);
  }

  private String characterAt(int i) {
    String rest = new String(bytes, i, Math.min(4, end - i), StandardCharsets.UTF_8);
    return Character.toString(rest.codePointAt(0));
  }

  /** Returns the number of a character on its line, from 1. */
  private int character(int from, int at) {
    return new String(bytes, from, at - from, StandardCharsets.UTF_8).length() + 1;
  }

  static String fields(int n) {
    return n == 1 ? "1 field" : n + " fields";
  }

  static String shown(char separator) {
    return separator == '\t' ? "tab" : separator == ' ' ? "space" : String.valueOf(separator);
  }
}
