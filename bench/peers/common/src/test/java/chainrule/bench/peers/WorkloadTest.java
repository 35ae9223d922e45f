// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {
  @Test void parseReadsTheTextForm() {
    Workload work = Workload.parse("784-128-10/64/sgd");
    assertEquals("784-128-10/64/sgd", work.toString());
    assertEquals(2, work.layers());
    assertEquals(64, work.batch());
    assertEquals(Workload.Task.SGD, work.task());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "784-128-10", "784-128-10/64", "784/64/sgd", "784-0-10/64/sgd", "784-128-1/64/sgd",
      "784-128-10/0/sgd", "784-128-10/64/lbfgs", "784-x-10/64/sgd", "784-128-10/64/sgd/2"})
  void invalidTextsAreRejected(String text) {
    String message = assertThrows(IllegalArgumentException.class, () -> Workload.parse(text)).getMessage();
    assertTrue(message.contains("784-128-10/64/sgd") && message.endsWith("found " + text), message);
  }

  @Test void parametersAreWeightsThenBiasOfEachLayer() {
    Workload work = Workload.parse("4-8-3/16/adam");
    assertEquals(0, work.weights(0));
    assertEquals(32, work.bias(0));
    assertEquals(40, work.weights(1));
    assertEquals(64, work.bias(1));
    assertEquals(67, work.size());
    assertEquals(67, work.parameters().length);
    assertArrayEquals(work.parameters(), work.parameters());
  }

  @Test void flopsCountTheOperationsOfTheProducts() {
    assertEquals(16 * (4.0 * 4 * 8 + 6 * 8 * 3), Workload.parse("4-8-3/16/adam").flops());
    assertEquals(2.0 * 4 * 8 + 2 * 8 * 3, Workload.parse("4-8-3/1/predict").flops());
  }

  @Test void everyRowHasOneClass() {
    Workload work = Workload.parse("4-8-3/16/sgd");
    double[] y = work.oneHot();
    int[] labels = work.labels();
    assertEquals(16, Arrays.stream(y).sum());
    for (int i = 0; i < 16; i++) assertEquals(1, y[i * 3 + labels[i]]);
    assertTrue(Arrays.stream(work.x()).allMatch(v -> v >= 0 && v < 1));
  }
}
