// SPDX-License-Identifier: MIT
package chainrule.io;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Builds an ONNX graph: inputs, constants, nodes in the order of computation, outputs. A value is identified by its
 * name. {@link #node} returns the name of the node's result, so that formulas can be nested:
 * <pre>{@code String y = g.node("Div", g.node("Sub", x, mean), deviation);}</pre>
 * Names are unique C identifiers, as the format requires. The numbers of fields and types are those of onnx.proto.
 */
final class OnnxGraph {
  /** Element types. */
  static final int FLOAT = 1, INT64 = 7, STRING = 8, DOUBLE = 11;
  /** The domain of the operators for tables and strings. */
  static final String ML = "ai.onnx.ml";
  /** Attribute types. */
  private static final int ATTRIBUTE_INT = 2, ATTRIBUTE_INTS = 7, ATTRIBUTE_STRINGS = 8;
  /** The name of the dimension that is known only when the graph runs: the number of rows. */
  static final String ROWS = "N";

  /** The type of all real numbers, {@link #DOUBLE} or {@link #FLOAT}. */
  final int real;
  private final Protobuf nodes = new Protobuf();
  private final Protobuf constants = new Protobuf();
  private final Protobuf inputs = new Protobuf();
  private final Protobuf outputs = new Protobuf();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> count = new HashMap<>();
  private final Map<Long, String> scalars = new HashMap<>();
  private final CRC32 fingerprint = new CRC32();
  private String part = "";

  OnnxGraph(int real) {
    this.real = real;
  }

  /** Sets the prefix of the names of all nodes that follow. */
  OnnxGraph part(String name) {
    part = name + "_";
    return this;
  }

  /** Reserves and returns an unused C identifier as close to {@code wish} as possible. */
  String name(String wish) {
    String plain = wish.replaceAll("[^A-Za-z0-9_]", "_");
    if (plain.isEmpty() || Character.isDigit(plain.charAt(0))) plain = "_" + plain;
    if (names.add(plain)) return plain;
    while (true) {
      String numbered = plain + "_" + count.merge(plain, 1, Integer::sum);
      if (names.add(numbered)) return numbered;
    }
  }

  // ---------------------------------------------------------------- nodes

  /** Adds a node with an operator of the default domain, and returns the name of its result. */
  String node(String operator, String... values) {
    return add("", operator, new Protobuf(), values);
  }

  /** Does the same for an operator with one integer attribute. */
  String node(String operator, String attribute, long value, String... values) {
    return add("", operator, new Protobuf().message(5, integer(attribute, value)), values);
  }

  /** Adds a node that maps each string to its number, and a string that is not in the map to −1. */
  String indexOf(Map<String, Integer> indices, String value) {
    Protobuf keys = attribute("keys_strings", ATTRIBUTE_STRINGS);
    Protobuf numbers = attribute("values_int64s", ATTRIBUTE_INTS);
    indices.forEach((text, number) -> {
      keys.text(9, text);
      numbers.number(8, number);
    });
    Protobuf attributes = new Protobuf().message(5, keys).message(5, numbers).message(5, integer("default_int64", -1));
    return add(ML, "LabelEncoder", attributes, value);
  }

  private static Protobuf integer(String attribute, long value) {
    return attribute(attribute, ATTRIBUTE_INT).number(3, value);
  }

  private static Protobuf attribute(String name, int type) {
    return new Protobuf().text(1, name).number(20, type);
  }

  private String add(String domain, String operator, Protobuf attributes, String... values) {
    String result = name(part + operator);
    emit(domain, operator, result, attributes, values);
    return result;
  }

  private void emit(String domain, String operator, String result, Protobuf attributes, String... values) {
    Protobuf node = new Protobuf();
    for (String v : values) node.text(1, v);
    node.text(2, result).text(3, result).text(4, operator).append(attributes);
    if (!domain.isEmpty()) node.text(7, domain);
    nodes.message(1, node);
    fingerprint.update(OnnxFile.Node.line(domain, operator, List.of(values), List.of(result))
        .getBytes(StandardCharsets.UTF_8));
  }

  // ---------------------------------------------------------------- constants

  /** Adds a number. The file contains each number once, however often it is used. */
  String scalar(double value) {
    return scalars.computeIfAbsent(Double.doubleToRawLongBits(value),
        bits -> reals("constant_" + value, new double[] {value}, 0));
  }

  /**
   * Adds the elements of an array starting at {@code from}; the shape gives their number.
   *
   * @throws IllegalArgumentException if a finite number is infinite in float32
   */
  String reals(String wish, double[] values, int from, long... shape) {
    long n = 1;
    for (long d : shape) n *= d;
    String name = name(wish);
    Protobuf tensor = tensor(name, real, shape);
    if (real == FLOAT) {
      requireFloats(values, from, (int) n);
      tensor.floats(4, values, from, (int) n);
    } else {
      tensor.doubles(10, values, from, (int) n);
    }
    constants.message(5, tensor);
    return name;
  }

  private static void requireFloats(double[] values, int from, int n) {
    for (int i = from; i < from + n; i++) {
      if (!Double.isInfinite(values[i]) && Float.isInfinite((float) values[i])) {
        throw new IllegalArgumentException("the model has the number " + values[i] + ", which is infinite in float32. "
            + "Export it in double precision.");
      }
    }
  }

  /** Adds a vector of integers. */
  String longs(String wish, long... values) {
    String name = name(wish);
    constants.message(5, tensor(name, INT64, values.length).longs(7, values));
    return name;
  }

  /** Adds a vector of strings. */
  String texts(String wish, List<String> values) {
    String name = name(wish);
    Protobuf tensor = tensor(name, STRING, values.size());
    for (String v : values) tensor.text(6, v);
    constants.message(5, tensor);
    return name;
  }

  private static Protobuf tensor(String name, int type, long... shape) {
    Protobuf tensor = new Protobuf();
    for (long d : shape) tensor.number(1, d);
    return tensor.number(2, type).text(8, name);
  }

  // ---------------------------------------------------------------- inputs and outputs

  /** Adds an input [N × columns] whose name is already reserved. */
  void input(String name, int type, int columns, String meaning) {
    inputs.message(11, value(name, type, columns, meaning));
  }

  /** Makes the value an output with this name, [N × columns], or [N] for 0 columns. */
  void output(String name, String value, int type, int columns, String meaning) {
    emit("", "Identity", name, new Protobuf(), value);
    outputs.message(12, value(name, type, columns, meaning));
  }

  private static Protobuf value(String name, int type, int columns, String meaning) {
    Protobuf shape = new Protobuf().message(1, new Protobuf().text(2, ROWS));
    if (columns > 0) shape.message(1, new Protobuf().number(1, columns));
    Protobuf tensor = new Protobuf().number(1, type).message(2, shape);
    return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor)).text(3, meaning);
  }

  /** Returns the hash of the nodes that {@link OnnxFile#fingerprint} returns for the graph of a file. */
  String fingerprint() {
    return String.format("%08x", fingerprint.getValue());
  }

  /** Returns the whole graph as a protobuf message. */
  Protobuf message(String name) {
    return new Protobuf().append(nodes).text(2, name).append(constants).append(inputs).append(outputs);
  }
}
