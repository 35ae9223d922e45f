package chainrule.report;

import chainrule.data.Encoding;
import chainrule.format.Formatting;
import chainrule.io.Predictions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Pictures that were taken for the wrong class, the surest mistakes first; if there are none, the least certain ones. */
final class MistakenImagesSection {
  private static final int MOST = 24;
  private static final int GREYS = 16;

  private MistakenImagesSection() {}

  /** Writes the section, if the inputs are pixels and the target is a class. */
  static void write(Html h, EvaluatedRows results) {
    Encoding e = results.model().encoding();
    if (e.imageSize().isEmpty() || !e.target().isClass()) return;
    Predictions p = results.predictions();
    List<Integer> wrong = new ArrayList<>(), all = new ArrayList<>();
    double[] sure = new double[p.rows()];
    for (int i = 0; i < p.rows(); i++) {
      sure[i] = p.probability(i, p.classOf(i));
      all.add(i);
      if (!results.isRight(i)) wrong.add(i);
    }
    List<Integer> shown = wrong.isEmpty() ? all : wrong;
    Comparator<Integer> bySurety = Comparator.comparingDouble(i -> sure[i]);
    shown.sort(wrong.isEmpty() ? bySurety : bySurety.reversed());
    shown = shown.subList(0, Math.min(MOST, shown.size()));

    h.element("h2", wrong.isEmpty() ? "The hardest pictures" : "Mistaken pictures").raw("\n");
    h.element("p", wrong.isEmpty() ? "None was mistaken; of these the network was least sure."
        : (shown.size() < wrong.size() ? "The surest " + shown.size() + " of " + Formatting.count(wrong.size(), "mistake", "mistakes")
        : wrong.size() == 1 ? "The only mistake" : "All " + wrong.size() + " mistakes, the surest first")
        + ": what it is → what it was taken for, and how surely.").raw("\n");
    h.open("div", "class", "card").open("ul", "class", "tiles").raw("\n");
    int[] colours = new int[GREYS];
    // White ink on nothing, which the style sheet turns to black where the page is light.
    for (int i = 0; i < GREYS; i++) colours[i] = i * 17 << 24 | 0xFFFFFF;
    for (int i : shown) tile(h, results, i, sure[i], colours);
    h.close().closeLine();
  }

  private static void tile(Html h, EvaluatedRows results, int row, double sure, int[] colours) {
    Encoding e = results.model().encoding();
    Encoding.ImageSize size = e.imageSize().orElseThrow();
    int height = size.height(), width = size.width();
    byte[] pixels = new byte[height * width];
    for (int i = 0; i < pixels.length; i++) {
      double v = results.rows().x()[row * pixels.length + i];
      pixels[i] = (byte) Math.round(Math.max(0, Math.min(1, v)) * (GREYS - 1));
    }
    String truth = Formatting.truncate(e.target().labels().get(results.truth(row)), 24);
    String taken = Formatting.truncate(results.predictions().label(row), 24);
    boolean right = results.isRight(row);
    h.open("li").empty("img", "class", "ink", "src", Png.address(width, height, pixels, colours), "alt",
        "A picture of " + truth + (right ? "" : " taken for " + taken), "width", "" + width, "height", "" + height);
    h.element("b", right ? truth : truth + " → " + taken).text(" " + Formatting.percent(sure, 0)).closeLine();
  }
}
