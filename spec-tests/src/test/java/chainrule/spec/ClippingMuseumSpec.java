// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.LossChecks.rejects;

import chainrule.nn.Layer;
import chainrule.nn.Regularization;
import chainrule.spec.ClippingSpec.Clipping;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The bug museum for clipping: the spec that the real implementation passes must reject each planted bug. */
class ClippingMuseumSpec {

  private static Entry scratch() {
    return Ledger.scratch("museum");
  }

  /** Checks a network of several layers with penalties, whose gradient has a norm of about 1. */
  private static final Consumer<Clipping> SPEC =
      s -> ClippingSpec.clipSpec(scratch(), s, penalized());

  private static RandomCase penalized() {
    RandomCase c = RandomCase.smooth(11, 1);
    return new RandomCase(c.net(), c.loss(), Regularization.l1l2(0.05, 0.1), c.rows(), c.x(), c.y(), c.seed());
  }

  private static double[] each(double[] g, DoubleUnaryOperator f) {
    return Arrays.stream(g).map(f).toArray();
  }

  private static double norm(double[] g) {
    return Math.sqrt(Arrays.stream(g).map(v -> v * v).sum());
  }

  private static double[] scaled(double[] g, double norm, double limit) {
    return norm > limit ? each(g, v -> v * (limit / norm)) : g;
  }

  @Test
  void clippingEachParameterSeparatelyIsRejected() {
    rejects(SPEC, ClippingSpec.REAL, (c, limit) ->
        each(ClippingSpec.whole(c), v -> Math.max(-limit, Math.min(limit, v))));
  }

  @Test
  void clippingBeforeThePenaltiesIsRejected() {
    rejects(SPEC, ClippingSpec.REAL, (c, limit) -> {
      double[] plain = ClippingSpec.gradient(c, Regularization.NONE);
      double[] g = scaled(plain, norm(plain), limit).clone();
      c.penalty().addGradient(c.net(), g);
      return g;
    });
  }

  @Test
  void theWrongNormIsRejected() {
    rejects(SPEC, ClippingSpec.REAL, (c, limit) -> {
      double[] g = ClippingSpec.whole(c);
      return scaled(g, Arrays.stream(g).map(Math::abs).max().orElse(0), limit);
    });
    rejects(SPEC, ClippingSpec.REAL, (c, limit) -> {
      double[] g = ClippingSpec.whole(c);
      return scaled(g, Arrays.stream(g).map(Math::abs).sum(), limit);
    });
    rejects(SPEC, ClippingSpec.REAL, (c, limit) -> {
      double[] g = ClippingSpec.whole(c);
      return scaled(g, norm(g) / Math.sqrt(g.length), limit);
    });
    rejects(SPEC, ClippingSpec.REAL, (c, limit) -> {
      double[] g = ClippingSpec.whole(c);
      return scaled(g, norm(g) * norm(g), limit); // without the square root
    });
  }

  @Test
  void aSeparateNormForEachLayerIsRejected() {
    rejects(SPEC, ClippingSpec.REAL, (c, limit) -> {
      double[] g = ClippingSpec.whole(c);
      for (Layer l : c.net().layers()) {
        double[] part = Arrays.copyOfRange(g, l.offset(), l.offset() + l.parameters());
        System.arraycopy(scaled(part, norm(part), limit), 0, g, l.offset(), part.length);
      }
      return g;
    });
  }

  @Test
  void lengtheningShortGradientsIsRejected() {
    rejects(SPEC, ClippingSpec.REAL, (c, limit) -> {
      double[] g = ClippingSpec.whole(c);
      double norm = norm(g);
      return each(g, v -> v * (limit / norm));
    });
  }

  @Test
  void noClippingAtAllIsRejected() {
    rejects(SPEC, ClippingSpec.REAL, (c, limit) -> ClippingSpec.whole(c));
  }

  @Test
  void squaresThatOverflowOrUnderflowAreRejected() {
    rejects(s -> ClippingSpec.extremeSpec(scratch(), s), ClippingSpec.REAL, (c, limit) -> {
      double[] g = ClippingSpec.whole(c);
      return scaled(g, norm(g), limit);
    });
  }

  @Test
  void replacingNonFiniteGradientsByZeroIsRejected() {
    rejects(s -> ClippingSpec.notFiniteSpec(scratch(), s), ClippingSpec.REAL, (c, limit) ->
        each(ClippingSpec.whole(c), v -> Double.isFinite(v) ? v : 0));
  }
}
