// SPDX-License-Identifier: MIT
package chainrule.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in the wire format of Protocol Buffers: a run of fields, each a key and a value.
 * <pre>
 *   key            varint of (field number &lt;&lt; 3) | wire type
 *   varint         wire type 0: seven bits a byte, the lowest first, the top bit set on all bytes but the last
 *   length first   wire type 2: the length as a varint, then so many bytes: a text, a message, packed numbers
 * </pre>
 * Fields stand in the order in which they were put, so the same calls give the same bytes. Nested messages and arrays
 * are kept by reference and written where they stand: a file of a gigabyte needs no second gigabyte here.
 */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int LENGTH_FIRST = 2;
  /** Doubles that are turned into bytes at a time. */
  private static final int CHUNK = 8192;

  private final List<SafeFile.Content> parts = new ArrayList<>();
  /** Bytes that have come since the last part. */
  private ByteArrayOutputStream loose = new ByteArrayOutputStream();
  private long size;

  /** How many bytes it takes. */
  long size() {
    return size;
  }

  /** A whole number; a negative one takes ten bytes. */
  Protobuf number(int field, long value) {
    key(field, VARINT);
    varint(value);
    return this;
  }

  /** A text, in UTF-8. */
  Protobuf text(int field, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    key(field, LENGTH_FIRST);
    varint(utf8.length);
    loose.writeBytes(utf8);
    size += utf8.length;
    return this;
  }

  /** A nested message, which must not change any more. */
  Protobuf message(int field, Protobuf value) {
    key(field, LENGTH_FIRST);
    varint(value.size);
    part(value.size, value::writeTo);
    return this;
  }

  /** Whole numbers, packed. */
  Protobuf longs(int field, long... values) {
    Protobuf packed = new Protobuf();
    for (long v : values) packed.varint(v);
    return message(field, packed);
  }

  /** {@code count} doubles from {@code from} on, packed: eight bytes each, the lowest first. */
  Protobuf doubles(int field, double[] values, int from, int count) {
    key(field, LENGTH_FIRST);
    varint(8L * count);
    part(8L * count, out -> {
      ByteBuffer chunk = ByteBuffer.allocate(8 * Math.min(CHUNK, count)).order(ByteOrder.LITTLE_ENDIAN);
      for (int done = 0; done < count; done += CHUNK) {
        int n = Math.min(CHUNK, count - done);
        chunk.clear().asDoubleBuffer().put(values, from + done, n);
        out.write(chunk.array(), 0, 8 * n);
      }
    });
    return this;
  }

  /** The fields of another message, which must not change any more. */
  Protobuf append(Protobuf fields) {
    part(fields.size, fields::writeTo);
    return this;
  }

  void writeTo(OutputStream out) throws IOException {
    for (SafeFile.Content part : parts) part.writeTo(out);
    loose.writeTo(out);
  }

  private void part(long bytes, SafeFile.Content part) {
    parts.add(loose::writeTo);
    loose = new ByteArrayOutputStream();
    parts.add(part);
    size += bytes;
  }

  private void key(int field, int wireType) {
    varint((long) field << 3 | wireType);
  }

  private void varint(long value) {
    long rest = value;
    do {
      int low = (int) (rest & 0x7f);
      rest >>>= 7;
      loose.write(rest == 0 ? low : low | 0x80);
      size++;
    } while (rest != 0);
  }
}
