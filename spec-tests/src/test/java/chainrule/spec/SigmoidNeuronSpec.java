// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Sigmoid;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.HighPrecision;
import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Document 004's sigmoid: of a neuron's weighted sum, and of a vector element by element. */
class SigmoidNeuronSpec {

  @Property(tries = 200)
  @Proves(value = "004-sigmoid", home = "Sigmoid#forward", by = "Dense")
  void aNeuronIsTheSigmoidOfItsWeightedSumPlusBias(
      @ForAll @IntRange(min = 1, max = 9) int n, @ForAll @IntRange(min = 1, max = 1_000_000) int seed) {
    double[] x = sixtyFourths(n, seed, 1), w = sixtyFourths(n, seed, 2);
    neuron(Ledger.of("004-sigmoid"), new Sigmoid(), x, w, sixtyFourths(1, seed, 3)[0]);
  }

  @Property(tries = 100)
  @Proves(value = "004-sigmoid-unit-bias", home = "Sigmoid#forward", by = "Dense")
  void thePrintedFormHoldsOnlyForABiasOfOne(
      @ForAll @IntRange(min = 1, max = 9) int n, @ForAll @IntRange(min = 1, max = 1_000_000) int seed) {
    Entry e = Ledger.of("004-sigmoid-unit-bias");
    double[] x = sixtyFourths(n, seed, 1), w = sixtyFourths(n, seed, 2);
    BigDecimal unit = HighPrecision.sigmoid(sum(x, w, 1));
    e.ulps(predict(new Sigmoid(), x, w, 1, ScalarKernels.INSTANCE), unit, 2, "the printed form, b = 1");
    double b = sixtyFourths(1, seed, 3)[0];
    int side = HighPrecision.sigmoid(sum(x, w, b)).compareTo(unit);
    e.exact(Math.signum(b - 1), side, "the printed form, other b", b);
    e.remark("The bias is a parameter of each neuron (Dense), as in the line above. "
        + "The printed \"+ 1\" is the case b = 1.");
  }

  @Property(tries = 100)
  @Proves(value = "004-sigmoid", by = "Sigmoid#forward")
  void theSigmoidOfAVectorIsElementwise(
      @ForAll @IntRange(min = 0, max = 33) int n, @ForAll @IntRange(min = 1, max = 1_000_000) int seed) {
    double[] z = sixtyFourths(n, seed, 4);
    elementByElement(Ledger.of("004-sigmoid"), new Sigmoid(), z);
  }

  static void elementByElement(Entry e, Activation phi, double[] z) {
    for (Kernels k : new Kernels[] {ScalarKernels.INSTANCE, Kernels.best()}) {
      double[] a = new double[z.length];
      phi.forward(k, 1, z.length, z, a);
      for (int i = 0; i < a.length; i++) {
        e.ulps(a[i], HighPrecision.sigmoid(new BigDecimal(z[i])), 2, k.name(), i, z[i]);
      }
    }
  }

  /** x, w and b are multiples of 1/64, so that the weighted sum is exact and the only error is the 2 ulps of σ. */
  static void neuron(Entry e, Activation phi, double[] x, double[] w, double b) {
    BigDecimal exact = HighPrecision.sigmoid(sum(x, w, b));
    for (Kernels k : new Kernels[] {ScalarKernels.INSTANCE, Kernels.best()}) {
      e.ulps(predict(phi, x, w, b, k), exact, 2, k.name(), x, w, b);
    }
  }

  private static double predict(Activation phi, double[] x, double[] w, double b, Kernels kernels) {
    Network net = Network.input(x.length).kernels(kernels).dense(1, phi).build(1);
    System.arraycopy(w, 0, net.parameters(), 0, w.length);
    net.parameters()[w.length] = b;
    return net.predict(x)[0];
  }

  private static BigDecimal sum(double[] x, double[] w, double b) {
    BigDecimal z = new BigDecimal(b);
    for (int i = 0; i < x.length; i++) z = z.add(new BigDecimal(x[i]).multiply(new BigDecimal(w[i])));
    return z;
  }

  /** n random multiples of 1/64 in ±4. */
  static double[] sixtyFourths(int n, long seed, long stream) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) v[i] = (CounterRandom.below(513, seed, stream, i) - 256) / 64.0;
    return v;
  }
}
