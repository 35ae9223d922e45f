// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Gelu;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Silu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Step;
import chainrule.nn.activation.Tanh;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * The bug museum for activations: bugs that libraries have shipped, planted in small wrong implementations. The spec of
 * the real implementation must reject each of them, and must accept the real one on the same inputs.
 */
class ActivationMuseumSpec {
  private static final Function<String, Entry> SCRATCH = Ledger::scratch;
  private static final double[] POINTS = {-3, -0.4, 0.3, 2, -40, 40};
  private static final double[] LOGITS = {0.5, -1.25, 2, 0.125};

  /** A spec that takes the implementation to check. */
  private interface Spec<T> {
    void check(T subject);
  }

  private static <T> void rejects(Spec<T> spec, T exhibit, T real) {
    spec.check(real);
    assertThrows(AssertionError.class, () -> spec.check(exhibit), "the spec accepted the planted bug: " + exhibit);
  }

  /** Returns an element-wise activation with these two formulas. */
  private static Elementwise exhibit(String name, DoubleUnaryOperator value, DoubleBinaryOperator derivative) {
    return new Elementwise() {
      @Override public String name() {
        return name;
      }

      @Override public double value(double z) {
        return value.applyAsDouble(z);
      }

      @Override public double derivative(double z, double a) {
        return derivative.applyAsDouble(z, a);
      }

      @Override public String toString() {
        return name;
      }
    };
  }

  private static void sigmoidSpec(Elementwise phi) {
    for (PrintedActivation formula : ActivationSpec.SIGMOID) {
      for (double z : POINTS) formula.check(SCRATCH, phi, z);
      ActivationSpec.sigmoidAtItsEnds(SCRATCH, formula.id(), phi);
    }
  }

  private static void tanhSpec(Elementwise phi) {
    for (double z : POINTS) ActivationSpec.TANH.check(SCRATCH, phi, z);
    for (double z : new double[] {1e-5, 1e-10, 1e-17}) ActivationSpec.TANH.check(SCRATCH, phi, z);
  }

  private static void softmaxValues(Activation phi) {
    SoftmaxSpec.values(Ledger.scratch("softmax"), phi, 1, 4, LOGITS);
    SoftmaxSpec.extremes(Ledger.scratch("softmax"), phi);
  }

  private static void softmaxJacobian(Activation phi) {
    SoftmaxSpec.jacobian(SCRATCH, phi, LOGITS);
  }

  private static void softmaxProduct(Activation phi) {
    double[] g = {1, -2, 0.5, 0.25};
    SoftmaxSpec.jacobianProduct(Ledger.scratch("softmax-d"), phi, 1, 4, LOGITS, g);
  }

  /** Returns early where σ is flat, without updating the output from which it computes the derivative. */
  private static final class StaleSigmoid implements Elementwise {
    private double output;

    @Override public String name() {
      return "sigmoid with a stale output";
    }

    @Override public double value(double z) {
      if (Math.abs(z) > 30) return z > 0 ? 1 : Elementary.exp(z);
      output = Elementary.sigmoid(z);
      return output;
    }

    @Override public double derivative(double z, double a) {
      return output * (1 - output);
    }
  }

  @Test
  void aSigmoidWithAStaleOutputIsRejected() {
    rejects(ActivationMuseumSpec::sigmoidSpec, new StaleSigmoid(), new Sigmoid());
  }

  @Test
  void aSigmoidDerivativeEvaluatedAtItsOutputIsRejected() {
    DoubleBinaryOperator atTheOutput = (z, a) -> Elementary.sigmoid(a) * (1 - Elementary.sigmoid(a));
    rejects(ActivationMuseumSpec::sigmoidSpec, exhibit("σ'(a)", Elementary::sigmoid, atTheOutput), new Sigmoid());
  }

  @Test
  void aSigmoidDerivativeThatUsesTheInputAsTheOutputIsRejected() {
    rejects(ActivationMuseumSpec::sigmoidSpec,
        exhibit("z(1 − z)", Elementary::sigmoid, (z, a) -> z * (1 - z)), new Sigmoid());
  }

  @Test
  void aSigmoidDerivativeWithAPlusSignIsRejected() {
    rejects(ActivationMuseumSpec::sigmoidSpec,
        exhibit("a(1 + a)", Elementary::sigmoid, (z, a) -> a * (1 + a)), new Sigmoid());
  }

  @Test
  void theSigmoidDerivativePrintedIn000IsRejectedWhereItIsNaN() {
    DoubleBinaryOperator printed = (z, a) -> Elementary.exp(z) / ((1 + Elementary.exp(z)) * (1 + Elementary.exp(z)));
    rejects(phi -> ActivationSpec.sigmoidAtItsEnds(SCRATCH, "000-1.3", phi),
        exhibit("e^z/(1 + e^z)²", Elementary::sigmoid, printed), new Sigmoid());
  }

  @Test
  void aTanhDerivativeWithoutTheSquareIsRejected() {
    rejects(ActivationMuseumSpec::tanhSpec, exhibit("1 − a", Elementary::tanh, (z, a) -> 1 - a), new Tanh());
  }

  @Test
  void thePrintedTanhIsRejectedNearZero() {
    DoubleUnaryOperator printed = z -> 2 / (1 + Elementary.exp(-2 * z)) - 1;
    rejects(ActivationMuseumSpec::tanhSpec, exhibit("2/(1 + e^−2z) − 1", printed, (z, a) -> 1 - a * a), new Tanh());
  }

  @Test
  void aReluWithSlopeOneAtItsKinkIsRejected() {
    rejects(phi -> ActivationSpec.reluAtItsKinkAndEnds(SCRATCH, phi),
        exhibit("ReLU'(0) = 1", z -> Math.max(0, z), (z, a) -> z >= 0 ? 1 : 0), new Relu());
  }

  @Test
  void aReluThatHidesNaNIsRejected() {
    rejects(phi -> ActivationSpec.reluAtItsKinkAndEnds(SCRATCH, phi),
        exhibit("z > 0 ? z : 0", z -> z > 0 ? z : 0, (z, a) -> z > 0 ? 1 : 0), new Relu());
  }

  @Test
  void aLeakyReluWithSwappedSidesIsRejected() {
    Spec<Elementwise> spec = phi -> {
      for (double z : POINTS) ActivationSpec.leaky(0.2).check(SCRATCH, phi, z);
    };
    rejects(spec, exhibit("sides swapped", z -> z <= 0 ? z : 0.2 * z, (z, a) -> z <= 0 ? 1 : 0.2), new LeakyRelu(0.2));
    rejects(spec, exhibit("slopes swapped", z -> z <= 0 ? 0.2 * z : z, (z, a) -> z <= 0 ? 1 : 0.2), new LeakyRelu(0.2));
  }

  @Test
  void aLeakyReluWithSlopeOneAtItsKinkIsRejected() {
    rejects(phi -> ActivationSpec.leakyAtItsKink(SCRATCH, 0.2, phi),
        exhibit("φ'(0) = 1", z -> z <= 0 ? 0.2 * z : z, (z, a) -> z < 0 ? 0.2 : 1), new LeakyRelu(0.2));
  }

  @Test
  void aStepThatCanBeTrainedIsRejected() {
    Elementwise silent = exhibit("step", z -> z >= 0 ? 1 : 0, (z, a) -> 0);
    rejects(phi -> ActivationIdentitySpec.refusesToTrain(Ledger.scratch("002-step"), phi), silent, new Step());
  }

  @Test
  void aStepThatIsZeroAtZeroIsRejected() {
    rejects(phi -> ActivationIdentitySpec.stepAtItsJump(Ledger.scratch("002-step"), phi),
        exhibit("z > 0", z -> z > 0 ? 1 : z <= 0 ? 0 : z, (z, a) -> 0), new Step());
  }

  @Test
  void theTanhApproximationOfGeluIsRejected() {
    DoubleUnaryOperator approximation =
        z -> 0.5 * z * (1 + Elementary.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z)));
    rejects(phi -> BeyondActivationSpec.GELU.check(SCRATCH, phi, 1.5),
        exhibit("gelu with tanh", approximation, new Gelu()::derivative), new Gelu());
  }

  @Test
  void aSiluThatIsNaNAtMinusInfinityIsRejected() {
    rejects(phi -> BeyondActivationSpec.ends(Ledger.scratch("beyond-silu"), phi, 0, 0, Double.POSITIVE_INFINITY, 1),
        exhibit("z·σ(z) at −∞", z -> z * Elementary.sigmoid(z), new Silu()::derivative), new Silu());
  }

  /** A correct softmax, of which each planted bug overrides one method. */
  private static class PlantedSoftmax implements Activation {
    @Override public String name() {
      return getClass().getSimpleName();
    }

    @Override public boolean needsInput() {
      return false;
    }

    @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
      ScalarKernels.INSTANCE.softmax(rows, cols, z, 0, a, 0);
    }

    @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
      ScalarKernels.INSTANCE.softmaxGradient(rows, cols, a, 0, g, 0, g, 0);
    }
  }

  private static final class WithoutShift extends PlantedSoftmax {
    @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
      for (int r = 0; r < rows; r++) {
        double total = 0;
        for (int j = r * cols; j < (r + 1) * cols; j++) total += a[j] = Elementary.exp(z[j]);
        for (int j = r * cols; j < (r + 1) * cols; j++) a[j] /= total;
      }
    }
  }

  private static final class OverTheWholeBatch extends PlantedSoftmax {
    @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
      super.forward(kernels, 1, rows * cols, z, a);
    }
  }

  private static final class DiagonalOnly extends PlantedSoftmax {
    @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
      for (int i = 0; i < rows * cols; i++) g[i] *= a[i] * (1 - a[i]);
    }
  }

  private static final class OffDiagonalPositive extends PlantedSoftmax {
    @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
      for (int r = 0; r < rows; r++) {
        double mean = 0;
        for (int j = r * cols; j < (r + 1) * cols; j++) mean += a[j] * g[j];
        for (int j = r * cols; j < (r + 1) * cols; j++) g[j] = a[j] * (g[j] + mean - 2 * a[j] * g[j]);
      }
    }
  }

  @Test
  void aSoftmaxThatDoesNotSubtractTheMaximumIsRejected() {
    rejects(ActivationMuseumSpec::softmaxValues, new WithoutShift(), new Softmax());
  }

  @Test
  void aSoftmaxOverTheWholeBatchIsRejected() {
    rejects(phi -> SoftmaxSpec.sumsToOne(Ledger.scratch("003-softmax"), phi, 2, 2, LOGITS),
        new OverTheWholeBatch(), new Softmax());
    rejects(ActivationMuseumSpec::softmaxValues, new OverTheWholeBatch(), new Softmax());
  }

  @Test
  void aSoftmaxWithOnlyTheDiagonalOfItsJacobianIsRejected() {
    rejects(ActivationMuseumSpec::softmaxJacobian, new DiagonalOnly(), new Softmax());
    rejects(ActivationMuseumSpec::softmaxProduct, new DiagonalOnly(), new Softmax());
  }

  @Test
  void aSoftmaxWithTheWrongSignOffTheDiagonalIsRejected() {
    rejects(ActivationMuseumSpec::softmaxJacobian, new OffDiagonalPositive(), new Softmax());
    rejects(ActivationMuseumSpec::softmaxProduct, new OffDiagonalPositive(), new Softmax());
  }
}
