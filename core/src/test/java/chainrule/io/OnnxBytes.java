// SPDX-License-Identifier: MIT
package chainrule.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes ONNX files as other exporters do. Field numbers are those of onnx.proto; values of constants are those of
 * {@link ForeignArrays#value}.
 */
public final class OnnxBytes {
  public static final int FLOAT = 1, INT64 = 7, STRING = 8, FLOAT16 = 10, DOUBLE = 11;

  private final ByteArrayOutputStream graph = new ByteArrayOutputStream(), rest = new ByteArrayOutputStream();
  private int type = FLOAT;
  private boolean packed;

  public OnnxBytes() {
    rest.writeBytes(number(1, 8));
    rest.writeBytes(text(2, "pytorch"));
    rest.writeBytes(text(3, "2.1"));
    rest.writeBytes(field(8, number(2, 17)));
  }

  /** Sets the type of the constants and of inputs and outputs that follow. */
  public OnnxBytes type(int onnxType) {
    type = onnxType;
    return this;
  }

  /** Stores the constants that follow in float_data or double_data, as packed numbers, instead of raw_data. */
  public OnnxBytes packed() {
    packed = true;
    return this;
  }

  /** Adds the input, with these sizes; 0 for a dimension that is not known. */
  public OnnxBytes input(String name, long... shape) {
    graph.writeBytes(field(11, port(name, shape)));
    return this;
  }

  public OnnxBytes output(String name, long... shape) {
    graph.writeBytes(field(12, port(name, shape)));
    return this;
  }

  private byte[] port(String name, long... shape) {
    byte[] dims = {};
    for (long d : shape) dims = joined(dims, field(1, d == 0 ? text(2, "n") : number(1, d)));
    return joined(text(1, name), field(2, field(1, joined(number(1, type), field(2, dims)))));
  }

  /** Adds a constant of real numbers. */
  public OnnxBytes constant(String name, int... shape) {
    int n = 1;
    for (int size : shape) n *= size;
    double[] values = new double[n];
    for (int i = 0; i < n; i++) values[i] = ForeignArrays.value(name, i);
    return constant(name, values, shape);
  }

  public OnnxBytes constant(String name, double[] values, int... shape) {
    graph.writeBytes(field(5, tensor(name, values, shape)));
    return this;
  }

  private byte[] tensor(String name, double[] values, int... shape) {
    int field = !packed ? 9 : type == DOUBLE ? 10 : 4;
    return joined(shape(shape), number(2, type), text(8, name), field(field, numbers(values)));
  }

  private static byte[] shape(int... shape) {
    byte[] dims = {};
    for (int size : shape) dims = joined(dims, number(1, size));
    return dims;
  }

  private byte[] numbers(double[] values) {
    ByteBuffer b = ByteBuffer.allocate(values.length * (type == DOUBLE ? 8 : type == FLOAT ? 4 : 2))
        .order(ByteOrder.LITTLE_ENDIAN);
    for (double v : values) {
      switch (type) {
        case DOUBLE -> b.putDouble(v);
        case FLOAT -> b.putFloat((float) v);
        default -> b.putShort(ForeignArrays.half(v));
      }
    }
    return b.array();
  }

  /** Adds a constant whose numbers are in another file, with these entries of external_data. */
  public OnnxBytes external(String name, String location, String offset, String length, int... shape) {
    graph.writeBytes(field(5, joined(shape(shape), number(2, type), text(8, name),
        field(13, joined(text(1, "location"), text(2, location))),
        field(13, joined(text(1, "offset"), text(2, offset))),
        field(13, joined(text(1, "length"), text(2, length))), number(14, 1))));
    return this;
  }

  /** Adds a constant of whole numbers. */
  public OnnxBytes longs(String name, long... values) {
    ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long v : values) raw.putLong(v);
    byte[] varints = {};
    for (long v : values) varints = joined(varints, varint(v));
    graph.writeBytes(field(5, joined(shape(values.length), number(2, INT64), text(8, name),
        packed ? field(7, varints) : field(9, raw.array()))));
    return this;
  }

  /** Adds a vector of strings. */
  public OnnxBytes texts(String name, String... values) {
    byte[] data = {};
    for (String v : values) data = joined(data, text(6, v));
    graph.writeBytes(field(5, joined(shape(values.length), number(2, STRING), text(8, name), data)));
    return this;
  }

  /** Adds a constant of float16 whose bits are in int32_data, as onnx.helper writes it. */
  public OnnxBytes halves(String name, int... shape) {
    int n = 1;
    for (int size : shape) n *= size;
    byte[] varints = {};
    for (int i = 0; i < n; i++) {
      varints = joined(varints, varint(ForeignArrays.half(ForeignArrays.value(name, i)) & 0xFFFF));
    }
    graph.writeBytes(field(5, joined(shape(shape), number(2, FLOAT16), text(8, name), field(5, varints))));
    return this;
  }

  /**
   * Adds a node: the operator, perhaps with its domain before a colon; its inputs, then its outputs, both separated by
   * commas.
   *
   * @param attributes those of {@link #integer}, {@link #single} and so on
   */
  public OnnxBytes node(String operator, String inputs, String outputs, byte[]... attributes) {
    byte[] node = {};
    for (String in : inputs.split(",", -1)) node = joined(node, text(1, in));
    String[] parts = operator.split(":");
    for (String out : outputs.split(",")) node = joined(node, text(2, out));
    node = joined(node, text(3, "/" + outputs), text(4, parts[parts.length - 1]));
    for (byte[] a : attributes) node = joined(node, field(5, a));
    graph.writeBytes(field(1, parts.length == 1 ? node : joined(node, text(7, parts[0]))));
    return this;
  }

  public static byte[] integer(String name, long value) {
    return joined(text(1, name), number(3, value), number(20, 2));
  }

  public static byte[] single(String name, float value) {
    byte[] bits = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
    return joined(text(1, name), varint(2 << 3 | 5), bits, number(20, 1));
  }

  public static byte[] string(String name, String value) {
    return joined(text(1, name), text(4, value), number(20, 3));
  }

  public static byte[] strings(String name, String... values) {
    byte[] a = text(1, name);
    for (String v : values) a = joined(a, text(9, v));
    return joined(a, number(20, 8));
  }

  public static byte[] integers(String name, long... values) {
    byte[] a = text(1, name);
    for (long v : values) a = joined(a, number(8, v));
    return joined(a, number(20, 7));
  }

  /** Returns a list of float32, packed or not. */
  public static byte[] singles(String name, boolean packed, float... values) {
    byte[] a = text(1, name), all = {};
    for (float v : values) {
      byte[] bits = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(v).array();
      all = joined(all, bits);
      if (!packed) a = joined(a, varint(7 << 3 | 5), bits);
    }
    return joined(a, packed ? field(7, all) : new byte[0], number(20, 6));
  }

  /** Returns the tensor of a Constant node. */
  public byte[] value(String name, double[] values, int... shape) {
    return joined(text(1, "value"), field(5, tensor(name, values, shape)), number(20, 4));
  }

  public OnnxBytes metadata(String key, String value) {
    rest.writeBytes(field(14, joined(text(1, key), text(2, value))));
    return this;
  }

  public byte[] bytes() {
    return joined(rest.toByteArray(), field(7, joined(graph.toByteArray(), text(2, "main_graph"))));
  }

  // ---------------------------------------------------------------- the wire format

  public static byte[] number(int field, long value) {
    return joined(varint((long) field << 3), varint(value));
  }

  public static byte[] text(int field, String value) {
    return field(field, value.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] field(int field, byte[] value) {
    return joined(varint((long) field << 3 | 2), varint(value.length), value);
  }

  private static byte[] varint(long value) {
    List<Byte> bytes = new ArrayList<>();
    long rest = value;
    for (; (rest & ~0x7fL) != 0; rest >>>= 7) bytes.add((byte) (rest | 0x80));
    bytes.add((byte) rest);
    byte[] all = new byte[bytes.size()];
    for (int i = 0; i < all.length; i++) all[i] = bytes.get(i);
    return all;
  }

  public static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) all.writeBytes(part);
    return all.toByteArray();
  }
}
