// SPDX-License-Identifier: MIT
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

/** The weights of the first dense layer as images, one for each unit. */
final class FirstLayerSection {
  private static final int MOST = 48;
  /** The number of color steps on each side of 0. */
  private static final int STEPS = 31;
  private static final int POSITIVE = 0xE0701A, NEGATIVE = 0x2A8BD2;

  private FirstLayerSection() {}

  /** Writes the section if the inputs are pixels. */
  static void write(Html h, Model model, Dataset train) {
    Encoding.ImageSize size = model.encoding().imageSize().orElse(null);
    Dense layer = size == null ? null : first(model.architecture());
    if (layer == null) return;
    boolean output = layer == model.architecture().output();
    int units = layer.outputs();
    double[] weights = weights(model.architecture(), layer, train), norms = new double[units];
    List<Integer> order = new ArrayList<>();
    for (int u = 0; u < units; u++) {
      order.add(u);
      double squares = 0;
      for (int i = 0; i < layer.inputs(); i++) squares += weights[i * units + u] * weights[i * units + u];
      norms[u] = Math.sqrt(squares);
    }
    if (!output) order.sort(Comparator.comparingDouble((Integer u) -> -norms[u]));

    h.element("h2", "First-layer weights").raw("\n");
    String which = output ? "There is one image for each class."
        : units > MOST ? "The " + MOST + " of " + Formatting.count(units)
        + " units with the largest norms, in descending order."
        : "In descending order of their norms.";
    h.element("p", "Each weight times the standard deviation of its pixel. Orange pixels increase the unit's input, "
        + "blue pixels "
        + "decrease it, pale pixels have little effect. "
        + (model.isEnsemble() ? "These are the weights of the first of " + model.networks().size() + " networks. " : "")
        + which);
    h.raw("\n").open("div", "class", "card").open("ul", "class", "tiles").raw("\n");
    int[] colors = colors();
    for (int u : order.subList(0, Math.min(MOST, units))) {
      boolean named = output && model.encoding().target().labels().size() == units;
      String name = named ? Formatting.truncate(model.encoding().target().labels().get(u), 24) : "unit " + (u + 1);
      h.open("li").empty("img", "src", image(weights, units, u, size, colors), "alt", "Weights of " + name,
          "width", "" + size.width(), "height", "" + size.height());
      h.element("b", name).text(" " + Formatting.value(norms[u])).closeLine();
    }
    h.close().closeLine();
  }

  /** Returns the first layer with weights; null if there is none. */
  private static Dense first(Network network) {
    for (Layer layer : network.layers()) if (layer instanceof Dense d) return d;
    return null;
  }

  /**
   * Returns W [in × out] with each row times the standard deviation of its pixel over the training rows. A pixel that
   * never changes has no effect, and its weights keep their random initial values.
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
      for (int u = 0; u < out; u++) {
        weights[i * out + u] = deviation * network.parameters()[layer.offset() + i * out + u];
      }
    }
    return weights;
  }

  /** Returns the image of a unit, scaled to its largest weight. */
  private static String image(double[] weights, int units, int unit, Encoding.ImageSize size, int[] colors) {
    byte[] pixels = new byte[size.height() * size.width()];
    double most = 0;
    for (int i = 0; i < pixels.length; i++) most = Math.max(most, Math.abs(weights[i * units + unit]));
    for (int i = 0; i < pixels.length; i++) {
      double w = most > 0 ? weights[i * units + unit] / most : 0;
      pixels[i] = (byte) (STEPS + Math.round(w * STEPS));
    }
    return Png.dataUrl(size.width(), size.height(), pixels, colors);
  }

  /** Returns a palette from blue through transparent to orange, for light and dark mode. */
  private static int[] colors() {
    int[] colors = new int[2 * STEPS + 1];
    for (int i = 0; i < colors.length; i++) {
      int alpha = Math.round(255f * Math.abs(i - STEPS) / STEPS);
      colors[i] = alpha << 24 | (i < STEPS ? NEGATIVE : POSITIVE);
    }
    return colors;
  }
}
