// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.LossChecks.rejects;

import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.loss.ElementwiseLoss;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.spec.RegularizationSpec.Penalty;
import chainrule.spec.RegularizationSpec.Training;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The bug museum of penalties: the spec that the real implementation passes rejects each planted defect. */
class RegularizationMuseumSpec {
  private static final Regularization L1 = Regularization.l1(0.1), L2 = Regularization.l2(0.1);

  private static Entry scratch() {
    return Ledger.scratch("museum");
  }

  private static Consumer<Training> training(Regularization r) {
    return t -> RegularizationSpec.trainingSpec(scratch(), t, r, 3);
  }

  /** Adds a defective penalty gradient to the real gradient of the loss. */
  private interface Defect {
    void apply(Network net, Regularization r, double[] g);
  }

  private static Training planted(Defect defect) {
    return (net, r, x, y, g) -> {
      double plain = RegularizationSpec.REAL.lossAndGradients(net, Regularization.NONE, x, y, g);
      defect.apply(net, r, g);
      return plain + r.penalty(net);
    };
  }

  @Test
  void aPenaltyMissingFromTheGradientIsRejected() {
    Training never = planted((net, r, g) -> {});
    rejects(training(L1), RegularizationSpec.REAL, never);
    rejects(training(L2), RegularizationSpec.REAL, never);
  }

  @Test
  void aPenaltySubtractedFromTheGradientIsRejected() {
    Training subtracted = planted((net, r, g) -> {
      double[] p = new double[g.length];
      r.addGradient(net, p);
      for (int i = 0; i < g.length; i++) g[i] -= p[i];
    });
    rejects(training(L1), RegularizationSpec.REAL, subtracted);
    rejects(training(L2), RegularizationSpec.REAL, subtracted);
  }

  @Test
  void aPenaltyOnTheFirstLayerOnlyIsRejected() {
    Training first = planted((net, r, g) -> {
      double[] p = new double[g.length];
      r.addGradient(net, p);
      for (int i = 0; i < net.layers().get(0).weights(); i++) g[i] += p[i];
    });
    rejects(training(L2), RegularizationSpec.REAL, first);
  }

  @Test
  void aPenaltyMissingFromTheLossIsRejected() {
    Training withoutPenalty = (net, r, x, y, g) ->
        RegularizationSpec.REAL.lossAndGradients(net, r, x, y, g) - r.penalty(net);
    rejects(training(L1), RegularizationSpec.REAL, withoutPenalty);
  }

  /**
   * Adds the penalty, a number, to the error of every output. From there the chain rule propagates it to all
   * parameters.
   */
  private record OutputDelta(double penalty) implements ElementwiseLoss {
    @Override public String name() {
      return "exhibit";
    }

    @Override public Reduction reduction() {
      return Reduction.MEAN;
    }

    @Override public double value(double yhat, double y) {
      return new MeanSquaredError().value(yhat, y);
    }

    @Override public double derivative(double yhat, double y) {
      return new MeanSquaredError().derivative(yhat, y) + penalty;
    }
  }

  @Test
  void aPenaltyAddedToTheOutputDeltaIsRejected() {
    Training delta = (net, r, x, y, g) -> {
      int rows = x.length / net.inputs();
      Backpropagation b = new Backpropagation(net, new OutputDelta(r.penalty(net)), rows);
      double loss = b.lossAndGradients(rows, x, 0, y, 0);
      System.arraycopy(b.gradients(), 0, g, 0, g.length);
      return loss + r.penalty(net);
    };
    rejects(training(L1), RegularizationSpec.REAL, delta);
    rejects(training(L2), RegularizationSpec.REAL, delta);
  }

  /** The real value with another slope for each weight. */
  private static Penalty slope(Regularization r, java.util.function.DoubleUnaryOperator slope, boolean biases) {
    return new Penalty() {
      @Override public double penalty(Network net) {
        return r.penalty(net);
      }

      @Override public void addGradient(Network net, double[] g) {
        for (var layer : net.layers()) {
          int end = layer.offset() + (biases ? layer.parameters() : layer.weights());
          for (int i = layer.offset(); i < end; i++) g[i] += slope.applyAsDouble(net.parameters()[i]);
        }
      }
    };
  }

  private static Consumer<Penalty> penalty(Regularization r) {
    return p -> RegularizationSpec.penaltySpec(scratch(), scratch(), p, r, RegularizationSpec.network(4));
  }

  @Test
  void theSignAsTheSlopeOfL2IsRejected() {
    rejects(penalty(L2), Penalty.of(L2), slope(L2, t -> 0.1 * Math.signum(t), false));
  }

  @Test
  void theSlopeOfL1WithoutItsLambdaIsRejected() {
    Penalty sign = slope(L1, Math::signum, false);
    rejects(penalty(L1), Penalty.of(L1), sign);
    rejects(p -> RegularizationSpec.slopeSpec(scratch(), p, 3, 0.1), Penalty.of(L1), sign);
  }

  @Test
  void theSlopeOfL2WithoutTheFactor2IsRejected() {
    rejects(penalty(L2), Penalty.of(L2), slope(L2, t -> 0.1 * t, false));
  }

  @Test
  void penalizingBiasesByDefaultIsRejected() {
    rejects(penalty(L2), Penalty.of(L2), slope(L2, t -> 2 * 0.1 * t, true));
    rejects(penalty(L2), Penalty.of(L2), Penalty.of(Regularization.l2(0.1).withBiases()));
  }

  @Test
  void aSignOfZeroThatIsOneIsRejected() {
    rejects(p -> RegularizationSpec.zeroSpec(scratch(), p, 0.1), Penalty.of(Regularization.l1(0.1).withBiases()),
        slope(L1, t -> t >= 0 ? 0.1 : -0.1, true));
  }
}
