// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.nn.optimizer.Nesterov;
import chainrule.nn.optimizer.Optimizer;
import chainrule.random.CounterRandom;
import chainrule.spec.OptimizerRules.Hyper;
import chainrule.spec.OptimizerRules.Rule;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Bounded;
import chainrule.spec.witness.HighPrecision;
import chainrule.spec.witness.Recurrence;
import java.math.BigDecimal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Trajectories of 1,000 steps of every optimizer on several parameters. After every step, θ and the memory must agree
 * with the document's recurrence in 50 digits within a relative error of 1e-12.
 *
 * <p>The error of a mean or sum of squares is relative to itself, since all terms are positive. θ may pass near 0, so
 * its error is relative to |θ| or the length of its path, whichever is larger. The error of a mean of gradients, of
 * either sign, is relative to the largest value so far. Rounding errors of large values remain when they become small.
 */
class OptimizerTrajectorySpec {
  static final int STEPS = 1000;

  /** The gradients of a trajectory, as functions of the optimizer's θ. */
  interface Gradients {
    /** The number of parameters. */
    int n();

    /** The initial value of parameter i. */
    double start(int i);

    double of(long t, int i, double theta);

    Bounded of(long t, int i, Bounded theta);
  }

  /** Gradients fixed in advance, independent of θ. */
  static Gradients recorded(long seed) {
    return new Gradients() {
      @Override public int n() {
        return 6;
      }

      @Override public double start(int i) {
        return i == 0 ? 0 : CounterRandom.normal(seed, 100, i);
      }

      @Override public double of(long t, int i, double theta) {
        double z = CounterRandom.normal(seed, i, t), u = CounterRandom.uniform(seed, 50 + i, t);
        return switch (i) {
          case 0 -> z;
          case 1 -> 1e-3 * z + 0.01; // mostly of one sign
          case 2 -> u < 0.95 ? 0 : 10 * z; // sparse
          case 3 -> (t % 2 == 0 ? 1e3 : -1e3) * (1 + u); // large, with alternating signs
          case 4 -> 1e-9 * z; // as small as ε
          default -> z * Math.pow(10, 9 * u - 6); // of many magnitudes
        };
      }

      @Override public Bounded of(long t, int i, Bounded theta) {
        return Bounded.of(of(t, i, 0.0));
      }
    };
  }

  /** A quadratic, ∇_i = a_i·(θ_i − c_i): the gradients depend on θ, in double or in 50 digits. */
  static Gradients quadratic(double start) {
    double[] a = {0.01, 0.1, 0.5, 1}, c = {1, -2, 0, 0.5};
    return new Gradients() {
      @Override public int n() {
        return a.length;
      }

      @Override public double start(int i) {
        return c[i] + (i % 2 == 0 ? start : -start);
      }

      @Override public double of(long t, int i, double theta) {
        return a[i] * (theta - c[i]);
      }

      @Override public Bounded of(long t, int i, Bounded theta) {
        return Bounded.of(a[i]).times(theta.minus(Bounded.of(c[i])));
      }
    };
  }

  @Test
  @Proves(value = "003-sgd", by = "GradientDescent")
  void gradientDescentFollowsItsRecurrence() {
    follows(OptimizerRules.SGD);
  }

  @Test
  @Proves(value = "003-momentum", by = "Momentum")
  void momentumFollowsItsRecurrence() {
    follows(OptimizerRules.MOMENTUM);
  }

  @Test
  @Proves(value = "beyond-nesterov", by = "Nesterov")
  void nesterovFollowsItsRecurrence() {
    follows(OptimizerRules.NESTEROV);
  }

  @Test
  @Proves(value = "003-adagrad", by = "AdaGrad")
  void adaGradFollowsItsRecurrence() {
    follows(OptimizerRules.ADAGRAD);
  }

  @Test
  @Proves(value = "003-rmsprop", by = "RmsProp")
  void rmsPropFollowsItsRecurrence() {
    follows(OptimizerRules.RMSPROP);
  }

  @Test
  @Proves(value = "003-adadelta", by = "AdaDelta")
  void adaDeltaFollowsItsRecurrence() {
    follows(OptimizerRules.ADADELTA);
  }

  @Test
  @Proves(value = "beyond-adadelta-zeiler", by = "AdaDeltaZeiler")
  void zeilersAdaDeltaFollowsItsRecurrence() {
    follows(OptimizerRules.ADADELTA_ZEILER);
  }

  @Test
  @Proves(value = "003-adam", by = "Adam")
  void adamFollowsItsRecurrence() {
    follows(OptimizerRules.ADAM);
  }

  @Test
  @Proves(value = "beyond-adamw", by = "AdamW")
  void adamWFollowsItsRecurrence() {
    follows(OptimizerRules.ADAMW);
  }

  private static void follows(Rule rule) {
    Hyper h = OptimizerRules.usual(rule, OptimizerRules.trajectoryRate(rule));
    Optimizer subject = rule.subject().apply(h);
    trajectorySpec(Ledger.of(rule.id()), rule, h, subject, recorded(7), STEPS);
    trajectorySpec(Ledger.of(rule.id()), rule, h, subject, quadratic(OptimizerRules.initialDistance(rule)), STEPS);
  }

  /** The subject's trajectory, θ and memory, against the rule's recurrence. */
  static void trajectorySpec(Entry entry, Rule rule, Hyper h, Optimizer subject, Gradients gradients, int steps) {
    int n = gradients.n(), slots = rule.slots().length();
    entry.holds(subject.slots() == slots, "slots", subject.slots());
    Recurrence page = rule.page().apply(h);
    Bounded eta = Bounded.of(h.rate());
    double[] theta = new double[n], g = new double[n], way = new double[n];
    double[][] state = OptimizerRules.memory(subject, n), largest = new double[slots][n];
    Bounded[] exact = new Bounded[n];
    Bounded[][] memory = new Bounded[n][slots];
    for (int i = 0; i < n; i++) {
      theta[i] = gradients.start(i);
      exact[i] = Bounded.of(theta[i]);
      Arrays.fill(memory[i], Bounded.ZERO);
    }
    for (long t = 1; t <= steps; t++) {
      for (int i = 0; i < n; i++) g[i] = gradients.of(t, i, theta[i]);
      subject.update(t, h.rate(), n, theta, g, state);
      for (int i = 0; i < n; i++) {
        BigDecimal before = exact[i].v();
        exact[i] = page.step(t, eta, exact[i], gradients.of(t, i, exact[i]), memory[i]);
        way[i] += Math.abs(exact[i].v().subtract(before).doubleValue());
        near(entry, theta[i], exact[i].v(), way[i], "theta", i, t);
        for (int k = 0; k < slots; k++) {
          boolean signed = rule.slots().charAt(k) == 'm';
          if (signed) largest[k][i] = Math.max(largest[k][i], Math.abs(memory[i][k].value()));
          near(entry, state[k][i], memory[i][k].v(), largest[k][i], "slot " + k, i, t);
        }
      }
    }
  }

  /** Checks that a number is within 1e-12 of the exact one, relative to it or to the scale, whichever is larger. */
  static void near(Entry entry, double actual, BigDecimal exact, double scale, Object... place) {
    double against = Math.max(Math.abs(exact.doubleValue()), scale);
    double error = Double.isFinite(actual) ? new BigDecimal(actual).subtract(exact).abs().doubleValue() : Double.NaN;
    entry.check("trajectory", error == 0 ? 0 : error / against, 1e-12, place);
  }

  /**
   * Nesterov's original form looks ahead: v ← γ·v + (1 − γ)·∇(x − ηγ·v), x ← x − η·v. The look-ahead point,
   * y = x − ηγ·v, follows our rule, so both recurrences give the same trajectory.
   */
  @Test
  @Proves(value = "beyond-nesterov", by = "Nesterov")
  void nesterovFollowsTheLookAheadPointOfTheOriginalForm() {
    lookAheadSpec(Ledger.of("beyond-nesterov"), new Nesterov(0.1, 0.9), 0.1, 0.9);
    Ledger.of("beyond-nesterov").remark("Nesterov averages gradients, as Momentum does. Its θ is the point where the "
        + "gradient is evaluated, x − ηγv of the look-ahead form.");
  }

  static void lookAheadSpec(Entry entry, Optimizer subject, double rate, double gamma) {
    Gradients quadratic = quadratic(3);
    BigDecimal eta = new BigDecimal(rate), keep = new BigDecimal(gamma), take = BigDecimal.ONE.subtract(keep);
    for (int i = 0; i < quadratic.n(); i++) {
      double[] theta = {quadratic.start(i)}, g = new double[1];
      double[][] state = OptimizerRules.memory(subject, 1);
      BigDecimal x = new BigDecimal(theta[0]), v = BigDecimal.ZERO, y = x;
      double way = 0;
      for (long t = 1; t <= STEPS; t++) {
        g[0] = quadratic.of(t, i, theta[0]);
        subject.update(t, rate, 1, theta, g, state);
        BigDecimal slope = quadratic.of(t, i, new Bounded(y, 0)).v(), before = y;
        v = keep.multiply(v).add(take.multiply(slope), HighPrecision.DIGITS);
        x = x.subtract(eta.multiply(v), HighPrecision.DIGITS);
        y = x.subtract(eta.multiply(keep).multiply(v), HighPrecision.DIGITS);
        way += Math.abs(y.subtract(before).doubleValue());
        near(entry, theta[0], y, way, "look-ahead", i, t);
      }
    }
  }

  /** Updating any subset of the parameters alone gives the same bits: parameters share no state. */
  @Test
  @Proves(value = {"003-adagrad", "003-rmsprop", "003-adadelta", "003-adam"}, by = "Optimizer#update")
  void parametersUpdatedTogetherOrAloneGiveTheSameBits() {
    for (Rule rule : OptimizerRules.ALL) {
      togetherOrAloneSpec(Ledger.of(rule.id()), rule.subject().apply(OptimizerRules.usual(rule, 0.1)));
    }
  }

  static void togetherOrAloneSpec(Entry entry, Optimizer subject) {
    Gradients gradients = recorded(11);
    int n = gradients.n();
    double[] together = new double[n], g = new double[n];
    double[][] state = OptimizerRules.memory(subject, n);
    double[][] alone = new double[n][1];
    double[][][] memories = new double[n][][];
    for (int i = 0; i < n; i++) memories[i] = OptimizerRules.memory(subject, 1);
    for (long t = 1; t <= 100; t++) {
      for (int i = 0; i < n; i++) {
        g[i] = gradients.of(t, i, 0.0);
        subject.update(t, subject.rate(), 1, alone[i], new double[] {g[i]}, memories[i]);
      }
      subject.update(t, subject.rate(), n, together, g, state);
      for (int i = 0; i < n; i++) entry.exact(alone[i][0], together[i], i, t);
    }
  }
}
