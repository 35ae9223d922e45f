// SPDX-License-Identifier: MIT
package chainrule.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.nn.FrozenParameters;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.train.CosineDecay;
import chainrule.train.Trainer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A recorded step is the step that a training makes. */
class RecordedStepTest {
  private static final int EPOCHS = 3, BATCH = 7;
  private final Dataset train = Generators.SPIRALS.generate(1).select(new int[] {0, 40, 3, 700, 801, 90, 12, 1100, 9,
      77, 500, 501, 502, 610, 1300, 1301});
  private final RecordedStep.Settings settings = new RecordedStep.Settings(new CategoricalCrossEntropy(),
      Regularization.l2(0.01), new Adam(0.05), new CosineDecay(0), 0.5, FrozenParameters.NONE, BATCH, EPOCHS, 5);

  private static Network network() {
    return Network.input(2).dense(4, new Tanh()).dropout(0.5).dense(3, new Softmax()).build(2);
  }

  private Trainer trainer(Network net) {
    return Trainer.of(net).loss(settings.loss()).regularization(settings.penalties()).optimizer(settings.optimizer())
        .schedule(settings.schedule()).clip(settings.clip()).batch(BATCH).seed(settings.seed());
  }

  @Test
  void everyStepLeavesTheBitsOfATrainingThatWasStoppedAfterIt() {
    for (int number = 1; number <= 9; number++) {
      Network recorded = network(), trained = network();
      RecordedStep step = RecordedStep.of(trainer(recorded), recorded, settings, train, number).orElseThrow();
      int[] made = {0};
      int wanted = number;
      trainer(trained).stopWhen(() -> made[0]++ == wanted).fit(train, EPOCHS);
      assertArrayEquals(trained.parameters(), recorded.parameters(), "step " + number);
      assertEquals(number, step.number());
      assertEquals(number % 3 == 0 ? 2 : 7, step.rows().length);
      for (int r = 0; r < step.rows().length; r++) {
        assertEquals(train.x()[2 * step.rows()[r]], step.values().input(0)[r][0]);
      }
    }
  }

  @Test
  void aStepAfterTheEndOfTheTrainingDoesNotExist() {
    Network net = network();
    assertTrue(RecordedStep.of(trainer(net), net, settings, train, 9).isPresent());
    Network other = network();
    assertEquals(Optional.empty(), RecordedStep.of(trainer(other), other, settings, train, 10));
  }
}
