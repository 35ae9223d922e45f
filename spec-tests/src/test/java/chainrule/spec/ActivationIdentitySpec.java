// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Step;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.FiniteDifferences;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.HighPrecision;
import java.math.BigDecimal;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The identities between activations in document 002, and its step function, which cannot be trained. */
class ActivationIdentitySpec {
  private static final double INF = Double.POSITIVE_INFINITY;

  @Property(tries = 300)
  @Proves(value = "002-sigmoid", home = "Sigmoid#value")
  void theTwoFormsOfSigmoidAreEqual(@ForAll("hundreds") double x) {
    Dual left = ActivationSpec.sigmoid(Dual.variable(x)), e = Dual.variable(x).exp(), right = e.over(e.plus(Dual.ONE));
    Entry entry = Ledger.of("002-sigmoid");
    BigDecimal gap = left.v().subtract(right.v()).abs().divide(right.v(), HighPrecision.DIGITS);
    entry.check("algebra", gap.doubleValue(), 1e-47, x);
    entry.ulps(new Sigmoid().value(x), right.v(), 2, x);
  }

  @Property(tries = 300)
  @Proves(value = "002-sigmoid-half", home = "Sigmoid#value")
  void twiceSigmoidIsOneOnlyAtZero(@ForAll("hundreds") double x) {
    Entry e = Ledger.of("002-sigmoid-half");
    e.exact(1, 2 * new Sigmoid().value(0), "at 0");
    // 2σ(x) − 1 = tanh(x/2) differs from 0 in 50 digits if |x| > 1e-49, and in doubles if |x| > 1e-15
    if (Math.abs(x) > 1e-45) {
      int sign = HighPrecision.sigmoid(new BigDecimal(x)).multiply(BigDecimal.valueOf(2)).compareTo(BigDecimal.ONE);
      e.exact(Math.signum(x), sign, x);
    }
    if (Math.abs(x) > 1e-15) e.exact(Math.signum(x), Math.signum(2 * new Sigmoid().value(x) - 1), x);
    e.remark("An equation for x, not an identity: 2σ(x) = 1 only at x = 0, where the curve crosses ½.");
  }

  @Property(tries = 300)
  @Proves(value = "002-tanh-sigmoid", home = "Tanh#value", by = "Sigmoid#value")
  void tanhIsTwiceSigmoidOfTwiceXMinusOne(@ForAll("hundreds") double x) {
    tanhFromSigmoid(Ledger.of("002-tanh-sigmoid"), new Tanh(), new Sigmoid(), x);
  }

  static void tanhFromSigmoid(Entry entry, Elementwise tanh, Elementwise sigmoid, double x) {
    BigDecimal two = BigDecimal.valueOf(2), z = new BigDecimal(x);
    BigDecimal right = HighPrecision.sigmoid(z.multiply(two)).multiply(two).subtract(BigDecimal.ONE);
    // absolute, because the right side cancels near 0 in any precision
    entry.check("algebra", HighPrecision.tanh(z).subtract(right).abs().doubleValue(), 1e-48, x);
    entry.ulps(tanh.value(x), HighPrecision.tanh(z), 2, x);
    // σ ≤ 1 has an error of at most 2·2⁻⁵³, so 2σ has 4·2⁻⁵³; tanh has 2·2⁻⁵³
    double gap = Math.abs(tanh.value(x) - (2 * sigmoid.value(2 * x) - 1));
    entry.check("value, absolute", gap, 6 * 0x1p-53, x);
  }

  @Property(tries = 300)
  @Proves(value = "002-relu", home = "Relu#value")
  void reluEqualsMaxOfZeroAndX(@ForAll("farAndNear") double x) {
    reluIsMax(Ledger.of("002-relu"), new Relu(), x);
  }

  @Test
  @Proves(value = "002-relu", by = "Relu#value")
  void reluEqualsMaxOfZeroAndXAtZeroAndInfinity() {
    for (double x : new double[] {0, -0.0, Double.MIN_VALUE, -Double.MIN_VALUE, INF, -INF}) {
      reluIsMax(Ledger.of("002-relu"), new Relu(), x);
    }
    Ledger.of("002-relu").exact(Math.max(0, Double.NaN), new Relu().value(Double.NaN), "NaN");
  }

  static void reluIsMax(Entry e, Elementwise phi, double x) {
    double pieces = x >= 0 ? x : 0, max = Math.max(0, x);
    e.exact(pieces, max, x);
    e.exact(pieces, phi.value(x), x);
  }

  @Property(tries = 300)
  @Proves(value = "002-leaky-relu", home = "LeakyRelu#value")
  void leakyReluEqualsMaxOfAHundredthOfXAndX(@ForAll("farAndNear") double x) {
    BigDecimal z = new BigDecimal(x);
    // ½ ulp for the product, and less than ½ ulp because 0.01 is not a double
    Ledger.of("002-leaky-relu").ulps(new LeakyRelu().value(x), z.multiply(new BigDecimal("0.01")).max(z), 1, x);
  }

  @Property(tries = 300)
  @Proves(value = "002-leaky-relu", by = "LeakyRelu#value")
  void leakyReluEqualsTheMaxOnlyForEpsilonUpToOne(
      @ForAll("farAndNear") double x, @ForAll("slopes") double epsilon) {
    Entry e = Ledger.of("002-leaky-relu");
    double pieces = new LeakyRelu(epsilon).value(x), max = Math.max(epsilon * x, x);
    if (epsilon <= 1) e.exact(max, pieces, epsilon, x);
    else e.holds(max != pieces && max == (x > 0 ? epsilon * x : x), "the slopes are swapped", epsilon, x);
    e.remark("LeakyRelu implements 001's form, εz for negative z. max(εx, x) is the same for 0 < ε < 1; for ε > 1 its "
        + "slopes are swapped: for ε = 2 and x = −1, 001 gives −2, and max(εx, x) gives −1.");
  }

  @Test
  @Proves(value = "002-leaky-relu", by = "LeakyRelu#value")
  void theTwoFormsOfLeakyReluDifferForASlopeOfTwo() {
    Entry e = Ledger.of("002-leaky-relu");
    e.exact(-2, new LeakyRelu(2).value(-1), "001's form");
    e.exact(-1, Math.max(2 * -1, -1), "002's form");
    e.exact(1, new LeakyRelu(2).value(1), "001's form");
    e.exact(2, Math.max(2 * 1, 1), "002's form");
  }

  @Property(tries = 300)
  @Proves(value = "002-step", home = "Step#value")
  void stepIsZeroOrOneWithDerivativeZero(@ForAll("farAndNear") double x) {
    Entry e = Ledger.of("002-step");
    Step phi = new Step();
    double a = phi.value(x);
    e.exact(x < 0 ? 0 : 1, a, x);
    e.exact(FiniteDifferences.fivePoint(phi::value, x, 0x1p-10, Double.MIN_NORMAL), phi.derivative(x, a), x);
  }

  @Test
  @Proves(value = "002-step", by = "Step, Backpropagation")
  void stepPredictsButCannotBeTrained() {
    Entry e = Ledger.of("002-step");
    stepAtItsJump(e, new Step());
    refusesToTrain(e, new Step());
    // A forward pass: the AND of two inputs is 1 where x₁ + x₂ − 1.5 ≥ 0.
    Network and = Network.input(2).dense(1, new Step()).build(1);
    System.arraycopy(new double[] {1, 1, -1.5}, 0, and.parameters(), 0, 3);
    double[] y = and.predict(new double[] {0, 0, 0, 1, 1, 0, 1, 1});
    for (int i = 0; i < 4; i++) e.exact(i == 3 ? 1 : 0, y[i], "AND, row", i);
    e.remark("Its derivative is 0 wherever it exists, so Backpropagation rejects it. It is for forward passes only.");
  }

  static void stepAtItsJump(Entry e, Elementwise phi) {
    for (double x : new double[] {0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, INF}) e.exact(1, phi.value(x), x);
    for (double x : new double[] {-Double.MIN_VALUE, -Double.MAX_VALUE, -INF}) e.exact(0, phi.value(x), x);
    e.exact(Double.NaN, phi.value(Double.NaN), "NaN");
  }

  /** Checks that neither an output layer nor a hidden layer can be trained, and that the message gives the reason. */
  static void refusesToTrain(Entry e, Activation phi) {
    Network asOutput = Network.input(2).dense(1, phi).build(1);
    Network hidden = Network.input(2).dense(3, phi).dense(1, new Sigmoid()).build(1);
    for (Network net : new Network[] {asOutput, hidden}) {
      String error = assertThrows(
          IllegalArgumentException.class, () -> new Backpropagation(net, new MeanSquaredError(), 4)).getMessage();
      e.holds(error.contains("cannot be trained") && error.contains(phi.name()) && error.contains("derivative"), error);
    }
  }

  @Provide
  Arbitrary<Double> hundreds() {
    return Arbitraries.oneOf(PrintedActivation.reals(1e-300, 700), PrintedActivation.reals(1e-8, 40));
  }

  @Provide
  Arbitrary<Double> farAndNear() {
    return Arbitraries.oneOf(PrintedActivation.reals(1e-280, 1e300), PrintedActivation.reals(1e-8, 40));
  }

  /** Slopes on both sides of 1, but not so close to 1 that the product rounds to the factor. */
  @Provide
  Arbitrary<Double> slopes() {
    return PrintedActivation.reals(1e-6, 100).map(Math::abs).filter(e -> Math.abs(e - 1) > 1e-6);
  }
}
