// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.SumOfSquaredErrors;
import chainrule.spec.NetworkSample.Head;
import chainrule.spec.PlainBackpropagation.Defect;
import chainrule.spec.ledger.Ledger;
import java.util.EnumSet;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The bug museum for gradients: bugs that libraries have shipped. Backpropagation's spec must reject each of them. */
class BackpropagationMuseumSpec {
  private static final Regularization DECAY = Regularization.l2(0.1);

  /** Returns a network of different square layers with decay, and three rows, so that no bug stays hidden. */
  private static NetworkSample sample(long seed, boolean mean) {
    Network net = Network.input(3).dense(3, new Tanh()).dense(3, new Relu()).dense(3, new Sigmoid())
        .dense(3, new Tanh()).build(seed);
    Head head = new Head(new Tanh(), mean ? new MeanSquaredError() : new SumOfSquaredErrors(), 3);
    return NetworkSample.of(net, head, DECAY, 3, seed);
  }

  private static void spec(BiFunction<NetworkSample, Defect, GradientSubject> subject, Defect defect, NetworkSample s) {
    NetworkGradientSpec.gradientSpec(sample -> subject.apply(sample, defect), s, Ledger::scratch);
  }

  @Test
  void correctPlainLoopsPass() {
    for (long seed = 1; seed <= 20; seed++) spec(PlainBackpropagation::new, Defect.NONE, sample(seed, seed % 2 == 0));
  }

  /** Every seed must detect every bug: a single network is enough. */
  @Test
  void everyBugIsRejected() {
    for (Defect defect : EnumSet.complementOf(EnumSet.of(Defect.NONE))) {
      for (long seed = 1; seed <= 5; seed++) {
        NetworkSample s = sample(seed, defect == Defect.MEAN_FORGOTTEN);
        String exhibit = defect + ", seed " + seed;
        assertThrows(AssertionError.class, () -> spec(PlainBackpropagation::new, defect, s), exhibit);
      }
    }
  }

  /** The spec of each formula must reject the bugs that contradict it. */
  @Test
  void theSpecOfEachFormulaRejectsBugsInIt() {
    NetworkSample one = bare(1, 1), two = bare(1, 2);
    BackpropagationSpec.outputErrorSpec(plain(Defect.NONE), one, Ledger::scratch);
    BackpropagationSpec.hiddenErrorSpec(plain(Defect.NONE), one, Ledger::scratch);
    BackpropagationSpec.gradientsSpec(plain(Defect.NONE), two, Ledger::scratch);
    for (Defect d : List.of(Defect.OUTPUT_SLOPE_FORGOTTEN, Defect.SIGN_FLIPPED)) {
      assertThrows(AssertionError.class, () -> BackpropagationSpec.outputErrorSpec(plain(d), one, Ledger::scratch),
          d::name);
    }
    for (Defect d : List.of(Defect.WEIGHTS_OF_THE_SAME_LAYER, Defect.UNTRANSPOSED, Defect.SLOPE_FORGOTTEN,
        Defect.HIDDEN_RELU_MASK_IGNORED, Defect.ACTIVATION_OF_THE_NEXT_LAYER, Defect.ARGUMENT_OF_THE_PREVIOUS_LAYER)) {
      assertThrows(AssertionError.class, () -> BackpropagationSpec.hiddenErrorSpec(plain(d), one, Ledger::scratch),
          d::name);
    }
    for (Defect d : List.of(Defect.LAST_ROW_ONLY, Defect.BIAS_AVERAGED, Defect.ACTIVATION_OF_THE_SAME_LAYER)) {
      assertThrows(AssertionError.class, () -> BackpropagationSpec.gradientsSpec(plain(d), two, Ledger::scratch),
          d::name);
    }
  }

  private static Function<NetworkSample, GradientSubject> plain(Defect defect) {
    return s -> new PlainBackpropagation(s, defect);
  }

  /** The same network without decay, since the formulas have none. */
  private static NetworkSample bare(long seed, int rows) {
    NetworkSample s = sample(seed, false);
    Head head = new Head(new Tanh(), s.loss(), 3);
    return NetworkSample.of(s.net(), head, Regularization.NONE, rows, seed);
  }

  @Test
  void aFlippedSignPassesACheckOfAbsoluteValuesButNotOurs() {
    NetworkSample s = sample(1, false);
    GradientSubject flipped = new PlainBackpropagation(s, Defect.SIGN_FLIPPED);
    double[] g = new double[s.theta().length];
    flipped.lossAndGradients(g, new double[s.x().length]);
    for (int i = 0; i < g.length; i++) { // absolute values agree in every parameter
      double exact = NetworkGradientSpec.noisy(s, i).d();
      assertEquals(Math.abs(exact), Math.abs(g[i]), 1e-12 * Math.abs(exact) + 1e-15);
    }
    assertThrows(AssertionError.class, () -> spec(PlainBackpropagation::new, Defect.SIGN_FLIPPED, s));
  }

  @Test
  void anAveragedBiasPassesACheckOfOneRowButNotOfTwo() {
    Network net = Network.input(2).dense(3, new Tanh()).dense(1, new Linear()).build(1);
    Head head = new Head(new Linear(), new SumOfSquaredErrors(), 1);
    NetworkSample one = NetworkSample.of(net, head, Regularization.NONE, 1, 1);
    assertDoesNotThrow(() -> spec(PlainBackpropagation::new, Defect.BIAS_AVERAGED, one));
    NetworkSample two = NetworkSample.of(net, head, Regularization.NONE, 2, 1);
    assertThrows(AssertionError.class, () -> spec(PlainBackpropagation::new, Defect.BIAS_AVERAGED, two));
  }

  /** Softmax with only the diagonal of its Jacobian, a(1 − a), which makes it a Hadamard product. */
  private record DiagonalSoftmax() implements Activation {
    @Override public String name() {
      return "softmax";
    }

    @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
      new Softmax().forward(kernels, rows, cols, z, a);
    }

    @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
      for (int i = 0; i < rows * cols; i++) g[i] *= a[i] * (1 - a[i]);
    }
  }

  /** Sigmoid that evaluates its derivative at a instead of z. */
  private record SigmoidOfSigmoid() implements Activation {
    @Override public String name() {
      return "sigmoid";
    }

    @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
      new Sigmoid().forward(kernels, rows, cols, z, a);
    }

    @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
      for (int i = 0; i < rows * cols; i++) {
        double again = new Sigmoid().value(a[i]);
        g[i] *= again * (1 - again);
      }
    }
  }

  @Test
  void wrongBackwardPassesOfAnActivationAreRejectedInsideANetwork() {
    for (Activation wrong : List.of(new DiagonalSoftmax(), new SigmoidOfSigmoid())) {
      for (boolean hidden : new boolean[] {true, false}) {
        Network.Builder builder = Network.input(2);
        builder.dense(3, hidden ? wrong : new Tanh()).dense(2, hidden ? new Tanh() : wrong);
        Network net = builder.build(3);
        Head head = new Head(net.output().activation(), new SumOfSquaredErrors(), 2);
        NetworkSample s = NetworkSample.of(net, head, Regularization.NONE, 2, 3);
        AssertionError e = assertThrows(AssertionError.class,
            () -> NetworkGradientSpec.gradientSpec(GradientSubject::chainrule, s, Ledger::scratch), wrong.name());
        assertTrue(e.getMessage().contains("dual"), e.getMessage());
      }
    }
  }

  @Test
  void aNewDropoutMaskInTheBackwardPassIsRejected() {
    Network net = Network.input(4).dense(6, new Tanh()).dropout(0.5).dense(2, new Linear()).build(1);
    Head head = new Head(new Linear(), new SumOfSquaredErrors(), 2);
    NetworkSample s = NetworkSample.of(net, head, Regularization.NONE, 2, 1);
    NetworkSample next = new NetworkSample(net, s.loss(), s.regularization(), s.rows(), s.x(), s.y(), s.seed(),
        s.step() + 1, s.firstRow());
    assertThrows(AssertionError.class, () -> NetworkGradientSpec.gradientSpec(
        sample -> redrawn(GradientSubject.chainrule(s), GradientSubject.chainrule(next)), s, Ledger::scratch));
  }

  /** Computes the loss with one mask and the gradient with another. */
  private static GradientSubject redrawn(GradientSubject one, GradientSubject other) {
    return new GradientSubject() {
      @Override public double loss() {
        return one.loss();
      }

      @Override public double lossAndGradients(double[] gradients, double[] dx) {
        other.lossAndGradients(gradients, dx);
        return one.loss();
      }
    };
  }
}
