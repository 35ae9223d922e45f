// SPDX-License-Identifier: MIT
package chainrule.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the ends of records in the bytes of a delimited file. A quote opens only at the start of a field. */
final class RecordCutter {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int NEAR = 8; // bytes that are searched one by one
  private static final int WINDOW = 1 << 13; // bytes in which the last record usually ends
  private static final long ONES = 0x0101010101010101L, HIGH_BITS = 0x8080808080808080L;

  private final char separator;

  RecordCutter(char separator) {
    this.separator = separator;
  }

  /**
   * Returns the index after the first record, which starts at {@code from}.
   *
   * @return −1 if it does not end before {@code to}, which is not the end of the file
   */
  int firstEnd(byte[] b, int from, int to) {
    int i = from;
    while (i < to) {
      byte c = b[i];
      if (c == '\n') return i + 1;
      if (c == '\r') return i + 1 == to ? -1 : b[i + 1] == '\n' ? i + 2 : i + 1;
      if (c == '"' && opens(b, from, i)) {
        i = afterQuoted(b, i, to);
        if (i < 0) return -1;
      } else {
        i++;
      }
    }
    return -1;
  }

  /**
   * Returns the index after the last record that ends before {@code to}, which is not the end of the file; 0 if there
   * is none. The first record starts at 0.
   */
  int lastEnd(byte[] b, int to) {
    int end = lastEnd(b, to, Math.max(0, to - WINDOW));
    return end > 0 || to <= WINDOW ? end : lastEnd(b, to, 0);
  }

  /** Returns the same, 0 also if that end is not after {@code least}. */
  private int lastEnd(byte[] b, int to, int least) {
    int end = 0, gap = 0, i = 0;
    while (true) {
      int quote = indexOf(b, (byte) '"', i, to);
      if (quote < 0) return Math.max(end, lastLineEnd(b, Math.max(gap, least), to, to));
      if (!opens(b, 0, quote)) {
        i = quote + 1;
        continue;
      }
      if (quote > least) end = Math.max(end, lastLineEnd(b, Math.max(gap, least), quote, to));
      gap = afterQuoted(b, quote, to);
      if (gap < 0) return end;
      i = gap;
    }
  }

  /** Returns the index after the closing quote, −1 if it may not be before {@code to}. */
  private static int afterQuoted(byte[] b, int open, int to) {
    int i = open + 1;
    while (true) {
      int quote = indexOf(b, (byte) '"', i, to);
      if (quote < 0 || quote + 1 == to) return -1;
      if (b[quote + 1] != '"') return quote + 1;
      i = quote + 2;
    }
  }

  private boolean opens(byte[] b, int start, int quote) {
    int i = quote - 1;
    while (separator != ' ' && i >= start && (b[i] == ' ' || b[i] == '\t') && b[i] != separator) i--;
    return i < start || b[i] == separator || b[i] == '\n' || b[i] == '\r' || separator == ' ' && b[i] == '\t';
  }

  /** Returns the index after the last line end in [from, to), 0 if there is none. */
  private static int lastLineEnd(byte[] b, int from, int to, int known) {
    for (int i = to - 1; i >= from; i--) {
      if (b[i] == '\n' || b[i] == '\r' && i + 1 < known) return i + 1; // CR may be the first half of CRLF
    }
    return 0;
  }

  /** Returns the index of the first of these bytes in [from, to), or −1. */
  static int indexOf(byte[] b, byte value, int from, int to) {
    int i = from, near = Math.min(to, from + NEAR);
    for (; i < near; i++) if (b[i] == value) return i;
    long pattern = (value & 0xFF) * ONES;
    for (; i + 8 <= to; i += 8) {
      long x = (long) LONGS.get(b, i) ^ pattern;
      long found = x - ONES & ~x & HIGH_BITS; // exact for the first
      if (found != 0) return i + (Long.numberOfTrailingZeros(found) >>> 3);
    }
    for (; i < to; i++) if (b[i] == value) return i;
    return -1;
  }

  /** Counts these bytes in [from, to). */
  static int count(byte[] b, byte value, int from, int to) {
    long pattern = (value & 0xFF) * ONES;
    int n = 0, i = from;
    for (; i + 8 <= to; i += 8) {
      long x = (long) LONGS.get(b, i) ^ pattern;
      n += Long.bitCount(~((x & ~HIGH_BITS) + ~HIGH_BITS | x | ~HIGH_BITS));
    }
    for (; i < to; i++) if (b[i] == value) n++;
    return n;
  }
}
