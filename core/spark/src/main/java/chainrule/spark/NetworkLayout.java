// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.kernels.Kernels;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Initialization;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** The layers of a network without its parameters, to build the same network on executors. */
record NetworkLayout(int inputs, List<LayerLayout> layers) implements Serializable {

  /**
   * @param units of a dense layer; 0 for the others
   * @param rate of dropout
   * @param activation its name; null for dropout
   */
  private record LayerLayout(int units, double rate, String activation) implements Serializable {}

  /** @throws IllegalArgumentException if an activation is not built in: executors would not know it */
  static NetworkLayout of(Network network) {
    List<LayerLayout> layers = new ArrayList<>();
    for (Layer layer : network.layers()) {
      if (layer instanceof Dropout d) layers.add(new LayerLayout(0, d.rate(), null));
      else layers.add(new LayerLayout(layer instanceof Dense ? layer.outputs() : 0, 0, nameOf(layer.activation())));
    }
    return new NetworkLayout(network.inputs(), layers);
  }

  private static String nameOf(Activation a) {
    String name = a.name();
    if (Activations.names().contains(name.split(":", 2)[0]) && Activations.parse(name).equals(a)) return name;
    throw new IllegalArgumentException("the activation " + name + " is not built in, so executors do not know it. "
        + "Expected one of " + String.join(", ", Activations.names()) + ". Or train on one machine");
  }

  /** Returns the network with all parameters 0. */
  Network build(Kernels kernels) {
    Network.Builder b = Network.input(inputs).kernels(kernels);
    for (LayerLayout l : layers) {
      if (l.activation == null) b.dropout(l.rate);
      else if (l.units == 0) b.activation(Activations.parse(l.activation));
      else b.dense(l.units, Activations.parse(l.activation), Initialization.ZEROS);
    }
    return b.build(0);
  }
}
