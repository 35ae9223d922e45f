// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.explain.RecordedStep;
import chainrule.explain.Stage;
import chainrule.explain.Stage.Kind;
import chainrule.format.Formatting;
import chainrule.nn.Dense;
import chainrule.nn.Layer;
import chainrule.nn.StepValues;
import java.util.List;

/**
 * Draws the network at a stage of a step: units with the number that they have last received, and the weights or
 * gradients of the layer that the stage is about. Of a wide layer it draws the first units.
 */
final class StepDiagram {
  private static final int MOST_UNITS = 4, FIRST_UNITS = 3;
  private static final int COLUMN = 230, UNIT_WIDTH = 78, UNIT_HEIGHT = 42, MARGIN = 12, TOP = 34;

  private final RecordedStep step;
  private final StepValues v;
  private final List<Layer> layers;
  private final int row;
  private final List<String> inputs;
  private final int spacing;
  private final int most;

  StepDiagram(RecordedStep step, int row, List<String> inputs) {
    this.step = step;
    this.v = step.values();
    this.layers = step.network().layers();
    this.row = row;
    this.inputs = inputs;
    int units = drawn(inputs.size());
    for (Layer layer : layers) units = Math.max(units, drawn(layer.outputs()));
    this.most = units;
    this.spacing = 22 * (units + 1);
  }

  private static int drawn(int units) {
    return units <= MOST_UNITS ? units : FIRST_UNITS;
  }

  /** Returns the units of a column: −1 is the inputs. */
  private int units(int column) {
    return column < 0 ? inputs.size() : layers.get(column).outputs();
  }

  private static double x(int column) {
    return MARGIN + UNIT_WIDTH / 2.0 + (column + 1) * COLUMN;
  }

  private double y(int column, int unit) {
    return TOP + UNIT_HEIGHT / 2.0 + (unit + (most - drawn(units(column))) / 2.0) * spacing;
  }

  /** Writes the drawing of the step at this stage. */
  void write(Html h, Stage stage) {
    int width = (int) x(layers.size() - 1) + UNIT_WIDTH / 2 + MARGIN;
    int height = TOP + UNIT_HEIGHT + (most - 1) * spacing + 46;
    boolean late = stage.layer() > (layers.size() - 1) / 2;
    h.open("div", "class", late ? "scroll net late" : "scroll net", "tabindex", "0", "role", "group",
        "aria-label", "drawing of the network");
    String id = h.id();
    h.open("svg", "viewBox", "0 0 " + width + " " + height, "width", "" + width, "height", "" + height, "role", "img",
        "aria-labelledby", id);
    h.element("title", "The network at the stage " + stage.title(), "id", id).raw("\n");
    for (int l = 0; l < layers.size(); l++) lines(h, stage, l);
    for (int l = 0; l < layers.size(); l++) if (edgeLayer(stage) == l) labels(h, stage, l);
    for (int c = -1; c < layers.size(); c++) column(h, stage, c);
    h.close().closeLine();
  }

  /** Returns the layer whose weights the stage uses or changes; −1 for none. */
  private int edgeLayer(Stage stage) {
    return switch (stage.kind()) {
      case Z, GRADIENT, PENALTY, UPDATE -> stage.layer();
      case DELTA -> stage.layer() + 1 < layers.size() ? stage.layer() + 1 : -1;
      case A -> layers.get(stage.layer()) instanceof Dense ? -1 : stage.layer();
      default -> -1;
    };
  }

  private void lines(Html h, Stage stage, int l) {
    boolean dense = layers.get(l) instanceof Dense;
    StringBuilder d = new StringBuilder();
    for (int i = 0; i < drawn(units(l - 1)); i++) {
      for (int j = 0; j < drawn(units(l)); j++) {
        if (!dense && i != j) continue;
        d.append('M').append(Formatting.px(x(l - 1) + UNIT_WIDTH / 2.0)).append(' ').append(Formatting.px(y(l - 1, i)))
            .append('L').append(Formatting.px(x(l) - UNIT_WIDTH / 2.0)).append(' ').append(Formatting.px(y(l, j)));
      }
    }
    boolean active = edgeLayer(stage) == l;
    h.empty("path", "class", active ? "edge on" + (stage.isBackward() ? " back" : "") : "edge", "d", d.toString());
  }

  /** Writes the number of each drawn weight. At 1/(m + 1) of the way to m units, no two numbers are at one height. */
  private void labels(Html h, Stage stage, int l) {
    if (!(layers.get(l) instanceof Dense)) return;
    double[][] numbers = switch (stage.kind()) {
      case GRADIENT -> v.weightLossGradient(l);
      case PENALTY -> v.weightGradient(l);
      case UPDATE -> step.network().weights(l);
      default -> v.weights(l);
    };
    int in = drawn(units(l - 1)), out = drawn(units(l));
    double at = 1.0 / (out + 1), left = x(l - 1) + UNIT_WIDTH / 2.0, right = x(l) - UNIT_WIDTH / 2.0;
    for (int i = 0; i < in; i++) {
      for (int j = 0; j < out; j++) {
        h.element("text", Formatting.value(numbers[i][j]), "class", "mid number", "x",
            Formatting.px(left + at * (right - left)), "y",
            Formatting.px(y(l - 1, i) + at * (y(l, j) - y(l - 1, i))), "dy", ".35em").raw("\n");
      }
    }
  }

  private void column(Html h, Stage stage, int c) {
    String name = c < 0 ? "inputs" : c == layers.size() - 1 ? "output" : "layer " + (c + 1);
    h.element("text", name, "class", "mid", "x", Formatting.px(x(c)), "y", "16").raw("\n");
    for (int j = 0; j < drawn(units(c)); j++) unit(h, stage, c, j);
    int more = units(c) - drawn(units(c));
    if (more > 0) {
      h.element("text", "… " + more + " more", "class", "mid", "x", Formatting.px(x(c)), "y",
          Formatting.px(y(c, drawn(units(c)) - 1) + UNIT_HEIGHT / 2.0 + 18)).raw("\n");
    }
  }

  private void unit(Html h, Stage stage, int c, int j) {
    String[] content = content(stage, c, j);
    boolean active = c >= 0 && c == stage.layer() || c < 0 && stage.kind() == Kind.BATCH;
    boolean back = content[0].startsWith("δ") || content[0].startsWith("db");
    String style = "unit-box" + (active ? " on" : "") + (back ? " back" : "");
    double x = x(c), y = y(c, j);
    h.empty("rect", "class", style, "x", Formatting.px(x - UNIT_WIDTH / 2.0), "y", Formatting.px(y - UNIT_HEIGHT / 2.0),
        "width", "" + UNIT_WIDTH, "height", "" + UNIT_HEIGHT, "rx", "8");
    h.element("text", content[0], "class", "mid small", "x", Formatting.px(x), "y", Formatting.px(y - 6));
    h.element("text", content[1], "class", "mid number", "x", Formatting.px(x), "y", Formatting.px(y + 13)).raw("\n");
    if (c == layers.size() - 1 && c == stage.layer() && showsTargets(stage.kind())) {
      h.element("text", "y " + Formatting.value(step.y()[row][j]), "class", "mid small", "x", Formatting.px(x), "y",
          Formatting.px(y + UNIT_HEIGHT / 2.0 + 15)).raw("\n");
    }
  }

  private static boolean showsTargets(Kind kind) {
    return kind == Kind.LOSS || kind == Kind.OUTPUT_SLOPE || kind == Kind.DELTA;
  }

  /** Returns the name and the number that a unit shows: the last one that it has received at this stage. */
  private String[] content(Stage stage, int c, int j) {
    if (c < 0) return new String[] {Formatting.truncate(inputs.get(j), 11), Formatting.value(v.input(0)[row][j])};
    Kind kind = stage.kind();
    String index = (c + 1) + "[" + (j + 1) + "]";
    boolean forward = kind.ordinal() < Kind.LOSS.ordinal(), own = c == stage.layer();
    if (forward) {
      if (kind == Kind.BATCH || c > stage.layer()) return new String[] {"unit " + (j + 1), ""};
      if (own && kind == Kind.Z) return new String[] {"z" + index, Formatting.value(v.z(c)[row][j])};
    } else if (own && kind == Kind.GRADIENT) {
      return new String[] {"db" + index, Formatting.value(v.biasLossGradient(c)[j])};
    } else if (kind == Kind.UPDATE) {
      return layers.get(c) instanceof Dense && c <= stage.layer()
          ? new String[] {"b" + index, Formatting.value(step.network().bias(c)[j])}
          : new String[] {"a" + index, Formatting.value(v.a(c)[row][j])};
    } else if (stage.isBackward() && kind != Kind.OUTPUT_SLOPE && c >= Math.max(0, stage.layer())) {
      return new String[] {"δ" + index, Formatting.value(v.delta(c)[row][j])};
    }
    return new String[] {"a" + index, Formatting.value(v.a(c)[row][j])};
  }
}
