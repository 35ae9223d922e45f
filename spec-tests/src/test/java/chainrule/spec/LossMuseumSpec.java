// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.LossChecks.KERNELS;
import static chainrule.spec.LossChecks.batchSpec;
import static chainrule.spec.LossChecks.ordinary;
import static chainrule.spec.LossChecks.probabilities;
import static chainrule.spec.LossChecks.rejects;

import chainrule.kernels.Kernels;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.ElementwiseLoss;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Huber;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.OffsetCrossEntropy;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.SoftmaxCrossEntropy;
import chainrule.spec.FusedLossSpec.Targets;
import chainrule.spec.LossChecks.Batch;
import chainrule.spec.LossChecks.Bound;
import chainrule.spec.LossChecks.PrintedLoss;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The bug museum for losses: the spec that the real loss passes must reject each planted bug. */
class LossMuseumSpec {
  /** A loss with these two formulas. */
  private record Exhibit(String name, Reduction reduction, Bound formula, Bound slope) implements ElementwiseLoss {
    @Override public double value(double yhat, double y) {
      return formula.at(yhat, y);
    }

    @Override public double derivative(double yhat, double y) {
      return slope.at(yhat, y);
    }
  }

  private static Entry scratch() {
    return Ledger.scratch("museum");
  }

  private static Consumer<ElementwiseLoss> batch(PrintedLoss formula, Batch b) {
    return loss -> batchSpec(scratch(), scratch(), loss, formula, b);
  }

  private static final CategoricalCrossEntropy CCE = new CategoricalCrossEntropy();
  private static final BinaryCrossEntropy BCE = new BinaryCrossEntropy();

  @Test
  void anUnguardedLogarithmIsRejectedWhereItGivesNaN() {
    ElementwiseLoss cce = new Exhibit("cce", Reduction.MEAN, (a, y) -> -y * Math.log(a), (a, y) -> -y / a);
    rejects(l -> CrossEntropySpec.categoricalEdges(scratch(), scratch(), l), CCE, cce);
    ElementwiseLoss bce = new Exhibit("bce", Reduction.MEAN, (a, y) -> -(y * Math.log(a) + (1 - y) * Math.log(1 - a)),
        BCE::derivative);
    rejects(l -> CrossEntropySpec.binaryEdges(scratch(), scratch(), l), BCE, bce);
    ElementwiseLoss slope = new Exhibit("bce", Reduction.MEAN, BCE::value, (a, y) -> (1 - y) / (1 - a) - y / a);
    rejects(l -> CrossEntropySpec.binaryEdges(scratch(), scratch(), l), BCE, slope);
  }

  @Test
  void aClampThatHidesNaNOrInfinityIsRejected() {
    ElementwiseLoss clamped =
        new Exhibit("cce", Reduction.MEAN, (a, y) -> -y * Math.log(Math.max(a, 1e-7)), CCE::derivative);
    rejects(l -> CrossEntropySpec.categoricalEdges(scratch(), scratch(), l), CCE, clamped);
    ElementwiseLoss hidden = new Exhibit("cce", Reduction.MEAN, (a, y) -> y == 0 ? 0 : CCE.value(a, y),
        CCE::derivative);
    rejects(l -> CrossEntropySpec.categoricalEdges(scratch(), scratch(), l), CCE, hidden);
  }

  @Test
  void anOffsetThatIsMissingOrTooLargeIsRejected() {
    Consumer<ElementwiseLoss> spec = l -> CrossEntropySpec.offsetSpec(scratch(), scratch(), l);
    rejects(spec, new OffsetCrossEntropy(), new Exhibit("none", Reduction.SUM, CCE::value, CCE::derivative));
    rejects(spec, new OffsetCrossEntropy(),
        new Exhibit("1e-7", Reduction.SUM, (a, y) -> -y * Math.log(a + 1e-7), (a, y) -> -y / (a + 1e-7)));
  }

  @Test
  void thePrintedSignOfTheAbsoluteErrorsDerivativeIsRejected() {
    MeanAbsoluteError mae = new MeanAbsoluteError();
    ElementwiseLoss printed = new Exhibit("mae", Reduction.MEAN, mae::value, (a, y) -> Math.signum(y - a));
    for (long seed = 1; seed < 20; seed++) rejects(batch(LossSpec.ABSOLUTE.averaged(), ordinary(seed)), mae, printed);
  }

  @Test
  void thePrintedSignOfTheSquaredErrorsDerivativeIsRejected() {
    MeanSquaredError mse = new MeanSquaredError();
    ElementwiseLoss printed = new Exhibit("mse", Reduction.MEAN, mse::value, (a, y) -> -2 * (a - y));
    for (long seed = 1; seed < 20; seed++) rejects(batch(LossSpec.SQUARED.averaged(), ordinary(seed)), mse, printed);
  }

  @Test
  void theFactorOfTwoPrintedIn004IsRejected() {
    HalfSquaredError half = new HalfSquaredError(Reduction.MEAN);
    ElementwiseLoss printed = new Exhibit("half-mse", Reduction.MEAN, half::value, (a, y) -> 2 * (a - y));
    for (long seed = 1; seed < 20; seed++) rejects(batch(LossSpec.HALF.averaged(), ordinary(seed)), half, printed);
  }

  @Test
  void aSumInsteadOfAMeanIsRejected() {
    MeanSquaredError mse = new MeanSquaredError();
    ElementwiseLoss sum = new Exhibit("mse", Reduction.SUM, mse::value, mse::derivative);
    rejects(batch(LossSpec.SQUARED.averaged(), Batch.of(2, 1, new double[] {1, 2}, 0, 0)), mse, sum);
  }

  @Test
  void aSignOfZeroThatIsOneIsRejected() {
    MeanAbsoluteError mae = new MeanAbsoluteError();
    ElementwiseLoss plus = new Exhibit("mae", Reduction.MEAN, mae::value, (a, y) -> a >= y ? 1 : -1);
    rejects(l -> LossSpec.kinkSpec(scratch(), l), mae, plus);
  }

  @Test
  void binaryCrossEntropyWithoutTheMissingParenthesesIsRejected() {
    ElementwiseLoss printed = new Exhibit("bce", Reduction.MEAN,
        (x, y) -> -(y * Math.log(x) + (1 - y) * Math.log(1) - x), BCE::derivative);
    for (long seed = 1; seed < 20; seed++) {
      rejects(batch(CrossEntropySpec.BINARY.averaged(), probabilities(seed)), BCE, printed);
    }
  }

  @Test
  void aDiscontinuousHuberLossIsRejected() {
    Huber huber = new Huber(1.5, Reduction.SUM);
    ElementwiseLoss torn = new Exhibit("huber", Reduction.SUM,
        (a, y) -> Math.abs(a - y) <= 1.5 ? huber.value(a, y) : 1.5 * Math.abs(a - y), huber::derivative);
    ElementwiseLoss steep = new Exhibit("huber", Reduction.SUM, huber::value, (a, y) -> a - y);
    rejects(l -> LossSpec.huberSpec(scratch(), l, 1.5, 3), huber, torn);
    rejects(l -> LossSpec.huberSpec(scratch(), l, 1.5, 3), huber, steep);
  }

  /** A correct softmax cross-entropy, of which each planted bug overrides one method. */
  private static class Fused implements Loss {
    private final Loss real;

    Fused(Reduction reduction) {
      real = new SoftmaxCrossEntropy(reduction);
    }

    @Override public String name() {
      return "exhibit";
    }

    @Override public Reduction reduction() {
      return real.reduction();
    }

    @Override public double sum(Kernels k, int rows, int cols, double[] z, double[] y, int yo) {
      return real.sum(k, rows, cols, z, y, yo);
    }

    @Override public void gradient(Kernels k, int rows, int cols, double[] z, double[] y, int yo, double factor,
        double[] g) {
      real.gradient(k, rows, cols, z, y, yo, factor, g);
    }
  }

  private static Batch threeRows() {
    return Batch.of(3, 2, new double[] {1, -1, 0.5, 0, 2, 3}, 1, 0, 0, 1, 1, 0);
  }

  @Test
  void softmaxCrossEntropyAveragedTwiceIsRejected() {
    Loss twice = new Fused(Reduction.MEAN) {
      @Override public void gradient(Kernels k, int rows, int cols, double[] z, double[] y, int yo, double factor,
          double[] g) {
        super.gradient(k, rows, cols, z, y, yo, factor / rows, g);
      }
    };
    Consumer<Loss> spec = l -> FusedLossSpec.softmaxSpec(scratch(), scratch(), l, true, threeRows());
    rejects(spec, new SoftmaxCrossEntropy(), twice);
    rejects(l -> FusedLossSpec.perSampleSpec(scratch(), new SoftmaxCrossEntropy(Reduction.SUM), l),
        new SoftmaxCrossEntropy(), twice);
  }

  @Test
  void softmaxCrossEntropyThatDoesNotSubtractTheMaximumIsRejected() {
    Loss unshifted = new Fused(Reduction.SUM) {
      @Override public double sum(Kernels k, int rows, int cols, double[] z, double[] y, int yo) {
        double total = 0;
        for (int b = 0; b < rows; b++) {
          double s = 0;
          for (int j = 0; j < cols; j++) s += Math.exp(z[b * cols + j]);
          for (int j = 0; j < cols; j++) total += y[yo + b * cols + j] * (Math.log(s) - z[b * cols + j]);
        }
        return total;
      }
    };
    FusedLossSpec.softmaxSpec(scratch(), scratch(), unshifted, false, threeRows()); // correct where nothing overflows
    rejects(l -> FusedLossSpec.softmaxEdges(scratch(), scratch(), l), new SoftmaxCrossEntropy(Reduction.SUM),
        unshifted);
  }

  @Test
  void aMinusYForTargetsThatDoNotSumToOneIsRejected() {
    Loss special = new Fused(Reduction.SUM) {
      @Override public void gradient(Kernels k, int rows, int cols, double[] z, double[] y, int yo, double factor,
          double[] g) {
        KERNELS.softmax(rows, cols, z, 0, g, 0);
        for (int i = 0; i < rows * cols; i++) g[i] = factor * (g[i] - y[yo + i]);
      }
    };
    FusedLossSpec.softmaxSpec(scratch(), scratch(), special, false, threeRows()); // correct for one-hot targets
    rejects(l -> FusedLossSpec.softmaxSpec(scratch(), scratch(), l, false, FusedLossSpec.logits(5, Targets.ANY)),
        new SoftmaxCrossEntropy(Reduction.SUM), special);
  }
}
