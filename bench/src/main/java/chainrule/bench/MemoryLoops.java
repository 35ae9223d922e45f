// SPDX-License-Identifier: MIT
package chainrule.bench;

import static chainrule.bench.PeakLoops.D;
import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Hand-written vector loops that the memory-bound kernels are compared with: one for each pattern of loads and stores,
 * with as little arithmetic as possible, four vectors per iteration. If n is not a multiple of four vectors, the
 * remaining elements are skipped.
 */
final class MemoryLoops {
  private MemoryLoops() {}

  private static final int L = D.length();

  /** One load: Σ x. */
  static double read(int n, double[] x) {
    DoubleVector a = DoubleVector.zero(D), b = a, c = a, d = a;
    for (int i = 0; i <= n - 4 * L; i += 4 * L) {
      a = a.add(fromArray(D, x, i));
      b = b.add(fromArray(D, x, i + L));
      c = c.add(fromArray(D, x, i + 2 * L));
      d = d.add(fromArray(D, x, i + 3 * L));
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }

  /** Two loads: Σ x·y. */
  static double readTwo(int n, double[] x, double[] y) {
    DoubleVector a = DoubleVector.zero(D), b = a, c = a, d = a;
    for (int i = 0; i <= n - 4 * L; i += 4 * L) {
      a = fromArray(D, x, i).fma(fromArray(D, y, i), a);
      b = fromArray(D, x, i + L).fma(fromArray(D, y, i + L), b);
      c = fromArray(D, x, i + 2 * L).fma(fromArray(D, y, i + 2 * L), c);
      d = fromArray(D, x, i + 3 * L).fma(fromArray(D, y, i + 3 * L), d);
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }

  /** One store: y = value. */
  static void fill(int n, double value, double[] y) {
    DoubleVector v = DoubleVector.broadcast(D, value);
    for (int i = 0; i <= n - 4 * L; i += 4 * L) {
      v.intoArray(y, i);
      v.intoArray(y, i + L);
      v.intoArray(y, i + 2 * L);
      v.intoArray(y, i + 3 * L);
    }
  }

  /** One load and one store, in separate arrays or in place: y = −x. */
  static void copy(int n, double[] x, double[] y) {
    for (int i = 0; i <= n - 4 * L; i += 4 * L) {
      fromArray(D, x, i).neg().intoArray(y, i);
      fromArray(D, x, i + L).neg().intoArray(y, i + L);
      fromArray(D, x, i + 2 * L).neg().intoArray(y, i + 2 * L);
      fromArray(D, x, i + 3 * L).neg().intoArray(y, i + 3 * L);
    }
  }

  /** Two loads and one store, in separate arrays or in place: z = x + y. */
  static void triad(int n, double[] x, double[] y, double[] z) {
    for (int i = 0; i <= n - 4 * L; i += 4 * L) {
      fromArray(D, x, i).add(fromArray(D, y, i)).intoArray(z, i);
      fromArray(D, x, i + L).add(fromArray(D, y, i + L)).intoArray(z, i + L);
      fromArray(D, x, i + 2 * L).add(fromArray(D, y, i + 2 * L)).intoArray(z, i + 2 * L);
      fromArray(D, x, i + 3 * L).add(fromArray(D, y, i + 3 * L)).intoArray(z, i + 3 * L);
    }
  }

  /** Three loads and two stores, in place: y = y − x, z = z − x. */
  static void updateTwo(int n, double[] x, double[] y, double[] z) {
    for (int i = 0; i <= n - 2 * L; i += 2 * L) {
      DoubleVector a = fromArray(D, x, i), b = fromArray(D, x, i + L);
      fromArray(D, y, i).sub(a).intoArray(y, i);
      fromArray(D, z, i).sub(a).intoArray(z, i);
      fromArray(D, y, i + L).sub(b).intoArray(y, i + L);
      fromArray(D, z, i + L).sub(b).intoArray(z, i + L);
    }
  }

  /** Four loads and three stores, in place: y = y − x, z = z − x, w = w − x. */
  static void updateThree(int n, double[] x, double[] y, double[] z, double[] w) {
    for (int i = 0; i <= n - 2 * L; i += 2 * L) {
      DoubleVector a = fromArray(D, x, i), b = fromArray(D, x, i + L);
      fromArray(D, y, i).sub(a).intoArray(y, i);
      fromArray(D, z, i).sub(a).intoArray(z, i);
      fromArray(D, w, i).sub(a).intoArray(w, i);
      fromArray(D, y, i + L).sub(b).intoArray(y, i + L);
      fromArray(D, z, i + L).sub(b).intoArray(z, i + L);
      fromArray(D, w, i + L).sub(b).intoArray(w, i + L);
    }
  }
}
