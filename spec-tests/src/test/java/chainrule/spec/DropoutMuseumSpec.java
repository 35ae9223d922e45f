// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.LossChecks.rejects;

import chainrule.random.CounterRandom;
import chainrule.spec.DropoutSpec.Real;
import chainrule.spec.DropoutSpec.Subject;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import org.junit.jupiter.api.Test;

/** The bug museum for dropout: the spec that the real layer passes must reject each planted bug. */
class DropoutMuseumSpec {
  private static final double RATE = 0.2;
  private static final int UNITS = 10;
  private static final Real REAL = new Real(UNITS, RATE, 1);

  private static Entry scratch() {
    return Ledger.scratch("museum");
  }

  /** A correct dropout layer, in which subclasses plant bugs. */
  static class Exhibit implements Subject {
    final int units;
    final double rate;

    Exhibit(int units, double rate) {
      this.units = units;
      this.rate = rate;
    }

    @Override public boolean keeps(long seed, long step, int row, int unit) {
      return new Real(units, rate, 1).keeps(seed, step, row, unit);
    }

    double factor(long seed, long step, int row, int unit) {
      return keeps(seed, step, row, unit) ? 1 / (1 - rate) : 0;
    }

    double backwardFactor(long seed, long step, int row, int unit) {
      return factor(seed, step, row, unit);
    }

    @Override public double[] train(long seed, long step, int firstRow, int rows, double[] x, double[] delta,
        double[] dx) {
      double[] z = new double[x.length];
      for (int i = 0; i < z.length; i++) {
        z[i] = x[i] * factor(seed, step, firstRow + i / units, i % units);
        if (dx != null) dx[i] = delta[i] * backwardFactor(seed, step, firstRow + i / units, i % units);
      }
      return z;
    }

    @Override public double[] infer(double[] x) {
      return x.clone();
    }
  }

  /** The formula as 003 prints it: the mask is B(1, p). */
  static final class KeepsP extends Exhibit {
    KeepsP(int units, double rate) {
      super(units, rate);
    }

    @Override public boolean keeps(long seed, long step, int row, int unit) {
      return CounterRandom.uniform(seed, step, (long) row * units + unit) < rate;
    }
  }

  private static void pass(Subject s) {
    for (long seed = 1; seed < 6; seed++) DropoutSpec.passSpec(scratch(), scratch(), s, RATE, 4, UNITS, seed);
  }

  @Test
  void anExhibitWithoutABugPasses() {
    Exhibit sound = new Exhibit(UNITS, RATE);
    pass(sound);
    DropoutSpec.inferenceSpec(scratch(), sound, 1);
    DropoutSpec.splitSpec(scratch(), scratch(), new Exhibit(7, RATE), new Exhibit(7, RATE), 1);
    DropoutSpec.meanSpec(scratch(), sound, RATE);
  }

  @Test
  void keepingPInsteadOf1MinusPIsRejected() {
    rejects(s -> DropoutSpec.meanSpec(scratch(), s, RATE), REAL, new KeepsP(UNITS, RATE));
    rejects(s -> DropoutSpec.gradientSpec(scratch(), s, RATE, 2000, UNITS), REAL, new KeepsP(UNITS, RATE));
    rejects(s -> DropoutSpec.bernoulliSpec(scratch(), s, RATE), REAL, new KeepsP(UNITS, RATE));
    rejects(s -> DropoutSpec.binomialSpec(scratch(), s, RATE), new Real(12, RATE, 1), new KeepsP(12, RATE));
  }

  @Test
  void scalingAtInferenceIsRejected() {
    Subject scaled = new Exhibit(UNITS, RATE) {
      @Override public double[] infer(double[] x) {
        double[] z = x.clone();
        for (int i = 0; i < z.length; i++) z[i] *= 1 - rate;
        return z;
      }
    };
    rejects(s -> DropoutSpec.inferenceSpec(scratch(), s, 1), new Real(5, RATE, 1), scaled);
  }

  @Test
  void droppingAtInferenceIsRejected() {
    Subject dropping = new Exhibit(5, RATE) {
      @Override public double[] infer(double[] x) {
        return train(1, 0, 0, x.length / units, x, null, null);
      }
    };
    rejects(s -> DropoutSpec.inferenceSpec(scratch(), s, 1), new Real(5, RATE, 1), dropping);
  }

  @Test
  void aBackwardPassThatDrawsANewMaskIsRejected() {
    Subject redrawn = new Exhibit(UNITS, RATE) {
      @Override double backwardFactor(long seed, long step, int row, int unit) {
        return factor(seed, step + 1, row, unit);
      }
    };
    rejects(DropoutMuseumSpec::pass, REAL, redrawn);
  }

  @Test
  void aBackwardPassWithoutMaskOrScaleIsRejected() {
    Subject unmasked = new Exhibit(UNITS, RATE) {
      @Override double backwardFactor(long seed, long step, int row, int unit) {
        return 1;
      }
    };
    Subject unscaled = new Exhibit(UNITS, RATE) {
      @Override double backwardFactor(long seed, long step, int row, int unit) {
        return keeps(seed, step, row, unit) ? 1 : 0;
      }
    };
    rejects(DropoutMuseumSpec::pass, REAL, unmasked);
    rejects(DropoutMuseumSpec::pass, REAL, unscaled);
    rejects(s -> DropoutSpec.gradientSpec(scratch(), s, RATE, 2000, UNITS), REAL, unscaled); // the legend's 0 and 1
  }

  @Test
  void unscaledKeptUnitsAreRejected() {
    Subject unscaled = new Exhibit(UNITS, RATE) {
      @Override double factor(long seed, long step, int row, int unit) {
        return keeps(seed, step, row, unit) ? 1 : 0;
      }
    };
    rejects(DropoutMuseumSpec::pass, REAL, unscaled);
    rejects(s -> DropoutSpec.meanSpec(scratch(), s, RATE), REAL, unscaled);
  }

  @Test
  void aMaskThatCountsRowsFromTheStartOfEachPartIsRejected() {
    Subject local = new Exhibit(7, RATE) {
      @Override public double[] train(long seed, long step, int firstRow, int rows, double[] x, double[] delta,
          double[] dx) {
        return super.train(seed, step, 0, rows, x, delta, dx);
      }
    };
    rejects(s -> DropoutSpec.splitSpec(scratch(), scratch(), s, s, 3), new Real(7, RATE, 1), local);
  }

  @Test
  void oneMaskForAllRowsIsRejected() {
    Subject shared = new Exhibit(12, RATE) {
      @Override public boolean keeps(long seed, long step, int row, int unit) {
        return super.keeps(seed, step, 0, unit);
      }
    };
    rejects(s -> DropoutSpec.binomialSpec(scratch(), s, RATE), new Real(12, RATE, 1), shared);
  }

  @Test
  void droppingAFixedNumberOfUnitsIsRejected() {
    Subject balanced = new Exhibit(12, 0.5) {
      @Override public boolean keeps(long seed, long step, int row, int unit) {
        return (CounterRandom.below(2, seed, step, row) + unit) % 2 == 0;
      }
    };
    rejects(s -> DropoutSpec.binomialSpec(scratch(), s, 0.5), new Real(12, 0.5, 1), balanced);
  }
}
