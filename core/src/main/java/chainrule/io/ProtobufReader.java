// SPDX-License-Identifier: MIT
package chainrule.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Reads a message in the wire format of Protocol Buffers, field by field, see {@link Protobuf}:
 * <pre>{@code
 * while (message.next()) {
 *   switch (message.field()) {
 *     case 1 -> name = message.text();
 *     default -> { }                                  // next() skips what was not read
 *   }
 * }
 * }</pre>
 * Nothing is copied but strings. The number of fields that are read is limited, since each can take some hundred bytes
 * of memory: a file of a few million empty messages is refused.
 */
final class ProtobufReader {
  private static final int VARINT = 0, FIXED_64 = 1, LENGTH_FIRST = 2, FIXED_32 = 5;
  /** Far more than a network of dense layers has. */
  private static final int MOST_FIELDS = 1_000_000;

  /** A file that is not a message, or damaged. */
  static final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DamagedException(String message) {
      super(message);
    }
  }

  private final ByteBuffer in;
  private final int[] left;
  private int field, wireType;
  private boolean unread;

  ProtobufReader(ByteBuffer message) {
    this(message, new int[] {MOST_FIELDS});
  }

  private ProtobufReader(ByteBuffer message, int[] left) {
    in = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    this.left = left;
  }

  /** Moves on to the next field; returns false at the end of the message. */
  boolean next() {
    if (unread) skip();
    if (!in.hasRemaining()) return false;
    long key = varint();
    field = (int) Math.min(key >>> 3, Integer.MAX_VALUE);
    wireType = (int) (key & 7);
    if (field == 0) throw new DamagedException("a field has the number 0");
    if (left[0]-- <= 0) throw new DamagedException("more than " + MOST_FIELDS + " fields");
    unread = true;
    return true;
  }

  /** Returns the number of the current field. */
  int field() {
    return field;
  }

  /** Returns a whole number. */
  long number() {
    require(VARINT);
    return varint();
  }

  /** Returns a float32. */
  float single() {
    require(FIXED_32);
    return fixed(4).getFloat(0);
  }

  /** Returns the bytes of a string, a message or packed numbers, without copying them. */
  ByteBuffer bytes() {
    require(LENGTH_FIRST);
    return sized();
  }

  /** Returns a string, in UTF-8. */
  String text() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes()).toString();
    } catch (CharacterCodingException e) {
      throw new DamagedException("a string is not valid UTF-8");
    }
  }

  /** Returns a nested message. */
  ProtobufReader message() {
    return new ProtobufReader(bytes(), left);
  }

  /** Adds the bytes of repeated float32 or float64, which are packed into one field, or a field each. */
  void addFixed(List<ByteBuffer> to) {
    to.add(wireType == FIXED_32 ? taken(fixed(4)) : wireType == FIXED_64 ? taken(fixed(8)) : bytes());
  }

  /**
   * Adds repeated whole numbers, which are packed into one field, or a field each. Of more than {@code most} numbers,
   * adds {@code most} + 1.
   */
  void addNumbers(List<Long> to, int most) {
    if (wireType == VARINT) {
      long value = number();
      if (to.size() <= most) to.add(value);
    } else {
      ProtobufReader packed = message();
      while (packed.in.hasRemaining() && to.size() <= most) to.add(packed.varint());
    }
  }

  /** Adds the bytes of repeated whole numbers, for {@link #numbers}. */
  void addVarints(List<ByteBuffer> to) {
    if (wireType != VARINT) {
      to.add(bytes());
      return;
    }
    int from = in.position();
    number();
    to.add(in.slice(from, in.position() - from));
  }

  /**
   * Passes on the numbers that {@link #addVarints} has added.
   *
   * @param most their number, or a larger one
   * @return how many numbers there are, at most {@code most}, or {@code most} + 1 for more
   */
  static int numbers(List<ByteBuffer> packed, int most, LongConsumer to) {
    int n = 0;
    for (ByteBuffer part : packed) {
      for (ProtobufReader in = new ProtobufReader(part); in.in.hasRemaining(); n++) {
        if (n == most) return n + 1;
        to.accept(in.varint());
      }
    }
    return n;
  }

  private ByteBuffer taken(ByteBuffer value) {
    unread = false;
    return value;
  }

  private void require(int type) {
    if (wireType != type) throw new DamagedException("field " + field + " has the wire type " + wireType);
    unread = false;
  }

  private void skip() {
    unread = false;
    switch (wireType) {
      case VARINT -> varint();
      case FIXED_64 -> fixed(8);
      case LENGTH_FIRST -> sized();
      case FIXED_32 -> fixed(4);
      default -> throw new DamagedException("field " + field + " has the wire type " + wireType);
    }
  }

  private ByteBuffer sized() {
    long length = varint();
    if (length < 0 || length > in.remaining()) throw new DamagedException("truncated");
    return fixed((int) length);
  }

  private ByteBuffer fixed(int length) {
    if (length > in.remaining()) throw new DamagedException("truncated");
    ByteBuffer value = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + length);
    return value;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!in.hasRemaining()) throw new DamagedException("truncated");
      byte b = in.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) return value;
    }
    throw new DamagedException("a number of more than 64 bits");
  }
}
