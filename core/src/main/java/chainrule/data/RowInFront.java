// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Adds a row in front of columns: the first record of a file without a header. */
final class RowInFront {
  private RowInFront() {}

  /** Returns the lines with one in front. */
  static int[] add(int[] lines, int first) {
    int[] result = new int[lines.length + 1];
    result[0] = first;
    System.arraycopy(lines, 0, result, 1, lines.length);
    return result;
  }

  /** Returns the column with one more cell in front. */
  static RawColumn add(RawColumn column, String cell) {
    String text = UnicodeText.clean(cell);
    boolean minus = text.startsWith("\u2212") && text.length() > 1 && "+-".indexOf(text.charAt(1)) < 0;
    double number = PlainNumber.parse(minus ? "-" + text.substring(1) : text);
    return column.numbers == null ? withText(column, text)
        : number == number ? withNumber(column, number, text) : withText(column, text);
  }

  private static double[] withFirst(double[] numbers, double first) {
    if (numbers == null) return null;
    double[] result = new double[numbers.length + 1];
    result[0] = first;
    System.arraycopy(numbers, 0, result, 1, numbers.length);
    return result;
  }

  private static RawColumn withNumber(RawColumn column, double number, String text) {
    int[] codes = column.codes == null ? null : add(column.codes, ChunkParser.NUMBER);
    boolean points = column.points || text.indexOf('.') >= 0 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0;
    return new RawColumn(withFirst(column.numbers, number), codes, column.texts, points,
        () -> withText(column.asTexts(), text));
  }

  private static RawColumn withText(RawColumn column, String text) {
    int rows = column.rows(), place = column.texts.indexOf(text);
    int[] codes = new int[rows + 1];
    if (column.codes == null) Arrays.fill(codes, ChunkParser.NUMBER);
    for (int r = 0; column.codes != null && r < rows; r++) {
      int code = column.codes[r];
      codes[r + 1] = code < 0 ? code : code == place ? 0 : place < 0 || code < place ? code + 1 : code;
    }
    codes[0] = 0;
    List<String> texts = new ArrayList<>(column.texts);
    if (place >= 0) texts.remove(place);
    texts.add(0, text);
    return new RawColumn(withFirst(column.numbers, Double.NaN), codes, texts, column.points,
        () -> withText(column.asTexts(), text));
  }
}
