// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.data.Encoding;
import chainrule.format.Formatting;
import chainrule.io.Predictions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The misclassified images, the most confident mistakes first; or the least confident images if all are correct. */
final class MistakenImagesSection {
  private static final int MOST = 24;
  private static final int GREYS = 16;

  private MistakenImagesSection() {}

  /** Writes the section if the inputs are pixels and the target is a class. */
  static void write(Html h, EvaluatedRows results) {
    Encoding e = results.model().encoding();
    if (e.imageSize().isEmpty() || !e.target().isClass()) return;
    Predictions p = results.predictions();
    List<Integer> wrong = new ArrayList<>(), all = new ArrayList<>();
    double[] confidence = new double[p.rows()];
    for (int i = 0; i < p.rows(); i++) {
      confidence[i] = p.probability(i, p.classOf(i));
      all.add(i);
      if (!results.isCorrect(i)) wrong.add(i);
    }
    List<Integer> shown = wrong.isEmpty() ? all : wrong;
    Comparator<Integer> byConfidence = Comparator.comparingDouble(i -> confidence[i]);
    shown.sort(wrong.isEmpty() ? byConfidence : byConfidence.reversed());
    shown = shown.subList(0, Math.min(MOST, shown.size()));

    h.element("h2", wrong.isEmpty() ? "Least confident images" : "Misclassified images").raw("\n");
    h.element("p", wrong.isEmpty() ? "All images are classified correctly. For these, the network is least confident."
        : (shown.size() < wrong.size()
            ? "The " + shown.size() + " most confident of " + Formatting.count(wrong.size(), "mistake", "mistakes")
        : wrong.size() == 1 ? "The only mistake" : "All " + wrong.size() + " mistakes, the most confident first")
        + ": true class → predicted class, with its probability.").raw("\n");
    h.open("div", "class", "card").open("ul", "class", "tiles").raw("\n");
    int[] colors = new int[GREYS];
    // White ink on a transparent background; the style sheet inverts it in light mode.
    for (int i = 0; i < GREYS; i++) colors[i] = i * 17 << 24 | 0xFFFFFF;
    for (int i : shown) tile(h, results, i, confidence[i], colors);
    h.close().closeLine();
  }

  private static void tile(Html h, EvaluatedRows results, int row, double confidence, int[] colors) {
    Encoding e = results.model().encoding();
    Encoding.ImageSize size = e.imageSize().orElseThrow();
    int height = size.height(), width = size.width();
    byte[] pixels = new byte[height * width];
    for (int i = 0; i < pixels.length; i++) {
      double v = results.rows().x()[row * pixels.length + i];
      pixels[i] = (byte) Math.round(Math.max(0, Math.min(1, v)) * (GREYS - 1));
    }
    String truth = Formatting.named(e.target().labels().get(results.trueClass(row)), 24);
    String predicted = Formatting.named(results.predictions().label(row), 24);
    boolean right = results.isCorrect(row);
    h.open("li").empty("img", "class", "ink", "src", Png.dataUrl(width, height, pixels, colors), "alt",
        "Image of " + truth + (right ? "" : ", predicted as " + predicted), "width", "" + width, "height", "" + height);
    h.element("b", right ? truth : truth + " → " + predicted).text(" " + Formatting.percent(confidence, 0)).closeLine();
  }
}
