// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.HighPrecision;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Clipping of gradients by their norm, against norms in 50 digits, and the order of a step: gradient, clip, update. */
class ClippingSpec {
  static final String ID = "beyond-clipping";
  private static final double U = 0x1p-53;

  /** Returns the clipped gradient of a step, and leaves the network unchanged. The museum implements it with bugs. */
  interface Clipping {
    double[] gradient(RandomCase c, double norm);
  }

  static final Clipping REAL = (c, norm) -> {
    double[] theta = c.net().parameters(), before = theta.clone();
    TrainingStep step = new TrainingStep(
        c.net(), c.loss(), c.penalty(), new GradientDescent(1e-9), norm, c.rows())
        .seed(c.seed());
    step.run(c.rows(), c.x(), 0, c.y(), 0);
    System.arraycopy(before, 0, theta, 0, theta.length);
    return step.backpropagation().gradients().clone();
  };

  /** Returns the gradient of the loss with its penalties, which other specs test. */
  static double[] whole(RandomCase c) {
    return gradient(c, c.penalty());
  }

  static double[] gradient(RandomCase c, Regularization penalty) {
    Backpropagation b = new Backpropagation(c.net(), c.loss(), penalty, c.rows());
    b.setStep(c.seed(), 0, 0);
    b.lossAndGradients(c.rows(), c.x(), 0, c.y(), 0);
    return b.gradients().clone();
  }

  static BigDecimal norm(double[] g) {
    BigDecimal sum = BigDecimal.ZERO;
    for (double v : g) sum = sum.add(new BigDecimal(v).pow(2), HighPrecision.DIGITS);
    return sum.sqrt(HighPrecision.DIGITS);
  }

  /**
   * Returns a bound of the error in units of 2⁻⁵³. A sum of n squares in eight stripes has n/8 + 3 roundings, half of
   * which remain after the root. The root, the quotient c/‖g‖ and the product add one each.
   */
  private static double bound(int n) {
    return n / 16.0 + 5;
  }

  /** Checks that the result is g·c/‖g‖ if ‖g‖ > c, and g to the bit if it is smaller. */
  static void clipSpec(Entry entry, Clipping subject, RandomCase c) {
    double[] g = whole(c);
    BigDecimal norm = norm(g);
    if (norm.signum() == 0) return; // no limit is below 0; extremeSpec tests gradients of 0
    for (double share : new double[] {1e-200, 1e-3, 0.5, 0.999, 1.001, 2, 1e3, 1e200}) {
      double limit = norm.doubleValue() * share;
      if (limit == 0 || limit == Double.POSITIVE_INFINITY) continue; // norm · share underflows or overflows
      double[] clipped = subject.gradient(c, limit);
      if (share > 1) {
        for (int i = 0; i < g.length; i++) entry.exact(g[i], clipped[i], "below the limit", c, share, i);
        continue;
      }
      BigDecimal factor = new BigDecimal(limit).divide(norm, HighPrecision.DIGITS);
      for (int i = 0; i < g.length; i++) {
        double exact = new BigDecimal(g[i]).multiply(factor).doubleValue();
        double error = Math.max(0, Math.abs(clipped[i] - exact) - Double.MIN_VALUE); // the error of a subnormal product
        double units = exact == 0 ? error : error / Math.abs(exact) / U;
        entry.check("value, in units of 2⁻⁵³", units, bound(g.length), c, share, i);
      }
      double after = norm(clipped).divide(new BigDecimal(limit), HighPrecision.DIGITS).doubleValue();
      double subnormal = Math.sqrt(g.length) * (Double.MIN_VALUE / limit);
      entry.check("norm, in units of 2⁻⁵³", Math.max(0, after - 1 - subnormal) / U, bound(g.length), c, share, after);
    }
    if (c.penalty().l1() + c.penalty().l2() == 0) return; // without penalties, plain descent keeps no gradient to check
    double[] none = subject.gradient(c, Double.POSITIVE_INFINITY);
    for (int i = 0; i < g.length; i++) entry.exact(g[i], none[i], "no limit", c, i);
  }

  @Property(tries = 50)
  @Proves(value = ID, home = "GradientClipping#clip", by = "TrainingStep#clip")
  void onlyAGradientLongerThanTheLimitIsScaled(@ForAll @LongRange(min = 1, max = 100_000) long seed) {
    RandomCase c = RandomCase.of(seed);
    if (c.isFinite()) clipSpec(Ledger.of(ID), REAL, c);
  }

  /** Returns one linear unit with ŷ − y = e, so ∂L/∂w_i = x_i·e and ∂L/∂b = e. */
  static RandomCase linear(double e, double... x) {
    Network net = Network.input(x.length).dense(1, new Linear()).build(1);
    Arrays.fill(net.parameters(), 0);
    return new RandomCase(net, new HalfSquaredError(Reduction.SUM), Regularization.l2(0x1p-1000), 1, x,
        new double[] {-e}, 0);
  }

  /** Checks squares and norms that overflow or underflow. */
  static void extremeSpec(Entry entry, Clipping subject) {
    clipSpec(entry, subject, linear(1e100, 1e200, -3e200, 2e150));
    clipSpec(entry, subject, linear(1, 1.7e308, -1.7e308, 1.2e308, 1e3)); // ‖g‖ itself overflows
    double[] g = subject.gradient(linear(1, 1.7e308, -1.7e308, 1.2e308, 1e3), 1e-3);
    double error = Math.abs(norm(g).doubleValue() / 1e-3 - 1) / U;
    entry.check("norm, in units of 2⁻⁵³", error, bound(5), "norm above 1.8e308");
    entry.check("direction", Math.abs(g[0] / g[2] - 1.7 / 1.2), 1e-15, "norm above 1.8e308");
    clipSpec(entry, subject, linear(1e-150, 1e-20, -3e-20));
    clipSpec(entry, subject, linear(1e-300, 1, -1));
    clipSpec(entry, subject, linear(Double.MIN_VALUE, 5, 1));
    for (double v : subject.gradient(linear(0, 1, 2), 1e-3)) entry.exact(0, v, "zero gradient");
  }

  @Test
  @Proves(value = ID, by = "TrainingStep#clip")
  void normsWhoseSquaresOverflowOrUnderflowAreCorrect() {
    extremeSpec(Ledger.of(ID), REAL);
  }

  /** Checks that an infinite or NaN gradient stays visible in at least one parameter. */
  static void notFiniteSpec(Entry entry, Clipping subject) {
    for (double limit : new double[] {1e-3, 1, 1e300}) {
      for (RandomCase c : new RandomCase[] {linear(1e10, 1e308, 1), linear(1e10, 1, -1e308, 2), notANumber()}) {
        entry.holds(Arrays.stream(whole(c)).anyMatch(v -> !Double.isFinite(v)), "the gradient is not finite", c);
        boolean shows = Arrays.stream(subject.gradient(c, limit)).anyMatch(v -> !Double.isFinite(v));
        entry.holds(shows, "the clipped gradient is not finite", c, limit);
      }
    }
  }

  /** Returns a ReLU unit with input −∞: a finite loss, but 0·∞ in the gradient of its weight. */
  private static RandomCase notANumber() {
    Network net = Network.input(1).dense(1, new Relu()).dense(1, new Linear()).build(1);
    Arrays.fill(net.parameters(), 1);
    return new RandomCase(net, new HalfSquaredError(Reduction.SUM), Regularization.l2(0x1p-1000), 1,
        new double[] {Double.NEGATIVE_INFINITY}, new double[] {3}, 0);
  }

  @Test
  @Proves(value = ID, by = "TrainingStep#clip")
  void aNonFiniteGradientIsNotHidden() {
    notFiniteSpec(Ledger.of(ID), REAL);
  }

  /** Gradient and update, which other specs test, with g·c/‖g‖ in 50 digits between them. */
  @Test
  @Proves(value = ID, by = "TrainingStep#run")
  void aClippedStepIsGradientThenClipThenUpdate() {
    Entry entry = Ledger.of(ID);
    int clipped = 0;
    for (long seed = 1; seed <= 36; seed++) {
      Optimizer optimizer = Optimizers.parse(Optimizers.names().get((int) (seed % Optimizers.names().size())));
      RandomCase hand = RandomCase.smooth(seed, 1), step = RandomCase.smooth(seed, 1);
      double limit = seed % 2 == 0 ? 0.1 : 0.7;
      double[] theta = hand.net().parameters();
      Backpropagation b = new Backpropagation(hand.net(), hand.loss(), hand.penalty(), hand.rows());
      double[][] state = new double[optimizer.slots()][theta.length];
      TrainingStep subject =
          new TrainingStep(step.net(), step.loss(), step.penalty(), optimizer, limit, step.rows()).seed(7);
      for (int t = 1; t <= 4; t++) {
        b.setStep(7, t - 1, 0);
        b.lossAndGradients(hand.rows(), hand.x(), 0, hand.y(), 0);
        double[] g = b.gradients();
        BigDecimal norm = norm(g), c = new BigDecimal(limit);
        if (norm.compareTo(c) > 0) {
          clipped++;
          BigDecimal factor = c.divide(norm, HighPrecision.DIGITS);
          for (int i = 0; i < g.length; i++) g[i] = new BigDecimal(g[i]).multiply(factor).doubleValue();
        }
        optimizer.update(t, optimizer.rate(), theta.length, theta, g, state);
        subject.run(step.rows(), step.x(), 0, step.y(), 0);
        // both start from the same bits of θ; rounding differences of a gradient grow a little in later steps
        for (int i = 0; i < theta.length; i++) {
          double error = Math.abs(step.net().parameters()[i] - theta[i]) / (Math.abs(theta[i]) + optimizer.rate());
          entry.check("separate steps", error, 1e-11, hand, optimizer.name(), "step " + t, i);
        }
      }
    }
    entry.holds(clipped > 60, "clipped", clipped);
  }

  @Test
  @Proves(value = ID, by = "TrainingStep#clip")
  void lanesAndThreadsClipToTheSameBits() {
    int n = 64;
    double[] x = new SplittableRandom(1).doubles((long) n * 150, -1, 1).toArray(), y = new double[n * 10];
    for (int i = 0; i < n; i++) y[i * 10 + i % 10] = 1;
    double[] expected = null;
    for (Kernels kernels : new Kernels[] {ScalarKernels.INSTANCE, Kernels.best(), Kernels.best().withThreads(2),
        Kernels.best().withThreads(3)}) {
      Network net = Network.input(150).dense(61, new Relu()).dense(10, new Softmax()).kernels(kernels).build(1);
      TrainingStep step = new TrainingStep(net, new CategoricalCrossEntropy(), Regularization.l2(1e-3),
          Optimizers.parse("momentum"), 0.01, n);
      for (int t = 0; t < 3; t++) step.run(n, x, 0, y, 0);
      if (expected == null) expected = net.parameters();
      Ledger.of(ID).holds(Arrays.equals(expected, net.parameters()), kernels.name(), kernels.threads());
    }
  }

  @Test
  void aNonPositiveLimitIsRejected() {
    RandomCase c = linear(1, 1);
    for (double bad : new double[] {0, -1, Double.NaN}) {
      assertEquals("clip: expected a norm > 0, found " + bad,
          assertThrows(IllegalArgumentException.class, () -> new TrainingStep(
              c.net(), c.loss(), c.penalty(), new GradientDescent(1), bad, 1)).getMessage());
    }
  }
}
