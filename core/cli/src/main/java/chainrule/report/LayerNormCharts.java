// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.format.Formatting;
import chainrule.nn.Layer;
import chainrule.train.History;
import chainrule.train.TrainingDiagnostics;
import java.util.List;
import java.util.function.Function;

/** The norm of each layer's weights, and that of their gradient, after each epoch. */
final class LayerNormCharts {
  /** The most layers that have a line; of more, evenly spaced ones from the first to the last. */
  private static final int MOST_LAYERS = Palette.COLORS;

  private final Html h;
  private final History history;
  private final NetworkCurves curves;
  private final List<Layer> layers; // of the network

  private LayerNormCharts(Html h, History history, NetworkCurves curves, List<Layer> layers) {
    this.h = h;
    this.history = history;
    this.curves = curves;
    this.layers = layers;
  }

  static void write(Html h, History history, NetworkCurves curves, List<Layer> layers) {
    LayerNormCharts charts = new LayerNormCharts(h, history, curves, layers);
    charts.chart("Weights", TrainingDiagnostics.Epoch::weightNorms, "The norm √(Σ W²) of each layer's weights, "
        + "without biases.");
    charts.chart("Gradients", TrainingDiagnostics.Epoch::gradientNorms, "The norm of ∂L/∂W for each layer, computed "
        + "again after the epoch on " + charts.rows() + ": L is the training loss with its penalties, before any "
        + "clipping. The gradients of the steps themselves, each over its own batch, "
        + "have other norms.");
  }

  private String rows() {
    int rows = curves.diagnostics().gradientRows();
    return curves.diagnostics().trainingRows() == rows && curves.networks() == 1
        ? "the " + Formatting.count(rows, "training row", "training rows")
        : Formatting.count(rows, "random training row", "random training rows");
  }

  private void chart(String name, Function<TrainingDiagnostics.Epoch, double[]> norms, String definition) {
    EpochChart chart = new EpochChart(history, curves, name);
    int[] measured = curves.diagnostics().layers();
    int drawn = Math.min(MOST_LAYERS, measured.length);
    for (int k = 0; k < drawn; k++) {
      int i = drawn < 2 ? 0 : k * (measured.length - 1) / (drawn - 1);
      chart.line("layer " + (measured[i] + 1) + ": " + layers.get(measured[i]).describe(), Palette.style(k),
          curves.measured(e -> norms.apply(e)[i]).mean());
    }
    double[] range = chart.range(true);
    if (range == null) return; // only zeros or numbers that are not finite
    chart.remark(definition + (curves.networks() == 1 ? "" : " Means over the networks."));
    if (drawn < measured.length) {
      chart.remark(drawn + " of " + measured.length + " layers, from the first to the last.");
    }
    chart.write(h, 260, "norm of each layer, logarithmic scale",
        Axis.logarithmic(range[0] / 1.15, range[1] * 1.15));
  }
}
