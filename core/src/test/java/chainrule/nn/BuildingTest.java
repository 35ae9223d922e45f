// SPDX-License-Identifier: MIT
package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Elu;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.Huber;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.Optimizer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Names of activations and losses, and the errors reported while a network is built. */
class BuildingTest {

  @Test
  void everyActivationIsParsedFromItsName() {
    assertEquals(Activations.names().size(), new HashSet<>(Activations.names()).size(), "names are unique");
    for (String name : Activations.names()) {
      Activation a = Activations.parse(name);
      assertEquals(name, a.name());
      assertEquals(a, Activations.parse(a.name()));
    }
    for (Activation a : List.of(new LeakyRelu(0.2), new LeakyRelu(0), new Elu(1.5), new Elu(1e-3), new Elu(1))) {
      assertEquals(a, Activations.parse(a.name()), a.name());
    }
  }

  @Test
  void registeredActivationsAreParsedAndNamesAreUnique() {
    Activation swish = new Swish(1), other = new Swish(2);
    assertFalse(Activations.isKnown("building-test-swish"));
    Activations.register(swish);
    Activations.register(swish);
    assertTrue(Activations.isKnown("building-test-swish"));
    assertSame(swish, Activations.parse("building-test-swish"));
    assertEquals("building-test-swish has no parameter, found '2'",
        refusal(() -> Activations.parse("building-test-swish:2")));
    assertTrue(refusal(() -> Activations.parse("swich")).contains(", building-test-swish"));
    assertFalse(Activations.names().contains("building-test-swish"));
    assertEquals("another activation is registered as 'building-test-swish'; choose another name",
        refusal(() -> Activations.register(other)));
    assertEquals("the activation 'relu' is built in; choose another name",
        refusal(() -> Activations.register("relu", LeakyRelu::new)));
    for (String bad : new String[] {"", "a:b", "a,b", "a b", "a\n"}) {
      assertEquals("activation name: expected letters, digits, '-' and '_', found '" + bad + "'",
          refusal(() -> Activations.register(bad, Elu::new)));
    }
    Activations.register("building-test-slope", LeakyRelu::new);
    assertEquals(new LeakyRelu(0.5), Activations.parse("building-test-slope:0.5"));
    assertEquals("building-test-slope: expected a parameter, as in building-test-slope:1",
        refusal(() -> Activations.parse("building-test-slope")));
    assertEquals("another activation is registered as 'building-test-slope'; choose another name",
        refusal(() -> Activations.register("building-test-slope", Elu::new)));
  }

  private record Swish(double beta) implements Elementwise {
    @Override public String name() {
      return "building-test-swish";
    }

    @Override public double value(double z) {
      return z / (1 + Math.exp(-beta * z));
    }

    @Override public double derivative(double z, double a) {
      return 0;
    }
  }

  @Test
  void thereAreElevenActivationsAndAnEmptyNameIsRejected() {
    assertEquals(List.of(
        "linear", "relu", "leaky-relu", "sigmoid", "tanh", "softmax", "step", "elu", "gelu", "silu", "softplus"),
        Activations.names());
    assertTrue(refusal(() -> Activations.parse(":0.5")).startsWith("no activation ''; expected one of "));
  }

  @Test
  void rectifiersDefaultToHeInitializationAndOthersToXavier() {
    Set<String> rectifiers = Set.of("relu", "leaky-relu", "elu", "gelu", "silu", "softplus");
    for (String name : Activations.names()) {
      Activation a = Activations.parse(name);
      Initialization expected = rectifiers.contains(name) ? Initialization.HE_NORMAL : Initialization.XAVIER_UNIFORM;
      assertArrayEquals(Network.input(3).dense(4, a, expected).build(7).parameters(),
          Network.input(3).dense(4, a).build(7).parameters(), name);
    }
  }

  /** The others overwrite z with a, which halves the memory of a layer. */
  @Test
  void onlyActivationsWhoseDerivativeNeedsZKeepZ() {
    Set<String> keep = Set.of("elu", "gelu", "silu", "softplus");
    for (String name : Activations.names()) {
      assertEquals(keep.contains(name), Activations.parse(name).needsInput(), name);
    }
  }

  @Test
  void onlyActivationsBetweenZeroAndOneGiveProbabilities() {
    Set<String> probabilities = Set.of("sigmoid", "softmax", "step");
    for (String name : Activations.names()) {
      assertEquals(probabilities.contains(name), Activations.parse(name).givesProbabilities(), name);
    }
  }

  @Test
  void huberRequiresAFinitePositiveDelta() {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals("huber: expected a finite delta > 0, found " + bad, refusal(() -> new Huber(bad, Reduction.MEAN)));
    }
    assertEquals(Double.MAX_VALUE, new Huber(Double.MAX_VALUE, Reduction.MEAN).delta());
  }

  @Test
  void aCustomOptimizerThatDoesNothingLeavesTheParametersUnchanged() {
    record Idle() implements Optimizer {
      @Override public String name() {
        return "idle";
      }

      @Override public double rate() {
        return 1;
      }

      @Override public Optimizer withRate(double rate) {
        return this;
      }

      @Override public int slots() {
        return 0;
      }

      @Override public void update(
          long t, double rate, int from, int to, double[] theta, double[] g, double[][] state) {}
    }
    Network net = Network.input(2).dense(1, new Linear()).build(1);
    double[] before = net.parameters().clone();
    TrainingStep step = new TrainingStep(net, new MeanSquaredError(), Regularization.NONE, new Idle(), 1);
    step.run(1, new double[] {1, 2}, 0, new double[] {3}, 0);
    assertArrayEquals(before, net.parameters());
    assertEquals(1, step.steps());
  }

  @Test
  void everyLossIsFoundByItsName() {
    assertEquals(Losses.names().size(), new HashSet<>(Losses.names()).size(), "names are unique");
    for (String name : Losses.names()) {
      Loss loss = Losses.named(name).get();
      assertEquals(name, loss.name());
    }
    assertEquals(18, Losses.names().size());
    assertEquals(Optional.empty(), Losses.named("mes"));
    assertEquals(Optional.empty(), Losses.named(""));
  }

  @Test
  void unknownActivationsAndInvalidParametersAreRejected() {
    assertTrue(refusal(() -> Activations.parse("rulu"))
        .startsWith("no activation 'rulu'; expected one of linear, relu, leaky-relu,"));
    assertTrue(refusal(() -> Activations.parse("")).startsWith("no activation ''; expected one of "));
    assertTrue(refusal(() -> Activations.parse("Relu")).startsWith("no activation 'Relu'; expected one of "));
    assertEquals("tanh has no parameter, found '0.5'", refusal(() -> Activations.parse("tanh:0.5")));
    assertEquals("tanh has no parameter, found ''", refusal(() -> Activations.parse("tanh:")));
    assertEquals("elu: expected a number, found 'x'", refusal(() -> Activations.parse("elu:x")));
    assertEquals("elu: expected a number, found ''", refusal(() -> Activations.parse("elu:")));
    assertEquals("elu: expected a finite alpha > 0, found 0.0", refusal(() -> Activations.parse("elu:0")));
    assertEquals("elu: expected a finite alpha > 0, found NaN", refusal(() -> Activations.parse("elu:NaN")));
    assertEquals("elu: expected a finite alpha > 0, found Infinity", refusal(() -> new Elu(Double.POSITIVE_INFINITY)));
    assertEquals("leaky-relu: expected a finite slope ≥ 0, found -1.0",
        refusal(() -> Activations.parse("leaky-relu:-1")));
    assertEquals("leaky-relu: expected a finite slope ≥ 0, found NaN", refusal(() -> new LeakyRelu(Double.NaN)));
  }

  @Test
  void dropoutRatesAreAtLeastZeroAndBelowOneAndDropoutIsNeverTheLastLayer() {
    for (double rate : new double[] {1, -0.1, 2, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals("dropout: expected a rate with 0 ≤ rate < 1, found " + rate,
          refusal(() -> Network.input(3).dropout(rate)));
    }
    assertEquals("3 → dropout 0.0 → 1 linear",
        Network.input(3).dropout(0).dense(1, new Linear()).build(1).toString());
    assertEquals("dropout is the last layer, where it would drop outputs: add a dense layer after it",
        assertThrows(IllegalStateException.class, () -> Network.input(3).dense(2, new Relu()).dropout(0.5).build(1))
            .getMessage());
  }

  @Test
  void anActivationLayerHasTheWidthOfThePreviousLayer() {
    Network net = Network.input(3).activation(new Tanh()).dense(2, new Relu()).activation(new Elu()).build(1);
    assertEquals("3 → tanh → 2 relu → elu", net.toString());
    assertEquals(2, net.outputs());
    assertEquals(8, net.parameters().length);
    assertThrows(NullPointerException.class, () -> Network.input(3).activation(null));
  }

  @Test
  void layersAreConsecutiveRangesOfTheParameters() {
    Network net = Network.input(3).dropout(0.1).dense(4, new Relu()).activation(new Tanh()).dropout(0.2)
        .dense(2, new Linear()).build(1);
    int next = 0;
    for (Layer layer : net.layers()) {
      if (layer.parameters() == 0) continue;
      assertEquals(next, layer.offset());
      assertEquals(layer.inputs() * layer.outputs(), layer.weights());
      assertEquals(layer.weights() + layer.outputs(), layer.parameters());
      next += layer.parameters();
    }
    assertEquals(next, net.parameters().length);
    assertEquals(3 * 4 + 4 + 4 * 2 + 2, next);
  }

  @Test
  void parametersThatExceedAnArrayAreRejectedBeforeAnyAllocation() {
    int most = Integer.MAX_VALUE - 8;
    Network.input(most - 1).dense(1, new Linear());
    String reason = " weights make more parameters than one array holds (2147483639)";
    assertEquals("layer 1 (dense): 2147483639 × 1" + reason, refusal(() -> Network.input(most).dense(1, new Linear())));
    assertEquals("layer 1 (dense): 1 × 1073741824" + reason,
        refusal(() -> Network.input(1).dense(1 << 30, new Linear())));
    Network.Builder half = Network.input(1).dense(1 << 29, new Linear());
    assertEquals("layer 2 (dense): 536870912 × 2" + reason, refusal(() -> half.dense(2, new Linear())));
    half.dense(1, new Linear());
    assertEquals("input: expected ≥ 1 units, found 0", refusal(() -> Network.input(0)));
  }

  @Test
  void penaltiesMustBeFiniteAndNonNegative() {
    for (double bad : new double[] {-1, -1e-300, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals("l1: expected a finite number ≥ 0, found " + bad, refusal(() -> Regularization.l1(bad)));
      assertEquals("l2: expected a finite number ≥ 0, found " + bad, refusal(() -> Regularization.l2(bad)));
    }
    assertEquals(Regularization.NONE, Regularization.l1l2(0, 0));
    assertEquals(Regularization.l1l2(0.5, 0), Regularization.l1(0.5));
    assertEquals(Regularization.l1l2(0, 0.5), Regularization.l2(0.5));
    assertNotEquals(Regularization.l2(0.5), Regularization.l2(0.5).withBiases());
    assertNotEquals(Regularization.l1(0.5), Regularization.l2(0.5));
    assertEquals("l1 0.5, l2 0.25, biases included", Regularization.l1l2(0.5, 0.25).withBiases().toString());
  }

  private static String refusal(Executable action) {
    return assertThrows(IllegalArgumentException.class, action).getMessage();
  }
}
