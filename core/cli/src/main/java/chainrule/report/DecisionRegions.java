package chainrule.report;

import chainrule.data.Dataset;
import chainrule.format.Formatting;
import chainrule.train.ConfusionMatrix;
import java.util.Arrays;
import java.util.List;

/** The classes of a {@link TwoInputSection}: a region for each, stronger where the network is surer, and the rows as dots. */
final class DecisionRegions {
  /** Margins between the most probable class and the next at which a region is drawn one tone stronger. */
  private static final double[] MARGINS = {0, 0.25, 0.5, 0.75, 0.95};

  private final TwoInputSection plane;
  private final Html h;
  private final int classes;
  private final double[] first, second; // p at each sample
  private final int[] top; // the class with the first
  private final boolean[] reached; // whether a class is on top anywhere

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
    Plot plot = plane.plot("The class that is predicted");
    h.open("g", "transform", "scale(.1)").raw("\n");
    findLargest(yhat);
    for (int c = 0; c < classes; c++) if (reached[c]) region(c, margin(c, yhat), plot);
    h.closeLine();
    boolean[] there = new boolean[classes];
    trainingDots(plot, there);
    int wrong = plane.results.heldOut() ? testDots(plot, there) : 0;
    plot.close();

    h.open("div").raw("\n").open("ul", "class", "legend");
    int listed = 0;
    for (int c = 0; c < classes && listed < 20; c++) {
      if (!there[c]) continue;
      listed++;
      key(Palette.style(c), labels.get(c));
    }
    h.closeLine();
    String tested = "; a ring marks a test row on the wrong side: "
        + (wrong == 0 ? "there is none." : Formatting.count(wrong) + " of " + Formatting.count(plane.results.rows().rows()) + ".");
    h.element("p", "The stronger the colour, the surer the network. Small dots are training rows"
        + (plane.results.heldOut() ? ", larger ones test rows" + tested : ".")
        + (classes > Palette.COLOURS ? " Colours repeat after " + Palette.COLOURS + " classes." : ""), "class", "remark");
    h.closeLine();
  }

  private void key(String style, String label) {
    h.open("li", "class", style).raw("<svg class=\"key square\" viewBox=\"0 0 10 10\" aria-hidden=\"true\">"
        + "<path class=\"dots\" stroke-width=\"8\" d=\"M5 5h0\"/></svg>").text(Formatting.truncate(label, 60)).close();
  }

  /** The two largest numbers at each sample, and whose the first is. */
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

  /** p_c − the largest of the others' p, at each sample. */
  private double[] margin(int c, double[] yhat) {
    double[] margin = new double[top.length];
    for (int i = 0; i < margin.length; i++) margin[i] = probability(yhat, i, c) - (top[i] == c ? second[i] : first[i]);
    return margin;
  }

  private void region(int c, double[] margin, Plot plot) {
    boolean begun = false;
    String border = "";
    for (double level : MARGINS) {
      String d = Contours.above(plane.side, margin, level, plot.width, plot.height);
      if (d.isEmpty()) break;
      if (!begun) h.open("g", "class", Palette.style(c));
      if (!begun) border = d;
      begun = true;
      plot.path("area", d);
    }
    if (!begun) return;
    plot.path("border", border);
    h.closeLine();
  }

  private int classOf(Dataset data, int row) {
    return ConfusionMatrix.classOf(data.outputs(), data.y(), row * data.outputs());
  }

  private void trainingDots(Plot plot, boolean[] there) {
    Dataset data = plane.report.train();
    int[] chosen = Downsampling.evenly(data.rows(), TwoInputSection.MOST_DOTS);
    for (int i : chosen) there[classOf(data, i)] = true;
    dots(plot, data, chosen, "3.2", null);
  }

  /** Dots of the test rows, the wrong ones in a ring; how many are wrong. */
  private int testDots(Plot plot, boolean[] there) {
    Dataset data = plane.results.rows();
    int wrong = 0;
    StringBuilder rings = new StringBuilder();
    double[] xs = plane.values(data, 0), ys = plane.values(data, 1);
    int[] chosen = Downsampling.evenly(data.rows(), TwoInputSection.MOST_DOTS);
    for (int i = 0; i < data.rows(); i++) {
      there[classOf(data, i)] = true;
      if (plane.results.isRight(i)) continue;
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
    if (halo != null) h.open("g", "stroke-width", halo).empty("path", "class", "halo", "d", plot.dots(xs, ys, chosen)).close();
    h.open("g", "stroke-width", size).raw("\n");
    for (int colour = 0; colour < Palette.COLOURS; colour++) {
      int k = colour;
      int[] part = Arrays.stream(chosen).filter(i -> classOf(data, i) % Palette.COLOURS == k).toArray();
      plot.path("dots " + Palette.style(k), plot.dots(xs, ys, part));
    }
    h.closeLine();
  }
}
