// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.PiecewiseLinear;
import chainrule.io.Onnx.Port;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Declares the inputs of an ONNX graph, and adds the nodes of an {@link Encoding}: from raw cells to the network's
 * inputs, in the network's order.
 * <pre>
 *   number    v = median where x is NaN, else x; then (v − mean) / deviation, then with pieces
 *             0.7 · (clip((v − q_k) / (q_{k+1} − q_k), 0, 1) − m_k), and with an indicator [x is NaN]
 *   string    its index k among the categories, then [k = 0, k = 1, …]; an unseen string (k = −1) gives all zeros; the
 *             empty string is missing, and has the last index if missing has an input
 * </pre>
 */
final class OnnxInputs {
  private final OnnxGraph g;
  private final Encoding encoding;
  private final List<InputColumn> numbers;
  private final List<Port> ports = new ArrayList<>();

  OnnxInputs(OnnxGraph g, Encoding encoding) {
    this.g = g;
    this.encoding = encoding;
    this.numbers = encoding.inputColumns().stream().filter(InputColumn::isNumber).toList();
  }

  /** Returns the inputs that {@link #encode} has declared. */
  List<Port> ports() {
    return ports;
  }

  /** Declares the inputs, and returns the value [N × in] that feeds the network. */
  String encode() {
    g.part("input");
    String encoded = numbers.isEmpty() ? null
        : encodeNumbers(declare(Onnx.NUMBERS, g.real, numbers.size(), meaning()));
    List<String> parts = new ArrayList<>();
    List<Long> run = new ArrayList<>(); // the columns of `encoded` since the last text column
    long number = 0, piece = numbers.size() * (hasIndicators() ? 2L : 1);
    for (InputColumn in : encoding.inputColumns()) {
      if (in.isNumber()) {
        run.add(number);
        for (int k = 0; k < in.pieces().count(); k++) run.add(piece++);
        if (in.indicator()) run.add(numbers.size() + number);
        number++;
        continue;
      }
      if (!run.isEmpty()) parts.add(columns(encoded, run));
      run.clear();
      parts.add(oneHot(in));
    }
    if (!run.isEmpty()) parts.add(columns(encoded, run));
    return parts.size() == 1 ? parts.get(0) : g.node("Concat", "axis", 1, parts.toArray(String[]::new));
  }

  private String declare(String name, int type, int columns, String meaning) {
    g.input(name, type, columns, meaning);
    ports.add(new Port(name, type, columns, meaning));
    return name;
  }

  private String meaning() {
    Encoding.ImageSize size = encoding.imageSize().orElse(null);
    if (size == null) return "the numbers " + String.join(", ", names());
    boolean bytes = numbers.stream().allMatch(in -> in.mean() == 0 && in.deviation() == 255);
    return "pictures of " + size.height() + " × " + size.width() + " pixels, row by row" + (bytes ? ", 0 … 255" : "");
  }

  /** Returns the names of x's columns. */
  List<String> names() {
    return numbers.stream().map(InputColumn::name).toList();
  }

  private boolean hasIndicators() {
    return numbers.stream().anyMatch(InputColumn::indicator);
  }

  private boolean hasPieces() {
    return numbers.stream().anyMatch(in -> in.pieces().count() > 0);
  }

  /**
   * Returns z = (v − mean) / deviation, followed by [x is NaN] for all numbers if one of them has an indicator, and by
   * the pieces of all numbers.
   */
  private String encodeNumbers(String x) {
    String missing = g.node("IsNaN", x);
    double[] median = numbers.stream().mapToDouble(InputColumn::median).toArray();
    String v = g.node("Where", missing, row("median", median), x);
    List<String> parts = new ArrayList<>(List.of(standardize(v)));
    if (hasIndicators()) parts.add(g.node("Cast", "to", g.real, missing));
    if (hasPieces()) parts.add(encodePieces(v));
    return parts.size() == 1 ? parts.get(0) : g.node("Concat", "axis", 1, parts.toArray(String[]::new));
  }

  /** Returns 0.7 · (clip((v − q_k) / (q_{k+1} − q_k), 0, 1) − m_k), one number after the other. */
  private String encodePieces(String v) {
    List<Long> columns = new ArrayList<>();
    List<Double> knots = new ArrayList<>(), widths = new ArrayList<>(), means = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      PiecewiseLinear p = numbers.get(i).pieces();
      for (int k = 0; k < p.count(); k++) {
        columns.add((long) i);
        knots.add(p.knot(k));
        widths.add(p.knot(k + 1) - p.knot(k));
        means.add(p.mean(k));
      }
    }
    String each = g.node("Gather", "axis", 1, v,
        g.longs("input_piece_columns", columns.stream().mapToLong(Long::longValue).toArray()));
    String part = g.node("Div", g.node("Sub", each, row("piece_knot", doubles(knots))),
        row("piece_width", doubles(widths)));
    String clipped = g.node("Min", g.node("Max", part, g.scalar(0)), g.scalar(1));
    return g.node("Mul", g.node("Sub", clipped, row("piece_mean", doubles(means))),
        g.scalar(PiecewiseLinear.scale()));
  }

  private static double[] doubles(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Adds (x − mean) / deviation, without a subtraction of 0 or a division by 1. */
  private String standardize(String x) {
    double[] mean = numbers.stream().mapToDouble(InputColumn::mean).toArray();
    double[] deviation = numbers.stream().mapToDouble(InputColumn::deviation).toArray();
    String centered = isAll(mean, 0) ? x : g.node("Sub", x, row("mean", mean));
    return isAll(deviation, 1) ? centered : g.node("Div", centered, row("deviation", deviation));
  }

  private String row(String name, double[] values) {
    return isAll(values, values[0]) ? g.scalar(values[0]) : g.reals("input_" + name, values, 0, values.length);
  }

  private static boolean isAll(double[] values, double v) {
    return Arrays.stream(values).allMatch(w -> w == v);
  }

  /** Returns these columns of x, which is x itself if they are all of the numbers and nothing else. */
  private String columns(String x, List<Long> columns) {
    long[] places = columns.stream().mapToLong(Long::longValue).toArray();
    boolean all = Arrays.equals(places, range(0, numbers.size())) && !hasIndicators() && !hasPieces();
    return all ? x : g.node("Gather", "axis", 1, x, g.longs("input_columns", places));
  }

  private static long[] range(int from, int to) {
    long[] range = new long[to - from];
    for (int i = 0; i < range.length; i++) range[i] = from + i;
    return range;
  }

  private String oneHot(InputColumn in) {
    // Of a category that is listed twice, the last index counts, as in Encoding.
    Map<String, Integer> indices = new LinkedHashMap<>();
    for (int i = 0; i < in.categories().size(); i++) indices.put(in.categories().get(i), i);
    if (in.missingCategory()) indices.put("", in.categories().size());
    Onnx.requireUnicode("column '" + in.name() + "'", indices.keySet());
    String text = declare(g.name(in.name()), OnnxGraph.STRING, 1, "the text " + in.name()
        + ", without spaces around it; empty if missing; an unseen one counts as none");
    String index = g.indexOf(Collections.unmodifiableMap(indices), text);
    String equal = g.node("Equal", index, g.longs("input_places", range(0, in.width())));
    return g.node("Cast", "to", g.real, equal);
  }
}
