// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.nn.loss.Huber;
import chainrule.nn.loss.SigmoidCrossEntropy;
import chainrule.nn.loss.SoftmaxCrossEntropy;
import chainrule.spec.ledger.Proves;
import org.junit.jupiter.api.Test;

/** The numbers in Optax's own tests of its losses. */
class OptaxSpec {
  private static final PublishedSource OPTAX = PublishedSource.load("optax");

  @Test
  @Proves(value = "beyond-huber", by = "Huber#value")
  @Proves(value = "003-softmax-cce-d", by = "SoftmaxCrossEntropy")
  @Proves(value = "003-bce", by = "SigmoidCrossEntropy")
  void lossesAreThePrintedOnes() {
    double[] yhat = {-2, 0.5, 0, 0.5, 2, 4, 132}, y = {0, -0.5, 0, 1, 1, 2, 0.3};
    OPTAX.reproduce("Huber", new MeanOverElements(new Huber(), 7, 1).ofRows(yhat, y));
    double[] logits = {10, 1, -2, 1, 4, 0.2, Double.NEGATIVE_INFINITY, 0, 0};
    double[] classes = {0, 1, 0, 1, 0, 0, 0, 0.5, 0.5};
    double[] means = new MeanOverElements(new SoftmaxCrossEntropy(), 3, 3).ofRows(logits, classes);
    OPTAX.reproduce("softmax cross-entropy of three rows", 3 * means[0], 3 * means[1], 3 * means[2]);
    double[] pairs = {
      -1e9, -1e-9, -1e9, -1e-9, 1e9, 1e-9, 1e9, 1e-9, -1e9, 1e-9, -1e9, 1e-9, 1e9, -1e-9, 1e9, -1e-9, 0, 0, 0, 0};
    double[] labels = {1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1};
    OPTAX.reproduce("sigmoid cross-entropy of ten pairs",
        new MeanOverElements(new SigmoidCrossEntropy(), 10, 2).ofRows(pairs, labels));
  }
}
