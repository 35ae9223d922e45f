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
 * A message in the wire format of Protocol Buffers: a sequence of fields, each a key and a value.
 * <pre>
 *   key            varint of (field number &lt;&lt; 3) | wire type
 *   varint         wire type 0: seven bits a byte, the lowest first, the top bit set on all bytes but the last
 *   length first   wire type 2: the length as a varint, then this many bytes: a string, a message, packed numbers
 * </pre>
 * Fields are written in the order of the calls, so equal calls give equal bytes. Nested messages and arrays are kept by
 * reference until they are written, so a file of a gigabyte does not take a second gigabyte of memory.
 */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int LENGTH_FIRST = 2;
  /** The number of doubles converted at a time. */
  private static final int CHUNK = 8192;

  private final List<SafeFile.Content> parts = new ArrayList<>();
  /** Bytes added since the last part. */
  private ByteArrayOutputStream loose = new ByteArrayOutputStream();
  private long size;

  /** Returns the size in bytes. */
  long size() {
    return size;
  }

  /** Adds a whole number; a negative one takes ten bytes. */
  Protobuf number(int field, long value) {
    key(field, VARINT);
    varint(value);
    return this;
  }

  /** Adds a string in UTF-8. */
  Protobuf text(int field, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    key(field, LENGTH_FIRST);
    varint(utf8.length);
    loose.writeBytes(utf8);
    size += utf8.length;
    return this;
  }

  /** Adds a nested message, which must not change afterwards. */
  Protobuf message(int field, Protobuf value) {
    key(field, LENGTH_FIRST);
    varint(value.size);
    part(value.size, value::writeTo);
    return this;
  }

  /** Adds packed whole numbers. */
  Protobuf longs(int field, long... values) {
    Protobuf packed = new Protobuf();
    for (long v : values) packed.varint(v);
    return message(field, packed);
  }

  /** Adds {@code count} packed doubles, starting at {@code from}, in little-endian order. */
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

  /** Adds {@code count} packed numbers rounded to float32, starting at {@code from}, in little-endian order. */
  Protobuf floats(int field, double[] values, int from, int count) {
    key(field, LENGTH_FIRST);
    varint(4L * count);
    part(4L * count, out -> {
      ByteBuffer chunk = ByteBuffer.allocate(4 * Math.min(CHUNK, count)).order(ByteOrder.LITTLE_ENDIAN);
      for (int done = 0; done < count; done += CHUNK) {
        int n = Math.min(CHUNK, count - done);
        chunk.clear();
        for (int i = 0; i < n; i++) chunk.putFloat((float) values[from + done + i]);
        out.write(chunk.array(), 0, 4 * n);
      }
    });
    return this;
  }

  /** Adds the fields of another message, which must not change afterwards. */
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
