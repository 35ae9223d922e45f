// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.text.Excerpt;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a {@code .npy} array, as {@link Npz} shows it.
 *
 * @param type numpy's code for the elements, such as {@code <f4}: byte order, kind and size
 * @param columnMajor whether the first index changes fastest: Fortran order, of arrays with several dimensions
 */
record NpyHeader(String type, boolean columnMajor, int[] shape) {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_HEADER = 1 << 16, MOST_SHOWN = 8;
  private static final Pattern HEADER =
      Pattern.compile("\\{\\s*'descr':\\s*'([^']*)',\\s*'fortran_order':\\s*(True|False),"
      + "\\s*'shape':\\s*\\(((?:\\d++,\\s*+)*+\\d*+)\\),?\\s*\\}\\s*");

  /**
   * Reads a header of version 1, 2 or 3, up to the first byte of the data.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static NpyHeader read(DataInputStream in) throws IOException {
    byte[] head = in.readNBytes(MAGIC.length + 2);
    if (head.length < 8 || !Arrays.equals(Arrays.copyOf(head, MAGIC.length), MAGIC) || head[6] < 1 || head[6] > 3) {
      throw new IllegalArgumentException("not an .npy array of version 1, 2 or 3");
    }
    int length = head[6] == 1 ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
        : Integer.reverseBytes(in.readInt());
    if (length < 0 || length > MOST_HEADER) {
      throw new IllegalArgumentException(
          "a header of " + Integer.toUnsignedString(length) + " bytes, the limit is " + MOST_HEADER);
    }
    byte[] header = in.readNBytes(length);
    Matcher m = HEADER.matcher(new String(header, StandardCharsets.ISO_8859_1));
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "expected a header with the fields descr, fortran_order and shape, in this order");
    }
    int[] shape = shape(m.group(3));
    return new NpyHeader(m.group(1), m.group(2).equals("True") && shape.length > 1, shape);
  }

  private static int[] shape(String text) {
    String[] sizes = text.isBlank() ? new String[0] : text.split(",\\s*");
    int[] shape = new int[sizes.length];
    try {
      for (int i = 0; i < sizes.length; i++) shape[i] = Integer.parseInt(sizes[i].strip());
      return shape;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("more elements than a Java array can hold");
    }
  }

  /** Returns the format of the elements, if they are real numbers. */
  Optional<FloatFormat> floats() {
    return type.isEmpty() || "<>=".indexOf(type.charAt(0)) < 0 ? Optional.empty()
        : FloatFormat.ofNumpy(type.substring(1));
  }

  ByteOrder byteOrder() {
    return type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /** Returns the number of elements, or −1 if it exceeds what a Java array can hold. */
  long elements() {
    long n = 1;
    for (int size : shape) {
      n *= size;
      if (n > Integer.MAX_VALUE) return -1;
    }
    return n;
  }

  /** Returns the type in numpy's words, such as float32, or the code itself where there is no word. */
  String typeName() {
    String word = floats().map(FloatFormat::word).orElse(type.matches("[<>|=][iu][1248]")
        ? (type.charAt(1) == 'i' ? "int" : "uint") + 8 * (type.charAt(2) - '0')
        : type.equals("|b1") ? "bool" : type.equals("|O") ? "Python objects"
            : type.matches("[<>|=][US]\\d+") ? "strings" : "'" + Excerpt.of(type) + "'");
    return (type.startsWith(">") ? "big-endian " : "") + word;
  }

  /** Returns the shape for messages, such as {@code (64 × 4)}. */
  String shownShape() {
    return shown(shape);
  }

  static String shown(int[] shape) {
    StringBuilder s = new StringBuilder("(");
    for (int i = 0; i < shape.length && i < MOST_SHOWN; i++) s.append(i == 0 ? "" : " × ").append(shape[i]);
    return s.append(shape.length > MOST_SHOWN ? " × …)" : ")").toString();
  }
}
