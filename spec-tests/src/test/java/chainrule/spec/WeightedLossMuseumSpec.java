// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.LossChecks.rejects;

import chainrule.data.Dataset;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.SumOfSquaredErrors;
import chainrule.spec.LossChecks.Batch;
import chainrule.spec.NetworkSample.Head;
import chainrule.spec.WeightedLossSpec.Balance;
import chainrule.spec.WeightedLossSpec.Weighted;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The bug museum for weights of rows: the spec that the real losses pass must reject each planted bug. */
class WeightedLossMuseumSpec {

  private static Entry scratch() {
    return Ledger.scratch("museum");
  }

  /** Mistakes in the factor c_b of a row's loss and of its gradient. */
  private enum Mistake {
    NONE,
    /** The weighted sum is divided by the number of rows. */
    DIVIDED_BY_N,
    /** The weighted sum is divided by the number of rows whose weight is not 0. */
    DIVIDED_BY_THE_ROWS_WITH_WEIGHT,
    /** The weighted sum is not divided. */
    NEVER_DIVIDED,
    /** Weights are squared. */
    SQUARED,
    /** Each row has the weight of the next one. */
    WEIGHT_OF_THE_NEXT_ROW,
    /** The weights are in the loss only. */
    GRADIENT_UNWEIGHTED,
    /** The weights are in the gradient only. */
    LOSS_UNWEIGHTED;

    /** Those that concern a sum as well as a mean. */
    static final Set<Mistake> OF_A_SUM = EnumSet.of(SQUARED, WEIGHT_OF_THE_NEXT_ROW, GRADIENT_UNWEIGHTED,
        LOSS_UNWEIGHTED);

    double[] factors(double[] w, boolean mean, boolean gradient) {
      int n = w.length;
      double[] c = w.clone();
      if (this == (gradient ? GRADIENT_UNWEIGHTED : LOSS_UNWEIGHTED)) Arrays.fill(c, 1);
      if (this == SQUARED) for (int b = 0; b < n; b++) c[b] = w[b] * w[b];
      if (this == WEIGHT_OF_THE_NEXT_ROW) for (int b = 0; b < n; b++) c[b] = w[(b + 1) % n];
      double divisor = switch (this) {
        case DIVIDED_BY_N -> n;
        case DIVIDED_BY_THE_ROWS_WITH_WEIGHT -> Arrays.stream(w).filter(v -> v > 0).count();
        case NEVER_DIVIDED -> 1;
        default -> Arrays.stream(c).sum();
      };
      for (int b = 0; b < n && mean; b++) c[b] /= divisor;
      return c;
    }
  }

  /** The loss and the gradient of single rows, computed by the library without weights, times the factors. */
  private record RowByRow(NetworkSample s, Mistake mistake) implements GradientSubject {
    private boolean isMean() {
      return s.loss().reduction() == Reduction.MEAN;
    }

    private Backpropagation row(int r) {
      Backpropagation b = new Backpropagation(s.net(), s.loss(), 1);
      b.setStep(s.seed(), s.step(), s.firstRow() + r);
      return b;
    }

    @Override public double loss() {
      double[] c = mistake.factors(s.weights(), isMean(), false);
      double sum = 0;
      for (int r = 0; r < s.rows(); r++) {
        sum += c[r] * row(r).trainingLoss(1, s.x(), r * s.net().inputs(), s.y(), r * s.net().outputs());
      }
      return sum;
    }

    @Override public double lossAndGradients(double[] gradients, double[] dx) {
      double[] c = mistake.factors(s.weights(), isMean(), true);
      int in = s.net().inputs();
      double[] one = new double[in];
      Arrays.fill(gradients, 0);
      for (int r = 0; r < s.rows(); r++) {
        Backpropagation b = row(r);
        b.lossAndGradients(1, s.x(), r * in, s.y(), r * s.net().outputs());
        for (int i = 0; i < gradients.length; i++) gradients[i] += c[r] * b.gradients()[i];
        b.inputGradients(one);
        for (int i = 0; i < in; i++) dx[r * in + i] = c[r] * one[i];
      }
      return loss();
    }
  }

  private static NetworkSample sample(long seed, Loss loss) {
    Network net = Network.input(2).dense(3, new Tanh()).dense(2, new Linear()).build(seed);
    NetworkSample s = NetworkSample.of(net, new Head(new Linear(), loss, 2), Regularization.NONE, 4, seed);
    return new NetworkSample(net, loss, Regularization.NONE, 4, s.x(), s.y(), seed, 1, 0, new double[] {2, 0, 0.5, 3});
  }

  @Test
  void aCorrectSumOverRowsPasses() {
    for (Loss loss : new Loss[] {new MeanSquaredError(), new SumOfSquaredErrors()}) {
      for (long seed = 1; seed <= 10; seed++) spec(Mistake.NONE, sample(seed, loss));
    }
  }

  private static void spec(Mistake mistake, NetworkSample s) {
    WeightedLossSpec.networkSpec(sample -> new RowByRow(sample, mistake), s, Ledger::scratch);
  }

  @Test
  void everyMistakeInTheWeightsOfAMeanIsRejected() {
    for (Mistake m : EnumSet.complementOf(EnumSet.of(Mistake.NONE))) {
      for (long seed = 1; seed <= 5; seed++) {
        NetworkSample s = sample(seed, new MeanSquaredError());
        Assertions.assertThrows(AssertionError.class, () -> spec(m, s), m::name);
      }
    }
  }

  @Test
  void everyMistakeInTheWeightsOfASumIsRejected() {
    for (Mistake m : Mistake.OF_A_SUM) {
      for (long seed = 1; seed <= 5; seed++) {
        NetworkSample s = sample(seed, new SumOfSquaredErrors());
        Assertions.assertThrows(AssertionError.class, () -> spec(m, s), m::name);
      }
    }
  }

  /** Multiplies by a weight of 0 instead of leaving the row out: 0 · ∞ is NaN. */
  @Test
  void aProductWithZeroInPlaceOfASkippedRowIsRejected() {
    rejects(w -> WeightedLossSpec.zeroSpec(scratch(), scratch(), w, new MeanSquaredError()), WeightedLossSpec.REAL,
        new Weighted() {
          @Override public double value(Loss loss, Batch b, double[] w) {
            double sum = 0, weight = 0;
            for (int i = 0; i < b.size(); i++) sum += w[i / b.cols()] * Math.pow(b.yhat()[i] - b.y(i), 2);
            for (double one : w) weight += one;
            return weight == 0 ? 0 : sum / weight;
          }

          @Override public double[] gradient(Loss loss, Batch b, double[] w) {
            return WeightedLossSpec.REAL.gradient(loss, b, w);
          }
        });
  }

  /** 0 / 0 for a batch without weight. */
  @Test
  void aDivisionByAWeightOfZeroIsRejected() {
    rejects(w -> WeightedLossSpec.zeroSpec(scratch(), scratch(), w, new MeanSquaredError()), WeightedLossSpec.REAL,
        new Weighted() {
          @Override public double value(Loss loss, Batch b, double[] w) {
            return WeightedLossSpec.REAL.value(new SumOfSquaredErrors(), b, w) / Arrays.stream(w).sum();
          }

          @Override public double[] gradient(Loss loss, Batch b, double[] w) {
            return WeightedLossSpec.REAL.gradient(loss, b, w);
          }
        });
  }

  @Test
  void wrongBalancesOfClassesAreRejected() {
    Balance inverse = (classes, count) -> {
      double[] w = Dataset.balancedClassWeights(classes, count);
      for (int c = 0; c < count; c++) if (w[c] != 1) w[c] /= classes.length; // 1/(k n_c), whose sum is 1
      return w;
    };
    Balance allLabels = (classes, count) -> { // k counts classes without rows
      double[] w = new double[count];
      int[] n = new int[count];
      for (int c : classes) n[c]++;
      for (int c = 0; c < count; c++) w[c] = n[c] == 0 ? 1 : classes.length / ((double) count * n[c]);
      return w;
    };
    for (Balance wrong : new Balance[] {inverse, allLabels}) {
      rejects(b -> {
        for (long seed = 1; seed <= 20; seed++) WeightedLossSpec.balanceSpec(scratch(), b, seed);
      }, Dataset::balancedClassWeights, wrong);
    }
  }
}
