// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.data.Dataset;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.HighPrecision;
import chainrule.train.ConstantRate;
import chainrule.train.CosineDecay;
import chainrule.train.History;
import chainrule.train.Schedule;
import chainrule.train.StepDecay;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.WarmUp;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Learning rates step by step, in 50 digits, and their use in training. */
class ScheduleSpec {
  private static final double U = 0x1p-53;
  static final String STEP = "beyond-step-decay", COSINE = "beyond-cosine-decay", WARM = "beyond-warm-up";

  private static final BigDecimal PI =
      new BigDecimal("3.14159265358979323846264338327950288419716939937510582097494459230781641");

  /** cos x = Σ (−1)^k x^2k/(2k)!. */
  private static BigDecimal cos(BigDecimal x) {
    BigDecimal square = x.multiply(x, HighPrecision.DIGITS), term = BigDecimal.ONE, sum = term;
    for (int k = 1; k < 40; k++) {
      term = term.multiply(square, HighPrecision.DIGITS)
          .divide(BigDecimal.valueOf((2L * k - 1) * 2 * k), HighPrecision.DIGITS).negate();
      sum = sum.add(term, HighPrecision.DIGITS);
    }
    return sum;
  }

  // ---------------------------------------------------------------- factors

  /** The factor is multiplied by {@code by} after every {@code every} epochs. */
  static void stepSpec(Entry entry, Schedule subject, int every, double by, int steps, int epochs) {
    BigDecimal factor = BigDecimal.ONE;
    long t = 0;
    int times = 0;
    for (int epoch = 1; epoch <= epochs; epoch++) {
      for (int s = 0; s < steps; s++) {
        double error = HighPrecision.ulps(subject.factor(++t, steps, epochs), factor);
        entry.check(Entry.VALUE, error, 1 + times, "t = " + t, every, by, steps); // up to an ulp for each product
      }
      if (epoch % every == 0) {
        factor = factor.multiply(new BigDecimal(by));
        times++;
      }
    }
  }

  @Property(tries = 100)
  @Proves(value = STEP, home = "StepDecay#factor")
  void stepDecayMultipliesTheRateEveryNEpochs(@ForAll @IntRange(min = 1, max = 5) int every,
      @ForAll("factors") double by, @ForAll @IntRange(min = 1, max = 7) int steps,
      @ForAll @IntRange(min = 1, max = 30) int epochs) {
    StepDecay schedule = new StepDecay(every, by);
    stepSpec(Ledger.of(STEP), schedule, every, by, steps, epochs);
    monotone(Ledger.of(STEP), schedule, 1, (long) steps * epochs, steps, epochs, by <= 1 ? -1 : 1);
  }

  @Provide
  Arbitrary<Double> factors() {
    return Arbitraries.oneOf(Arbitraries.doubles().between(0.05, 1), Arbitraries.doubles().between(1, 3),
        Arbitraries.of(0.1, 0.5, 1.0));
  }

  @Test
  @Proves(value = STEP, by = "StepDecay#factor")
  void stepDecayAcceptsStepsBeyondTheRangeOfInt() {
    Entry entry = Ledger.of(STEP);
    int steps = 2_000_000_000, every = 2_000_000_000; // the product overflows an int
    StepDecay half = new StepDecay(every, 0.5);
    long block = (long) steps * every;
    entry.exact(1, half.factor(block, steps, 1));
    entry.exact(0.5, half.factor(block + 1, steps, 1));
    entry.exact(0, new StepDecay(1, 0.1).factor(Long.MAX_VALUE, 1, 1), "underflows to 0, not NaN");
  }

  /** f + (1 − f)·½(1 + cos(π·min(1, (t − 1)/(E·S)))) in 50 digits. */
  static BigDecimal cosine(double floor, long t, int steps, int epochs) {
    BigDecimal all = BigDecimal.valueOf((long) steps * epochs), done = BigDecimal.valueOf(t - 1).min(all);
    BigDecimal angle = PI.multiply(done.divide(all, HighPrecision.DIGITS), HighPrecision.DIGITS);
    BigDecimal wave = BigDecimal.ONE.add(cos(angle));
    BigDecimal f = new BigDecimal(floor);
    return f.add(BigDecimal.ONE.subtract(f).multiply(wave).multiply(new BigDecimal("0.5")), HighPrecision.DIGITS);
  }

  /**
   * In units of 2⁻⁵³. The angle is at most π and has three roundings (π itself, the quotient, the product), so its
   * error is at most 3π, which the cosine does not enlarge. The cosine and 1 + cos add an ulp each, and halving gives
   * 6.3. Two products and a sum, each at most 1, add three more.
   */
  private static final double COSINE_BOUND = 9.5;

  static void cosineSpec(Entry entry, Schedule subject, double floor, int steps, int epochs) {
    for (long t = 1; t <= (long) steps * epochs + 3; t++) {
      double exact = cosine(floor, t, steps, epochs).doubleValue();
      entry.check("value, in units of 2⁻⁵³", Math.abs(subject.factor(t, steps, epochs) - exact) / U, COSINE_BOUND,
          "t = " + t, floor, steps, epochs);
    }
    entry.exact(1, subject.factor(1, steps, epochs), "starts at the full rate");
    entry.exact(floor, subject.factor((long) steps * epochs + 1, steps, epochs), "at the floor after the last step");
    if (floor < 1) {
      boolean above = subject.factor((long) steps * epochs, steps, epochs) > floor;
      entry.holds(above, "above the floor in the last step", floor, steps, epochs);
    }
  }

  @Property(tries = 60)
  @Proves(value = COSINE, home = "CosineDecay#factor")
  void cosineDecayFollowsHalfAPeriodOfTheCosine(@ForAll("floors") double floor,
      @ForAll @IntRange(min = 1, max = 9) int steps, @ForAll @IntRange(min = 1, max = 12) int epochs) {
    CosineDecay schedule = new CosineDecay(floor);
    cosineSpec(Ledger.of(COSINE), schedule, floor, steps, epochs);
    monotone(Ledger.of(COSINE), schedule, 1, (long) steps * epochs + 5, steps, epochs, -1);
  }

  @Provide
  Arbitrary<Double> floors() {
    return Arbitraries.oneOf(Arbitraries.doubles().between(0, 1), Arbitraries.of(0.0, 1.0, 0.01));
  }

  @Test
  @Proves(value = COSINE, by = "CosineDecay#factor")
  void cosineDecayIsHalfwayInTheMiddleAndAcceptsStepsBeyondTheRangeOfInt() {
    Entry entry = Ledger.of(COSINE);
    int steps = 2_000_000_000, epochs = 2_000_000_000;
    long all = (long) steps * epochs;
    entry.check("value, in units of 2⁻⁵³", Math.abs(new CosineDecay(0).factor(all / 2 + 1, steps, epochs) - 0.5) / U,
        COSINE_BOUND, "halfway");
    entry.check("value, in units of 2⁻⁵³", Math.abs(new CosineDecay(0.2).factor(all / 2 + 1, steps, epochs) - 0.6) / U,
        COSINE_BOUND, "halfway with a floor");
    entry.exact(0, new CosineDecay(0).factor(Long.MAX_VALUE, steps, epochs), "long after the end");
  }

  /** t/(w·S) for w epochs, then {@code then} as if training started there and took max(1, E − w) epochs. */
  static void warmUpSpec(Entry entry, Schedule subject, int w, Schedule then, int steps, int epochs) {
    long t = 0;
    int up = w * steps;
    for (int i = 1; i <= up; i++) {
      BigDecimal exact = BigDecimal.valueOf(i).divide(BigDecimal.valueOf(up), HighPrecision.DIGITS);
      entry.ulps(subject.factor(++t, steps, epochs), exact, 0.5, "t = " + t, w, steps);
    }
    entry.exact(1, subject.factor(up, steps, epochs), "ends at the full rate");
    entry.holds(subject.factor(1, steps, epochs) > 0, "the first step has a rate above 0");
    for (long i = 1; i <= (long) Math.max(1, epochs - w) * steps + 2; i++) {
      double expected = then.factor(i, steps, Math.max(1, epochs - w));
      entry.exact(expected, subject.factor(++t, steps, epochs), "t = " + t, w, steps);
    }
  }

  @Property(tries = 100)
  @Proves(value = WARM, home = "WarmUp#factor")
  void warmUpIsLinearAndThenFollowsTheSecondSchedule(@ForAll @IntRange(min = 1, max = 4) int w,
      @ForAll @IntRange(min = 1, max = 9) int steps, @ForAll @IntRange(min = 1, max = 12) int epochs) {
    for (Schedule then : List.of(new ConstantRate(), new CosineDecay(0.1), new StepDecay(2, 0.3))) {
      WarmUp schedule = new WarmUp(w, then);
      warmUpSpec(Ledger.of(WARM), schedule, w, then, steps, epochs);
      monotone(Ledger.of(WARM), schedule, 1, (long) w * steps, steps, epochs, 1);
      monotone(Ledger.of(WARM), schedule, (long) w * steps, (long) (w + epochs) * steps, steps, epochs, -1);
    }
  }

  /** The factor is monotone: it never changes against {@code direction}. */
  private static void monotone(Entry entry, Schedule s, long from, long to, int steps, int epochs, int direction) {
    for (long t = from; t < to; t++) {
      double change = s.factor(t + 1, steps, epochs) - s.factor(t, steps, epochs);
      entry.holds(change * direction >= 0, s.name(), "t = " + t, steps, epochs);
    }
  }

  @Test
  void aConstantRateAlwaysHasFactorOne() {
    for (long t : new long[] {1, 2, 1000, Long.MAX_VALUE}) assertEquals(1, new ConstantRate().factor(t, 3, 5));
  }

  // ---------------------------------------------------------------- trajectories

  private static final int ROWS = 4, STEPS = 3, EPOCHS = 4;
  private static final double[] ROW = {0.3, -0.7}, TARGET = {0.4};

  private static Network network() {
    return Network.input(2).dense(5, new Tanh()).dense(1, new Linear()).build(6);
  }

  /** All rows are equal, so that their order does not matter. */
  private static Dataset data() {
    int rows = ROWS * STEPS;
    double[] x = new double[2 * rows], y = new double[rows];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(ROW, 0, x, 2 * i, 2);
      y[i] = TARGET[0];
    }
    return Dataset.regression(2, x, 1, y);
  }

  /** Compares θ after each of 12 training steps with 12 steps made here, whose rates are η times these factors. */
  static void trajectorySpec(Entry entry, Schedule subject, Optimizer optimizer, double[] factors, double bound) {
    trajectorySpec(entry, subject, optimizer, Regularization.l2(1e-3), factors, bound);
  }

  private static void trajectorySpec(Entry entry, Schedule subject, Optimizer optimizer, Regularization penalty,
      double[] factors, double bound) {
    Network net = network(), hand = network();
    List<double[]> path = new ArrayList<>();
    History history = Trainer.of(net).loss(new MeanSquaredError()).optimizer(optimizer).schedule(subject).batch(ROWS)
        .regularization(penalty).listener(new TrainingListener() {
          @Override public void onStep(int epoch, int step, int steps, double loss) {
            path.add(net.parameters().clone());
          }
        }).fit(data(), EPOCHS);
    Backpropagation b = new Backpropagation(hand, new MeanSquaredError(), penalty, ROWS);
    double[] theta = hand.parameters();
    double[][] state = new double[optimizer.slots()][theta.length];
    for (int t = 1; t <= STEPS * EPOCHS; t++) {
      b.lossAndGradients(ROWS, data().x(), 0, data().y(), 0);
      double rate = optimizer.rate() * factors[t - 1];
      optimizer.update(t, rate, theta.length, theta, b.gradients(), state);
      for (int i = 0; i < theta.length; i++) {
        entry.check("separate steps", Math.abs(theta[i] - path.get(t - 1)[i]) / (Math.abs(theta[i]) + 0.1), bound,
            subject.name(), "step " + t, i);
      }
      if (t % STEPS == 0) {
        entry.check("separate steps", Ledger.Entry.relative(history.epochs().get(t / STEPS - 1).rate(), rate), bound,
            subject.name(), "reported rate");
      }
    }
  }

  /**
   * Without penalties, plain descent adds −η·δ to θ row by row and keeps no gradient. Twelve steps of four rows each
   * round θ about fifty times more.
   */
  @Test
  @Proves(value = {STEP, COSINE, WARM}, by = "Trainer#schedule")
  void plainDescentWithoutPenaltiesUsesTheScheduledRates() {
    Optimizer descent = new GradientDescent(0.1);
    Regularization none = Regularization.NONE;
    trajectorySpec(Ledger.of(STEP), new StepDecay(1, 0.5), descent, none, HALVES, 1e-13);
    trajectorySpec(Ledger.of(WARM), new WarmUp(2, new StepDecay(1, 0.5)), descent, none, WARMED, 1e-13);
    trajectorySpec(Ledger.of(COSINE), new CosineDecay(0.1), descent, none, cosines(0.1), 1e-13);
  }

  static final double[] HALVES = {1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125, 0.125};
  /** Warm-up over 2 epochs takes 6 steps. These quotients are the doubles nearest to 1/6, 1/3, …. */
  static final double[] WARMED = {1 / 6.0, 2 / 6.0, 3 / 6.0, 4 / 6.0, 5 / 6.0, 1, 1, 1, 1, 0.5, 0.5, 0.5};

  static double[] cosines(double floor) {
    double[] factors = new double[STEPS * EPOCHS];
    for (int t = 1; t <= factors.length; t++) factors[t - 1] = cosine(floor, t, STEPS, EPOCHS).doubleValue();
    return factors;
  }

  /** Bit for bit where the factors are exact. A factor off by a few units of 2⁻⁵³ changes θ by as little. */
  @Test
  @Proves(value = {STEP, COSINE, WARM}, by = "Trainer#schedule")
  void trainingUsesTheScheduledRates() {
    for (Optimizer optimizer : List.of(new GradientDescent(0.1), new Adam(0.01))) {
      trajectorySpec(Ledger.of(STEP), new StepDecay(1, 0.5), optimizer, HALVES, 0);
      trajectorySpec(Ledger.of(WARM), new WarmUp(2, new StepDecay(1, 0.5)), optimizer, WARMED, 0);
      trajectorySpec(Ledger.of(COSINE), new CosineDecay(0), optimizer, cosines(0), 1e-13);
      trajectorySpec(Ledger.of(COSINE), new CosineDecay(0.1), optimizer, cosines(0.1), 1e-13);
    }
  }
}
