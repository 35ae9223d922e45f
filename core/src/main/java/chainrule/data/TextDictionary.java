// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.kernels.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The different strings of a whole column, in the order of their first appearance, as UTF-8 in one array. */
final class TextDictionary {
  private final String column; // for messages
  private int size;
  private int[] slots = new int[8]; // code + 1, 0 for a free slot
  private int[] hash = new int[4];
  private int[] end = new int[4]; // of the text in bytes
  private byte[] bytes = new byte[32];

  /** @param column the file and the column, for messages */
  TextDictionary(String column) {
    this.column = column;
  }

  /** Returns the memory in use, in bytes. */
  long memory() {
    return bytes.length + 4L * (slots.length + hash.length + end.length);
  }

  /**
   * Returns the code of a string, which is added if it is new.
   *
   * @throws DataException if the strings together are longer than an array
   */
  int code(byte[] b, int from, int to, int h) {
    int n = to - from, slot = h & slots.length - 1;
    for (; slots[slot] != 0; slot = slot + 1 & slots.length - 1) {
      int code = slots[slot] - 1;
      int start = start(code);
      if (hash[code] == h && end[code] - start == n && CellKeys.equal(bytes, start, b, from, n)) return code;
    }
    if (size == end.length) {
      hash = Arrays.copyOf(hash, larger(size, size + 1));
      end = Arrays.copyOf(end, hash.length);
    }
    int start = start(size);
    if (n > bytes.length - start) bytes = Arrays.copyOf(bytes, larger(bytes.length, (long) start + n));
    System.arraycopy(b, from, bytes, start, n);
    end[size] = start + n;
    hash[size] = h;
    slots[slot] = ++size;
    if (2L * size > slots.length && slots.length < 1 << 30) rehash();
    return size - 1;
  }

  private int larger(int now, long atLeast) {
    if (atLeast > Limits.MAX_ARRAY_LENGTH) {
      throw new DataException(column + ": the different strings together are longer than 2 GiB. Split the file.");
    }
    return (int) Math.min(Limits.MAX_ARRAY_LENGTH, Math.max(atLeast, now + (now >> 1)));
  }

  private int start(int code) {
    return code == 0 ? 0 : end[code - 1];
  }

  private void rehash() {
    slots = new int[Math.min(1 << 30, 4 * slots.length)];
    for (int code = 0; code < size; code++) {
      int slot = hash[code] & slots.length - 1;
      while (slots[slot] != 0) slot = slot + 1 & slots.length - 1;
      slots[slot] = code + 1;
    }
  }

  /** Returns the strings by their codes and frees the memory of this dictionary. */
  List<String> takeTexts() {
    String[] texts = new String[size];
    slots = null;
    hash = null;
    for (int code = 0; code < size; code++) {
      int start = start(code);
      texts[code] = new String(bytes, start, end[code] - start, StandardCharsets.UTF_8);
    }
    bytes = null;
    return Arrays.asList(texts);
  }
}
