// SPDX-License-Identifier: MIT
package chainrule.io;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph of ONNX while it is being built: inputs, constants, nodes in the order of computation, outputs. A value is
 * known by its name; {@link #node} gives the name of what the node computes, so that formulas can be nested:
 * <pre>{@code String y = g.node("Div", g.node("Sub", x, mean), deviation);}</pre>
 * Names are identifiers of C, as the format asks, and unique. The numbers of fields and types are those of onnx.proto.
 */
final class OnnxGraph {
  /** Types of elements. */
  static final int INT64 = 7, STRING = 8, DOUBLE = 11;
  /** The domain of operators for tables and texts. */
  static final String ML = "ai.onnx.ml";
  /** Types of attributes. */
  private static final int ATTRIBUTE_INT = 2, ATTRIBUTE_INTS = 7, ATTRIBUTE_STRINGS = 8;
  /** The name of the size that is known only when the graph runs: the rows. */
  static final String ROWS = "N";

  private final Protobuf nodes = new Protobuf();
  private final Protobuf constants = new Protobuf();
  private final Protobuf inputs = new Protobuf();
  private final Protobuf outputs = new Protobuf();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> count = new HashMap<>();
  private final Map<Long, String> scalars = new HashMap<>();
  private String part = "";

  /** Every name given to a node from here on begins with this. */
  OnnxGraph part(String name) {
    part = name + "_";
    return this;
  }

  /**
   * A name that is free, an identifier of C, and as near to {@code wish} as that allows; it is taken then.
   */
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

  /** What an operator of ONNX's own makes of these values. */
  String node(String operator, String... values) {
    return add("", operator, new Protobuf(), values);
  }

  /** The same with an attribute that is a whole number. */
  String node(String operator, String attribute, long value, String... values) {
    return add("", operator, new Protobuf().message(5, whole(attribute, value)), values);
  }

  /** The number that belongs to each text, and −1 for a text that is not in the map. */
  String places(Map<String, Integer> places, String value) {
    Protobuf keys = attribute("keys_strings", ATTRIBUTE_STRINGS);
    Protobuf numbers = attribute("values_int64s", ATTRIBUTE_INTS);
    places.forEach((text, number) -> {
      keys.text(9, text);
      numbers.number(8, number);
    });
    Protobuf attributes = new Protobuf().message(5, keys).message(5, numbers).message(5, whole("default_int64", -1));
    return add(ML, "LabelEncoder", attributes, value);
  }

  private static Protobuf whole(String attribute, long value) {
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
  }

  // ---------------------------------------------------------------- constants

  /** One number; it stands in the file once, however often it is used. */
  String scalar(double value) {
    return scalars.computeIfAbsent(Double.doubleToRawLongBits(value),
        bits -> doubles("constant_" + value, new double[] {value}, 0));
  }

  /** Numbers of an array from {@code from} on, as many as the shape takes. */
  String doubles(String wish, double[] values, int from, long... shape) {
    long n = 1;
    for (long d : shape) n *= d;
    String name = name(wish);
    constants.message(5, tensor(name, DOUBLE, shape).doubles(10, values, from, (int) n));
    return name;
  }

  /** A vector of whole numbers. */
  String longs(String wish, long... values) {
    String name = name(wish);
    constants.message(5, tensor(name, INT64, values.length).longs(7, values));
    return name;
  }

  /** A vector of texts. */
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

  /** An input [N × columns] whose name is taken already. */
  void input(String name, int type, int columns, String meaning) {
    inputs.message(11, value(name, type, columns, meaning));
  }

  /** The value becomes an output of this name, [N × columns], or [N] for no columns. */
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

  /** The whole graph as a message. */
  Protobuf message(String name) {
    return new Protobuf().append(nodes).text(2, name).append(constants).append(inputs).append(outputs);
  }
}
