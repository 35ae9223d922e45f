// SPDX-License-Identifier: MIT
package chainrule.io;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/**
 * Evaluates an ONNX graph node by node as the operator specification says, with java.lang.Math. Only Cast converts
 * types. Supports only the operators that exports use, and only in the forms in which they use them.
 */
final class OnnxInterpreter {
  private static final int AXIS_OF_COLUMNS = 1;

  /** A tensor with its elements in row-major order: Double, Long, Boolean or String. */
  record Tensor(List<Integer> shape, List<?> elements) {
    Tensor {
      int n = shape.stream().reduce(1, Math::multiplyExact);
      if (n != elements.size()) throw new AssertionError(shape + " of " + elements.size() + " elements");
    }

    /** Returns a tensor [n × 1]. */
    static Tensor column(List<?> elements) {
      return new Tensor(List.of(elements.size(), 1), elements);
    }

    double number(int i) {
      return (Double) elements.get(i);
    }

    private int size(int axis) {
      return shape.get(axis);
    }
  }

  private final Map<String, Tensor> values = new HashMap<>();

  private OnnxInterpreter() {}

  /** Returns the outputs for these inputs, by name. */
  static Map<String, Tensor> run(ProtobufMessage graph, Map<String, Tensor> inputs) {
    OnnxInterpreter interpreter = new OnnxInterpreter();
    interpreter.values.putAll(inputs);
    for (ProtobufMessage constant : graph.all(5)) interpreter.values.put(constant.text(8), constant(constant));
    for (ProtobufMessage node : graph.all(1)) {
      List<Tensor> in = node.texts(1).stream().map(interpreter::value).toList();
      interpreter.values.put(node.text(2), compute(node, in));
    }
    Map<String, Tensor> outputs = new TreeMap<>();
    for (ProtobufMessage output : graph.all(12)) outputs.put(output.text(1), interpreter.value(output.text(1)));
    return outputs;
  }

  private Tensor value(String name) {
    Tensor value = values.get(name);
    if (value == null) throw new AssertionError("no value " + name);
    return value;
  }

  private static Tensor constant(ProtobufMessage tensor) {
    List<Integer> shape = tensor.fields.getOrDefault(1, List.of()).stream().map(d -> ((Long) d).intValue()).toList();
    return new Tensor(shape, switch ((int) tensor.number(2)) {
      case OnnxGraph.DOUBLE -> tensor.doubles(10);
      case OnnxGraph.FLOAT -> tensor.floats(4);
      case OnnxGraph.INT64 -> tensor.longs(7);
      case OnnxGraph.STRING -> tensor.texts(6);
      default -> throw new AssertionError("type " + tensor.number(2));
    });
  }

  // ---------------------------------------------------------------- nodes

  private static Tensor compute(ProtobufMessage node, List<Tensor> in) {
    String operator = node.text(4), domain = node.fields.containsKey(7) ? node.text(7) : "";
    if (!domain.equals(operator.equals("LabelEncoder") ? "ai.onnx.ml" : "")) {
      throw new AssertionError("no operator " + operator + " in the domain '" + domain + "'");
    }
    Function<List<Object>, Object> each = EACH.get(operator);
    if (each != null) return broadcast(each, in);
    Tensor x = in.get(0);
    return switch (operator) {
      case "Cast" -> new Tensor(x.shape, x.elements.stream().map(e -> cast(e, integer(node, "to"))).toList());
      case "LabelEncoder" -> labelEncoder(node, x);
      case "Gather" -> gather((int) integer(node, "axis"), x, in.get(1));
      case "Concat" -> concat(integer(node, "axis"), in);
      case "Gemm" -> gemm(x, in.get(1), in.get(2));
      case "Softmax" -> softmax(integer(node, "axis"), x);
      case "ArgMax" -> argMax(integer(node, "axis"), x);
      case "Squeeze" -> squeeze(x, in.get(1));
      default -> throw new AssertionError("operator " + operator);
    };
  }

  private static ProtobufMessage attribute(ProtobufMessage node, String name, int type) {
    ProtobufMessage a = node.all(5).stream().filter(m -> m.text(1).equals(name)).findFirst().orElseThrow();
    if (a.number(20) != type) throw new AssertionError(name + " has the type " + a.number(20));
    return a;
  }

  private static long integer(ProtobufMessage node, String name) {
    return attribute(node, name, 2).number(3);
  }

  private static void requireColumns(long axis) {
    if (axis != AXIS_OF_COLUMNS) throw new AssertionError("axis " + axis);
  }

  private static Object cast(Object e, long type) {
    long number = e instanceof Boolean b ? b ? 1 : 0 : (Long) e;
    if (type == OnnxGraph.INT64) return number;
    if (type == OnnxGraph.DOUBLE || type == OnnxGraph.FLOAT) return (double) number;
    throw new AssertionError("type " + type);
  }

  private static Tensor labelEncoder(ProtobufMessage node, Tensor x) {
    List<String> keys = attribute(node, "keys_strings", 8).texts(9);
    List<Object> numbers = attribute(node, "values_int64s", 7).fields.get(8);
    long otherwise = integer(node, "default_int64");
    return new Tensor(x.shape, x.elements.stream()
        .map(e -> keys.contains((String) e) ? numbers.get(keys.indexOf((String) e)) : (Object) otherwise).toList());
  }

  private static Tensor gather(int axis, Tensor x, Tensor places) {
    List<Object> y = new ArrayList<>();
    List<Integer> shape = new ArrayList<>(x.shape);
    shape.remove(axis);
    shape.addAll(axis, places.shape);
    int inner = x.shape.subList(axis + 1, x.shape.size()).stream().reduce(1, (a, b) -> a * b), size = x.size(axis);
    for (int outer = 0; outer < x.elements.size() / (size * inner); outer++) {
      for (Object place : places.elements) {
        int from = (outer * size + Math.toIntExact((Long) place)) * inner;
        y.addAll(x.elements.subList(from, from + inner));
      }
    }
    return new Tensor(shape, y);
  }

  private static Tensor concat(long axis, List<Tensor> in) {
    requireColumns(axis);
    int rows = in.get(0).size(0), width = 0;
    List<Object> y = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      for (Tensor t : in) y.addAll(t.elements.subList(i * t.size(1), (i + 1) * t.size(1)));
    }
    for (Tensor t : in) width += t.size(1);
    return new Tensor(List.of(rows, width), y);
  }

  /** Computes x·w + b. */
  private static Tensor gemm(Tensor x, Tensor w, Tensor b) {
    int rows = x.size(0), inputs = x.size(1), outputs = w.size(1);
    if (w.size(0) != inputs || !b.shape.equals(List.of(outputs))) throw new AssertionError(x.shape + " · " + w.shape);
    List<Double> y = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < outputs; j++) {
        double sum = 0;
        for (int k = 0; k < inputs; k++) sum += x.number(i * inputs + k) * w.number(k * outputs + j);
        y.add(sum + b.number(j));
      }
    }
    return new Tensor(List.of(rows, outputs), y);
  }

  private static Tensor softmax(long axis, Tensor x) {
    requireColumns(axis);
    List<Double> y = new ArrayList<>();
    int n = x.size(1);
    for (int i = 0; i < x.size(0); i++) {
      double largest = Double.NEGATIVE_INFINITY, sum = 0;
      for (int j = 0; j < n; j++) largest = Math.max(largest, x.number(i * n + j));
      for (int j = 0; j < n; j++) sum += Math.exp(x.number(i * n + j) - largest);
      for (int j = 0; j < n; j++) y.add(Math.exp(x.number(i * n + j) - largest) / sum);
    }
    return new Tensor(x.shape, y);
  }

  /** Returns the index of the first maximum of each row, [N × 1]. */
  private static Tensor argMax(long axis, Tensor x) {
    requireColumns(axis);
    List<Long> y = new ArrayList<>();
    int n = x.size(1);
    for (int i = 0; i < x.size(0); i++) {
      int best = 0;
      for (int j = 1; j < n; j++) if (x.number(i * n + j) > x.number(i * n + best)) best = j;
      y.add((long) best);
    }
    return Tensor.column(y);
  }

  private static Tensor squeeze(Tensor x, Tensor axes) {
    if (axes.elements.size() != 1) throw new AssertionError("axes " + axes);
    List<Integer> shape = new ArrayList<>(x.shape);
    int gone = shape.remove(Math.toIntExact((Long) axes.elements.get(0)));
    if (gone != 1) throw new AssertionError("squeezes " + x.shape);
    return new Tensor(shape, x.elements);
  }

  // ---------------------------------------------------------------- elementwise operators

  /** Aligns shapes at their ends, and repeats dimensions that are missing or 1. */
  private static Tensor broadcast(Function<List<Object>, Object> each, List<Tensor> in) {
    int rank = in.stream().mapToInt(t -> t.shape.size()).max().orElseThrow();
    List<Integer> shape = new ArrayList<>(Collections.nCopies(rank, 1));
    for (Tensor t : in) {
      for (int d = 0, at = rank - t.shape.size(); d < t.shape.size(); d++) {
        if (shape.get(at + d) == 1) shape.set(at + d, t.size(d));
        else if (t.size(d) != 1 && t.size(d) != shape.get(at + d)) throw new AssertionError(shape + " with " + t.shape);
      }
    }
    List<Object> y = new ArrayList<>();
    for (int i = 0; i < shape.stream().reduce(1, (a, b) -> a * b); i++) {
      List<Object> arguments = new ArrayList<>();
      for (Tensor t : in) arguments.add(t.elements.get(place(t, shape, i)));
      y.add(each.apply(arguments));
    }
    return new Tensor(shape, y);
  }

  private static int place(Tensor t, List<Integer> shape, int i) {
    int place = 0, stride = 1, rest = i;
    for (int back = 1; back <= t.shape.size(); back++) {
      int size = t.size(t.shape.size() - back), whole = shape.get(shape.size() - back);
      place += size == 1 ? 0 : rest % whole * stride;
      stride *= size;
      rest /= whole;
    }
    return place;
  }

  private static final Map<String, Function<List<Object>, Object>> EACH = new HashMap<>();

  private static double a(List<Object> v) {
    return (Double) v.get(0);
  }

  private static double b(List<Object> v) {
    return (Double) v.get(1);
  }

  private static void one(String operator, DoubleUnaryOperator f) {
    EACH.put(operator, v -> f.applyAsDouble(a(v)));
  }

  static {
    EACH.put("Identity", v -> v.get(0));
    EACH.put("Equal", v -> v.get(0) instanceof Double ? (Object) (a(v) == b(v)) : v.get(0).equals((Long) v.get(1)));
    EACH.put("IsNaN", v -> Double.isNaN(a(v)));
    EACH.put("Where", v -> (Boolean) v.get(0) ? v.get(1) : v.get(2));
    EACH.put("Less", v -> a(v) < b(v));
    EACH.put("LessOrEqual", v -> a(v) <= b(v));
    EACH.put("Greater", v -> a(v) > b(v));
    EACH.put("GreaterOrEqual", v -> a(v) >= b(v));
    EACH.put("Add", v -> a(v) + b(v));
    EACH.put("Sub", v -> a(v) - b(v));
    EACH.put("Mul", v -> a(v) * b(v));
    EACH.put("Div", v -> a(v) / b(v));
    EACH.put("Min", v -> Math.min(a(v), b(v)));
    EACH.put("Max", v -> Math.max(a(v), b(v)));
    one("Relu", z -> Math.max(z, 0));
    one("Abs", Math::abs);
    one("Neg", z -> -z);
    one("Floor", Math::floor);
    one("Exp", Math::exp);
    one("Log", Math::log);
    one("Tanh", Math::tanh);
  }
}
