// SPDX-License-Identifier: MIT
package chainrule.data;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The different strings of one column in one chunk. An entry refers to the bytes of its first cell; only the entry is
 * decoded and normalized, however many cells repeat it.
 */
final class ChunkDictionary {
  /** What {@link #code} returns for a cell that has only blanks, such as a non-breaking space. */
  static final int EMPTY = -2;
  /** What {@link #code} returns for bytes that are not UTF-8. */
  static final int INVALID = -3;

  private int size;
  private int[] slots = new int[8]; // code + 1, 0 for a free slot
  private int[] from = new int[4];
  private int[] length = new int[4]; // negative, as −1 − length, if quotes are doubled
  private int[] hash = new int[4];
  /** [size], null where the bytes of the cell are the text; null if that is so for all. */
  private byte[][] normal;
  /** [size], the number that the normalized text is, or NaN; null if nothing was normalized. */
  private double[] number;

  void clear() {
    if (size == 0) return;
    if (slots.length > 16 * size) slots = new int[8];
    else Arrays.fill(slots, 0);
    size = 0;
    normal = null;
    number = null;
  }

  int size() {
    return size;
  }

  /**
   * Returns the code of a cell, from 0 in the order of appearance, or {@link #EMPTY} or {@link #INVALID}.
   *
   * @param ascii whether all bytes are below 0x80
   * @param doubled whether each quote in it is written twice
   */
  int code(byte[] b, int start, int end, boolean ascii, boolean doubled) {
    int n = end - start, h = CellKeys.hash(b, start, end), key = doubled ? -1 - n : n;
    int slot = h & slots.length - 1;
    for (; slots[slot] != 0; slot = slot + 1 & slots.length - 1) {
      int code = slots[slot] - 1;
      if (hash[code] == h && length[code] == key && CellKeys.equal(b, from[code], b, start, n)) {
        return normal != null && normal[code] != null && normal[code].length == 0 ? EMPTY : code;
      }
    }
    byte[] text = null;
    if (!ascii || doubled) {
      text = normalized(b, start, end, doubled);
      if (text == null) return INVALID;
    }
    add(slot, start, key, h);
    if (text != null) {
      if (normal == null) {
        normal = new byte[from.length][];
        number = new double[from.length];
        Arrays.fill(number, Double.NaN);
      }
      int code = size - 1;
      normal[code] = text;
      number[code] = ascii ? Double.NaN : number(text);
      if (text.length == 0) return EMPTY;
    }
    return size - 1;
  }

  private void add(int slot, int start, int key, int h) {
    if (size == from.length) {
      int more = 2 * size;
      from = Arrays.copyOf(from, more);
      length = Arrays.copyOf(length, more);
      hash = Arrays.copyOf(hash, more);
      if (normal != null) {
        normal = Arrays.copyOf(normal, more);
        number = Arrays.copyOf(number, more);
        Arrays.fill(number, size, more, Double.NaN);
      }
    }
    from[size] = start;
    length[size] = key;
    hash[size] = h;
    slots[slot] = ++size;
    if (2 * size > slots.length) rehash();
  }

  private void rehash() {
    slots = new int[4 * slots.length];
    for (int code = 0; code < size; code++) {
      int slot = hash[code] & slots.length - 1;
      while (slots[slot] != 0) slot = slot + 1 & slots.length - 1;
      slots[slot] = code + 1;
    }
  }

  /** Returns the number that a string is after its normalization, such as −3 with a minus sign of Unicode, or NaN. */
  double number(int code) {
    return number == null ? Double.NaN : number[code];
  }

  /** Adds the string of a code to the dictionary of the whole column and returns its code there. */
  int addTo(TextDictionary all, int code, byte[] b) {
    if (normal != null && normal[code] != null) {
      byte[] text = normal[code];
      return all.code(text, 0, text.length, CellKeys.hash(text, 0, text.length));
    }
    return all.code(b, from[code], from[code] + length[code], hash[code]);
  }

  /** Returns the text without doubled quotes and Unicode blanks around it, in NFC; null if it is not UTF-8. */
  private static byte[] normalized(byte[] b, int start, int end, boolean doubled) {
    byte[] out = Arrays.copyOfRange(b, start, end);
    if (doubled) {
      int n = 0;
      for (int i = start; i < end; i++) {
        out[n++] = b[i];
        if (b[i] == '"') i++;
      }
      out = Arrays.copyOf(out, n);
    }
    try {
      String s = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(out)).toString();
      String t = UnicodeText.clean(s);
      return t.equals(s) ? out : t.getBytes(StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static double number(byte[] text) {
    if (text.length == 0) return Double.NaN;
    String s = new String(text, StandardCharsets.UTF_8);
    if (s.charAt(0) == '\u2212') s = "-" + s.substring(1);
    return s.charAt(0) == '-' && s.length() > 1 && "+-".indexOf(s.charAt(1)) >= 0 ? Double.NaN : PlainNumber.parse(s);
  }
}
