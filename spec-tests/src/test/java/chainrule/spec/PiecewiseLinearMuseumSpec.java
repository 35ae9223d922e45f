// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.LossChecks.rejects;

import chainrule.data.PiecewiseLinear;
import chainrule.spec.ledger.Ledger;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The spec of piecewise linear encoding rejects likely mistakes. */
class PiecewiseLinearMuseumSpec {

  private static void spec(PiecewiseLinearSpec.Encoding code) {
    for (int seed = 1; seed <= 60; seed++) {
      double[] training = PiecewiseLinearSpec.numbers(seed);
      for (double v : new double[] {training[0], training[1] / 2, 3 * training[2]}) {
        PiecewiseLinearSpec.encodingSpec(Ledger.scratch(PiecewiseLinearSpec.ID), code, training, 4, v);
      }
    }
  }

  /** Returns an encoding whose pieces are computed from the part of the piece that v has passed, and the mean. */
  private static PiecewiseLinearSpec.Encoding pieces(DoubleBinaryOperator piece) {
    return (training, bins, v) -> {
      PiecewiseLinear p = PiecewiseLinear.fit(training, bins);
      IntToDoubleFunction part = k -> (v - p.knot(k)) / (p.knot(k + 1) - p.knot(k));
      return IntStream.range(0, p.count()).mapToDouble(k -> piece.applyAsDouble(part.applyAsDouble(k), p.mean(k)))
          .toArray();
    };
  }

  private static double clip(double part) {
    return Math.max(0, Math.min(1, part));
  }

  private static void isRejected(PiecewiseLinearSpec.Encoding mistake) {
    Consumer<PiecewiseLinearSpec.Encoding> spec = PiecewiseLinearMuseumSpec::spec;
    rejects(spec, PiecewiseLinearSpec::encoded, mistake);
  }

  @Test
  void commonMistakesInTheEncodingAreRejected() {
    isRejected(pieces((part, mean) -> 0.7 * (part - mean))); // not clipped
    isRejected(pieces((part, mean) -> 0.7 * (Math.max(0, part) - mean))); // goes on growing
    isRejected(pieces((part, mean) -> 0.7 * clip(part))); // not centered
    isRejected(pieces((part, mean) -> 0.7 * clip(part) - mean)); // the mean is not scaled
    isRejected(pieces((part, mean) -> 0.7 * (clip(part) - 0.5))); // about the middle of its range
    isRejected(pieces((part, mean) -> clip(part) - mean)); // not scaled
    isRejected(pieces((part, mean) -> 0.7 * ((part >= 0 ? 1 : 0) - mean))); // a step
  }

  @Test
  void commonMistakesInTheQuantilesAreRejected() {
    isRejected((training, bins, v) -> { // knots at equal distances
      double low = Arrays.stream(training).min().orElseThrow(), high = Arrays.stream(training).max().orElseThrow();
      double[] even = IntStream.rangeClosed(0, bins).mapToDouble(k -> low + k * (high - low) / bins).toArray();
      return PiecewiseLinearSpec.encoded(even, bins, v);
    });
    isRejected((training, bins, v) -> PiecewiseLinearSpec.encoded( // of the different numbers, without their counts
        Arrays.stream(training).distinct().toArray(), bins, v));
    isRejected((training, bins, v) -> PiecewiseLinearSpec.encoded( // in the order of the rows
        Arrays.copyOf(training, training.length - 1), bins, v));
    isRejected((training, bins, v) -> PiecewiseLinearSpec.encoded(training, bins + 1, v)); // knots for pieces
  }
}
