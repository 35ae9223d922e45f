// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.kernels.Kernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.SumOfSquaredErrors;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.FiniteDifferences;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.HighPrecision;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The lines in which the documents define their symbols, and two formulas that appear only in the text. */
class DefinitionSpec {
  private static final Kernels KERNELS = Kernels.best();

  /** Returns random numbers in [−1, 1). */
  static double[] numbers(int n, long seed, int stream) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) v[i] = 2 * CounterRandom.uniform(seed, stream, i) - 1;
    return v;
  }

  @Property(tries = 200)
  @Proves(value = "001-error-term", home = "Backpropagation#applyDerivative", by = "Backpropagation#lossAndGradients")
  void theErrorTermOfAHiddenUnitIsTheDerivativeOfTheLossWithRespectToItsPreActivation(
      @ForAll @IntRange(min = 1, max = 5) int units, @ForAll @IntRange(min = 1, max = 4) int outputs,
      @ForAll @IntRange(min = 1, max = 1_000_000) int seed) {
    errorTermSpec(Backpropagation::gradients, Ledger.of("001-error-term"), units, outputs, seed);
  }

  /** Gets the gradients from an implementation. */
  interface Gradients {
    double[] of(Backpropagation b);
  }

  /**
   * Hidden weights of 0 make z = b exactly, and with one row, ∂L/∂b_j is the error term δ_j. A δ is a sum with
   * cancellation, so its error is relative to the sum of the magnitudes of its terms.
   */
  static void errorTermSpec(Gradients gradients, Entry entry, int units, int outputs, long seed) {
    Network net = Network.input(1).dense(units, new Tanh()).dense(outputs, new Linear()).build(seed);
    double[] theta = net.parameters(), z = numbers(units, seed, 1), v = numbers(units * outputs, seed, 2),
        c = numbers(outputs, seed, 3), y = numbers(outputs, seed, 4), x = {1};
    Arrays.fill(theta, 0, units, 0);
    System.arraycopy(z, 0, theta, units, units);
    System.arraycopy(v, 0, theta, 2 * units, v.length);
    System.arraycopy(c, 0, theta, 2 * units + v.length, outputs);
    Backpropagation b = new Backpropagation(net, new SumOfSquaredErrors(), 1);
    b.lossAndGradients(1, x, 0, y, 0);
    double[] delta = gradients.of(b).clone();
    for (int j = 0; j < units; j++) {
      Dual loss = Dual.ZERO;
      double scale = 0;
      for (int k = 0; k < outputs; k++) {
        Dual e = Dual.constant(c[k]).minus(Dual.constant(y[k]));
        double size = Math.abs(c[k]) + Math.abs(y[k]);
        for (int i = 0; i < units; i++) {
          Dual zi = i == j ? Dual.variable(z[i]) : Dual.constant(z[i]);
          e = e.plus(zi.tanh().times(v[i * outputs + k]));
          size += Math.abs(v[i * outputs + k]);
        }
        loss = loss.plus(e.times(e));
        scale += 2 * size * Math.abs(v[j * outputs + k]);
      }
      entry.check(Entry.DUAL, Math.abs(delta[j] - loss.derivative()) / scale, 1e-13, "unit", j, "seed", seed);
      int at = units + j;
      double numeric = FiniteDifferences.fivePoint(t -> {
        double kept = theta[at];
        theta[at] = t;
        double l = b.loss(1, x, 0, y, 0);
        theta[at] = kept;
        return l;
      }, theta[at], 0x1p-12, 1);
      // the loss has rounding errors of about 64·2⁻⁵³·L, divided by a step of at least 2⁻¹³
      double noise = 64 * 0x1p-53 * loss.value() / 0x1p-13;
      entry.check(Entry.DIFFERENCE, Math.abs(delta[j] - numeric) / Math.max(scale, 1e9 * noise), 1e-9, "unit", j,
          "seed", seed);
    }
  }

  @Property(tries = 200)
  @Proves(value = "003-activation", home = "Elementwise#forward", by = "Sigmoid#forward, Tanh#forward, Linear#forward")
  void theOutputOfALayerIsTheActivationOfEachElementOfZ(
      @ForAll @IntRange(min = 1, max = 40) int n, @ForAll @DoubleRange(min = 0, max = 30) double size,
      @ForAll @IntRange(min = 1, max = 1_000_000) int seed) {
    double[] z = numbers(n, seed, 1);
    for (int i = 0; i < n; i++) z[i] *= size;
    Entry entry = Ledger.of("003-activation");
    elementwiseSpec(new Sigmoid(), HighPrecision::sigmoid, entry, z);
    elementwiseSpec(new Tanh(), HighPrecision::tanh, entry, z);
    elementwiseSpec(new Linear(), exact -> exact, entry, z);
    double[] pair = {0, 0}, h = new double[2];
    new Softmax().forward(KERNELS, 1, 2, pair, h);
    entry.exact(0.5, h[0], "softmax is not element-wise: of (0, 0) it gives ½, of (0) it gives 1");
  }

  static void elementwiseSpec(Activation phi, UnaryOperator<BigDecimal> exact, Entry entry, double[] z) {
    double[] h = new double[z.length];
    phi.forward(KERNELS, 1, z.length, z.clone(), h);
    for (int i = 0; i < z.length; i++) entry.ulps(h[i], exact.apply(new BigDecimal(z[i])), 2, phi.name(), z[i]);
  }

  @Property(tries = 500)
  @Proves(value = "003-activation-d", home = "Elementwise#applyDerivative",
      by = "Sigmoid#applyDerivative, Tanh#applyDerivative")
  void theBackwardPassOfAnActivationMultipliesItsDerivativeByTheIncomingGradient(
      @ForAll @DoubleRange(min = -30, max = 4) double z, @ForAll @DoubleRange(min = -1e3, max = 1e3) double upstream) {
    Entry entry = Ledger.of("003-activation-d");
    // 1 − a of a = σ(z) and 1 − a² of a = tanh z amplify the relative error of a by this condition number.
    backwardSpec(new Sigmoid(), entry, z, upstream, Dual.ONE.over(Dual.ONE.plus(Dual.variable(z).negate().exp())),
        1 + Math.exp(z));
    double t = z / 8;
    backwardSpec(new Tanh(), entry, t, upstream, Dual.variable(t).tanh(), 1 + 2 * Math.sinh(t) * Math.sinh(t));
    // L = ½(σ(z) − ½)² has its minimum at z = 0.
    double[] a = {0}, g = {0};
    new Sigmoid().forward(KERNELS, 1, 1, new double[] {0}, a);
    g[0] = a[0] - 0.5;
    double printed = new Sigmoid().derivative(0, a[0]);
    entry.counterexample(g[0] != printed, "L = ½(σ(z) − ½)² at z = 0: ∂L/∂σ is 0, but σ'(z), which the document "
        + "equates with it, is ¼");
  }

  static void backwardSpec(Activation phi, Entry entry, double z, double upstream, Dual exact, double condition) {
    double[] a = new double[1], g = {upstream}, zs = {z};
    phi.forward(KERNELS, 1, 1, zs, a);
    phi.applyDerivative(KERNELS, 1, 1, phi.needsInput() ? zs : a, a, g);
    double error = Entry.relative(g[0], exact.times(upstream).derivative());
    entry.check(Entry.DUAL, error / condition, 1e-13, phi.name(), z, upstream);
    double numeric = FiniteDifferences.fivePoint(t -> {
      double[] f = new double[1];
      phi.forward(KERNELS, 1, 1, new double[] {t}, f);
      return upstream * f[0];
    }, z, 0x1p-10, 1);
    // relative to |upstream|, because the differences divide rounding errors of that size by the step
    entry.check(Entry.DIFFERENCE, Math.abs(g[0] - numeric) / Math.max(Math.abs(upstream), 1e-300), 1e-9, phi.name(), z);
  }

  @Property(tries = 200)
  @Proves(value = {"003-preactivation-hidden", "002-weight-matrix"}, home = "Dense#forward")
  @Proves(value = "003-preactivation-output", by = "Dense#forward")
  void preActivationsUseThePreviousLayerAndTheTransposeOfAMatrixWithOneRowPerUnit(
      @ForAll @IntRange(min = 1, max = 6) int in, @ForAll @IntRange(min = 1, max = 6) int out,
      @ForAll @IntRange(min = 1, max = 1_000_000) int seed) {
    int hidden = in + 1; // so that no wrong shape fits
    Network before = Network.input(in).dense(hidden, new Tanh()).build(seed);
    Network net = Network.input(in).dense(hidden, new Tanh()).dense(out, new Linear()).build(seed);
    int first = before.parameters().length;
    System.arraycopy(before.parameters(), 0, net.parameters(), 0, first);
    System.arraycopy(numbers(hidden * out + out, seed, 7), 0, net.parameters(), first, hidden * out + out);
    double[] x = numbers(in, seed, 8), a = before.predict(x), z = net.predict(x);
    double[] w = Arrays.copyOfRange(net.parameters(), first, net.parameters().length);
    for (String id : new String[] {"003-preactivation-output", "003-preactivation-hidden", "002-weight-matrix"}) {
      preActivationSpec(z, Ledger.of(id), a, w, out);
    }
    Ledger.of("003-preactivation-hidden").remark("a_{l+1} is read as the activations of the preceding layer, a_{l−1}: "
        + "Network numbers the layers in the direction of the forward pass.");
    Ledger.of("002-weight-matrix").remark("For m units and n inputs, W' is [m × n]. Dense stores its transpose, "
        + "W [in × out].");
  }

  /** z_j = Σ_i W'_ji·a_i + b_j. w holds the transpose of W' [in × out], then b. Errors are in ulps of Σ|terms|. */
  static void preActivationSpec(double[] z, Entry entry, double[] a, double[] w, int out) {
    int in = a.length;
    for (int j = 0; j < out; j++) {
      BigDecimal exact = new BigDecimal(w[in * out + j]);
      double size = Math.abs(w[in * out + j]);
      for (int i = 0; i < in; i++) {
        exact = exact.add(new BigDecimal(w[i * out + j]).multiply(new BigDecimal(a[i])));
        size += Math.abs(w[i * out + j] * a[i]);
      }
      double error = new BigDecimal(z[j]).subtract(exact).abs().doubleValue() / Math.ulp(size);
      entry.check(Entry.VALUE, error, 0.5 * (in + 1), "unit", j, "of", out); // half an ulp per rounding
    }
  }

  @Test
  @Proves(value = "003-preactivation-output", home = "Dense#forward")
  void theOutputPreActivationDoesNotUseTheOutputActivation() {
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    net.parameters()[0] = 2;
    net.parameters()[1] = 0;
    double z = net.predict(new double[] {1})[0];
    Ledger.of("003-preactivation-output").exact(2, z);
    Ledger.of("003-preactivation-output").counterexample(z != 2 * z, "W = 2, b = 0, linear, input 1: z and a_L are 2; "
        + "the printed W·a_L + b is 4");
  }

  @Property(tries = 200)
  @Proves(value = "002-gd-unit-rate", home = "GradientDescent#update")
  void theUpdateWithoutARateIsGradientDescentWithRateOne(
      @ForAll @IntRange(min = 1, max = 8) int n, @ForAll @IntRange(min = 1, max = 1_000_000) int seed) {
    unitRateSpec(new GradientDescent(1), Ledger.of("002-gd-unit-rate"), numbers(n, seed, 1), numbers(n, seed, 2), seed);
    Ledger.of("002-gd-unit-rate").remark("Read with η = 1; the factor 2/2 cancels: new GradientDescent(1).");
  }

  /** Compares with ω − 2∇l/2 and ω − (1/N) Σ ∇l_i for l_i(ω) = (ω·x_i + b − y_i)², in exact arithmetic. */
  static void unitRateSpec(Optimizer optimizer, Entry entry, double[] x, double[] y, long seed) {
    int n = x.length;
    Network net = Network.input(1).dense(1, new Linear()).build(seed);
    double[] theta = net.parameters();
    double omega = theta[0], size = Math.abs(omega);
    theta[1] = 0;
    BigDecimal sum = BigDecimal.ZERO, count = BigDecimal.valueOf(n), two = BigDecimal.valueOf(2);
    for (int i = 0; i < n; i++) {
      BigDecimal xi = new BigDecimal(x[i]);
      sum = sum.add(new BigDecimal(omega).multiply(xi).subtract(new BigDecimal(y[i])).multiply(xi).multiply(two));
      size += 2 * (Math.abs(omega * x[i]) + Math.abs(y[i])) * Math.abs(x[i]);
    }
    BigDecimal mean = sum.divide(count, HighPrecision.DIGITS);
    BigDecimal first = new BigDecimal(omega).subtract(mean.multiply(two).divide(two, HighPrecision.DIGITS));
    BigDecimal second = new BigDecimal(omega).subtract(sum.divide(count, HighPrecision.DIGITS));
    Backpropagation b = new Backpropagation(net, new MeanSquaredError(), n);
    b.lossAndGradients(n, x, 0, y, 0);
    optimizer.update(1, optimizer.rate(), 1, theta, b.gradients(), new double[0][]);
    // a dozen roundings of terms whose magnitudes sum to at most size
    for (BigDecimal exact : new BigDecimal[] {first, second}) {
      double error = new BigDecimal(theta[0]).subtract(exact).abs().doubleValue() / Math.ulp(size);
      entry.check(Entry.VALUE, error, 12, "rows", n, "seed", seed);
    }
  }

  @Property(tries = 500)
  @Proves(value = "003-sign", home = "MeanAbsoluteError#derivative", by = "Regularization#addGradient")
  void theSignIsZeroAtZero(@ForAll double x) {
    signSpec(DefinitionSpec::signOfMae, Ledger.of("003-sign"), x);
    signSpec(DefinitionSpec::signOfL1, Ledger.of("003-sign"), x);
  }

  @Test
  @Proves(value = "003-sign", by = "MeanAbsoluteError#derivative, Regularization#addGradient")
  void theSignIsCorrectForZerosSubnormalsInfinitiesAndNaN() {
    double inf = Double.POSITIVE_INFINITY;
    double least = Double.MIN_VALUE, most = Double.MAX_VALUE;
    for (double x : new double[] {0, -0.0, least, -least, 1, -1, most, -most, inf, -inf}) {
      signSpec(DefinitionSpec::signOfMae, Ledger.of("003-sign"), x);
      signSpec(DefinitionSpec::signOfL1, Ledger.of("003-sign"), x);
    }
    Ledger.of("003-sign").exact(Double.NaN, signOfMae(Double.NaN));
    Ledger.of("003-sign").exact(Double.NaN, signOfL1(Double.NaN));
  }

  static void signSpec(DoubleUnaryOperator sign, Entry entry, double x) {
    entry.exact(x < 0 ? -1 : x > 0 ? 1 : 0, sign.applyAsDouble(x), x);
  }

  private static double signOfMae(double x) {
    double[] g = new double[1];
    MeanAbsoluteError mae = new MeanAbsoluteError();
    mae.gradient(KERNELS, 1, 1, new double[] {x}, new double[] {0}, 0, 1, g);
    return g[0];
  }

  private static double signOfL1(double x) {
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    net.parameters()[0] = x;
    double[] g = new double[2];
    Regularization.l1(1).addGradient(net, g);
    return g[0];
  }

  /** The bug museum of this class: each spec above must reject a planted bug. */
  @Test
  void theSpecsRejectPlantedBugs() {
    rejected(e -> signSpec(t -> t >= 0 ? 1 : -1, e, 0), "sign(0) = +1");
    rejected(e -> signSpec(t -> -Math.signum(t), e, 3), "the wrong sign");
    rejected(e -> errorTermSpec(b -> {
      double[] g = b.gradients().clone();
      for (int i = 0; i < g.length; i++) g[i] = Math.abs(g[i]) + 0.5;
      return g;
    }, e, 2, 2, 1), "an error term without its sign");
    double[] x = {1, -0.5}, y = {3, 0.25};
    rejected(e -> unitRateSpec(new GradientDescent(2), e, x, y, 1), "2∇l instead of 2∇l/2");
    double[] w = {1, 2, 3, 4, 0, 0}, a = {1, 10};
    rejected(e -> preActivationSpec(new double[] {1 + 20, 3 + 40}, e, a, w, 2), "W untransposed in a square layer");
    preActivationSpec(new double[] {1 + 30, 2 + 40}, Ledger.scratch("museum"), a, w, 2);
    Dual half = Dual.ONE.over(Dual.ONE.plus(Dual.variable(0).negate().exp()));
    rejected(e -> backwardSpec(new Tanh(), e, 0, 1, half, 1), "the derivative of another activation");
    rejected(e -> elementwiseSpec(new Softmax(), HighPrecision::sigmoid, e, y), "softmax as element-wise");
  }

  private static void rejected(java.util.function.Consumer<Entry> exhibit, String what) {
    assertThrows(AssertionError.class, () -> exhibit.accept(Ledger.scratch("museum")), "the spec accepted " + what);
  }
}
