// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.Target;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The measure by which columns are ranked. */
class ColumnImportanceTest {
  private static final int ROWS = 500;

  /** Two columns, of which the second decides a class that 1 row of 50 has: never the likelier one. */
  private static Dataset rare() {
    Random random = new Random(1);
    double[] x = new double[2 * ROWS];
    int[] classes = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      x[2 * i] = random.nextGaussian();
      classes[i] = i % 50 == 0 ? 1 : 0;
      x[2 * i + 1] = classes[i];
    }
    return Dataset.classification(2, x, classes, List.of("no", "yes"));
  }

  private static Map<String, Object> json(ColumnImportance importance) {
    Map<String, Object> json = new LinkedHashMap<>();
    importance.put(json);
    return json;
  }

  @Test
  void theLogLossRanksColumnsWhereTheAccuracyIsThatOfTheMajorityClass() {
    Network network = Network.input(2).dense(1, new Sigmoid()).build(1);
    network.parameters()[0] = 0;
    network.parameters()[1] = 4; // p = σ(−5 + 4x): 0.7 % without, 27 % with; ½ is never reached
    network.parameters()[2] = -5;
    Dataset data = rare();
    Map<String, Object> json = json(ColumnImportance.of(
        new Model(network, Encoding.plain(2, data.labels()), Map.of()), data, 5));
    assertEquals("accuracy", json.get("importance_score"));
    assertEquals("log_loss", json.get("importance_ranking"));
    List<?> columns = (List<?>) json.get("importance");
    Map<?, ?> first = (Map<?, ?>) columns.get(0), second = (Map<?, ?>) columns.get(1);
    assertEquals("x2", first.get("name"));
    assertTrue((double) first.get("log_loss_mean") > 0.02, first + "");
    assertEquals(0.0, second.get("log_loss_mean"));
    assertEquals(0.0, first.get("mean"), "the accuracy says nothing");
    assertEquals(0.0, second.get("mean"));
  }

  @Test
  void numbersAndOutputsThatAreNotProbabilitiesHaveTheScoreOnly() {
    Dataset numbers = Dataset.regression(1, new double[] {1, 2, 3, 4}, 1, new double[] {1, 2, 3, 4});
    Map<String, Object> json = json(ColumnImportance.of(
        new Model(Network.input(1).dense(1, new Linear()).build(1), Encoding.plain(1, 1), Map.of()), numbers, 2));
    assertEquals("r2", json.get("importance_ranking"));
    assertEquals(List.of("name", "mean", "deviation"),
        List.copyOf(((Map<?, ?>) ((List<?>) json.get("importance")).get(0)).keySet()));
    Dataset data = rare();
    Model scores = new Model(
        Network.input(2).dense(1, new Tanh()).build(1), Encoding.plain(2, data.labels()), Map.of());
    assertEquals("accuracy", json(ColumnImportance.of(scores, data, 2)).get("importance_ranking"));
  }

  @Test
  void labelsAreRankedByTheMeanOfTheirLogLosses() {
    double[] x = {0, 0, 1, 1, 0, 1}, y = {0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 1, 1};
    Dataset data = Dataset.multilabel(1, x, 2, y, List.of("a", "b"));
    Model model = new Model(Network.input(1).dense(2, new Sigmoid()).build(3), new Encoding(
        List.of(InputColumn.number("x", 0, 1)), Target.multilabel(List.of("a", "b"),
            List.of(List.of("0", "1"), List.of("0", "1")))), Map.of());
    ColumnImportance importance = ColumnImportance.of(model, data, 1);
    double[] yhat = model.outputs(x);
    double loss = 0;
    for (int i = 0; i < y.length; i++) loss -= Math.log(y[i] == 1 ? yhat[i] : 1 - yhat[i]) / y.length;
    assertEquals(-loss, importance.rises().score(), 1e-12);
    assertEquals("mean_accuracy", importance.score());
  }
}
