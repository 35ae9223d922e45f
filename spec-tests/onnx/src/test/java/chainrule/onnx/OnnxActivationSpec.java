// SPDX-License-Identifier: MIT
package chainrule.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Gelu;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every activation in ONNX Runtime against Chainrule's implementation. */
class OnnxActivationSpec {
  /** Ordinary and extreme numbers, kinks, NaN, and points near which e^z, 1 + e^z and Φ reach their limits. */
  private static final double[] EDGES = {0, 5e-324, 1e-308, 1e-300, 1e-200, 1e-100, 1e-30, 1e-17, 1e-16, 2.3e-16, 1e-10,
      1e-8, 1e-5, 1e-3, 0.0625, 0.1, 0.5, 0.6931471805599453, 1, 2, 5, 10, 18.7, 20, 36.7, 37, 37.5, 38, 38.6, 40, 41,
      100, 600, 700, 708, 709.7, 710, 745, 746, 800, 1e5, 1e100, 1e300, Double.MAX_VALUE, Double.POSITIVE_INFINITY,
      Double.NaN};

  static Stream<Activation> everyActivation() {
    List<String> specs = new ArrayList<>(Activations.names());
    specs.addAll(List.of("leaky-relu:0.3", "leaky-relu:0.0", "leaky-relu:2.5", "elu:0.5", "elu:3.0"));
    return specs.stream().map(Activations::parse);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everyActivation")
  void everyActivationAloneHasChainrulesValuesOverTheWholeRange(Activation a) {
    SplittableRandom random = new SplittableRandom(1);
    double[] z = new double[2 * EDGES.length + 200_000];
    for (int i = 0; i < EDGES.length; i++) {
      z[2 * i] = EDGES[i];
      z[2 * i + 1] = -EDGES[i];
    }
    for (int i = 2 * EDGES.length; i < z.length; i++) { // log-uniform from 1e-8 to 1e3, both signs
      z[i] = Math.pow(10, random.nextDouble(-8, 3)) * (random.nextBoolean() ? 1 : -1);
    }
    Network net = Network.input(1).activation(a).build(1);
    Differences differences = new Differences(a.name() + " alone");
    compare(differences, net, z, z.length);
    differences.report();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everyActivation")
  void everyActivationInAHiddenLayerGivesChainrulesPredictions(Activation a) {
    Differences differences = new Differences(a.name() + " hidden");
    for (double scale : new double[] {1, 40, 800, 1e-300}) {
      for (int rows : new int[] {1, 100}) {
        SplittableRandom random = new SplittableRandom(rows);
        Network net = Network.input(7).dense(13, a).dropout(0.5).dense(5, a).dense(3, new Linear()).build(2);
        perturb(net, random);
        compare(differences, net, numbers(rows * 7, scale, random), rows);
      }
    }
    differences.report();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everyActivation")
  void everyActivationInTheOutputLayerGivesChainrulesPredictions(Activation a) {
    Differences differences = new Differences(a.name() + " output");
    for (double scale : new double[] {1, 40, 800, 1e-300}) {
      for (int rows : new int[] {1, 100}) {
        SplittableRandom random = new SplittableRandom(rows);
        Network net = Network.input(6).activation(a).dense(4, a).build(3);
        perturb(net, random);
        compare(differences, net, numbers(rows * 6, scale, random), rows);
      }
    }
    differences.report();
  }

  @Test void aMissingNumberIsFilledInAndLeavesTheOtherRowsAlone() {
    everyActivation().forEach(a -> {
      Network net = Network.input(2).dense(3, a).dense(2, a).build(1);
      double[] x = {1, 2, Double.NaN, 1, 0.5, -3};
      compare(new Differences(a.name() + " with a missing number"), net, x, 3);
    });
  }

  @Test void everyActivationIsCovered() {
    assertEquals(11, Activations.names().size(), "a new activation needs an export and a bound");
  }

  @Test void theBoundRejectsSinglePrecisionAndCancellation() {
    for (double z : new double[] {-3, -0.7, 0.3, 5}) {
      Network net = Network.input(1).activation(new Gelu()).build(1);
      double right = net.predict(new double[] {z})[0], bound = RoundingBounds.bound(net, new double[] {z}, 0)[0];
      assertTrue(Math.abs((float) right - right) > bound, "gelu in single precision at " + z);
    }
    Network sigmoid = Network.input(1).activation(new Sigmoid()).build(1);
    double z = -20, right = sigmoid.predict(new double[] {z})[0], lost = 1 - 1 / (1 + Math.exp(z));
    double bound = RoundingBounds.bound(sigmoid, new double[] {z}, 0)[0];
    assertTrue(Math.abs(lost - right) > bound, "1 − 1/(1 + e^z) at " + z);
  }

  /** Changes every parameter at random, so that biases are not 0. */
  static void perturb(Network net, SplittableRandom random) {
    double[] theta = net.parameters();
    for (int i = 0; i < theta.length; i++) theta[i] += random.nextDouble(-0.3, 0.3);
  }

  private static double[] numbers(int n, double scale, SplittableRandom random) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) x[i] = scale * (i % 9 == 8 ? 0 : i % 7 == 6 ? -1 : random.nextGaussian());
    return x;
  }

  private static void compare(Differences differences, Network net, double[] x, int rows) {
    Model model = new Model(net, Encoding.plain(net.inputs(), net.outputs()), Map.of());
    double[] encoded = Arrays.stream(x).map(v -> Double.isNaN(v) ? 0 : v).toArray(); // NaN is missing: the median, 0
    double[] expected = net.predict(encoded);
    try (OnnxRuntimeModel exported = new OnnxRuntimeModel(model)) {
      double[] actual = exported.run(rows, x).numbers("y");
      assertEquals(expected.length, actual.length);
      for (int i = 0; i < rows; i++) {
        double[] bound = RoundingBounds.bound(net, encoded, i);
        String place = net.inputs() == 1 ? "z = " + x[i] : "row " + i;
        differences.compareRow(net.outputs(), expected, actual, i * net.outputs(), bound, place);
      }
    }
  }
}
