// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.data.ColumnType;
import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.PiecewiseLinear;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Layer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The layers of the network, and how columns become its inputs. */
final class NetworkSection {
  private static final int MOST_COLUMNS = 40;
  private static final int MOST_LAYERS = 60;

  private NetworkSection() {}

  static void write(Html h, Model model) {
    h.element("h2", "Network").raw("\n").open("div", "class", NetworkDiagram.canDraw(model) ? "cards lead" : "cards");
    h.raw("\n");
    if (NetworkDiagram.canDraw(model)) NetworkDiagram.write(h, model);
    layers(h, model);
    if (model.encoding().imageSize().isEmpty()) columns(h, model.encoding());
    else pixels(h, model.encoding());
    h.closeLine();
  }

  private static void layers(Html h, Model model) {
    List<Layer> layers = model.architecture().layers();
    h.open("section", "class", "card").raw("\n").element("h3", "Layers").raw("\n");
    h.open("div", "class", "scroll", "tabindex", "0");
    header(h, "", "layer", "shape", "activation", "parameters");
    row(h, "", "input", Formatting.count(model.architecture().inputs()), "", "");
    for (int l = 0; l < Math.min(MOST_LAYERS, layers.size()); l++) {
      Layer layer = layers.get(l);
      boolean dense = layer instanceof Dense;
      row(h, "" + (l + 1), dense ? "dense" : layer instanceof Dropout d ? "dropout " + d.rate() : "activation",
          dense ? Formatting.count(layer.inputs()) + " → " + Formatting.count(layer.outputs())
          : Formatting.count(layer.outputs()),
          layer instanceof Dropout ? "" : layer.activation().name(),
          layer.parameters() == 0 ? "" : Formatting.count(layer.parameters()));
    }
    h.close().close().closeLine();
    String more = layers.size() > MOST_LAYERS ? "The first " + MOST_LAYERS + " of " + layers.size() + " layers. " : "";
    h.element("p", more + Formatting.count(model.parameters(), "parameter", "parameters")
        + (model.isEnsemble() ? " in " + model.networks().size() + " such networks, whose outputs are averaged."
        : " in total."), "class", "remark");
    h.closeLine();
  }

  private static void header(Html h, String... names) {
    h.open("table", "class", "list").raw("\n").open("thead").open("tr");
    for (int i = 0; i < names.length; i++) {
      boolean number = i == names.length - 1;
      if (names[i].isEmpty()) h.element("td", "");
      else h.element("th", names[i], "scope", "col", "class", number ? "n" : null);
    }
    h.close().closeLine().open("tbody").raw("\n");
  }

  private static void row(Html h, String... cells) {
    h.open("tr");
    for (int i = 0; i < cells.length; i++) h.element("td", cells[i], "class", i == cells.length - 1 ? "n" : null);
    h.closeLine();
  }

  private static void pixels(Html h, Encoding e) {
    double divisor = e.inputColumns().get(0).deviation();
    h.open("section", "class", "card").raw("\n").element("h3", "Inputs").raw("\n");
    h.element("p", Formatting.count(e.inputs()) + " pixels, " + e.imageSize().get().height() + " rows of "
        + e.imageSize().get().width() + ", row by row"
        + (divisor == 1 ? "." : ", each divided by " + Formatting.value(divisor) + ".")).closeLine();
  }

  private static void columns(Html h, Encoding e) {
    List<InputColumn> inputs = e.inputColumns();
    boolean subset = inputs.size() > MOST_COLUMNS;
    h.open("section", "class", "card").raw("\n").open("h3").text("Inputs");
    h.element("small", subset
        ? "the first " + MOST_COLUMNS + " of " + Formatting.count(inputs.size(), "column", "columns")
        : "columns and their encoding").closeLine();
    h.open("div", "class", "scroll", "tabindex", "0").open("table", "class", "list columns").raw("\n").open("tbody")
        .raw("\n");
    for (InputColumn in : inputs.subList(0, Math.min(MOST_COLUMNS, inputs.size()))) {
      h.open("tr").element("th", Formatting.truncate(in.name(), 80), "scope", "row").element("td", encoding(in))
          .closeLine();
    }
    if (e.target().task() == Encoding.Task.REGRESS && e.target().names().size() == 1) {
      boolean plain = e.target().mean() == 0 && e.target().deviation() == 1;
      h.open("tr").element(
          "th", "target: " + Formatting.truncate(String.join(", ", e.target().names()), 80), "scope", "row");
      h.element("td", plain ? "unchanged" : standardized(e.target().mean(), e.target().deviation())).closeLine();
    }
    h.close().close().close().closeLine();
  }

  private static String encoding(InputColumn in) {
    if (!in.isNumber()) {
      String names = String.join(", ", in.categories().subList(0, Math.min(12, in.categories().size()))
          .stream().map(Formatting::named).toList());
      return "one-hot, " + Formatting.count(in.categories().size(), "category", "categories") + ": "
          + Formatting.truncate(names, 200)
          + (in.categories().size() > 12 ? ", …" : "") + (in.missingCategory() ? "; and one for missing values" : "");
    }
    String scale = in.mean() == 0 && in.deviation() == 1 ? "unchanged" : standardized(in.mean(), in.deviation());
    return (in.type() == ColumnType.DATE ? "days since 1970-01-01, " : "") + scale + pieces(in.pieces())
        + (in.indicator() ? "; missing: " + Formatting.value(in.median()) + ", with an input that marks it" : "");
  }

  private static String pieces(PiecewiseLinear p) {
    if (p.count() == 0) return "";
    String knots = IntStream.rangeClosed(0, Math.min(12, p.count())).mapToObj(k -> Formatting.value(p.knot(k)))
        .collect(Collectors.joining(", "));
    return "; " + Formatting.count(p.count(), "piece", "pieces") + " between " + knots + (p.count() > 12 ? ", …" : "");
  }

  private static String standardized(double mean, double deviation) {
    String centered = mean == 0 ? "v" : "(v " + (mean < 0 ? "+ " : "− ") + Formatting.value(Math.abs(mean)) + ")";
    return centered + " / " + Formatting.value(deviation);
  }
}
