// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.format.Formatting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The predicted number of a {@link TwoInputSection} as a map with a color for each range, and the rows as dots. */
final class PredictionMap {
  /** How far from a training row the map is not faded, as a fraction of its side. */
  private static final double REACH = 0.06;

  private final TwoInputSection plane;
  private final Html h;

  PredictionMap(TwoInputSection plane) {
    this.plane = plane;
    this.h = plane.h;
  }

  void draw() {
    double[] yhat = plane.samples();
    String name = plane.report.model().encoding().target().names().get(0);
    double[] f = new double[plane.side * plane.side];
    for (int i = 0; i < f.length; i++) f[i] = plane.report.model().encoding().target().decode(yhat[i * plane.outputs]);
    double[] truths = plane.results.trueValues(0), sorted = truths.clone();
    Arrays.sort(sorted);
    int hundredth = sorted.length / 100;
    Axis scale = Axis.around(sorted[hundredth], sorted[sorted.length - 1 - hundredth], 12);
    int bands = Math.max(1, scale.ticks().size() - 1);

    Plot plot = plane.plot("Predicted " + name);
    h.empty("rect", "width", Formatting.px(plot.width), "height", Formatting.px(plot.height), "fill",
        Palette.sequential(0, bands));
    h.open("g", "transform", "scale(.1)").raw("\n");
    for (int b = 1; b < bands; b++) {
      String d = Contours.above(plane.side, f, scale.ticks().get(b).value(), plot.width, plot.height);
      if (!d.isEmpty()) h.empty("path", "fill", Palette.sequential(b, bands), "d", d).raw("\n");
    }
    veil(plot);
    h.closeLine();
    mapDots(plot, truths, scale, bands);
    plot.close();

    h.open("div").raw("\n").element("h3", "predicted " + Formatting.truncate(name, 60)).raw("\n");
    colorScale(scale, bands);
    String rows = plane.results.heldOut() ? "test rows" : "training rows";
    h.element("p", "Dots are " + rows
        + " in the color of their true value: the less a dot stands out, the better its prediction. "
        + "The map is faded where no training row is near."
        + (plane.outputs > 1 ? " The first of " + plane.outputs + " outputs." : ""), "class", "remark").closeLine();
  }

  /** Fades the areas far from all training rows, where predictions are extrapolations. */
  private void veil(Plot plot) {
    double[] xs = plane.values(plane.report.train(), 0), ys = plane.values(plane.report.train(), 1);
    for (int i = 0; i < xs.length; i++) {
      xs[i] = plane.x.at(xs[i]);
      ys[i] = plane.y.at(ys[i]);
    }
    String covered = Contours.above(plane.side, Proximity.of(plane.side, xs, ys, REACH), 0.2, plot.width, plot.height);
    plot.path("veil", "M-99-99H9999V9999H-99z" + covered);
  }

  private void mapDots(Plot plot, double[] truths, Axis scale, int bands) {
    double[] xs = plane.values(plane.results.rows(), 0), ys = plane.values(plane.results.rows(), 1);
    List<List<Integer>> parts = new ArrayList<>();
    for (int b = 0; b < bands; b++) parts.add(new ArrayList<>());
    int[] chosen = Downsampling.evenly(truths.length, TwoInputSection.MOST_DOTS);
    for (int i : chosen) {
      int band = (int) Math.floor(scale.at(truths[i]) * bands);
      parts.get(Math.max(0, Math.min(bands - 1, band))).add(i);
    }
    h.empty("path", "class", "halo", "stroke-width", "5.2", "stroke-opacity", ".8", "d", plot.dots(xs, ys, chosen))
        .raw("\n");
    for (int b = 0; b < bands; b++) {
      String d = plot.dots(xs, ys, parts.get(b).stream().mapToInt(Integer::intValue).toArray());
      if (!d.isEmpty()) {
        h.empty("path", "fill", "none", "stroke", Palette.sequential(b, bands), "stroke-width", "3.8",
            "stroke-linecap", "round", "d", d).raw("\n");
      }
    }
  }

  private void colorScale(Axis scale, int bands) {
    double step = 260.0 / bands;
    h.open("svg", "class", "scale", "viewBox", "0 0 320 44", "role", "img", "aria-label", "Color scale");
    for (int b = 0; b < bands; b++) {
      h.empty("rect", "x", Formatting.px(30 + b * step), "width", Formatting.px(step + 0.3), "height", "18", "fill",
          Palette.sequential(b, bands));
    }
    int every = Math.max(1, (bands + 3) / 4);
    for (int t = 0; t <= bands && t < scale.ticks().size(); t += every) {
      h.element("text", scale.ticks().get(t).label(), "class", "mid", "x", Formatting.px(30 + t * step), "y", "38");
    }
    h.closeLine();
  }
}
