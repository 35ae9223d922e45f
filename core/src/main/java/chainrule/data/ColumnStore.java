// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.data.ChunkParser.Kind;
import chainrule.kernels.Limits;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** The columns of all chunks so far. */
final class ColumnStore {
  private static final int NONE = -1;

  private final String file;
  private final Kind[] kinds;
  private int capacity;
  private int rows;
  private int filledRows; // up to the last row with a cell that is not empty
  private int[] lines; // [capacity]
  private final double[][] numbers; // [width][capacity], null for columns that are not numbers
  private final int[][] codes; // [width][capacity], −1 for numbers; null for columns without a text so far
  private final TextDictionary[] texts; // [width], null where codes are
  private final int[] emptyCode; // [width]
  private final int[] numberCells; // [width]
  private final boolean[] points; // [width], whether a number may have a decimal point
  private final boolean[] commas; // [width], whether a number has a decimal comma

  /** @param expectedRows the rows to allocate first; more can be added */
  ColumnStore(String file, Kind[] kinds, int expectedRows) {
    this.file = file;
    this.kinds = kinds;
    capacity = expectedRows;
    lines = new int[capacity];
    numbers = new double[kinds.length][];
    codes = new int[kinds.length][];
    texts = new TextDictionary[kinds.length];
    emptyCode = new int[kinds.length];
    numberCells = new int[kinds.length];
    points = new boolean[kinds.length];
    commas = new boolean[kinds.length];
    Arrays.fill(emptyCode, NONE);
    for (int c = 0; c < kinds.length; c++) {
      if (kinds[c] == Kind.NUMBER) numbers[c] = new double[capacity];
      if (kinds[c] == Kind.TEXT) addCodes(c);
    }
  }

  /** Returns the bytes that a row takes, without its strings. */
  static long bytesPerRow(Kind[] kinds) {
    long n = Integer.BYTES;
    for (Kind kind : kinds) n += kind == Kind.NUMBER ? Double.BYTES : kind == Kind.TEXT ? Integer.BYTES : 0;
    return n;
  }

  int rows() {
    return rows;
  }

  /** Returns the memory in use, in bytes. */
  long memory() {
    long n = 4L * capacity;
    for (int c = 0; c < kinds.length; c++) {
      n += (numbers[c] == null ? 0 : 8L * capacity) + (codes[c] == null ? 0 : 4L * capacity + texts[c].memory());
    }
    return n;
  }

  private void addCodes(int c) {
    codes[c] = new int[capacity];
    Arrays.fill(codes[c], ChunkParser.NUMBER);
    texts[c] = new TextDictionary(file + ": column " + (c + 1));
  }

  /**
   * Adds the rows of a chunk.
   *
   * @param bytes the chunk
   * @param line the line on which the chunk starts
   * @param read the fraction of the file read so far, to estimate the memory for the rest
   */
  void add(ChunkParser chunk, byte[] bytes, int line, double read) {
    int n = chunk.rows();
    if (n > capacity - rows) grow((long) rows + n, read);
    addLines(chunk.rowLines(), n, line);
    for (int c = 0; c < kinds.length; c++) {
      if (numbers[c] != null) System.arraycopy(chunk.numbers(c), 0, numbers[c], rows, n);
      numberCells[c] += numbers[c] == null ? 0 : n;
      points[c] |= chunk.hasPoints(c);
      int comma = commas[c] ? -1 : chunk.commaRow(c);
      if (chunk.codes(c) != null || comma >= 0) addCodes(c, chunk, comma, bytes);
      commas[c] |= comma >= 0;
    }
    if (chunk.filledRows() > 0) filledRows = rows + chunk.filledRows();
    rows += n;
  }

  private void addLines(int[] rowLines, int n, int line) {
    for (int r = 0; r < n; r++) lines[rows + r] = line + rowLines[r];
  }

  /** Removes the rows at the end whose cells are all empty, as spreadsheets write them. */
  void removeEmptyEnd() {
    rows = filledRows;
    for (int c = 0; c < kinds.length; c++) {
      if (numbers[c] == null || numberCells[c] < rows || codes[c] == null) continue;
      codes[c] = null; // only the removed rows had codes
      texts[c] = null;
    }
  }

  /** @param comma the row of the first number with a decimal comma, which stays a string to show it; or −1 */
  private void addCodes(int c, ChunkParser chunk, int comma, byte[] bytes) {
    int[] places = null, chunkCodes = chunk.codes(c);
    if (codes[c] == null) addCodes(c);
    if (chunkCodes != null) {
      places = new int[chunk.dictionary(c) == null ? 0 : chunk.dictionary(c).size()];
      Arrays.fill(places, NONE);
    }
    int[] to = codes[c];
    double[] values = numbers[c];
    for (int r = 0; r < chunk.rows(); r++) {
      int code = chunkCodes == null || r == comma ? ChunkParser.NUMBER : chunkCodes[r];
      if (code == ChunkParser.NUMBER && r != comma) continue;
      int place = code >= 0 ? places[code] : code == ChunkParser.EMPTY ? emptyCode[c] : NONE;
      if (place == NONE) place = addText(c, chunk, code, places, bytes);
      to[rows + r] = place;
      if (values != null) {
        values[rows + r] = Double.NaN;
        numberCells[c]--;
      }
    }
  }

  /** Adds a string that may be new to the column. {@link ChunkParser#NUMBER} is one with a decimal comma. */
  private int addText(int c, ChunkParser chunk, int code, int[] places, byte[] bytes) {
    if (code >= 0) return places[code] = chunk.dictionary(c).addTo(texts[c], code, bytes);
    if (code == ChunkParser.EMPTY) return emptyCode[c] = texts[c].code(bytes, 0, 0, CellKeys.hash(bytes, 0, 0));
    int from = chunk.commaStart(c), to = chunk.commaEnd(c);
    return texts[c].code(bytes, from, to, CellKeys.hash(bytes, from, to));
  }

  private void grow(long atLeast, double read) {
    if (atLeast > Limits.MAX_ARRAY_LENGTH) {
      throw new DataException(file + ": more than " + Limits.MAX_ARRAY_LENGTH + " rows. Split the file.");
    }
    int more = (int) Math.min(Limits.MAX_ARRAY_LENGTH, Math.max(atLeast, 64 + capacity + (capacity >> 1)));
    ReaderMemory.require(file, memory() * Math.max(1, Math.min(1 / read, 1e6)));
    lines = Arrays.copyOf(lines, more);
    for (int c = 0; c < kinds.length; c++) {
      if (numbers[c] != null) numbers[c] = Arrays.copyOf(numbers[c], more);
      if (codes[c] != null) {
        codes[c] = Arrays.copyOf(codes[c], more);
        Arrays.fill(codes[c], rows, more, ChunkParser.NUMBER);
      }
    }
    capacity = more;
  }

  /** Returns the share of strings in a column of numbers. */
  double share(int c) {
    return numbers[c] == null || rows == 0 ? 0 : 1 - numberCells[c] / (double) rows;
  }

  /** Returns the line of each row. */
  int[] takeLines() {
    int[] result = lines.length == rows ? lines : Arrays.copyOf(lines, rows);
    lines = null;
    return result;
  }

  /** Returns a column with its final length and frees the memory of this one. */
  RawColumn take(int c, IntFunction<RawColumn> asTexts) {
    double[] n = numberCells[c] == 0 && codes[c] != null ? null : numbers[c];
    int[] k = codes[c];
    List<String> values = texts[c] == null ? List.of() : texts[c].takeTexts();
    numbers[c] = null;
    codes[c] = null;
    texts[c] = null;
    return new RawColumn(n == null || n.length == rows ? n : Arrays.copyOf(n, rows),
        k == null || k.length == rows ? k : Arrays.copyOf(k, rows), values, points[c], () -> asTexts.apply(c));
  }
}
