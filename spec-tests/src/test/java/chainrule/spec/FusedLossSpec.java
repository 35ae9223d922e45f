// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.LossChecks.batchSpec;
import static chainrule.spec.LossChecks.error;
import static chainrule.spec.LossChecks.gradient;
import static chainrule.spec.LossChecks.value;

import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.SigmoidCrossEntropy;
import chainrule.nn.loss.SoftmaxCrossEntropy;
import chainrule.random.CounterRandom;
import chainrule.spec.LossChecks.Batch;
import chainrule.spec.LossChecks.PrintedLoss;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.HighPrecision;
import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The losses of logits: softmax with categorical cross-entropy, sigmoid with binary cross-entropy. */
class FusedLossSpec {
  /** −Σ_i y_i ln(e^z_i / Σ_k e^z_k) for one row, as the documents print it, differentiated with respect to logit j. */
  static Dual softmaxCrossEntropy(Batch b, int row, int j) {
    Dual[] e = new Dual[b.cols()];
    Dual sum = Dual.ZERO;
    for (int i = 0; i < e.length; i++) {
      double z = b.yhat()[row * b.cols() + i];
      e[i] = (i == j ? Dual.variable(z) : Dual.constant(z)).exp();
      sum = sum.plus(e[i]);
    }
    Dual loss = Dual.ZERO;
    for (int i = 0; i < e.length; i++) {
      double y = b.y(row * b.cols() + i);
      if (y != 0) loss = loss.minus(e[i].over(sum).log().times(y));
    }
    return loss;
  }

  /** The kind of targets in a batch. */
  enum Targets { ONE_HOT, SUM_TO_ONE, ANY }

  /** Returns logits within ±1, ±10 or ±100, for two to five classes. */
  static Batch logits(long seed, Targets targets) {
    return logits(seed, targets, 2 + CounterRandom.below(4, seed, 30, 1));
  }

  /** Returns such logits for this number of classes. */
  private static Batch logits(long seed, Targets targets, int cols) {
    int rows = 1 + CounterRandom.below(4, seed, 30, 0);
    double size = Math.pow(10, CounterRandom.below(3, seed, 30, 2));
    double[] z = new double[rows * cols], y = new double[rows * cols];
    for (int r = 0; r < rows; r++) {
      int hot = CounterRandom.below(cols, seed, 31, r);
      for (int j = 0, left = 16; j < cols; j++) {
        int i = r * cols + j;
        z[i] = size * (2 * CounterRandom.uniform(seed, 32, i) - 1);
        int share = j == cols - 1 ? left : CounterRandom.below(left + 1, seed, 33, i);
        left -= share;
        y[i] = switch (targets) {
          case ONE_HOT -> j == hot ? 1 : 0;
          case SUM_TO_ONE -> share / 16.0; // sixteenths sum to 1 exactly
          case ANY -> CounterRandom.uniform(seed, 34, i);
        };
      }
    }
    return Batch.of(rows, cols, z, y);
  }

  /**
   * The spec of softmax cross-entropy on logits. ln Σe^(z−m) has an absolute error of about (k + 6) U, so the error of
   * the value is in ulps of L + Σ|y|. ŷ Σy − y cancels, so the error of the gradient is relative to ŷ Σ|y| + |y|.
   */
  static void softmaxSpec(Entry value, Entry derivative, Loss loss, boolean mean, Batch b) {
    int k = b.cols();
    double f = mean ? 1.0 / b.rows() : 1, targets = 0;
    double[] g = gradient(loss, b);
    BigDecimal total = BigDecimal.ZERO;
    for (int i = 0; i < b.size(); i++) targets += f * Math.abs(b.y(i));
    double extra = (k + 6) * targets;
    for (int r = 0; r < b.rows(); r++) {
      double rowTargets = 0;
      for (int j = 0; j < k; j++) rowTargets += Math.abs(b.y(r * k + j));
      for (int j = 0; j < k; j++) {
        int i = r * k + j;
        Dual exact = softmaxCrossEntropy(b, r, j);
        if (j == 0) total = total.add(exact.v(), HighPrecision.DIGITS);
        // the derivative: a_j Σ_i y_i − y_j
        BigDecimal samples = BigDecimal.valueOf(mean ? b.rows() : 1);
        double d = exact.d().divide(samples, HighPrecision.DIGITS).doubleValue();
        double scale = Math.abs(d + f * b.y(i)) + f * b.y(i); // f (ŷ Σy + y)
        derivative.check(Entry.DUAL, error(g[i], d, scale), 1e-13, loss, b.yhat(), i);
        // |fifth derivative of ln Σe^z with respect to one z| = |pq(q − p)(1 − 12pq)| ≤ ½
        double h = 0x1p-8;
        LossChecks.differenceSpec(derivative, loss, b, i, g[i], h, extra, h * h * h * h / 30 * 0.5 * f * rowTargets);
      }
    }
    if (mean) total = total.divide(BigDecimal.valueOf(b.rows()), HighPrecision.DIGITS);
    double actual = value(loss, b);
    LossChecks.valueWithin(value, actual, total, targets, b.size() + k + 14, loss, b);
  }

  @Property(tries = 200)
  @Proves(value = {"001-cce", "001-softmax-cce-d"}, by = "SoftmaxCrossEntropy(SUM)")
  @Proves(value = {"003-cce", "003-softmax-cce-d"}, by = "SoftmaxCrossEntropy(MEAN)")
  void softmaxCrossEntropyIsTheCrossEntropyOfTheSoftmax(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    for (Targets t : Targets.values()) {
      softmaxSpec(Ledger.of("001-cce"), Ledger.of("001-softmax-cce-d"), new SoftmaxCrossEntropy(Reduction.SUM), false,
          logits(seed, t));
    }
    Batch hot = logits(seed, Targets.ONE_HOT);
    softmaxSpec(Ledger.of("003-cce"), Ledger.of("003-softmax-cce-d"), new SoftmaxCrossEntropy(), true, hot);
  }

  /** Also tests sumAndGradient, which training uses. */
  @Test
  @Proves(value = {"001-cce", "001-softmax-cce-d"}, by = "SoftmaxCrossEntropy(SUM)")
  void targetsMayHaveAnySumFor2To24Classes() {
    Loss loss = new SoftmaxCrossEntropy(Reduction.SUM);
    for (int classes = 2; classes <= 24; classes += classes < 12 ? 1 : 12) {
      for (Targets t : List.of(Targets.SUM_TO_ONE, Targets.ANY)) {
        Batch b = logits(classes, t, classes);
        softmaxSpec(Ledger.of("001-cce"), Ledger.of("001-softmax-cce-d"), loss, false, b);
        double[] g = new double[b.size()];
        double sum = loss.sumAndGradient(LossChecks.KERNELS, b.rows(), classes, b.yhat(), b.y(), b.yo(), 1, g);
        double[] alone = gradient(loss, b);
        for (int i = 0; i < g.length; i++) Ledger.of("001-softmax-cce-d").exact(alone[i], g[i], classes, t, i);
        Ledger.of("001-cce").exact(value(loss, b), sum, classes, t);
      }
    }
  }

  /** Returns ŷ in 50 digits. */
  private static BigDecimal softmax(Batch b, int row, int j) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < b.cols(); i++) sum = sum.add(HighPrecision.exp(new BigDecimal(b.yhat()[row * b.cols() + i])));
    return HighPrecision.exp(new BigDecimal(b.yhat()[row * b.cols() + j])).divide(sum, HighPrecision.DIGITS);
  }

  @Property(tries = 40)
  @Proves(value = "001-softmax-cce-d", home = "SoftmaxCrossEntropy#rowGradient", by = "SoftmaxCrossEntropy#gradient")
  void theGradientIsAMinusYIfTheTargetsSumToOne(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    Entry entry = Ledger.of("001-softmax-cce-d");
    for (Targets t : Targets.values()) {
      Batch b = logits(seed, t);
      for (int r = 0; r < b.rows(); r++) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < b.cols(); i++) sum = sum.add(new BigDecimal(b.y(r * b.cols() + i)));
        for (int j = 0; j < b.cols(); j++) {
          BigDecimal a = softmax(b, r, j), y = new BigDecimal(b.y(r * b.cols() + j));
          BigDecimal witness = softmaxCrossEntropy(b, r, j).d();
          BigDecimal printed = a.subtract(y), general = a.multiply(sum).subtract(y);
          entry.check("printed", general.subtract(witness).abs().doubleValue(), 1e-40, "a Σy − y", b.yhat(), t);
          if (t != Targets.ANY) {
            entry.check("printed", printed.subtract(witness).abs().doubleValue(), 1e-40, "a − y", b.yhat(), t);
          }
        }
      }
    }
  }

  @Test
  @Proves(value = "001-softmax-cce-d", by = "SoftmaxCrossEntropy#gradient")
  void theGradientIsNotAMinusYIfTheTargetsDoNotSumToOne() {
    Batch two = Batch.of(1, 2, new double[] {0, 0}, 1, 1);
    double[] g = gradient(new SoftmaxCrossEntropy(), two);
    Entry entry = Ledger.of("001-softmax-cce-d");
    for (int j = 0; j < 2; j++) {
      entry.exact(0, g[j], "z = (0, 0), y = (1, 1)");
      entry.exact(0, softmaxCrossEntropy(two, 0, j).derivative());
      entry.holds(softmax(two, 0, j).doubleValue() - 1 == -0.5, "a − y would be −½");
    }
    entry.remark("softmax-cross-entropy computes a_j Σ_i y_i − y_j, which equals the printed a_j − y_j if Σ_i y_i = 1. "
        + "For z = (0, 0), y = (1, 1) the printed form gives −½, but the derivative is 0.");
  }

  @Test
  @Proves(value = "003-softmax-cce-d", home = "SoftmaxCrossEntropy#rowGradient", by = "SoftmaxCrossEntropy#gradient")
  void theGradientPerSampleIsYHatMinusYAndTheMeanDividesItByN() {
    perSampleSpec(Ledger.of("003-softmax-cce-d"), new SoftmaxCrossEntropy(Reduction.SUM), new SoftmaxCrossEntropy());
    Ledger.of("003-softmax-cce-d").remark("softmax-cross-entropy-sum computes the printed ŷ − y for each sample; "
        + "softmax-cross-entropy, the mean with the 1/N of 003-cce, computes (ŷ − y)/N.");
  }

  static void perSampleSpec(Entry entry, Loss sum, Loss mean) {
    for (int n : new int[] {1, 2, 3, 4, 7}) {
      double[] z = new double[3 * n], y = new double[3 * n];
      for (int i = 0; i < z.length; i++) z[i] = 4 * CounterRandom.uniform(n, 35, i) - 2;
      for (int r = 0; r < n; r++) y[3 * r + r % 3] = 1;
      Batch b = Batch.of(n, 3, z, y);
      double[] whole = gradient(sum, b), part = gradient(mean, b);
      for (int i = 0; i < z.length; i++) {
        double exact = softmax(b, i / 3, i % 3).subtract(new BigDecimal(y[i])).doubleValue();
        entry.check(Entry.DUAL, error(whole[i], exact, Math.abs(exact)), 1e-13, "sum", n, i);
        entry.check(Entry.DUAL, error(part[i], exact / n, Math.abs(exact) / n), 1e-13, "mean", n, i);
      }
    }
  }

  /** Extreme logits. The difference of the largest and its negative is the largest double. */
  static final double[] EDGES = {
      0, -0.0, 1, 700, 746, 1e4, 1e300, -1e300, -1e4, -746, Double.MIN_VALUE, 1e-300, Double.MAX_VALUE / 2,
          -Double.MAX_VALUE / 2};

  @Test
  @Proves(value = {"001-cce", "001-softmax-cce-d"}, by = "SoftmaxCrossEntropy")
  void softmaxCrossEntropyIsFiniteForFiniteLogits() {
    softmaxEdges(Ledger.of("001-cce"), Ledger.of("001-softmax-cce-d"), new SoftmaxCrossEntropy(Reduction.SUM));
  }

  static void softmaxEdges(Entry value, Entry derivative, Loss loss) {
    for (double p : EDGES) {
      for (double q : EDGES) {
        for (int hot = 0; hot < 3; hot++) {
          double[] z = {p, q, 0}, y = new double[3];
          y[hot] = 1;
          Batch b = Batch.of(1, 3, z, y);
          // lse(z) − z_hot in 50 digits, where terms 300 below the largest are negligible
          double m = Math.max(Math.max(p, q), 0);
          BigDecimal sum = BigDecimal.ZERO, top = new BigDecimal(m);
          for (double v : z) {
            BigDecimal gap = new BigDecimal(v).subtract(top);
            if (gap.doubleValue() > -300) sum = sum.add(HighPrecision.exp(gap));
          }
          BigDecimal exact = HighPrecision.log(sum).add(top).subtract(new BigDecimal(z[hot]));
          double actual = value(loss, b);
          value.holds(Double.isFinite(actual), "finite", p, q, hot, actual);
          // ln s has an absolute error of (k + 6) U, as in softmaxSpec
          double off = new BigDecimal(actual).subtract(exact).abs().doubleValue();
          value.check(Entry.VALUE, off / Math.ulp(exact.doubleValue() + 1), 12, p, q, hot);
          double[] g = gradient(loss, b);
          for (int j = 0; j < 3; j++) {
            BigDecimal gap = new BigDecimal(z[j]).subtract(top);
            double a = gap.doubleValue() > -300
                ? HighPrecision.exp(gap).divide(sum, HighPrecision.DIGITS).doubleValue() : 0;
            derivative.check(Entry.DUAL, error(g[j], a - y[j], Math.max(1e-100, a + y[j])), 1e-13, p, q, hot, j, g[j]);
          }
        }
      }
    }
    double max = Double.MAX_VALUE, nan = Double.NaN, inf = Double.POSITIVE_INFINITY;
    Batch widest = Batch.of(1, 2, new double[] {max, -max}, 0, 1);
    value.exact(inf, value(loss, widest), "the loss, 2·MAX, overflows");
    derivative.exact(1, gradient(loss, widest)[0]);
    derivative.exact(-1, gradient(loss, widest)[1]);
    for (double[] y : new double[][] {{1, 0}, {0, 1}, {0, 0}}) {
      for (double[] z : new double[][] {{nan, 0}, {0, nan}, {inf, 0}}) {
        value.exact(nan, value(loss, Batch.of(1, 2, z, y)), z, y);
        for (double d : gradient(loss, Batch.of(1, 2, z, y))) derivative.exact(nan, d, z, y);
      }
    }
    value.exact(nan, value(loss, Batch.of(1, 2, new double[] {1, 2}, nan, 0)));
    value.exact(0, value(loss, Batch.of(1, 2, new double[] {5, -inf}, 1, 0)), "probability 0, not the target");
    value.exact(inf, value(loss, Batch.of(1, 2, new double[] {5, -inf}, 0, 1)), "probability 0, the target");
    value.exact(0, value(loss, Batch.of(2, 2, new double[] {1, 2, 3, 4}, 0, 0, 0, 0)), "zero targets have the loss 0");
  }

  @Property(tries = 200)
  @Proves(value = {"001-cce", "001-softmax-cce-d"}, by = "SoftmaxCrossEntropy")
  void fusedAndUnfusedSoftmaxAgree(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    for (Reduction r : Reduction.values()) {
      Batch b = logits(seed, Targets.values()[(int) (seed % 3)]);
      unfusedSpec(Ledger.of("001-cce"), Ledger.of("001-softmax-cce-d"), new SoftmaxCrossEntropy(r),
          new CategoricalCrossEntropy(r), new Softmax(), b);
    }
  }

  /** Compares a loss of logits with the plain loss after its activation, and the gradient through the activation. */
  static void unfusedSpec(Entry value, Entry derivative, Loss fused, Loss plain, Activation phi, Batch b) {
    double[] a = new double[b.size()];
    phi.forward(LossChecks.KERNELS, b.rows(), b.cols(), b.yhat(), a);
    Batch through = new Batch(b.rows(), b.cols(), a, b.y(), b.yo());
    double f = fused.reduction().factor(b.rows()), targets = 0;
    for (int i = 0; i < b.size(); i++) targets += f * (b.y(i) + (phi instanceof Sigmoid ? 1 - b.y(i) : 0));
    double one = value(fused, b), other = value(plain, through);
    value.check("unfused", error(one, other, other + targets), 1e-13, b.yhat(), one, other);
    double[] g = gradient(fused, b), delta = gradient(plain, through);
    phi.applyDerivative(LossChecks.KERNELS, b.rows(), b.cols(), phi.needsInput() ? b.yhat() : a, a, delta);
    for (int i = 0; i < g.length; i++) {
      derivative.check("unfused", error(g[i], delta[i], Math.abs(g[i] + f * b.y(i)) + f * b.y(i)), 1e-13, b.yhat(), i,
          g[i], delta[i]);
    }
  }

  /** σ(z) as printed. 1 − σ(z) is computed as σ(−z), without cancellation. */
  private static Dual sigmoid(Dual z) {
    return Dual.ONE.over(Dual.ONE.plus(z.negate().exp()));
  }

  /** y softplus(−z) + (1 − y) softplus(z), which does not cancel, and σ(z) − y, which does. */
  static final PrintedLoss SIGMOID = new PrintedLoss(
      (z, y) -> y.times(sigmoid(z).log()).plus(Dual.ONE.minus(y).times(sigmoid(z.negate()).log())).negate(),
      (z, y) -> sigmoid(z).minus(y), false,
      (z, y) -> 0, (z, y) -> y, (z, y) -> 0x1p-9);

  /**
   * Returns logits within ±1, ±10 or ±60 with targets of any kind, for sigmoids. Beyond 60, ln σ(z) = −e^−z would keep
   * too few of the witness's 50 digits.
   */
  static Batch sigmoidLogits(long seed) {
    Batch b = logits(seed, Targets.values()[(int) (seed % 3)]);
    for (int i = 0; i < b.size(); i++) b.yhat()[i] = Math.max(-60, Math.min(60, b.yhat()[i]));
    return b;
  }

  @Property(tries = 150)
  @Proves(value = {"001-bce", "001-bce-d"}, by = "SigmoidCrossEntropy")
  void sigmoidCrossEntropyIsTheCrossEntropyOfTheSigmoid(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    Entry value = Ledger.of("001-bce"), derivative = Ledger.of("001-bce-d");
    batchSpec(value, derivative, new SigmoidCrossEntropy(), SIGMOID.averaged(), sigmoidLogits(seed));
    batchSpec(value, derivative, new SigmoidCrossEntropy(Reduction.SUM), SIGMOID, sigmoidLogits(seed + 1));
    // 1 − σ(z) loses digits as e^z grows; up to z = 5 it keeps enough for 1e-13
    Batch b = logits(seed, Targets.ANY);
    double[] near = new double[b.size()];
    for (int i = 0; i < near.length; i++) near[i] = 10 * CounterRandom.uniform(seed, 36, i) - 5;
    Batch small = new Batch(b.rows(), b.cols(), near, b.y(), b.yo());
    for (Reduction r : Reduction.values()) {
      unfusedSpec(value, derivative, new SigmoidCrossEntropy(r), new BinaryCrossEntropy(r), new Sigmoid(), small);
    }
  }

  @Test
  @Proves(value = {"001-bce", "001-bce-d"}, by = "SigmoidCrossEntropy")
  void sigmoidCrossEntropyIsFiniteForEveryFiniteLogit() {
    Entry value = Ledger.of("001-bce"), derivative = Ledger.of("001-bce-d");
    SigmoidCrossEntropy loss = new SigmoidCrossEntropy(Reduction.SUM);
    double max = Double.MAX_VALUE, nan = Double.NaN;
    for (double z : new double[] {1e300, max, 800, 1e4}) {
      value.exact(z, loss.value(z, 0), "certain and wrong: |z|");
      value.exact(z, loss.value(-z, 1), "certain and wrong: |z|");
      value.exact(0, loss.value(z, 1));
      value.exact(0, loss.value(-z, 0));
      value.check(Entry.VALUE, error(loss.value(z, 0.25), 0.75 * z, Math.ulp(0.75 * z)), 2, z);
      derivative.exact(1, loss.derivative(z, 0));
      derivative.exact(-1, loss.derivative(-z, 1));
      derivative.exact(0, loss.derivative(z, 1));
    }
    for (double[] c : new double[][] {{nan, 0}, {nan, 1}, {nan, 0.5}, {0, nan}}) {
      value.exact(nan, loss.value(c[0], c[1]), c);
      derivative.exact(nan, loss.derivative(c[0], c[1]), c);
    }
  }

  @Test
  @Proves(value = {"001-softmax-cce-d", "001-bce-d"}, by = "Backpropagation, SoftmaxCrossEntropy, SigmoidCrossEntropy")
  void trainingUsesTheFusedLossAndStaysFinite() {
    for (double big : new double[] {800, 1e300}) {
      Network softmax = Network.input(1).dense(2, new Softmax()).build(1),
          sigmoid = Network.input(1).dense(1, new Sigmoid()).build(1);
      System.arraycopy(new double[] {0, 0, big, -big}, 0, softmax.parameters(), 0, 4);
      System.arraycopy(new double[] {0, big}, 0, sigmoid.parameters(), 0, 2);
      Backpropagation b = new Backpropagation(softmax, new CategoricalCrossEntropy(), 1);
      Ledger.of("001-softmax-cce-d").exact(2 * big, b.lossAndGradients(1, new double[1], 0, new double[] {0, 1}, 0));
      Ledger.of("001-softmax-cce-d").exact(1, b.gradients()[2], "∂L/∂b = a − y");
      Ledger.of("001-softmax-cce-d").exact(-1, b.gradients()[3], "∂L/∂b = a − y");
      b = new Backpropagation(sigmoid, new BinaryCrossEntropy(), 1);
      Ledger.of("001-bce-d").exact(big, b.lossAndGradients(1, new double[1], 0, new double[1], 0));
      Ledger.of("001-bce-d").exact(1, b.gradients()[1], "∂L/∂b = σ − y");
    }
  }
}
