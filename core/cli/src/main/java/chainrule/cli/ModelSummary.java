// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.ColumnType;
import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Target;
import chainrule.format.Formatting;
import chainrule.io.Json;
import chainrule.io.Model;
import chainrule.nn.Dropout;
import chainrule.nn.Layer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints what {@code info MODEL} shows: layers, shapes, preprocessing, labels and training settings. */
final class ModelSummary {
  private ModelSummary() {}

  private static final int MAX_LISTED = 12, MAX_WIDTH = 100;

  static void print(PrintStream out, String name, Model model) {
    out.printf(Locale.ROOT, "model     %s: %s, %,d parameters%n%n",
        name, model.describeLayers(), model.parameters());
    out.println("layer  kind        in → out        activation  parameters");
    int number = 0;
    for (Layer l : model.architecture().layers()) {
      String kind = l.weights() > 0 ? "dense" : l instanceof Dropout ? "dropout" : "activation";
      String activation = l instanceof Dropout d ? "rate " + d.rate() : l.activation().name();
      out.printf(Locale.ROOT, "%5d  %-10s  %-14s  %-10s  %,10d%n",
          ++number, kind, l.inputs() + " → " + l.outputs(), activation, l.parameters());
    }
    Encoding e = model.encoding();
    out.println();
    out.println("inputs");
    if (e.imageSize().isPresent()) {
      out.println("  images of " + e.imageSize().get().height() + " × " + e.imageSize().get().width()
          + " pixels, divided by "
          + e.inputColumns().get(0).deviation());
    } else {
      int width = 0;
      List<InputColumn> shown = e.inputColumns().subList(0, Math.min(MAX_LISTED, e.inputColumns().size()));
      for (InputColumn in : shown) width = Math.max(width, name(in).length());
      for (InputColumn in : shown) {
        out.println("  " + name(in) + " ".repeat(width - name(in).length()) + "  " + described(in));
      }
      if (shown.size() < e.inputColumns().size()) out.println("  … " + e.inputColumns().size() + " columns in total");
    }
    Target t = e.target();
    out.println();
    printTarget(out, t);
    if (!Double.isNaN(model.calibration().threshold())) out.println(threshold(model));
    if (!model.calibration().scores().isEmpty()) {
      out.println("intervals predict --interval 0.9 works, from the errors of "
          + Formatting.count(model.calibration().scores().get(0).rows(), "held-out row", "held-out rows"));
    }
    if (model.training().isEmpty()) return;
    out.println();
    out.println("training");
    model.training().forEach((k, v) -> {
      if (!k.equals("network")) {
        out.printf("  %-12s %s%n", Formatting.line(k, MAX_WIDTH), Formatting.line(v, MAX_WIDTH));
      }
    });
  }

  /** Returns the line that explains the threshold of two classes. */
  static String threshold(Model model) {
    List<String> labels = model.encoding().target().labels();
    double t = model.calibration().threshold();
    return Double.isNaN(t) ? "threshold none: the held-out rows have only one class, so the likelier class is predicted"
        : "threshold " + Formatting.line(labels.get(1), MAX_WIDTH) + " from a probability of "
        + MetricFormat.decimals(t, 4) + ", else " + Formatting.line(labels.get(0), MAX_WIDTH);
  }

  private static void printTarget(PrintStream out, Target t) {
    if (t.isClass()) {
      out.println("target    " + listed(t.names()) + ": " + t.labels().size() + " classes, " + listed(t.labels())
          + (t.labels().size() == 2 ? "; positive class: " + Formatting.line(t.labels().get(1), MAX_WIDTH) : ""));
    } else if (t.isMultilabel()) {
      out.println("targets   " + t.names().size() + " labels: " + listed(t.names()));
    } else if (t.names().size() == 1) {
      out.println("target    " + listed(t.names()) + ": " + scale(t.mean(), t.deviation()));
    } else {
      out.println("targets");
      int shown = Math.min(MAX_LISTED, t.names().size());
      for (int j = 0; j < shown; j++) {
        out.println("  " + Formatting.line(t.names().get(j), MAX_WIDTH) + ": " + scale(t.mean(j), t.deviation(j)));
      }
      if (shown < t.names().size()) out.println("  … " + t.names().size() + " targets in total");
    }
  }

  private static String scale(double mean, double deviation) {
    if (mean == 0 && deviation == 1) return "unchanged";
    return String.format(Locale.ROOT, "mean %.6g, standard deviation %.6g", mean, deviation);
  }

  private static String name(InputColumn in) {
    return Formatting.line(in.name(), MAX_WIDTH);
  }

  private static String described(InputColumn in) {
    if (!in.isNumber()) {
      return Formatting.count(in.categories().size(), "category", "categories") + ": " + listed(in.categories())
          + (in.missingCategory() ? "; and an input for missing values" : "");
    }
    String scale = (in.type() == ColumnType.DATE ? "days since 1970-01-01, " : "") + scale(in.mean(), in.deviation());
    if (in.pieces().count() > 0) scale += "; " + pieces(in.pieces());
    return in.indicator() ? scale + String.format(Locale.ROOT, "; missing: %.6g and an input of its own", in.median())
        : scale;
  }

  private static String pieces(PiecewiseLinear p) {
    List<String> knots = new ArrayList<>();
    for (int k = 0; k <= p.count(); k++) knots.add(Json.text(p.knot(k)));
    return Formatting.count(p.count(), "piece", "pieces") + " between " + listed(knots);
  }

  private static String listed(List<String> names) {
    List<String> shown = new ArrayList<>();
    for (String name : names.subList(0, Math.min(MAX_LISTED, names.size()))) {
      shown.add(Formatting.line(name, MAX_WIDTH));
    }
    if (shown.size() < names.size()) shown.add("…");
    return String.join(", ", shown);
  }
}
