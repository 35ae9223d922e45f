// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Encoding;
import chainrule.format.Formatting;
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
        name, model.network(), model.network().parameters().length);
    out.println("layer  kind        in → out        activation  parameters");
    int number = 0;
    for (Layer l : model.network().layers()) {
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
      List<Encoding.Input> shown = e.inputColumns().subList(0, Math.min(MAX_LISTED, e.inputColumns().size()));
      for (Encoding.Input in : shown) width = Math.max(width, name(in).length());
      for (Encoding.Input in : shown) {
        out.println("  " + name(in) + " ".repeat(width - name(in).length()) + "  " + described(in));
      }
      if (shown.size() < e.inputColumns().size()) out.println("  … " + e.inputColumns().size() + " columns in total");
    }
    Encoding.Target t = e.target();
    out.println();
    out.println(t.isClass()
        ? "target    " + listed(t.names()) + ": " + t.labels().size() + " classes, " + listed(t.labels())
        : "target    " + listed(t.names()) + ": " + (t.mean() == 0 && t.deviation() == 1 ? "unchanged"
            : String.format(Locale.ROOT, "mean %.6g, standard deviation %.6g", t.mean(), t.deviation())));
    if (model.training().isEmpty()) return;
    out.println();
    out.println("training");
    model.training().forEach((k, v) -> {
      if (!k.equals("network")) {
        out.printf("  %-12s %s%n", Formatting.line(k, MAX_WIDTH), Formatting.line(v, MAX_WIDTH));
      }
    });
  }

  private static String name(Encoding.Input in) {
    return Formatting.line(in.name(), MAX_WIDTH);
  }

  private static String described(Encoding.Input in) {
    if (!in.isNumber()) return in.categories().size() + " categories: " + listed(in.categories());
    if (in.mean() == 0 && in.deviation() == 1) return "unchanged";
    return String.format(Locale.ROOT, "mean %.6g, standard deviation %.6g", in.mean(), in.deviation());
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
