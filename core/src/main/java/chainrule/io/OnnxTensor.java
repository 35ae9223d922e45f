// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.io.ProtobufReader.DamagedException;
import chainrule.text.Excerpt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A constant array of an ONNX file: TensorProto of onnx.proto. Its numbers stay in the bytes of the file, or of a
 * second file next to it, until they are copied.
 */
final class OnnxTensor {
  private static final int INT32 = 6, INT64 = OnnxGraph.INT64, STRING = OnnxGraph.STRING;
  private static final int MOST_DIMENSIONS = 32, MOST_NAMES = 100_000, CHUNK = 1 << 16;

  private String name = "";
  private final List<Long> dims = new ArrayList<>();
  private long type;
  /** The numbers: little-endian, in the format of the type. */
  private final List<ByteBuffer> raw = new ArrayList<>();
  /** Whole numbers that are not in {@link #raw}, and the bits of numbers of float16, as varints. */
  private final List<ByteBuffer> varints = new ArrayList<>();
  private final List<ByteBuffer> strings = new ArrayList<>();
  private External external;

  /** Where the numbers are in a second file; the length is −1 up to its end. */
  record External(String location, long offset, long length) {}

  /** Returns a constant of these numbers, a scalar if the shape is empty. */
  static OnnxTensor of(double[] values, int... shape) {
    OnnxTensor t = new OnnxTensor();
    t.type = OnnxGraph.DOUBLE;
    for (int size : shape) t.dims.add((long) size);
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double v : values) bytes.putDouble(v);
    t.raw.add(bytes.flip());
    return t;
  }

  /** Returns a constant of these whole numbers, a scalar if the shape is empty. */
  static OnnxTensor of(long[] values, int... shape) {
    OnnxTensor t = new OnnxTensor();
    t.type = INT64;
    for (int size : shape) t.dims.add((long) size);
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long v : values) bytes.putLong(v);
    t.raw.add(bytes.flip());
    return t;
  }

  static OnnxTensor read(ProtobufReader in) {
    OnnxTensor t = new OnnxTensor();
    String location = null;
    long offset = 0, length = -1, place = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> in.addNumbers(t.dims, MOST_DIMENSIONS);
        case 2 -> t.type = in.number();
        case 4, 9, 10 -> in.addFixed(t.raw); // float_data, raw_data, double_data
        case 5, 7 -> in.addVarints(t.varints); // int32_data, int64_data
        case 6 -> t.strings.add(in.bytes());
        case 8 -> t.name = in.text();
        case 13 -> {
          String[] entry = entry(in.message());
          switch (entry[0]) {
            case "location" -> location = entry[1];
            case "offset" -> offset = size(entry[1]);
            case "length" -> length = size(entry[1]);
            default -> { } // a checksum
          }
        }
        case 14 -> place = in.number();
        default -> { }
      }
    }
    if (t.dims.size() > MOST_DIMENSIONS) {
      throw new DamagedException("tensor '" + t.name + "' has more than " + MOST_DIMENSIONS + " dimensions");
    }
    if (place == 1) {
      if (location == null) throw new DamagedException("tensor '" + t.name + "' lacks the name of its file");
      t.external = new External(location, offset, length);
    }
    return t;
  }

  /** Returns the two strings of a StringStringEntryProto. */
  static String[] entry(ProtobufReader in) {
    String[] entry = {"", ""};
    while (in.next()) if (in.field() == 1 || in.field() == 2) entry[in.field() - 1] = in.text();
    return entry;
  }

  private static long size(String text) {
    try {
      return Math.max(0, Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      throw new DamagedException("the place of a tensor in its file is '" + Excerpt.of(text) + "'");
    }
  }

  String name() {
    return name;
  }

  /** Returns the name of the second file that has the numbers, or null. */
  External external() {
    return external;
  }

  /** Returns the format of the numbers, if they are real. */
  Optional<FloatFormat> format() {
    return FloatFormat.ofOnnx(type);
  }

  /** Returns the number of dimensions. */
  int rank() {
    return dims.size();
  }

  /** Returns the size of a dimension, at most 2³¹ − 1. */
  int dim(int k) {
    long d = dims.get(k);
    if (d < 0 || d > Integer.MAX_VALUE) throw new DamagedException("tensor '" + name + "' has the dimension " + d);
    return (int) d;
  }

  /** Returns the number of elements. */
  int elements() {
    long n = 1;
    for (int k = 0; k < dims.size(); k++) {
      n *= dim(k);
      if (n > Integer.MAX_VALUE) throw new DamagedException("tensor '" + name + "' exceeds 2^31 elements");
    }
    return (int) n;
  }

  /** Returns the shape for messages, such as {@code (64 × 4)}. */
  String shownShape() {
    return NpyHeader.shown(dims.stream().mapToInt(d -> (int) Math.max(-1, Math.min(d, Integer.MAX_VALUE))).toArray());
  }

  /**
   * Copies all numbers to to[at …], row-major, and transposed if requested.
   *
   * @param directory that of the ONNX file
   * @throws DamagedException if the file does not have as many numbers as the shape says
   */
  void copy(double[] to, int at, boolean transposed, Path directory) {
    int n = elements(), columns = transposed ? dim(1) : n, rows = transposed ? dim(0) : 1;
    FloatFormat format = format().orElseThrow();
    if (external != null) {
      copyExternal(to, at, n, rows, columns, format, directory);
      return;
    }
    if (format.bytes == 2 && !varints.isEmpty()) {
      copyBits(to, at, n, rows, columns, format);
      return;
    }
    long bytes = 0;
    for (ByteBuffer part : raw) bytes += part.remaining();
    if (bytes != (long) n * format.bytes) throw wrongSize(bytes, (long) n * format.bytes);
    int done = 0;
    for (ByteBuffer part : raw) {
      if (part.remaining() % format.bytes != 0) throw wrongSize(part.remaining(), (long) n * format.bytes);
      for (int k = 0; k < part.remaining(); k += format.bytes) {
        to[at + place(done++, rows, columns)] = format.get(part, k);
      }
    }
  }

  /** Copies numbers of 16 bits that are stored as whole numbers. */
  private void copyBits(double[] to, int at, int n, int rows, int columns, FloatFormat format) {
    ByteBuffer bits = ByteBuffer.allocate(2);
    int[] done = {0};
    int found = ProtobufReader.numbers(varints, n, v -> to[at + place(done[0]++, rows, columns)]
        = format.get(bits.putShort(0, (short) v), 0));
    if (found != n) throw wrongSize(2L * found, 2L * n);
  }

  private static int place(int i, int rows, int columns) {
    return rows == 1 ? i : i % columns * rows + i / columns;
  }

  private DamagedException wrongSize(long found, long expected) {
    return new DamagedException("tensor '" + name + "' has " + found + " bytes of numbers, its shape " + shownShape()
        + " requires " + expected);
  }

  private void copyExternal(
      double[] to, int at, int n, int rows, int columns, FloatFormat format, Path directory) {
    long expected = (long) n * format.bytes;
    if (external.length >= 0 && external.length != expected) throw wrongSize(external.length, expected);
    try (FileChannel file = FileChannel.open(externalFile(directory))) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
      long from = external.offset;
      for (int done = 0; done < n; ) {
        chunk.clear().limit((int) Math.min(CHUNK, (long) (n - done) * format.bytes));
        while (chunk.hasRemaining()) {
          int read = file.read(chunk, from);
          if (read < 0) throw wrongSize(Math.max(0, file.size() - external.offset), expected);
          from += read;
        }
        for (int k = 0; k < chunk.limit(); k += format.bytes) {
          to[at + place(done++, rows, columns)] = format.get(chunk, k);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the second file, which must be a regular file in the directory of the first. */
  Path externalFile(Path directory) {
    String location = external.location;
    String plain = location.startsWith("./") ? location.substring(2) : location;
    boolean simple = !plain.isEmpty() && plain.indexOf('/') < 0 && plain.indexOf('\\') < 0 && plain.indexOf('\0') < 0
        && plain.indexOf(':') < 0 && !plain.equals(".") && !plain.equals("..");
    if (simple) return directory.resolve(plain);
    throw new DamagedException("tensor '" + name + "' is in the file '" + Excerpt.of(location)
        + "'; expected a file in the same directory");
  }

  /** Returns the whole numbers, at most 100,000; null for other types. */
  long[] longs() {
    if (type != INT32 && type != INT64 || external != null || elements() > MOST_NAMES) return null;
    int n = elements(), bytes = type == INT32 ? 4 : 8;
    if (!varints.isEmpty() || n == 0) {
      LongStream.Builder values = LongStream.builder();
      int found = ProtobufReader.numbers(varints, n, values::add);
      if (found != n) throw wrongSize((long) found * bytes, (long) n * bytes);
      return values.build().toArray();
    }
    if (raw.size() != 1 || raw.get(0).remaining() != bytes * n) return null;
    long[] values = new long[n];
    for (int i = 0; i < n; i++) values[i] = bytes == 4 ? raw.get(0).getInt(4 * i) : raw.get(0).getLong(8 * i);
    return values;
  }

  /** Returns strings or whole numbers as strings, at most 100,000; null for other types. */
  List<String> names() {
    if (type != STRING) {
      long[] numbers = longs();
      return numbers == null ? null : Arrays.stream(numbers).mapToObj(String::valueOf).toList();
    }
    if (strings.size() > MOST_NAMES) return null;
    return strings.stream().map(s -> StandardCharsets.UTF_8.decode(s.duplicate()).toString()).toList();
  }
}
