// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.check.GradientCheck;
import chainrule.check.GradientCheck.Finding;
import chainrule.check.GradientCheck.Verdict;
import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.ElementwiseLoss;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import java.util.List;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * {@link GradientCheck} accepts correct networks, and finds wrong gradients and names their places. Kinks:
 * {@link GradientCheckKinksSpec}.
 */
class GradientCheckSpec {

  // ---------------------------------------------------------------- an example: testing a custom activation

  /** A custom activation, z / (1 + |z|): a name and two formulas. */
  private record Softsign() implements Elementwise {
    @Override public String name() {
      return "softsign";
    }

    @Override public double value(double z) {
      return z / (1 + Math.abs(z));
    }

    @Override public double derivative(double z, double a) {
      return 1 / ((1 + Math.abs(z)) * (1 + Math.abs(z)));
    }
  }

  /** To test a custom activation, put it into a small network and check that network. */
  @Test
  void aSmallNetworkIsEnoughToTestACustomActivation() {
    Network net = Network.input(2).dense(5, new Softsign()).dense(3, new Softsign()).dense(1, new Linear()).build(1);
    double[] x = {0.3, -1, 2, 1, -0.5, 0.25}; // 3 rows of 2
    double[] y = {1, -1, 0.5};

    GradientCheck.Result result = GradientCheck.of(net, new MeanSquaredError()).check(3, x, y);

    assertTrue(result.passed(), result.toString());
  }

  // ---------------------------------------------------------------- correct networks

  /** Thousands of networks were checked once; these are as many as a build has time for. */
  @Test
  void randomCorrectNetworksOfEveryKindPass() {
    LongStream.rangeClosed(1, 700).forEach(seed -> accepted(RandomCase.of(seed)));
  }

  @Test
  void largeAndSmallParametersRaiseNoFalseAlarms() {
    for (double scale : new double[] {0.1, 10, 1000}) {
      LongStream.rangeClosed(1, 150)
          .forEach(seed -> acceptedUnlessInfinite(RandomCase.of(seed, scale, Kernels.best())));
    }
    // Smooth activations only: at these scales, kinks would be within a millionth of each other.
    for (double scale : new double[] {1e-6, 1e6}) {
      LongStream.rangeClosed(1, 150).forEach(seed -> acceptedUnlessInfinite(RandomCase.smooth(seed, scale)));
    }
  }

  @Test
  void theRandomNetworksContainEveryActivationAndLoss() {
    TreeSet<String> activations = new TreeSet<>(), losses = new TreeSet<>();
    LongStream.rangeClosed(1, 700).forEach(seed -> {
      RandomCase c = RandomCase.of(seed);
      c.net().layers().forEach(layer -> activations.add(layer.activation().name()));
      losses.add(c.loss().name());
    });
    assertTrue(losses.containsAll(Losses.names()), losses.toString());
    activations.add("step"); // cannot be trained
    assertTrue(activations.containsAll(Activations.names()), activations.toString());
  }

  private static void accepted(RandomCase c) {
    double[] before = c.net().parameters().clone(), x = c.x().clone();
    GradientCheck.Result r = c.check();
    assertTrue(r.passed(), () -> c + "\n" + r);
    assertEquals(before.length, r.parameters());
    assertEquals(x.length, r.inputs());
    if (r.worst() != null) assertEquals(Verdict.RIGHT, r.worst().verdict(), r.toString());
    assertSameBits(before, c.net().parameters());
    assertSameBits(x, c.x());
  }

  /** Skips cases whose loss or gradient overflows: they have no gradient to check. */
  private static void acceptedUnlessInfinite(RandomCase c) {
    if (c.isFinite()) accepted(c);
  }

  static void assertSameBits(double[] expected, double[] actual) {
    assertArrayEquals(
        java.util.Arrays.stream(expected).mapToLong(Double::doubleToRawLongBits).toArray(),
        java.util.Arrays.stream(actual).mapToLong(Double::doubleToRawLongBits).toArray(), "must not change");
  }

  // ---------------------------------------------------------------- weights of rows

  @Test
  void randomNetworksWithWeightedRowsPass() {
    LongStream.rangeClosed(1, 200).forEach(seed -> {
      RandomCase c = RandomCase.of(seed);
      double[] w = WeightedLossSpec.weights(c.rows(), seed), before = w.clone();
      GradientCheck.Result r = GradientCheck.of(c.net(), c.loss()).regularization(c.penalty()).seed(c.seed())
          .check(c.rows(), c.x(), c.y(), w);
      assertTrue(r.passed(), () -> c + "\n" + r);
      assertSameBits(before, w);
    });
  }

  /** The squared error, whose gradient ignores weights. */
  private record GradientWithoutWeights() implements ElementwiseLoss {
    @Override public String name() {
      return "wrong";
    }

    @Override public Reduction reduction() {
      return Reduction.SUM;
    }

    @Override public double value(double yhat, double y) {
      return (yhat - y) * (yhat - y);
    }

    @Override public double derivative(double yhat, double y) {
      return 2 * (yhat - y);
    }

    @Override public double weightedSumAndGradient(Kernels kernels, int rows, int cols, double[] yhat, double[] y,
        int yo, double[] w, int wo, double factor, double[] g) {
      gradient(kernels, rows, cols, yhat, y, yo, factor, g);
      return weightedSum(kernels, rows, cols, yhat, y, yo, w, wo, g.clone());
    }
  }

  @Test
  void aGradientWithoutTheWeightsOfTheLossIsWrong() {
    Network net = Network.input(2).dense(3, new Tanh()).dense(1, new Linear()).build(1);
    double[] x = {0.3, -1, 2, 1, -0.5, 0.25}, y = {1, -1, 0.5};
    GradientCheck check = GradientCheck.of(net, new GradientWithoutWeights());
    assertTrue(check.check(3, x, y, new double[] {1, 1, 1}).passed());
    assertFalse(check.check(3, x, y, new double[] {1, 2, 1}).passed());
    assertEquals("weights: expected 3 rows of 1 numbers, found 2 numbers", assertThrows(IllegalArgumentException.class,
        () -> check.check(3, x, y, new double[2])).getMessage());
    assertThrows(IllegalArgumentException.class, () -> check.check(3, x, y, new double[] {1, -1, 1}));
  }

  @Test
  void aDeepNetworkPasses() {
    Network.Builder b = Network.input(3);
    for (int l = 0; l < 25; l++) b.dense(4, l % 2 == 0 ? new Tanh() : new LeakyRelu(0.2));
    GradientCheck.Result r = GradientCheck.of(b.dense(2, new Softmax()).build(5), Losses.named("cce").get())
        .check(2, new double[] {0.5, -1, 2, 1, 0.25, -0.75}, new double[] {1, 0, 0, 1});
    assertTrue(r.passed(), r.toString());
  }

  @Test
  void binaryCrossEntropyOnASoftmaxPassesWhereTheLossIsAccurate() {
    Network net = Network.input(3).dense(4, new Tanh()).dense(3, new Softmax()).build(2);
    GradientCheck.Result r = GradientCheck.of(net, new BinaryCrossEntropy())
        .check(2, new double[] {0.5, -1, 2, 1, 0.25, -0.75}, new double[] {1, 0, 0, 0.25, 0.5, 0.25});
    assertTrue(r.passed(), r.toString());
  }

  @Test
  void aPlaceIsARowAndAColumnForInputsAndALayerForParameters() {
    Network net = Network.input(2).activation(new Linear()).dense(2, new Relu()).dropout(0).dense(1, new Linear())
        .build(1);
    System.arraycopy(new double[] {1, 3, 2, 4, -8, 1, 1, 1, 5}, 0, net.parameters(), 0, 9);
    GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError())
        .check(3, new double[] {1, 0, 1, 1, 2, 3}, new double[] {1, 1, 1}); // row 2, unit 0: 2·1 + 3·2 − 8 = 0
    assertEquals(List.of("layer 2 (2 relu), weight [0,0]", "layer 2 (2 relu), weight [1,0]",
        "layer 2 (2 relu), bias [0]", "input [2,0]", "input [2,1]"),
        r.kinks().stream().map(Finding::place).toList(), r.toString());
    GradientCheck.Result w = GradientCheck.of(net, new SquaredErrorWithSlope(0.5)).check(1, new double[] {1, 2},
        new double[] {0});
    assertTrue(w.wrong().stream().map(Finding::place).toList()
        .containsAll(List.of("layer 4 (1 linear), weight [1,0]", "layer 4 (1 linear), bias [0]")), w.toString());
  }

  /** A network of one unit with one input: z = w·x + b. */
  static Network unit(Activation phi, double w, double b) {
    Network net = Network.input(1).dense(1, phi).build(1);
    System.arraycopy(new double[] {w, b}, 0, net.parameters(), 0, 2);
    return net;
  }

  @Test
  void aNonFiniteGradientIsWrongAndItsFiniteDifferenceIsShown() {
    for (double factor : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      GradientCheck.Result r = GradientCheck.of(unit(new TanhTimes(factor), 1, -2), new MeanSquaredError())
          .check(1, new double[] {2.5}, new double[] {3});
      assertEquals(3, r.wrong().size(), r.toString());
      double a = Math.tanh(0.5), slope = 2 * (a - 3) * (1 - a * a); // ∂L/∂z, and so ∂L/∂b
      Finding bias = r.wrong().stream().filter(f -> f.place().endsWith("bias [0]")).findAny().orElseThrow();
      assertEquals(slope, bias.difference(), 1e-7 * Math.abs(slope));
      assertEquals(Double.POSITIVE_INFINITY, bias.error());
      assertFalse(Double.isFinite(bias.gradient()));
    }
  }

  @Test
  void theFirstTenWrongGradientsAreListedAndTheOthersAreCounted() {
    for (int inputs : new int[] {3, 4}) { // 9 and 11 wrong gradients
      Network net = Network.input(inputs).dense(1, new Tanh()).dense(1, new Linear()).build(4);
      GradientCheck.Result r = GradientCheck.of(net, new SquaredErrorWithSlope(-1))
          .check(1, java.util.Arrays.copyOf(new double[] {0.25, 0.5, -0.5, 0.75}, inputs), new double[] {1});
      int wrong = 2 * inputs + 3;
      assertEquals(wrong, r.wrong().size(), r.toString());
      String[] lines = r.toString().split("\n");
      assertEquals(
          wrong + " gradients WRONG: " + (inputs + 3) + " parameters and " + inputs + " inputs checked", lines[0]);
      assertTrue(lines[1].startsWith("worst layer ") || lines[1].startsWith("worst input "), lines[1]);
      for (int i = 2; i < 2 + Math.min(10, wrong); i++) {
        String pattern = "wrong .+: gradient -?[0-9.e-]+, differences -?[0-9.e-]+, relative error 2.0e\\+00";
        assertTrue(lines[i].matches(pattern), lines[i]);
      }
      assertEquals(wrong > 10 ? 13 : 11, lines.length, r.toString());
      if (wrong > 10) assertEquals("and 1 more", lines[12]);
    }
  }

  @Test
  void aBatchWithoutRowsPassesWithPenalties() {
    Network net = Network.input(2).dense(3, new Tanh()).dense(1, new Linear()).build(3);
    GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).regularization(Regularization.l1l2(0.1, 0.2))
        .check(0, new double[0], new double[0]);
    assertTrue(r.passed() && r.kinks().isEmpty(), r.toString());
    assertEquals(0, r.inputs());
  }

  // ---------------------------------------------------------------- wrong gradients

  /** tanh with its derivative multiplied by a factor: −1 flips the sign, 0 removes the derivative. */
  private record TanhTimes(double factor) implements Elementwise {
    @Override public String name() {
      return "tanh-times";
    }

    @Override public double value(double z) {
      return new Tanh().value(z);
    }

    @Override public double derivative(double z, double a) {
      return factor * (1 - a * a);
    }
  }

  @Test
  void aDerivativeOffByAFactorMakesEveryGradientThatDependsOnItWrong() {
    double[] x = {0.3, -1, 2, 1}, y = {1, -1};
    for (double factor : new double[] {-1, 1.001, 0.999, 1.00001, 0}) {
      Network net = Network.input(2).dense(3, new TanhTimes(factor)).dense(1, new Linear()).build(4);
      GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).check(2, x, y);
      assertEquals(2 * 3 + 3 + 4, r.wrong().size(), factor + ": " + r); // weights and biases of layer 1, 4 inputs
      assertTrue(r.wrong().stream().noneMatch(f -> f.place().startsWith("layer 2")), r.toString());
      double expected = Math.abs(1 - factor) / Math.max(1, Math.abs(factor));
      for (Finding f : r.wrong()) {
        assertEquals(expected, f.error(), 1e-6 * expected + 1e-9, f.toString());
        assertEquals(f.gradient(), factor * f.difference(), 1e-7 * Math.abs(f.difference()), f.toString());
      }
    }
  }

  @Test
  void theToleranceIsTheLargestRelativeErrorAccepted() {
    Network net = Network.input(2).dense(3, new TanhTimes(1.001)).dense(1, new Linear()).build(4);
    GradientCheck check = GradientCheck.of(net, new MeanSquaredError());
    assertFalse(check.tolerance(1e-4).check(1, new double[] {1, 2}, new double[] {1}).passed());
    assertTrue(check.tolerance(2e-3).check(1, new double[] {1, 2}, new double[] {1}).passed());
    assertThrows(IllegalArgumentException.class, () -> check.tolerance(0));
    assertThrows(IllegalArgumentException.class, () -> check.tolerance(1));
    assertThrows(IllegalArgumentException.class, () -> check.tolerance(Double.NaN));
  }

  /** An error in a tiny gradient of a large loss is detected unless the rounding of the loss hides it. */
  @Test
  void aFlippedSignIsDetectedInGradientsABillionTimesSmallerThanTheLoss() {
    Network net = Network.input(1).dense(1, new TanhTimes(-1)).dense(1, new Linear()).build(1);
    System.arraycopy(new double[] {0.5, 0.1, 1e-9, 1}, 0, net.parameters(), 0, 4);
    GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).check(1, new double[] {1}, new double[] {0});
    assertEquals(3, r.wrong().size(), r.toString());
  }

  /** (ŷ − y)² with a slope other than 2(ŷ − y), such as the −2(ŷ − y) that document 003 prints. */
  record SquaredErrorWithSlope(DoubleUnaryOperator slope) implements chainrule.nn.loss.ElementwiseLoss {
    SquaredErrorWithSlope(double factor) {
      this(e -> factor * 2 * e);
    }

    @Override public String name() {
      return "squared-error-with-slope";
    }

    @Override public Reduction reduction() {
      return Reduction.MEAN;
    }

    @Override public double value(double yhat, double y) {
      return (yhat - y) * (yhat - y);
    }

    @Override public double derivative(double yhat, double y) {
      return slope.applyAsDouble(yhat - y);
    }
  }

  @Test
  void aLossWithAWrongGradientMakesEveryGradientWrong() {
    double[] x = {0.3, -1, 2, 1}, y = {1, -1};
    for (double factor : new double[] {-1, 1.001, 0.5, 0}) {
      Network net = Network.input(2).dense(3, new Sigmoid()).dense(1, new Linear()).build(4);
      GradientCheck.Result r = GradientCheck.of(net, new SquaredErrorWithSlope(factor)).check(2, x, y);
      assertEquals(r.parameters() + r.inputs(), r.wrong().size(), r.toString());
      assertTrue(r.toString().startsWith(r.wrong().size() + " gradients WRONG"), r.toString());
    }
  }

  /** Declares that its derivative does not need z, but reads z: by then, the array holds a. */
  private record ReadsUnavailableInput() implements Elementwise {
    @Override public String name() {
      return "reads-unavailable-input";
    }

    @Override public double value(double z) {
      return z / (1 + Math.abs(z));
    }

    @Override public double derivative(double z, double a) {
      return 1 / ((1 + Math.abs(z)) * (1 + Math.abs(z)));
    }

    @Override public boolean needsInput() {
      return false;
    }
  }

  @Test
  void aDerivativeThatReadsZWithoutDeclaringItIsWrong() {
    Network net = Network.input(2).dense(3, new ReadsUnavailableInput()).dense(1, new Linear()).build(4);
    assertFalse(GradientCheck.of(net, new MeanSquaredError()).check(1, new double[] {1, 2}, new double[] {1}).passed());
  }

  // ---------------------------------------------------------------- places, non-finite numbers, errors

  /** tanh whose derivative is wrong at a single z. */
  record TanhWrongAt(double wrong) implements Elementwise {
    @Override public String name() {
      return "tanh-wrong-at";
    }

    @Override public double value(double z) {
      return new Tanh().value(z);
    }

    @Override public double derivative(double z, double a) {
      return z == wrong ? -1 : 1 - a * a;
    }
  }

  @Test
  void wrongGradientsAreListedByDecreasingErrorWithTheirPlaces() {
    // z = (x₀ + 2x₁, 3x₀ − x₁), rows (1, 0) and (0, 1): z = (1, 3) and (2, −1). Wrong at row 1, unit 1.
    Network net = Network.input(2).dropout(0).dense(2, new TanhWrongAt(-1)).dense(1, new Linear()).build(1);
    System.arraycopy(new double[] {1, 3, 2, -1, 0, 0, 0.5, 0.75, 0.1}, 0, net.parameters(), 0, 9);
    GradientCheck.Result r = GradientCheck.of(net, new HalfSquaredError(Reduction.SUM))
        .check(2, new double[] {1, 0, 0, 1}, new double[] {2, 3});
    TreeSet<String> places = new TreeSet<>();
    for (Finding f : r.wrong()) places.add(f.place());
    // x₀ is 0 in row 1, so the gradient of its weight is right.
    assertEquals("[input [1,0], input [1,1], layer 2 (2 tanh-wrong-at), bias [1], "
        + "layer 2 (2 tanh-wrong-at), weight [1,1]]", places.toString());
    assertEquals(r.wrong().get(0), r.worst());
    for (int i = 1; i < r.wrong().size(); i++) assertTrue(r.wrong().get(i - 1).error() >= r.wrong().get(i).error());
  }

  @Test
  void aNonFiniteGradientIsWrongAndListedFirst() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Network net = Network.input(2).dense(3, new TanhTimes(bad)).dense(1, new Linear()).build(4);
      GradientCheck.Result r =
          GradientCheck.of(net, new MeanSquaredError()).check(1, new double[] {1, 2}, new double[] {1});
      assertEquals(11, r.wrong().size(), r.toString());
      assertEquals(Double.POSITIVE_INFINITY, r.worst().error());
      assertEquals(Verdict.WRONG, r.worst().verdict());
    }
  }

  @Test
  void nonFiniteTargetsAreReportedAsWrongWithoutACrash() {
    Network net = Network.input(2).dense(3, new Tanh()).dense(1, new Linear()).build(4);
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e200}) {
      assertFalse(GradientCheck.of(net, new MeanSquaredError())
          .check(1, new double[] {1, 2}, new double[] {bad}).passed(), "y = " + bad);
    }
  }

  /** Throws on its hundredth call, while differences are being computed. */
  private static final class Throws implements Elementwise {
    private int calls;

    @Override public String name() {
      return "throws";
    }

    @Override public double value(double z) {
      if (++calls == 100) throw new IllegalStateException("call 100");
      return z;
    }

    @Override public double derivative(double z, double a) {
      return 1;
    }
  }

  @Test
  void parametersAreRestoredWhenAnActivationThrows() {
    Network net = Network.input(2).dense(3, new Throws()).dense(1, new Linear()).build(4);
    double[] before = net.parameters().clone();
    assertThrows(IllegalStateException.class,
        () -> GradientCheck.of(net, new MeanSquaredError()).check(1, new double[] {1, 2}, new double[] {1}));
    assertSameBits(before, net.parameters());
  }

  @Test
  void arraysOfTheWrongSizeAreRejectedByName() {
    Network net = Network.input(2).dense(1, new Linear()).build(4);
    Loss mse = new MeanSquaredError();
    assertEquals("x: expected 2 rows of 2 numbers, found 3 numbers", assertThrows(IllegalArgumentException.class,
        () -> GradientCheck.of(net, mse).check(2, new double[3], new double[2])).getMessage());
    assertEquals("y: expected 2 rows of 1 numbers, found 4 numbers", assertThrows(IllegalArgumentException.class,
        () -> GradientCheck.of(net, mse).check(2, new double[4], new double[4])).getMessage());
  }
}
