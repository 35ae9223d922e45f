// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.format.Formatting;
import java.util.Arrays;
import java.util.List;

/** The results of a regression: predicted against true values, and the distribution of the residuals. */
final class RegressionSection {
  private static final int MOST_DOTS = 1500;
  private static final int MOST_OUTPUTS = 4;
  private static final int MOST_LISTED = 100;
  /** Dots are drawn in this many layers, so that places with many dots are darker. */
  private static final int LAYERS = 8;

  private RegressionSection() {}

  static void write(Html h, EvaluatedRows results) {
    h.element("h2", "Predictions and residuals").raw("\n");
    h.element("p", "Measured " + results.where()
        + ", in the target's own unit. RMSE is the root mean squared error, MAE the mean "
        + "absolute error.");
    h.raw("\n").open("div", "class", "cards").raw("\n");
    List<String> names = results.model().encoding().target().names();
    if (names.size() > 1) table(h, names, results.errorsByOutput());
    for (int j = 0; j < Math.min(MOST_OUTPUTS, names.size()); j++) {
      double[] y = results.trueValues(j), yhat = results.predicted(j);
      scatter(h, names.get(j), y, yhat);
      histogram(h, names.get(j), y, yhat);
    }
    h.closeLine();
    if (names.size() > MOST_OUTPUTS) {
      h.element("p", "The first " + MOST_OUTPUTS + " of " + names.size() + " outputs.", "class", "remark").raw("\n");
    }
  }

  private static void table(Html h, List<String> names, List<EvaluatedRows.Errors> errors) {
    h.open("section", "class", "card full").raw("\n").open("h3").text("Errors by target").closeLine();
    h.open("div", "class", "scroll", "tabindex", "0").open("table", "class", "list").raw("\n").open("thead").open("tr");
    h.element("th", "target", "scope", "col");
    for (String s : new String[] {"R²", "RMSE", "MAE"}) h.element("th", s, "scope", "col", "class", "n");
    h.close().closeLine().open("tbody").raw("\n");
    for (int j = 0; j < Math.min(MOST_LISTED, names.size()); j++) {
      h.open("tr").element("th", Formatting.truncate(names.get(j), 40), "scope", "row", "title", names.get(j));
      EvaluatedRows.Errors e = errors.get(j);
      for (double v : new double[] {e.r2(), e.rmse(), e.mae()}) h.element("td", Formatting.value(v), "class", "n");
      h.closeLine();
    }
    h.close().close().closeLine();
    if (names.size() > MOST_LISTED) {
      h.element("p", "The first " + MOST_LISTED + " of " + names.size() + " targets.", "class", "remark");
    }
    h.closeLine();
  }

  private static void scatter(Html h, String name, double[] y, double[] yhat) {
    double low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
    for (double[] values : new double[][] {y, yhat}) {
      for (double v : values) {
        if (!Double.isFinite(v)) continue;
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    }
    double room = 0.03 * (high - low);
    Axis axis = Axis.within(low - room, high + room, 5);
    int[] chosen = Downsampling.evenly(y.length, MOST_DOTS);
    h.open("figure", "class", "card").raw("\n").open("h3").text("Predicted against true");
    if (chosen.length < y.length) {
      h.element("small", Formatting.count(chosen.length) + " of " + Formatting.count(y.length, "row", "rows"));
    }
    h.closeLine();
    Plot plot = new Plot(h, 520, 440, axis, axis, "true " + name, "predicted", "Predicted against true " + name, 4);
    for (int layer = 0; layer < LAYERS; layer++) {
      int[] part = new int[(chosen.length - layer + LAYERS - 1) / LAYERS];
      for (int i = 0; i < part.length; i++) part[i] = chosen[layer + i * LAYERS];
      plot.path("cloud", plot.dots(y, yhat, part));
    }
    plot.path("mark", "M0 " + Formatting.px(plot.height) + "L" + Formatting.px(plot.width) + " 0");
    plot.close();
    h.element("p", "Predictions on the dotted line are exact.", "class", "remark").closeLine();
  }

  private static void histogram(Html h, String name, double[] y, double[] yhat) {
    double[] residuals = new double[y.length];
    for (int i = 0; i < y.length; i++) residuals[i] = yhat[i] - y[i];
    double[] sorted = Arrays.stream(residuals).filter(Double::isFinite).sorted().toArray();
    if (sorted.length == 0) return;
    // Without the outermost 0.5 % on each side, so that an outlier cannot squeeze the others into one bar.
    int cut = sorted.length / 200;
    double reach = Math.max(-sorted[cut], sorted[sorted.length - 1 - cut]);
    Axis x = Axis.within(-reach, reach, 6);
    int bars = Math.max(8, Math.min(48, 2 * (int) Math.sqrt(sorted.length))) / 2 * 2; // even: no bar spans 0
    double[] counts = new double[bars];
    int outside = y.length - sorted.length;
    for (double r : sorted) {
      int bar = (int) Math.floor(x.at(r) * bars);
      if (bar == bars && r == x.high()) bar--;
      if (bar < 0 || bar >= bars) outside++;
      else counts[bar]++;
    }
    h.open("figure", "class", "card").raw("\n").open("h3").text("Residuals");
    h.element("small", "number of rows; negative where the prediction is too low").closeLine();
    double most = Arrays.stream(counts).max().orElse(1);
    Plot plot = new Plot(h, 520, 440, x, Axis.counts(most), "predicted − true " + name, null,
        "Histogram of residuals of " + name, 1);
    StringBuilder d = new StringBuilder();
    double step = plot.width / bars;
    for (int i = 0; i < bars; i++) {
      if (counts[i] == 0) continue;
      double top = plot.y(counts[i]);
      d.append('M').append(Formatting.px(i * step + 0.5)).append(' ').append(Formatting.px(plot.height)).append('V')
          .append(Formatting.px(top))
          .append('h').append(Formatting.px(step - 1)).append('V').append(Formatting.px(plot.height)).append('z');
    }
    plot.path("bar", d.toString());
    plot.path("mark", "M" + Formatting.px(plot.x(0)) + " 0v" + Formatting.px(plot.height));
    plot.close();
    double middle = sorted[sorted.length / 2];
    h.element("p", "Half of the absolute residuals are below " + Formatting.value(median(sorted))
        + "; the median residual is "
        + Formatting.value(middle) + (outside == 0 ? "." : ". " + Formatting.count(outside, "row lies", "rows lie")
            + " outside the range shown."), "class", "remark");
    h.closeLine();
  }

  private static double median(double[] residuals) {
    double[] sizes = Arrays.stream(residuals).map(Math::abs).sorted().toArray();
    return sizes[sizes.length / 2];
  }
}
