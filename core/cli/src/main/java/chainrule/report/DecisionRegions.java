// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.data.Dataset;
import chainrule.format.Formatting;
import chainrule.train.ConfusionMatrix;
import java.util.Arrays;
import java.util.List;

/**
 * The decision regions of a {@link TwoInputSection}, in stronger colors where the network is more confident, and the
 * rows.
 */
final class DecisionRegions {
  /** The margins of the most probable class over the next at which the color of a region becomes stronger. */
  private static final double[] MARGINS = {0, 0.25, 0.5, 0.75, 0.95};

  private final TwoInputSection plane;
  private final Html h;
  private final int classes;
  private final double[] first, second; // the two largest probabilities at each sample
  private final int[] top; // the most probable class
  private final boolean[] reached; // whether a class is the most probable one anywhere

  DecisionRegions(TwoInputSection plane) {
    this.plane = plane;
    this.h = plane.h;
    this.classes = plane.report.model().encoding().target().labels().size();
    int samples = plane.side * plane.side;
    this.first = new double[samples];
    this.second = new double[samples];
    this.top = new int[samples];
    this.reached = new boolean[classes];
  }

  void draw() {
    double[] yhat = plane.samples();
    List<String> labels = plane.report.model().encoding().target().labels();
    Plot plot = plane.plot("Predicted class");
    h.open("g", "transform", "scale(.1)").raw("\n");
    findLargest(yhat);
    for (int c = 0; c < classes; c++) if (reached[c]) region(c, margin(c, yhat), plot);
    h.closeLine();
    boolean[] occurs = new boolean[classes];
    trainingDots(plot, occurs);
    int wrong = plane.results.heldOut() ? testDots(plot, occurs) : 0;
    plot.close();

    h.open("div").raw("\n").open("ul", "class", "legend");
    int listed = 0;
    for (int c = 0; c < classes && listed < 20; c++) {
      if (!occurs[c]) continue;
      listed++;
      key(Palette.style(c), labels.get(c));
    }
    h.closeLine();
    String tested = "; rings mark misclassified test rows: "
        + (wrong == 0 ? "there are none."
            : Formatting.count(wrong) + " of " + Formatting.count(plane.results.rows().rows()) + ".");
    h.element("p", "The stronger the color, the more confident the network. Small dots are training rows"
        + (plane.results.heldOut() ? ", larger dots are test rows" + tested : ".")
        + (classes > Palette.COLORS ? " Colors repeat after " + Palette.COLORS + " classes." : ""), "class", "remark");
    h.closeLine();
  }

  private void key(String style, String label) {
    h.open("li", "class", style).raw("<svg class=\"key square\" viewBox=\"0 0 10 10\" aria-hidden=\"true\">"
        + "<path class=\"dots\" stroke-width=\"8\" d=\"M5 5h0\"/></svg>").text(Formatting.named(label, 60)).close();
  }

  /** Finds the two largest probabilities at each sample, and the class of the largest. */
  private void findLargest(double[] yhat) {
    for (int i = 0; i < top.length; i++) {
      first[i] = second[i] = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        double p = probability(yhat, i, c);
        if (p > first[i]) {
          second[i] = first[i];
          first[i] = p;
          top[i] = c;
        } else if (p > second[i]) {
          second[i] = p;
        }
      }
      reached[top[i]] = true;
    }
  }

  private double probability(double[] yhat, int i, int c) {
    if (plane.outputs > 1) return yhat[i * plane.outputs + c];
    return c == 1 ? yhat[i] : 1 - yhat[i];
  }

  /** Returns p_c − the largest probability of the other classes, at each sample. */
  private double[] margin(int c, double[] yhat) {
    double[] margin = new double[top.length];
    for (int i = 0; i < margin.length; i++) margin[i] = probability(yhat, i, c) - (top[i] == c ? second[i] : first[i]);
    return margin;
  }

  private void region(int c, double[] margin, Plot plot) {
    boolean opened = false;
    String border = "";
    for (double level : MARGINS) {
      String d = Contours.above(plane.side, margin, level, plot.width, plot.height);
      if (d.isEmpty()) break;
      if (!opened) h.open("g", "class", Palette.style(c));
      if (!opened) border = d;
      opened = true;
      plot.path("area", d);
    }
    if (!opened) return;
    plot.path("border", border);
    h.closeLine();
  }

  private int classOf(Dataset data, int row) {
    return ConfusionMatrix.classOf(data.outputs(), data.y(), row * data.outputs());
  }

  private void trainingDots(Plot plot, boolean[] occurs) {
    Dataset data = plane.report.train();
    int[] chosen = Downsampling.evenly(data.rows(), TwoInputSection.MOST_DOTS);
    for (int i : chosen) occurs[classOf(data, i)] = true;
    dots(plot, data, chosen, "3.2", null);
  }

  /** Draws the test rows, with rings around the misclassified ones; returns the number of these. */
  private int testDots(Plot plot, boolean[] occurs) {
    Dataset data = plane.results.rows();
    int wrong = 0;
    StringBuilder rings = new StringBuilder();
    double[] xs = plane.values(data, 0), ys = plane.values(data, 1);
    int[] chosen = Downsampling.evenly(data.rows(), TwoInputSection.MOST_DOTS);
    for (int i = 0; i < data.rows(); i++) {
      occurs[classOf(data, i)] = true;
      if (plane.results.isCorrect(i)) continue;
      wrong++;
      if (wrong > TwoInputSection.MOST_DOTS) continue;
      rings.append('M').append(Formatting.px(plot.x(xs[i]) - 6.5)).append(' ').append(Formatting.px(plot.y(ys[i])))
          .append("a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0");
    }
    dots(plot, data, chosen, "5.6", "8.4");
    plot.path("ring", rings.toString());
    return wrong;
  }

  private void dots(Plot plot, Dataset data, int[] chosen, String size, String halo) {
    double[] xs = plane.values(data, 0), ys = plane.values(data, 1);
    if (halo != null) {
      h.open("g", "stroke-width", halo).empty("path", "class", "halo", "d", plot.dots(xs, ys, chosen)).close();
    }
    h.open("g", "stroke-width", size).raw("\n");
    for (int color = 0; color < Palette.COLORS; color++) {
      int k = color;
      int[] part = Arrays.stream(chosen).filter(i -> classOf(data, i) % Palette.COLORS == k).toArray();
      plot.path("dots " + Palette.style(k), plot.dots(xs, ys, part));
    }
    h.closeLine();
  }
}
