// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Elu;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.loss.Huber;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.Reduction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

/** Networks and losses on their way to executors. */
class NetworkLayoutTest {
  private static Object sent(Object o) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(o);
    }
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  @Test void everyKindOfLayerArrives() throws Exception {
    Network.Builder b = Network.input(5).activation(new Elu(0.3)).dense(4, new LeakyRelu(0.25)).dropout(0.125);
    for (String name : Activations.names()) b.dense(3, Activations.parse(name));
    Network network = b.dropout(0.5).dense(2, new Sigmoid()).build(9);
    Network built = ((NetworkLayout) sent(NetworkLayout.of(network))).build(Kernels.best());
    assertEquals(network.toString(), built.toString());
    assertEquals(network.parameters().length, built.parameters().length);
    for (int l = 0; l < network.layers().size(); l++) {
      Activation expected = network.layers().get(l).activation();
      assertEquals(expected, built.layers().get(l).activation());
      assertEquals(network.layers().get(l).offset(), built.layers().get(l).offset());
    }
  }

  @Test void everyLossArrives() throws Exception {
    for (String name : Losses.names()) {
      Loss loss = Losses.named(name).orElseThrow();
      assertEquals(loss, ((LossName) sent(LossName.of(loss))).loss());
    }
    Loss huber = new Huber(2.5, Reduction.SUM);
    assertEquals(huber, ((LossName) sent(LossName.of(huber))).loss());
  }
}
