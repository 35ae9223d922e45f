// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.check.GradientCheck;
import chainrule.data.Dataset;
import chainrule.nn.Backpropagation;
import chainrule.nn.Dense;
import chainrule.nn.FrozenParameters;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.Momentum;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import chainrule.random.CounterRandom;
import chainrule.train.Snapshot;
import chainrule.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Frozen parameters keep their bits, and the others move as if nothing were frozen. */
class FrozenParametersSpec {

  /** Draws for each dense layer whether its weights and its bias are frozen. */
  private record Choice(FrozenParameters frozen, boolean[] isFrozen) { // isFrozen: [parameters]
    static Choice of(Network net, long seed) {
      FrozenParameters frozen = FrozenParameters.NONE;
      boolean[] flags = new boolean[net.parameters().length];
      for (int l = 0; l < net.layers().size(); l++) {
        Layer layer = net.layers().get(l);
        if (!(layer instanceof Dense)) continue;
        int from = layer.offset(), bias = from + layer.weights(), to = from + layer.parameters();
        boolean weights = CounterRandom.uniform(seed, 1, l) < 0.5, biases = CounterRandom.uniform(seed, 2, l) < 0.5;
        if (weights) frozen = frozen.and(FrozenParameters.weights(l));
        if (biases) frozen = frozen.and(FrozenParameters.biases(l));
        for (int i = from; i < to; i++) flags[i] = i < bias ? weights : biases;
      }
      return new Choice(frozen, flags);
    }
  }

  @Test
  void frozenParametersKeepTheirBitsAndOthersMoveAsBefore() {
    int kept = 0, moved = 0;
    for (long seed = 1; seed <= 160; seed++) {
      Optimizer optimizer = Optimizers.parse(Optimizers.names().get((int) (seed % Optimizers.names().size())));
      RandomCase free = RandomCase.of(seed), frozen = RandomCase.of(seed);
      double[] theta = frozen.net().parameters(), before = theta.clone();
      Choice choice = Choice.of(free.net(), seed);
      TrainingStep step = new TrainingStep(frozen.net(), frozen.loss(), frozen.penalty(), optimizer,
          Double.POSITIVE_INFINITY, choice.frozen, frozen.rows()).seed(7);
      double expected = new TrainingStep(free.net(), free.loss(), free.penalty(), optimizer, free.rows()).seed(7)
          .run(free.rows(), free.x(), 0, free.y(), 0);
      assertEquals(expected, step.run(frozen.rows(), frozen.x(), 0, frozen.y(), 0));
      for (int i = 0; i < theta.length; i++) {
        String what = free + " by " + optimizer.name() + ", parameter " + i;
        double value = choice.isFrozen[i] ? before[i] : free.net().parameters()[i];
        assertEquals(Double.doubleToLongBits(value), Double.doubleToLongBits(theta[i]), what);
        if (choice.isFrozen[i]) kept++;
        else if (theta[i] != before[i]) moved++;
        for (double[] slot : step.state()) if (choice.isFrozen[i]) assertEquals(0, slot[i], what);
      }
    }
    assertTrue(kept > 500 && moved > 500, kept + " kept, " + moved + " moved");
  }

  /** Large layers complete their gradient in several blocks, on several threads. */
  @Test
  void theBlocksOfALargeLayerKeepFrozenWeights() {
    int in = 300, n = 40;
    double[] x = new double[n * in], y = new double[n * 5];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.normal(3, 0, i);
    for (int r = 0; r < n; r++) y[r * 5 + r % 5] = 1;
    Network net = Network.input(in).dense(211, new Relu()).dense(5, new Softmax()).build(1);
    double[][] w0 = net.weights(0);
    double[] b1 = net.bias(1), b0 = net.bias(0), parameters = net.parameters().clone();
    TrainingStep step = new TrainingStep(net, new CategoricalCrossEntropy(), Regularization.l2(1e-3),
        Optimizers.parse("adamw"), Double.POSITIVE_INFINITY,
        FrozenParameters.weights(0).and(FrozenParameters.biases(1)), n);
    for (int t = 0; t < 3; t++) step.run(n, x, 0, y, 0);
    for (int i = 0; i < in; i++) AlgebraSpec.assertBits(w0[i], net.weights(0)[i]);
    AlgebraSpec.assertBits(b1, net.bias(1));
    for (int j = 0; j < 5; j++) assertTrue(net.bias(0)[j] != b0[j], "bias " + j);
    assertTrue(net.weights(1)[0][0] != parameters[in * 211 + 211]);
  }

  /** The clipped gradient is that of the free parameters alone. */
  @Test
  void frozenParametersDoNotCountInTheClippingNorm() {
    double clip = 0.01;
    int clipped = 0;
    for (long seed = 1; seed <= 60; seed++) {
      Optimizer optimizer = Optimizers.parse(Optimizers.names().get((int) (seed % Optimizers.names().size())));
      RandomCase c = RandomCase.of(seed), expected = RandomCase.of(seed);
      Choice choice = Choice.of(c.net(), seed);
      double[] theta = expected.net().parameters(), before = theta.clone();
      int size = theta.length;
      Backpropagation b = new Backpropagation(expected.net(), expected.loss(), expected.penalty(), c.rows());
      b.setStep(7, 0, 0);
      if (!Double.isFinite(b.lossAndGradients(c.rows(), c.x(), 0, c.y(), 0))) continue;
      double[] g = b.gradients();
      double squares = 0;
      for (int i = 0; i < size; i++) squares += choice.isFrozen[i] ? 0 : g[i] * g[i];
      double scale = Math.min(1, clip / Math.sqrt(squares));
      if (scale < 1) clipped++;
      for (int i = 0; i < size; i++) g[i] *= scale;
      optimizer.update(1, optimizer.rate(), size, theta, g, new double[optimizer.slots()][size]);
      new TrainingStep(c.net(), c.loss(), c.penalty(), optimizer, clip, choice.frozen, c.rows()).seed(7)
          .run(c.rows(), c.x(), 0, c.y(), 0);
      for (int i = 0; i < size; i++) {
        double value = choice.isFrozen[i] ? before[i] : theta[i];
        // the norm of size squares has a relative error of (size + 3)·2⁻⁵³, and an update is within 2η of θ
        double bound = choice.isFrozen[i] ? 0 : (size + 20) * 0x1p-52 * (Math.abs(before[i]) + 4 * optimizer.rate());
        assertEquals(value, c.net().parameters()[i], bound, c + " by " + optimizer.name() + ", parameter " + i);
      }
    }
    assertTrue(clipped > 20, clipped + " clipped");
  }

  @Test
  void aResumedRunWithFrozenParametersEndsInTheBitsOfAnUninterruptedOne() {
    double[] x = new double[90], y = new double[60];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.normal(1, 0, i);
    for (int r = 0; r < 30; r++) y[2 * r + (x[3 * r] > 0 ? 1 : 0)] = 1;
    Dataset data = Dataset.regression(3, x, 2, y);
    FrozenParameters frozen = FrozenParameters.biases(0).and(FrozenParameters.weights(1));
    List<Snapshot> states = new ArrayList<>();
    Network whole = network(), resumed = network();
    double[] initial = whole.bias(0);
    double[][] weights = whole.weights(1);
    Trainer.of(whole).optimizer(new Momentum(0.1)).freeze(frozen).clip(0.5).batch(7).checkpoint(s -> {
      if (s.epochs().size() == 2) states.add(copy(s));
    }).fit(data, 5);
    Trainer.of(resumed).optimizer(new Momentum(0.1)).freeze(frozen).clip(0.5).batch(7).resume(states.get(0))
        .fit(data, 5);
    AlgebraSpec.assertBits(whole.parameters(), resumed.parameters());
    AlgebraSpec.assertBits(initial, whole.bias(0));
    for (int i = 0; i < weights.length; i++) AlgebraSpec.assertBits(weights[i], whole.weights(1)[i]);
  }

  private static Network network() {
    return Network.input(3).dense(4, new Tanh()).dense(2, new Softmax()).build(3);
  }

  private static Snapshot copy(Snapshot s) {
    double[][] state = new double[s.optimizerState().length][];
    for (int i = 0; i < state.length; i++) state[i] = s.optimizerState()[i].clone();
    return new Snapshot(s.epochs(), s.stepsOfEpoch(), s.lossOfEpoch(), s.steps(), s.parameters().clone(),
        s.epochParameters().clone(), state, s.bestEpoch(), s.bestParameters());
  }

  /** The derivative in a frozen parameter still is the derivative of the loss, so a check of the network covers it. */
  @Test
  void aGradientCheckCoversFrozenParameters() {
    Network net = network();
    double[] x = {0.5, -1, 2, 1, 0, -0.5}, y = {1, 0, 0, 1};
    TrainingStep step = new TrainingStep(net, new CategoricalCrossEntropy(), Regularization.l2(0.1),
        Optimizers.parse("adam"), Double.POSITIVE_INFINITY, FrozenParameters.layers(0), 2);
    double[][] slopes = step.record(2, x, 0, y, 0).weightGradient(0);
    assertTrue(slopes[0][0] != 0, "recorded, although frozen");
    GradientCheck.Result result =
        GradientCheck.of(net, new CategoricalCrossEntropy()).regularization(Regularization.l2(0.1)).check(2, x, y);
    assertTrue(result.passed(), result.toString());
    assertEquals(net.parameters().length, result.parameters());
  }

  @Test
  void layersThatCannotBeFrozenAreRejected() {
    Network net = Network.input(3).dense(4, new Tanh()).dropout(0.5).dense(2, new Softmax()).build(3);
    assertMessage("the layer at index 1 (dropout 0.5) has no weights and no bias", net, FrozenParameters.biases(1));
    assertMessage("layer at index 3: " + net + " has the indices 0 to 2", net, FrozenParameters.weights(3));
    assertEquals("frozen: expected the index of a layer, ≥ 0, found -1", assertThrows(IllegalArgumentException.class,
        () -> FrozenParameters.layers(0, -1)).getMessage());
  }

  private static void assertMessage(String message, Network net, FrozenParameters frozen) {
    Dataset data = Dataset.regression(3, new double[3], 2, new double[] {1, 0});
    assertEquals(message, assertThrows(IllegalArgumentException.class,
        () -> Trainer.of(net).freeze(frozen).fit(data, 1)).getMessage());
  }

  @Test
  void choicesAreValues() {
    FrozenParameters both = FrozenParameters.weights(0).and(FrozenParameters.biases(0, 2));
    assertEquals("weights {0}, biases {0, 2}", both.toString());
    assertEquals("nothing", FrozenParameters.NONE.toString());
    assertEquals(both, FrozenParameters.layers(0).and(FrozenParameters.biases(2)));
    assertEquals(both.hashCode(), FrozenParameters.layers(0).and(FrozenParameters.biases(2)).hashCode());
    assertFalse(both.equals(FrozenParameters.layers(0)));
    assertFalse(FrozenParameters.layers(0).equals(FrozenParameters.weights(0)));
  }
}
