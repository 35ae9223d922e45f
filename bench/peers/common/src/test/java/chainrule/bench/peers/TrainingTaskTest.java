// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.data.Dataset;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.train.Trainer;
import org.junit.jupiter.api.Test;

class TrainingTaskTest {
  private static final TrainingTask TASK = TrainingTask.of(Workload.parse("784-6-10/7/sgd"), 1, 3, 5, 40, 20);

  @Test void orderEqualsTheOrderOfTheTrainer() {
    Network expected = TASK.network(), actual = TASK.network();
    Trainer.of(expected).loss(new CategoricalCrossEntropy()).optimizer(new GradientDescent(0.1)).batch(7).seed(5)
        .fit(TASK.train(), TASK.epochs());

    Dataset data = TASK.train();
    Backpropagation pass = new Backpropagation(actual, new CategoricalCrossEntropy(), 7);
    double[] theta = actual.parameters(), x = new double[7 * data.inputs()], y = new double[7 * data.outputs()];
    for (int epoch = 1; epoch <= TASK.epochs(); epoch++) {
      int[] order = TASK.order(epoch);
      for (int from = 0; from < data.rows(); from += 7) {
        int rows = Math.min(7, data.rows() - from);
        for (int i = 0; i < rows; i++) {
          System.arraycopy(data.x(), order[from + i] * data.inputs(), x, i * data.inputs(), data.inputs());
          System.arraycopy(data.y(), order[from + i] * data.outputs(), y, i * data.outputs(), data.outputs());
        }
        pass.lossAndGradients(rows, x, 0, y, 0);
        for (int p = 0; p < theta.length; p++) theta[p] -= 0.1 * pass.gradients()[p];
      }
    }
    assertArrayEquals(expected.parameters(), theta, 1e-13);
  }

  @Test void classesAreThoseOfTheOneHotRows() {
    int[] classes = TrainingTask.classes(TASK.test());
    assertEquals(20, classes.length);
    for (int i = 0; i < 20; i++) assertEquals(i % 10, classes[i]);
  }

  @Test void aWorkloadThatDoesNotFitTheImagesIsRejected() {
    for (String text : new String[] {"4-8-3/16/adam", "784-10/1/predict"}) {
      Workload work = Workload.parse(text);
      assertThrows(IllegalArgumentException.class, () -> TrainingTask.of(work, 1, 1, 1, 10, 10), text);
    }
  }
}
