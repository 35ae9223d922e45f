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
import chainrule.nn.Initialization;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Elu;
import chainrule.nn.activation.Gelu;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Softplus;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import java.util.List;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** {@link GradientCheck} says right of what is right, kink of kinks, wrong of what is wrong, and where. */
class GradientCheckSpec {

  // ---------------------------------------------------------------- an example, for activations of one's own

  /** An activation of one's own: x / (1 + |x|). Its name and two formulas are all there is to write … */
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

  /** … and this is all there is to do to prove it: put it into a small network and check that. */
  @Test
  void anActivationOfOnesOwnIsProvedByCheckingASmallNetworkOfIt() {
    Network net = Network.input(2).dense(5, new Softsign()).dense(3, new Softsign()).dense(1, new Linear()).build(1);
    double[] x = {0.3, -1, 2, 1, -0.5, 0.25}; // 3 rows of 2
    double[] y = {1, -1, 0.5};

    GradientCheck.Result result = GradientCheck.of(net, new MeanSquaredError()).check(3, x, y);

    assertTrue(result.passed(), result.toString());
  }

  // ---------------------------------------------------------------- what is right

  /** Some thousands of networks were looked at; these are what time allows here. */
  @Test
  void noRightNetworkOfAnyKindIsCalledWrong() {
    LongStream.rangeClosed(1, 700).forEach(seed -> accepted(RandomCase.of(seed)));
  }

  @Test
  void largeAndSmallParametersAreJudgedWithoutFalseAlarms() {
    for (double scale : new double[] {0.1, 10, 1000}) {
      LongStream.rangeClosed(1, 150).forEach(seed -> acceptedUnlessInfinite(RandomCase.of(seed, scale, Kernels.best())));
    }
    // Without kinks, which would then stand within a millionth of each other.
    for (double scale : new double[] {1e-6, 1e6}) {
      LongStream.rangeClosed(1, 150).forEach(seed -> acceptedUnlessInfinite(RandomCase.smooth(seed, scale)));
    }
  }

  @Test
  void everyActivationAndEveryLossHasBeenAmongThem() {
    TreeSet<String> activations = new TreeSet<>(), losses = new TreeSet<>();
    LongStream.rangeClosed(1, 700).forEach(seed -> {
      RandomCase c = RandomCase.of(seed);
      c.net().layers().forEach(layer -> activations.add(layer.activation().name()));
      losses.add(c.loss().name());
    });
    assertTrue(losses.containsAll(Losses.names()), losses.toString());
    activations.add("step"); // which cannot be trained
    assertTrue(activations.containsAll(Activations.names()), activations.toString());
  }

  private static void accepted(RandomCase c) {
    double[] before = c.net().parameters().clone(), x = c.x().clone();
    GradientCheck.Result r = c.check();
    assertTrue(r.passed(), () -> c + "\n" + r);
    assertEquals(before.length, r.parameters());
    assertEquals(x.length, r.inputs());
    if (r.worst() != null) assertEquals(Verdict.RIGHT, r.worst().verdict(), r.toString());
    assertBits(before, c.net().parameters());
    assertBits(x, c.x());
  }

  /** A loss that is infinite or beyond doubles has no gradient to be right about. */
  private static void acceptedUnlessInfinite(RandomCase c) {
    if (c.isFinite()) accepted(c);
  }

  private static void assertBits(double[] expected, double[] actual) {
    assertArrayEquals(
        java.util.Arrays.stream(expected).mapToLong(Double::doubleToRawLongBits).toArray(),
        java.util.Arrays.stream(actual).mapToLong(Double::doubleToRawLongBits).toArray(), "left as it was, to the bit");
  }

  @Test
  void aDeepNetworkIsJudgedRight() {
    Network.Builder b = Network.input(3);
    for (int l = 0; l < 25; l++) b.dense(4, l % 2 == 0 ? new Tanh() : new LeakyRelu(0.2));
    GradientCheck.Result r = GradientCheck.of(b.dense(2, new Softmax()).build(5), Losses.named("cce").get())
        .check(2, new double[] {0.5, -1, 2, 1, 0.25, -0.75}, new double[] {1, 0, 0, 1});
    assertTrue(r.passed(), r.toString());
  }

  @Test
  void aLossThatStandsUnfusedOnASoftmaxIsJudgedRightWhereItHasItsDigits() {
    Network net = Network.input(3).dense(4, new Tanh()).dense(3, new Softmax()).build(2);
    GradientCheck.Result r = GradientCheck.of(net, new BinaryCrossEntropy())
        .check(2, new double[] {0.5, -1, 2, 1, 0.25, -0.75}, new double[] {1, 0, 0, 0.25, 0.5, 0.25});
    assertTrue(r.passed(), r.toString());
  }

  // ---------------------------------------------------------------- kinks

  /** One input, one unit, one weight: z = w·x + b with w = 1. */
  private static Network unit(Activation phi, double w, double b) {
    Network net = Network.input(1).dense(1, phi).build(1);
    System.arraycopy(new double[] {w, b}, 0, net.parameters(), 0, 2);
    return net;
  }

  @Test
  void aReluAtZeroIsAKinkInWeightBiasAndInput() {
    for (Activation phi : new Activation[] {new Relu(), new LeakyRelu(), Activations.parse("elu:1.5")}) {
      GradientCheck.Result r = GradientCheck.of(unit(phi, 1, -2), new MeanSquaredError())
          .check(1, new double[] {2}, new double[] {3});
      assertTrue(r.passed(), r.toString());
      assertEquals(3, r.kinks().size(), r.toString());
      assertEquals("layer 1 (1 " + phi.name() + "), weight [0,0]", r.kinks().get(0).place());
      assertEquals("layer 1 (1 " + phi.name() + "), bias [0]", r.kinks().get(1).place());
      assertEquals("input [0,0]", r.kinks().get(2).place());
      assertTrue(r.toString().contains("3 of them at a kink"), r.toString());
    }
  }

  /** At a kink any slope between the two is a choice; a slope beyond them is an error. */
  @Test
  void atAKinkASlopeBeyondBothSidesIsStillWrong() {
    assertEquals(3, kinksOf(0), "0 is ReLU's own choice");
    assertEquals(3, kinksOf(0.25), "between");
    assertEquals(3, kinksOf(1), "000's choice");
    for (double slope : new double[] {-1, -0.01, 1.01, 2}) assertEquals(-3, kinksOf(slope), "slope " + slope);
  }

  /** How many kinks, or, negative, how many wrong, with this derivative at 0. */
  private static int kinksOf(double slope) {
    GradientCheck.Result r = GradientCheck.of(unit(new ReluWith(slope), 1, -2), new MeanSquaredError())
        .check(1, new double[] {2}, new double[] {3});
    return r.passed() ? r.kinks().size() : -r.wrong().size();
  }

  private record ReluWith(double atZero) implements Elementwise {
    @Override public String name() {
      return "relu-with";
    }

    @Override public double value(double z) {
      return Math.max(0, z);
    }

    @Override public double derivative(double z, double a) {
      return z > 0 ? 1 : z < 0 ? 0 : atZero;
    }
  }

  /** Steps shorter than the distance see no kink, and a slope from the other side is an error. */
  @Test
  void closeToAKinkThereIsNothingToForgive() {
    for (double distance = 0.1; distance > 1e-8; distance /= 3) {
      for (int side = -1; side <= 1; side += 2) {
        Network right = unit(new Relu(), 1, -2 + side * distance), wrong = unit(new Swapped(), 1, -2 + side * distance);
        GradientCheck.Result r = GradientCheck.of(right, new MeanSquaredError()).check(1, new double[] {2}, new double[] {3});
        assertTrue(r.passed() && r.kinks().isEmpty(), distance + ": " + r);
        GradientCheck.Result w = GradientCheck.of(wrong, new MeanSquaredError()).check(1, new double[] {2}, new double[] {3});
        assertEquals(3, w.wrong().size(), distance + ": " + w);
      }
    }
  }

  /** ReLU with the derivative of the wrong branch. */
  private record Swapped() implements Elementwise {
    @Override public String name() {
      return "swapped";
    }

    @Override public double value(double z) {
      return Math.max(0, z);
    }

    @Override public double derivative(double z, double a) {
      return z > 0 ? 0 : 1;
    }
  }

  @Test
  void anInputIsNamedByItsRowAndItsColumnAndAParameterByItsLayer() {
    Network net = Network.input(2).activation(new Linear()).dense(2, new Relu()).dropout(0).dense(1, new Linear()).build(1);
    System.arraycopy(new double[] {1, 3, 2, 4, -8, 1, 1, 1, 5}, 0, net.parameters(), 0, 9);
    GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError())
        .check(3, new double[] {1, 0, 1, 1, 2, 3}, new double[] {1, 1, 1}); // row 2, unit 0: 2·1 + 3·2 − 8 = 0
    assertEquals(List.of("layer 2 (2 relu), weight [0,0]", "layer 2 (2 relu), weight [1,0]", "layer 2 (2 relu), bias [0]",
        "input [2,0]", "input [2,1]"), r.kinks().stream().map(Finding::place).toList(), r.toString());
    GradientCheck.Result w = GradientCheck.of(net, new Misprinted(0.5)).check(1, new double[] {1, 2},
        new double[] {0});
    assertTrue(w.wrong().stream().map(Finding::place).toList()
        .containsAll(List.of("layer 4 (1 linear), weight [1,0]", "layer 4 (1 linear), bias [0]")), w.toString());
  }

  @Test
  void aWeightAtZeroUnderL1IsAKink() {
    Network net = Network.input(2).dense(1, new Tanh(), Initialization.ZEROS).build(1);
    GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).regularization(Regularization.l1(5).withBiases())
        .check(1, new double[] {0.5, -1}, new double[] {1});
    assertTrue(r.passed(), r.toString());
    assertEquals(3, r.kinks().size(), "two weights and a bias: " + r);
  }

  @Test
  void anAbsoluteErrorOfExactlyZeroIsAKink() {
    GradientCheck.Result r = GradientCheck.of(unit(new Linear(), 1, 1), new MeanAbsoluteError())
        .check(1, new double[] {2}, new double[] {3});
    assertTrue(r.passed(), r.toString());
    assertEquals(3, r.kinks().size(), r.toString());
  }

  @Test
  void rowsOfZerosOnFreshBiasesStandAtKinksThroughout() {
    Network net = Network.input(2).dense(3, new Relu()).dense(3, new LeakyRelu()).dense(1, new Linear()).build(3);
    GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).check(2, new double[4], new double[] {1, 2});
    assertTrue(r.passed(), r.toString());
    assertFalse(r.kinks().isEmpty());
    assertTrue(r.kinks().stream().noneMatch(f -> f.place().contains("layer 3")), "the output has no kink: " + r.kinks());
  }

  /**
   * relu(v) − relu(−v) = v: the chain rule makes 0 of a slope of 1, by right choices. A wrong choice is still wrong.
   */
  @Test
  void unitsAtKinksInSeveralLayersAreJudgedOneByOne() {
    for (long seed = 1; seed <= 40; seed++) {
      GradientCheck.Result r = layersOf(new Relu(), seed);
      assertTrue(r.passed(), seed + ": " + r);
      assertFalse(layersOf(new ReluWith(2), seed).passed(), "seed " + seed);
    }
  }

  private static GradientCheck.Result layersOf(Activation phi, long seed) {
    Network net = Network.input(2).dense(4, new Tanh()).dense(4, phi).dense(3, new LeakyRelu()).dense(3, phi)
        .dense(1, new Linear()).build(seed);
    double[] x = {0, 0, 0.5, -1}, before = net.parameters().clone(), rows = x.clone();
    GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).check(2, x, new double[] {1, 2});
    assertBits(before, net.parameters());
    assertBits(rows, x);
    return r;
  }

  /** Units of every kind beside those at kinks: they are judged by themselves, too. */
  @Test
  void unitsOfOtherKindsBesideThoseAtKinksDoNotMatter() {
    for (long seed = 1; seed <= 20; seed++) {
      Network net = Network.input(2).dense(4, new Gelu()).dropout(0.2).dense(4, new Relu()).dense(3, new Softmax())
          .dense(3, new LeakyRelu()).dense(3, new Relu()).dense(3, new Elu()).dense(1, new Softplus()).build(seed);
      GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).seed(seed)
          .check(3, new double[] {0, 0, 0, 0, 0.5, -1}, new double[] {1, 2, 3});
      assertTrue(r.passed(), "seed " + seed + ": " + r);
    }
  }

  @Test
  void aGradientThatIsNoNumberIsWrongAndItsDifferenceIsShown() {
    for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      GradientCheck.Result r = GradientCheck.of(unit(new TanhTimes(none), 1, -2), new MeanSquaredError())
          .check(1, new double[] {2.5}, new double[] {3});
      assertEquals(3, r.wrong().size(), r.toString());
      double a = Math.tanh(0.5), slope = 2 * (a - 3) * (1 - a * a); // by z, and so by the bias
      Finding bias = r.wrong().stream().filter(f -> f.place().endsWith("bias [0]")).findAny().orElseThrow();
      assertEquals(slope, bias.difference(), 1e-7 * Math.abs(slope));
      assertEquals(Double.POSITIVE_INFINITY, bias.error());
      assertFalse(Double.isFinite(bias.gradient()));
    }
  }

  @Test
  void tenWrongGradientsAreShownAndOthersAreCounted() {
    for (int inputs : new int[] {3, 4}) { // parameters and inputs: 2 · inputs + 1, and 3 of the layer behind
      Network net = Network.input(inputs).dense(1, new Tanh()).dense(1, new Linear()).build(4);
      GradientCheck.Result r = GradientCheck.of(net, new Misprinted(-1))
          .check(1, java.util.Arrays.copyOf(new double[] {0.25, 0.5, -0.5, 0.75}, inputs), new double[] {1});
      int wrong = 2 * inputs + 3;
      assertEquals(wrong, r.wrong().size(), r.toString());
      String[] lines = r.toString().split("\n");
      assertEquals(wrong + " gradients WRONG: " + (inputs + 3) + " parameters and " + inputs + " inputs checked", lines[0]);
      assertTrue(lines[1].startsWith("worst layer ") || lines[1].startsWith("worst input "), lines[1]);
      for (int i = 2; i < 2 + Math.min(10, wrong); i++) {
        assertTrue(lines[i].matches("wrong .+: gradient -?[0-9.e-]+, differences -?[0-9.e-]+, relative error 2.0e\\+00"), lines[i]);
      }
      assertEquals(wrong > 10 ? 13 : 11, lines.length, r.toString());
      if (wrong > 10) assertEquals("and 1 more", lines[12]);
    }
  }

  @Test
  void noRowsAndNothingButPenaltiesIsJudgedRight() {
    Network net = Network.input(2).dense(3, new Tanh()).dense(1, new Linear()).build(3);
    GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).regularization(Regularization.l1l2(0.1, 0.2))
        .check(0, new double[0], new double[0]);
    assertTrue(r.passed() && r.kinks().isEmpty(), r.toString());
    assertEquals(0, r.inputs());
  }

  // ---------------------------------------------------------------- what is wrong

  /** tanh with a derivative that is off by a factor (−1 for a lost sign, 0 for none at all). */
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
  void aDerivativeOffByASignByAThousandthOrGoneIsWrongInEveryNumberThatItReaches() {
    double[] x = {0.3, -1, 2, 1}, y = {1, -1};
    for (double factor : new double[] {-1, 1.001, 0.999, 1.00001, 0}) {
      Network net = Network.input(2).dense(3, new TanhTimes(factor)).dense(1, new Linear()).build(4);
      GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).check(2, x, y);
      assertEquals(2 * 3 + 3 + 4, r.wrong().size(), factor + ": " + r); // weights and biases of layer 1, inputs
      assertTrue(r.wrong().stream().noneMatch(f -> f.place().startsWith("layer 2")), r.toString());
      double expected = Math.abs(1 - factor) / Math.max(1, Math.abs(factor));
      for (Finding f : r.wrong()) {
        assertEquals(expected, f.error(), 1e-6 * expected + 1e-9, f.toString());
        assertEquals(f.gradient(), factor * f.difference(), 1e-7 * Math.abs(f.difference()), f.toString());
      }
    }
  }

  @Test
  void aRightButScaledToleranceFindsWhatItSays() {
    Network net = Network.input(2).dense(3, new TanhTimes(1.001)).dense(1, new Linear()).build(4);
    GradientCheck check = GradientCheck.of(net, new MeanSquaredError());
    assertFalse(check.tolerance(1e-4).check(1, new double[] {1, 2}, new double[] {1}).passed());
    assertTrue(check.tolerance(2e-3).check(1, new double[] {1, 2}, new double[] {1}).passed());
    assertThrows(IllegalArgumentException.class, () -> check.tolerance(0));
    assertThrows(IllegalArgumentException.class, () -> check.tolerance(1));
    assertThrows(IllegalArgumentException.class, () -> check.tolerance(Double.NaN));
  }

  /** An error of a tiny gradient beside a large loss is seen down to what rounding of the loss hides. */
  @Test
  void aLostSignIsFoundInGradientsABillionTimesSmallerThanTheLoss() {
    Network net = Network.input(1).dense(1, new TanhTimes(-1)).dense(1, new Linear()).build(1);
    System.arraycopy(new double[] {0.5, 0.1, 1e-9, 1}, 0, net.parameters(), 0, 4);
    GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).check(1, new double[] {1}, new double[] {0});
    assertEquals(3, r.wrong().size(), r.toString());
  }

  /** (ŷ − y)² with another slope of the error than 2(ŷ − y), such as −2(ŷ − y), as 003 prints it. */
  private record Misprinted(DoubleUnaryOperator slope) implements chainrule.nn.loss.ElementwiseLoss {
    Misprinted(double factor) {
      this(e -> factor * 2 * e);
    }

    @Override public String name() {
      return "misprinted";
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
  void aLossWithAWrongGradientMakesEverythingWrong() {
    double[] x = {0.3, -1, 2, 1}, y = {1, -1};
    for (double factor : new double[] {-1, 1.001, 0.5, 0}) {
      Network net = Network.input(2).dense(3, new Sigmoid()).dense(1, new Linear()).build(4);
      GradientCheck.Result r = GradientCheck.of(net, new Misprinted(factor)).check(2, x, y);
      assertEquals(r.parameters() + r.inputs(), r.wrong().size(), r.toString());
      assertTrue(r.toString().startsWith(r.wrong().size() + " gradients WRONG"), r.toString());
    }
  }

  /** Says that it needs no z, and then reads it: z is a by then. */
  private record ReadsWhatIsGone() implements Elementwise {
    @Override public String name() {
      return "reads-what-is-gone";
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
  void aDerivativeThatReadsWhatItSaidItDidNotNeedIsWrong() {
    Network net = Network.input(2).dense(3, new ReadsWhatIsGone()).dense(1, new Linear()).build(4);
    assertFalse(GradientCheck.of(net, new MeanSquaredError()).check(1, new double[] {1, 2}, new double[] {1}).passed());
  }

  /** No kink excuses it, though everything is right a little beside. */
  @Test
  void anErrorAtOnePointOfWhatIsSmoothThereIsWrong() {
    GradientCheck.Result loss = GradientCheck.of(unit(new Linear(), 1, -2), new Misprinted(e -> (e == 0.5 ? -2 : 2) * e))
        .check(1, new double[] {2}, new double[] {-0.5});
    assertEquals(3, loss.wrong().size(), loss.toString());
    assertTrue(loss.kinks().isEmpty(), loss.toString());
    GradientCheck.Result unit = GradientCheck.of(unit(new WrongAt(0.25), 1, -1.75), new MeanSquaredError())
        .check(1, new double[] {2}, new double[] {3});
    assertEquals(3, unit.wrong().size(), unit.toString());
    assertTrue(unit.kinks().isEmpty(), unit.toString());
  }

  // ---------------------------------------------------------------- where, and what is no number

  /** tanh whose derivative is wrong for this one z only. */
  private record WrongAt(double place) implements Elementwise {
    @Override public String name() {
      return "wrong-at";
    }

    @Override public double value(double z) {
      return new Tanh().value(z);
    }

    @Override public double derivative(double z, double a) {
      return z == place ? -1 : 1 - a * a;
    }
  }

  @Test
  void theWorstPlaceIsNamedByLayerUnitAndRow() {
    // z = (x₀ + 2x₁, 3x₀ − x₁), rows (1, 0) and (0, 1): z = (1, 3) and (2, −1). Wrong at row 1, unit 1.
    Network net = Network.input(2).dropout(0).dense(2, new WrongAt(-1)).dense(1, new Linear()).build(1);
    System.arraycopy(new double[] {1, 3, 2, -1, 0, 0, 0.5, 0.75, 0.1}, 0, net.parameters(), 0, 9);
    GradientCheck.Result r = GradientCheck.of(net, new HalfSquaredError(Reduction.SUM))
        .check(2, new double[] {1, 0, 0, 1}, new double[] {2, 3});
    TreeSet<String> places = new TreeSet<>();
    for (Finding f : r.wrong()) places.add(f.place());
    // x₀ is 0 in row 1: the weight from it is untouched.
    assertEquals("[input [1,0], input [1,1], layer 2 (2 wrong-at), bias [1], layer 2 (2 wrong-at), weight [1,1]]",
        places.toString());
    assertEquals(r.wrong().get(0), r.worst());
    for (int i = 1; i < r.wrong().size(); i++) assertTrue(r.wrong().get(i - 1).error() >= r.wrong().get(i).error());
  }

  @Test
  void aGradientThatIsNoNumberIsWrongAndTheFirstToBeNamed() {
    for (double nothing : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Network net = Network.input(2).dense(3, new TanhTimes(nothing)).dense(1, new Linear()).build(4);
      GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).check(1, new double[] {1, 2}, new double[] {1});
      assertEquals(11, r.wrong().size(), r.toString());
      assertEquals(Double.POSITIVE_INFINITY, r.worst().error());
      assertEquals(Verdict.WRONG, r.worst().verdict());
    }
  }

  @Test
  void dataThatIsNoNumberIsWrongEverywhereThatItReachesAndDoesNotCrash() {
    Network net = Network.input(2).dense(3, new Tanh()).dense(1, new Linear()).build(4);
    for (double nothing : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e200}) {
      assertFalse(GradientCheck.of(net, new MeanSquaredError())
          .check(1, new double[] {1, 2}, new double[] {nothing}).passed(), "y = " + nothing);
    }
  }

  /** Throws at its hundredth call, in the midst of differences. */
  private static final class Throws implements Elementwise {
    private int calls;

    @Override public String name() {
      return "throws";
    }

    @Override public double value(double z) {
      if (++calls == 100) throw new IllegalStateException("the hundredth");
      return z;
    }

    @Override public double derivative(double z, double a) {
      return 1;
    }
  }

  @Test
  void parametersAreLeftAsTheyWereAlsoWhenAnActivationThrows() {
    Network net = Network.input(2).dense(3, new Throws()).dense(1, new Linear()).build(4);
    double[] before = net.parameters().clone();
    assertThrows(IllegalStateException.class,
        () -> GradientCheck.of(net, new MeanSquaredError()).check(1, new double[] {1, 2}, new double[] {1}));
    assertBits(before, net.parameters());
  }

  @Test
  void dataOfTheWrongSizeIsRefusedNamingIt() {
    Network net = Network.input(2).dense(1, new Linear()).build(4);
    Loss mse = new MeanSquaredError();
    assertEquals("x: expected 2 rows of 2 numbers, got 3 numbers", assertThrows(IllegalArgumentException.class,
        () -> GradientCheck.of(net, mse).check(2, new double[3], new double[2])).getMessage());
    assertEquals("y: expected 2 rows of 1 numbers, got 4 numbers", assertThrows(IllegalArgumentException.class,
        () -> GradientCheck.of(net, mse).check(2, new double[4], new double[4])).getMessage());
  }
}
