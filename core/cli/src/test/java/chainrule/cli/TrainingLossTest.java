// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.io.Model;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The terms of the training loss that {@code train} prints. */
class TrainingLossTest {
  @TempDir Path directory;

  @Test
  void theTrainingLossSaysWhichPenaltiesItIncludes() {
    String m = directory.resolve("penalties.npz").toString();
    String[] train = {"train", "xor", "--layers", "4:tanh", "--epochs", "1", "--optimizer", "sgd", "--rate", "1e-12",
        "--schedule", "constant", "--l1", "0.25", "--l2", "0.5", "--json", "--out", m};
    String output = done(train);
    assertTrue(output.contains("\nepoch 1/1  loss+L1+L2 "), output);
    Map<String, Object> json = json(output);
    assertEquals(List.of("data", "l1", "l2"), json.get("train_loss_terms"));
    double penalties = 0;
    Network network = Model.read(Path.of(m)).network();
    for (Layer layer : network.layers()) {
      for (int i = layer.offset(); i < layer.offset() + layer.inputs() * layer.outputs(); i++) {
        double w = network.parameters()[i];
        penalties += 0.25 * Math.abs(w) + 0.5 * w * w;
      }
    }
    // the weights move by about 1e-12, so the mean over the steps is the loss at the end
    double data = ((Number) json.get("train_data_loss")).doubleValue();
    assertEquals(data + penalties, ((Number) json.get("train_loss")).doubleValue(), 1e-9);
    assertTrue(done("train", "xor", "--epochs", "1", "--l2", "0").contains("\nepoch 1/1  loss "));
  }
}
