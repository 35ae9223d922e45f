// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import chainrule.io.OnnxBytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Damaged protobuf messages: bytes, and what lies deeper, with the lengths of the surrounding messages made right
 * again.
 */
final class ProtobufDamage {
  private ProtobufDamage() {}

  private static final int LENGTH_FIRST = 2;
  private static final long[] EXTREME = {0, 1, -1, 2, 3, 7, 10, 11, 16, 64, 127, 128, 1 << 20, Integer.MAX_VALUE,
      1L << 32, Long.MAX_VALUE, Long.MIN_VALUE};
  private static final String[] WORDS = {"x", "y", "z", "W", "b", "", "Gemm", "MatMul", "Add", "Sub", "Mul", "Div",
      "Relu", "Softmax", "LogSoftmax", "Identity", "Flatten", "Erf", "Where", "Concat", "Selu", "ZipMap", "Scaler",
      "ai.onnx.ml", "weights", "../weights", "axis", "alpha", "transA", "\u0000", "\u001b[2J"};

  /** A field: its key as it is in the file, and for a length its content. */
  private record Field(byte[] key, int number, int type, byte[] value) {
    byte[] bytes() {
      return type == LENGTH_FIRST ? OnnxBytes.field(number, value) : OnnxBytes.joined(key, value);
    }
  }

  static byte[] damaged(FuzzRandom c, byte[] message) {
    if (c.oneIn(6)) return Mutation.bytes(c, message);
    byte[] damaged = message;
    for (int n = 1 + c.fewBelow(4); n > 0; n--) damaged = inside(c, damaged, 0);
    return damaged;
  }

  /** Damages a random field, at any depth. */
  private static byte[] inside(FuzzRandom c, byte[] message, int depth) {
    List<Field> fields = fields(message);
    if (fields == null || fields.isEmpty() || depth > 6) return Mutation.bytes(c, message);
    int at = c.below(fields.size());
    Field f = fields.get(at);
    if (f.type == LENGTH_FIRST && !c.oneIn(4)) {
      boolean graph = f.number == 7 && depth == 0;
      if (graph || !c.oneIn(3)) {
        fields.set(at, new Field(f.key, f.number, f.type, inside(c, f.value, depth + 1)));
        return joined(fields);
      }
    }
    switch (c.below(6)) {
      case 0 -> fields.remove(at);
      case 1 -> fields.add(c.below(fields.size()), f);
      case 2 -> fields.add(c.below(fields.size()), fields.remove(at));
      case 3 -> fields.set(at, parsed(OnnxBytes.number(f.number, EXTREME[c.below(EXTREME.length)])));
      case 4 -> fields.set(at, parsed(OnnxBytes.text(f.number, WORDS[c.below(WORDS.length)])));
      default -> fields.set(at, new Field(f.key, 1 + c.below(20), f.type, f.value));
    }
    return joined(fields);
  }

  private static Field parsed(byte[] field) {
    return fields(field).get(0);
  }

  private static byte[] joined(List<Field> fields) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Field f : fields) all.writeBytes(f.bytes());
    return all.toByteArray();
  }

  /** Returns the fields of a message, or null if it is not one. */
  private static List<Field> fields(byte[] b) {
    List<Field> fields = new ArrayList<>();
    for (int at = 0; at < b.length; ) {
      int start = at, end = varintEnd(b, at);
      if (end < 0) return null;
      long key = varint(b, at);
      int type = (int) (key & 7), value = end;
      if (key >>> 3 == 0 || key >>> 3 > 100) return null;
      at = switch (type) {
        case 0 -> varintEnd(b, end);
        case 1 -> end + 8;
        case 5 -> end + 4;
        case 2 -> {
          value = varintEnd(b, end);
          long length = value < 0 ? -1 : varint(b, end);
          yield length < 0 || length > b.length ? -1 : value + (int) length;
        }
        default -> -1;
      };
      if (at < 0 || at > b.length) return null;
      byte[] keyBytes = Arrays.copyOfRange(b, start, end);
      fields.add(new Field(keyBytes, (int) (key >>> 3), type, Arrays.copyOfRange(b, value, at)));
    }
    return fields;
  }

  private static int varintEnd(byte[] b, int at) {
    for (int i = at; i < b.length && i < at + 10; i++) if (b[i] >= 0) return i + 1;
    return -1;
  }

  private static long varint(byte[] b, int at) {
    long value = 0;
    for (int i = at; ; i++) {
      value |= (long) (b[i] & 0x7f) << 7 * (i - at);
      if (b[i] >= 0) return value;
    }
  }
}
