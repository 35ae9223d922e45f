// SPDX-License-Identifier: MIT
package chainrule.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Parses a Protocol Buffers message: a Long or a byte array for each occurrence of a field. */
final class ProtobufMessage {
  final Map<Integer, List<Object>> fields = new TreeMap<>();

  ProtobufMessage(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (in.hasRemaining()) {
      long key = varint(in);
      List<Object> values = fields.computeIfAbsent((int) (key >>> 3), f -> new ArrayList<>());
      switch ((int) key & 7) {
        case 0 -> values.add(varint(in));
        case 2 -> {
          byte[] value = new byte[(int) varint(in)];
          in.get(value);
          values.add(value);
        }
        default -> throw new AssertionError("wire type " + (key & 7));
      }
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) return value;
    }
  }

  long number(int field) {
    return (Long) fields.get(field).get(0);
  }

  String text(int field) {
    return texts(field).get(0);
  }

  List<String> texts(int field) {
    return fields.get(field).stream().map(b -> new String((byte[]) b, StandardCharsets.UTF_8)).toList();
  }

  List<ProtobufMessage> all(int field) {
    return fields.getOrDefault(field, List.of()).stream().map(b -> new ProtobufMessage((byte[]) b)).toList();
  }

  /** Returns a field of packed integers. */
  List<Long> longs(int field) {
    ByteBuffer in = ByteBuffer.wrap((byte[]) fields.get(field).get(0));
    List<Long> values = new ArrayList<>();
    while (in.hasRemaining()) values.add(varint(in));
    return values;
  }

  List<Double> doubles(int field) {
    ByteBuffer in = ByteBuffer.wrap((byte[]) fields.get(field).get(0)).order(ByteOrder.LITTLE_ENDIAN);
    List<Double> values = new ArrayList<>();
    while (in.hasRemaining()) values.add(in.getDouble());
    return values;
  }

  /** Returns packed float32 numbers, widened. */
  List<Double> floats(int field) {
    ByteBuffer in = ByteBuffer.wrap((byte[]) fields.get(field).get(0)).order(ByteOrder.LITTLE_ENDIAN);
    List<Double> values = new ArrayList<>();
    while (in.hasRemaining()) values.add((double) in.getFloat());
    return values;
  }
}
