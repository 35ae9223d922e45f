// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.nn.Dense;
import chainrule.nn.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Draws the units of the network and the weights between them; only the strongest units and weights of large layers.
 */
final class NetworkDiagram {
  private static final int WIDTH = 520, HEIGHT = 400;
  private static final int MOST_UNITS = 24;
  private static final int MOST_LAYERS = 8;
  private static final int MOST_LINES = 260; // between two layers
  private static final int MOST_NAMES = 12;
  private static final int LONGEST_NAME = 15;
  private static final int TONES = 4;

  /** A column of the diagram: the units of a layer that are drawn, and their labels. */
  private record Column(int units, int[] drawn, List<Label> labels, double x) {
    double y(double i) {
      return HEIGHT / 2.0 - 14 + (i - (drawn.length - 1) / 2.0) * Math.min(30, (HEIGHT - 60.0) / drawn.length);
    }
  }

  /** A name at drawn unit i, or in the middle between two of them. */
  private record Label(String name, double i) {}

  private record Line(int from, int to, double weight) {}

  private NetworkDiagram() {}

  private static List<Dense> layers(Model model) {
    List<Dense> layers = new ArrayList<>();
    for (Layer layer : model.architecture().layers()) if (layer instanceof Dense d) layers.add(d);
    return layers;
  }

  /**
   * Returns whether the network can be drawn: it is not too deep, and has more than one layer if the inputs are pixels.
   */
  static boolean canDraw(Model model) {
    int layers = layers(model).size();
    return layers <= MOST_LAYERS && layers >= (model.encoding().imageSize().isEmpty() ? 1 : 2);
  }

  /** Writes the diagram. */
  static void write(Html h, Model model) {
    List<Dense> layers = layers(model);
    boolean pixels = model.encoding().imageSize().isPresent();
    List<Column> columns = columns(model, layers, pixels);

    h.open("figure", "class", "card").raw("\n").open("h3").text("Weights");
    h.element("small", model.isEnsemble() ? "of the first of " + model.networks().size() + " networks"
        : "of the trained network").closeLine();
    String id = h.id();
    h.open("svg", "viewBox", "0 0 " + WIDTH + " " + HEIGHT, "role", "img", "aria-labelledby", id);
    h.element("title", "Units of the layers and the weights between them", "id", id).raw("\n");
    int first = pixels ? 1 : 0; // the layer after the first column
    for (int c = 0; c + 1 < columns.size(); c++) {
      lines(h, model, layers.get(first + c), columns.get(c), columns.get(c + 1));
    }
    for (Column c : columns) units(h, c, c == columns.get(0));
    h.closeLine();
    Column inputs = columns.get(0);
    boolean grouped = !inputs.labels.isEmpty() && inputs.labels.size() < inputs.drawn.length;
    boolean subset = columns.stream().anyMatch(c -> c.drawn.length < c.units);
    h.element("p", "Orange weights are positive, blue weights negative. Stronger lines are larger weights; the "
        + "smallest are omitted."
        + (grouped ? " The name of a column is in the middle of its inputs." : "")
        + (subset ? " Layers of more than " + MOST_UNITS + " units show those with the largest weights." : "")
        + (pixels ? " The input pixels are not drawn." : ""), "class", "remark").closeLine();
  }

  private static List<Column> columns(Model model, List<Dense> layers, boolean pixels) {
    Encoding e = model.encoding();
    List<String> names = !e.target().isClass() ? e.target().names()
        : model.architecture().outputs() == 1 ? e.target().labels().subList(1, 2) : e.target().labels();
    Dense d0 = layers.get(0);
    int[] inputs = pixels ? new int[0] : strongest(model, d0, d0.inputs(), true);
    List<Label> left = pixels ? List.of() : inputLabels(e, inputs), right = labels(names);
    int count = layers.size() + (pixels ? 0 : 1);
    double start = margin(left), step = (WIDTH - start - margin(right)) / (count - 1);
    List<Column> columns = new ArrayList<>();
    if (!pixels) columns.add(new Column(d0.inputs(), inputs, left, start));
    for (Dense d : layers) {
      boolean last = d == layers.get(layers.size() - 1);
      columns.add(new Column(d.outputs(), strongest(model, d, d.outputs(), false), last ? right : List.of(),
          start + columns.size() * step));
    }
    return columns;
  }

  /** Returns a label for each unit; none for many units. */
  private static List<Label> labels(List<String> names) {
    List<Label> labels = new ArrayList<>();
    if (names.size() > MOST_NAMES) return labels;
    for (String name : names) labels.add(new Label(name, labels.size()));
    return labels;
  }

  /** Returns a label for each input; for many inputs, one in the middle of each column's inputs. */
  private static List<Label> inputLabels(Encoding e, int[] drawn) {
    if (e.inputs() <= MOST_NAMES) return labels(inputNames(e));
    List<Label> labels = new ArrayList<>();
    int end = 0, i = 0;
    for (InputColumn in : e.inputColumns()) {
      int first = i;
      end += in.width();
      while (i < drawn.length && drawn[i] < end) i++;
      if (i > first) labels.add(new Label(in.name(), (first + i - 1) / 2.0));
    }
    return labels.size() <= MOST_NAMES ? labels : List.of();
  }

  private static List<String> inputNames(Encoding e) {
    List<String> names = new ArrayList<>();
    for (InputColumn in : e.inputColumns()) {
      if (in.isNumber()) names.addAll(numbers(in));
      else names.addAll(in.categories());
      if (in.indicator() || in.missingCategory()) names.add(in.name() + " missing");
    }
    return names;
  }

  /** Returns the names of a number and its pieces: {@code age}, {@code age 17–28}, … */
  private static List<String> numbers(InputColumn in) {
    List<String> names = new ArrayList<>(List.of(in.name()));
    for (int k = 0; k < in.pieces().count(); k++) {
      String range = " " + knot(in, k) + "–" + knot(in, k + 1);
      names.add(Formatting.truncate(in.name(), Math.max(4, LONGEST_NAME - range.length())) + range);
    }
    return names;
  }

  private static String knot(InputColumn in, int k) {
    return Formatting.value(in.pieces().knot(k));
  }

  /** Returns the width of the margin for the labels of a column. */
  private static double margin(List<Label> labels) {
    if (labels.isEmpty()) return 22;
    int longest = 0;
    for (Label label : labels) longest = Math.max(longest, Math.min(LONGEST_NAME, label.name.length()));
    return 16 + 8.4 * longest;
  }

  /**
   * Returns the indices of the units with the largest outgoing weights (inputs) or incoming weights (others),
   * ascending.
   */
  private static int[] strongest(Model model, Dense d, int units, boolean inputs) {
    if (units <= MOST_UNITS) return Downsampling.evenly(units, units);
    double[] squares = new double[units];
    for (int i = 0; i < d.inputs(); i++) {
      for (int j = 0; j < d.outputs(); j++) {
        double w = model.architecture().parameters()[d.offset() + i * d.outputs() + j];
        squares[inputs ? i : j] += w * w;
      }
    }
    Integer[] order = new Integer[units];
    Arrays.setAll(order, u -> u);
    Arrays.sort(order, Comparator.comparingDouble(u -> -squares[u]));
    return Arrays.stream(order).limit(MOST_UNITS).mapToInt(Integer::intValue).sorted().toArray();
  }

  private static void lines(Html h, Model model, Dense d, Column from, Column to) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < from.drawn.length; i++) {
      for (int j = 0; j < to.drawn.length; j++) {
        double w = model.architecture().parameters()[d.offset() + from.drawn[i] * d.outputs() + to.drawn[j]];
        if (Double.isFinite(w)) lines.add(new Line(i, j, w));
      }
    }
    if (lines.isEmpty()) return;
    lines.sort(Comparator.comparingDouble(line -> -Math.abs(line.weight)));
    double most = Math.abs(lines.get(0).weight);
    StringBuilder[] paths = new StringBuilder[2 * TONES];
    Arrays.setAll(paths, i -> new StringBuilder());
    String bend = Formatting.px((from.x + to.x) / 2);
    for (Line line : lines.subList(0, Math.min(MOST_LINES, lines.size()))) {
      int tone = most == 0 ? 0 : (int) Math.min(TONES - 1, Math.abs(line.weight) / most * TONES);
      String y = Formatting.px(from.y(line.from)), end = Formatting.px(to.y(line.to));
      paths[2 * tone + (line.weight < 0 ? 0 : 1)].append('M').append(Formatting.px(from.x)).append(' ').append(y)
          .append('C')
          .append(bend).append(' ').append(y).append(' ').append(bend).append(' ').append(end).append(' ')
          .append(Formatting.px(to.x))
          .append(' ').append(end);
    }
    for (int p = 0; p < paths.length; p++) { // the strongest last, so that they are on top
      if (paths[p].length() == 0) continue;
      h.empty("path", "class", "weight t" + p / 2 + (p % 2 == 0 ? " k0" : " k4"), "d", paths[p].toString()).raw("\n");
    }
  }

  private static void units(Html h, Column c, boolean first) {
    StringBuilder d = new StringBuilder();
    for (int i = 0; i < c.drawn.length; i++) {
      d.append('M').append(Formatting.px(c.x)).append(' ').append(Formatting.px(c.y(i))).append("h0");
    }
    for (Label label : c.labels) {
      h.element("text", Formatting.named(label.name, LONGEST_NAME), "class", first ? "end unit" : "unit", "x",
          Formatting.px(c.x + (first ? -9 : 9)), "y", Formatting.px(c.y(label.i)), "dy", ".35em");
    }
    h.empty("path", "class", "units", "d", d.toString());
    h.element("text", Formatting.count(c.units), "class", "mid", "x", Formatting.px(c.x), "y", "" + (HEIGHT - 8))
        .raw("\n");
  }
}
