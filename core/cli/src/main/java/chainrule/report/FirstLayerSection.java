package chainrule.report;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.nn.Dense;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The weights of the first dense layer as pictures: what each of its units looks for in a picture. */
final class FirstLayerSection {
  private static final int MOST = 48;
  /** Steps of colour on each side of 0. */
  private static final int STEPS = 31;
  private static final int POSITIVE = 0xE0701A, NEGATIVE = 0x2A8BD2;

  private FirstLayerSection() {}

  /** Writes the section, if the inputs are pixels. */
  static void write(Html h, Model model, Dataset train) {
    Encoding.ImageSize size = model.encoding().imageSize().orElse(null);
    Dense layer = size == null ? null : first(model.network());
    if (layer == null) return;
    boolean output = layer == model.network().output();
    int units = layer.outputs();
    double[] weights = weights(model.network(), layer, train), norms = new double[units];
    List<Integer> order = new ArrayList<>();
    for (int u = 0; u < units; u++) {
      order.add(u);
      double squares = 0;
      for (int i = 0; i < layer.inputs(); i++) squares += weights[i * units + u] * weights[i * units + u];
      norms[u] = Math.sqrt(squares);
    }
    if (!output) order.sort(Comparator.comparingDouble((Integer u) -> -norms[u]));

    h.element("h2", "What the first layer looks for").raw("\n");
    String which = output ? "There is one for each class."
        : units > MOST ? "The " + MOST + " units with the largest norm of " + Formatting.count(units) + ", strongest first."
        : "Strongest first, by their norm.";
    h.element("p", "Its weights as pictures, each times how much its pixel varies: orange pixels speak for the unit, blue "
        + "ones against it, pale ones hardly matter. " + which);
    h.raw("\n").open("div", "class", "card").open("ul", "class", "tiles").raw("\n");
    int[] colours = colours();
    for (int u : order.subList(0, Math.min(MOST, units))) {
      boolean named = output && model.encoding().target().labels().size() == units;
      String name = named ? Formatting.truncate(model.encoding().target().labels().get(u), 24) : "unit " + (u + 1);
      h.open("li").empty("img", "src", picture(weights, units, u, size, colours), "alt", "Weights of " + name,
          "width", "" + size.width(), "height", "" + size.height());
      h.element("b", name).text(" " + Formatting.value(norms[u])).closeLine();
    }
    h.close().closeLine();
  }

  /** The first layer with weights, if pixels come to it as they are. */
  private static Dense first(Network network) {
    for (Layer layer : network.layers()) if (layer instanceof Dense d) return d;
    return null;
  }

  /**
   * W [in × out], each row times the standard deviation of its pixel over the training rows: a pixel that never changes
   * tells a unit nothing, whatever its weight, which is then still the random one it began with.
   */
  private static double[] weights(Network network, Dense layer, Dataset train) {
    int in = layer.inputs(), out = layer.outputs(), n = train.rows();
    double[] weights = new double[in * out];
    for (int i = 0; i < in; i++) {
      double mean = 0, squares = 0;
      for (int row = 0; row < n; row++) {
        double v = train.x()[row * in + i], d = v - mean;
        mean += d / (row + 1);
        squares += d * (v - mean);
      }
      double deviation = n == 0 ? 1 : Math.sqrt(squares / n);
      for (int u = 0; u < out; u++) weights[i * out + u] = deviation * network.parameters()[layer.offset() + i * out + u];
    }
    return weights;
  }

  /** Each picture on a scale of its own. */
  private static String picture(double[] weights, int units, int unit, Encoding.ImageSize size, int[] colours) {
    byte[] pixels = new byte[size.height() * size.width()];
    double most = 0;
    for (int i = 0; i < pixels.length; i++) most = Math.max(most, Math.abs(weights[i * units + unit]));
    for (int i = 0; i < pixels.length; i++) {
      double w = most > 0 ? weights[i * units + unit] / most : 0;
      pixels[i] = (byte) (STEPS + Math.round(w * STEPS));
    }
    return Png.address(size.width(), size.height(), pixels, colours);
  }

  /** From blue over nothing to orange, the page's ground showing through: right in light and in dark. */
  private static int[] colours() {
    int[] colours = new int[2 * STEPS + 1];
    for (int i = 0; i < colours.length; i++) {
      int alpha = Math.round(255f * Math.abs(i - STEPS) / STEPS);
      colours[i] = alpha << 24 | (i < STEPS ? NEGATIVE : POSITIVE);
    }
    return colours;
  }
}
