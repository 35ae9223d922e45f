// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.kernels.Kernels;
import chainrule.nn.Dense;
import chainrule.nn.Initialization;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import java.util.List;

/**
 * A network that another program has saved.
 *
 * @param scale how its inputs are scaled first: (x − mean) / deviation
 * @param outputScale how its outputs are scaled last: ŷ · deviation + mean
 * @param labels the names of its classes; empty if the file has none
 * @param source what the file is, for people
 * @param notes what reading had to assume, in one sentence each
 * @param unused the names of arrays and outputs in the file that are not part of the network
 */
record ForeignNetwork(int inputs, List<ForeignLayer> layers, Scale scale, Scale outputScale, List<String> labels,
    String source, List<String> notes, List<String> unused) {

  /** Copies an array of the file into a larger array, from this index on. */
  interface Values {
    void copy(double[] to, int at);
  }

  /**
   * A layer: dense with weights [in × out], dropout, or an activation alone.
   *
   * @param units of a dense layer; 0 for the others
   * @param activation null for dropout
   * @param bias null if all are 0
   */
  record ForeignLayer(int units, Activation activation, double dropout, Values weights, Values bias) {
    static ForeignLayer dense(int units, Activation activation, Values weights, Values bias) {
      return new ForeignLayer(units, activation, 0, weights, bias);
    }

    static ForeignLayer dropout(double rate) {
      return new ForeignLayer(0, null, rate, null, null);
    }

    static ForeignLayer activation(Activation a) {
      return new ForeignLayer(0, a, 0, null, null);
    }

    boolean isDense() {
      return units > 0;
    }

    /** Returns this dense layer of n inputs with z · factor + shift instead of its outputs z. */
    ForeignLayer scaledOutputs(int n, double[] factor, double[] shift) {
      return dense(units, activation, (to, at) -> {
        weights.copy(to, at);
        for (int i = 0; i < n * units; i++) to[at + i] *= factor[i % units];
      }, (to, at) -> {
        if (bias != null) bias.copy(to, at);
        for (int j = 0; j < units; j++) to[at + j] = to[at + j] * factor[j] + shift[j];
      });
    }

    /** Returns this dense layer with x · factor + shift instead of its inputs x. */
    ForeignLayer scaledInputs(double[] factor, double[] shift) {
      int n = factor.length;
      return dense(units, activation, (to, at) -> {
        weights.copy(to, at);
        for (int i = 0; i < n * units; i++) to[at + i] *= factor[i / units];
      }, (to, at) -> {
        double[] w = new double[n * units]; // [n × units]
        weights.copy(w, 0);
        if (bias != null) bias.copy(to, at);
        for (int i = 0; i < n * units; i++) to[at + i % units] += shift[i / units] * w[i];
      });
    }
  }

  /** A mean and a deviation for each column; {@link #NONE} if there are none. */
  record Scale(double[] means, double[] deviations) {
    static final Scale NONE = new Scale(new double[0], new double[0]);

    boolean isNone() {
      return means.length == 0;
    }

    double mean(int j) {
      return isNone() ? 0 : means[j];
    }

    double deviation(int j) {
      return isNone() ? 1 : deviations[j];
    }
  }

  /** Returns the number of values that feed a layer. */
  int width(int layer) {
    for (int l = layer - 1; l >= 0; l--) if (layers.get(l).isDense()) return layers.get(l).units;
    return inputs;
  }

  /** @throws IllegalArgumentException if there is no such network, such as one with too many parameters */
  Network network(Kernels kernels) {
    Network.Builder builder = Network.input(inputs).kernels(kernels);
    for (ForeignLayer l : layers) {
      if (l.isDense()) builder.dense(l.units, l.activation, Initialization.ZEROS);
      else if (l.activation == null) builder.dropout(l.dropout);
      else builder.activation(l.activation);
    }
    Network network;
    try {
      network = builder.build(0);
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException(e.getMessage());
    }
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = network.layers().get(l);
      if (!(layer instanceof Dense d)) continue;
      layers.get(l).weights.copy(network.parameters(), d.offset());
      if (layers.get(l).bias != null) layers.get(l).bias.copy(network.parameters(), d.offset() + d.weights());
    }
    return network;
  }
}
