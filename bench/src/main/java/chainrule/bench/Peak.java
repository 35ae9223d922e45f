package chainrule.bench;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What this machine can do at the most, measured beside the kernels in the same process: the yardsticks of every
 * ratio.
 */
public final class Peak {
  private Peak() {}

  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;

  /** Floating-point operations of one call of {@link #fma}: 24 accumulators, 2 operations a lane. */
  static double flops(int turns) {
    return 24.0 * 2 * D.length() * turns;
  }

  /** A loop of fused multiply-adds on 24 registers that touches no memory: the most that one core can compute. */
  static double fma(int turns) {
    DoubleVector x = DoubleVector.broadcast(D, 0.999), y = DoubleVector.broadcast(D, 1e-3);
    DoubleVector a0 = y, a1 = x, a2 = y, a3 = x, a4 = y, a5 = x, a6 = y, a7 = x, b0 = y, b1 = x, b2 = y, b3 = x, b4 = y,
        b5 = x, b6 = y, b7 = x, c0 = y, c1 = x, c2 = y, c3 = x, c4 = y, c5 = x, c6 = y, c7 = x;
    for (int i = 0; i < turns; i++) {
      a0 = x.fma(y, a0);
      a1 = x.fma(y, a1);
      a2 = x.fma(y, a2);
      a3 = x.fma(y, a3);
      a4 = x.fma(y, a4);
      a5 = x.fma(y, a5);
      a6 = x.fma(y, a6);
      a7 = x.fma(y, a7);
      b0 = x.fma(y, b0);
      b1 = x.fma(y, b1);
      b2 = x.fma(y, b2);
      b3 = x.fma(y, b3);
      b4 = x.fma(y, b4);
      b5 = x.fma(y, b5);
      b6 = x.fma(y, b6);
      b7 = x.fma(y, b7);
      c0 = x.fma(y, c0);
      c1 = x.fma(y, c1);
      c2 = x.fma(y, c2);
      c3 = x.fma(y, c3);
      c4 = x.fma(y, c4);
      c5 = x.fma(y, c5);
      c6 = x.fma(y, c6);
      c7 = x.fma(y, c7);
    }
    DoubleVector a = a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7);
    DoubleVector b = b0.add(b1).add(b2).add(b3).add(b4).add(b5).add(b6).add(b7);
    DoubleVector c = c0.add(c1).add(c2).add(c3).add(c4).add(c5).add(c6).add(c7);
    return a.add(b).add(c).reduceLanes(jdk.incubator.vector.VectorOperators.ADD);
  }

  /** Reads all of x once, four vectors at a time: the most that one core can read. */
  static double read(double[] x) {
    DoubleVector a = DoubleVector.zero(D), b = a, c = a, d = a;
    int l = D.length();
    for (int i = 0; i <= x.length - 4 * l; i += 4 * l) {
      a = a.add(DoubleVector.fromArray(D, x, i));
      b = b.add(DoubleVector.fromArray(D, x, i + l));
      c = c.add(DoubleVector.fromArray(D, x, i + 2 * l));
      d = d.add(DoubleVector.fromArray(D, x, i + 3 * l));
    }
    return a.add(b).add(c.add(d)).reduceLanes(jdk.incubator.vector.VectorOperators.ADD);
  }
}
