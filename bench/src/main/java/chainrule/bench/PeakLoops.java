// SPDX-License-Identifier: MIT
package chainrule.bench;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops on registers that reach the limits of a core: multiply-adds, divisions and square roots. Ratios in the tables
 * refer to them, measured in the same process as the kernels. {@link MemoryLoops} has those for memory.
 *
 * <p>Each loop body has at most about 40 calls of the Vector API, because C2 stops inlining beyond that.
 */
public final class PeakLoops {
  private PeakLoops() {}

  static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;

  /** Returns the floating-point operations of one call of {@link #fma}: 12 accumulators, 2 operations per lane. */
  static double flops(int turns) {
    return 12.0 * 2 * D.length() * turns;
  }

  /**
   * Runs fused multiply-adds on registers, without memory accesses: the most that one core can compute. 12 chains hide
   * a latency of 4 cycles on up to three units. 16 would not fit 16 registers, with their operands.
   */
  static double fma(int turns) {
    DoubleVector x = DoubleVector.broadcast(D, 0.999), y = DoubleVector.broadcast(D, 1e-3);
    DoubleVector a0 = y, a1 = x, a2 = y, a3 = x, a4 = y, a5 = x, a6 = y, a7 = x, b0 = y, b1 = x, b2 = y, b3 = x;
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
    }
    DoubleVector a = a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7);
    DoubleVector b = b0.add(b1).add(b2).add(b3);
    return a.add(b).reduceLanes(VectorOperators.ADD);
  }

  /** Returns the divisions of one call of {@link #divide}, which are also the roots of one of {@link #squareRoot}. */
  static double quotients(int turns) {
    return 8.0 * D.length() * turns;
  }

  /**
   * Runs divisions on 8 registers. Dividers are not fully pipelined, so they limit Adam and similar optimizers in
   * cache. The quotients have full mantissas, because a divider may be faster if a quotient has few bits.
   */
  static double divide(int turns) {
    DoubleVector x = DoubleVector.broadcast(D, 0.999), y = DoubleVector.broadcast(D, 0.1);
    DoubleVector a0 = y, a1 = a0.add(y), a2 = a1.add(y), a3 = a2.add(y), a4 = a3.add(y), a5 = a4.add(y), a6 = a5.add(y),
        a7 = a6.add(y);
    for (int i = 0; i < turns; i++) {
      a0 = x.div(a0);
      a1 = x.div(a1);
      a2 = x.div(a2);
      a3 = x.div(a3);
      a4 = x.div(a4);
      a5 = x.div(a5);
      a6 = x.div(a6);
      a7 = x.div(a7);
    }
    return a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7).reduceLanes(VectorOperators.ADD);
  }

  /** Runs square roots on 8 registers, each subtracted from a constant, so that mantissas stay full. */
  static double squareRoot(int turns) {
    DoubleVector x = DoubleVector.broadcast(D, 1.7), y = DoubleVector.broadcast(D, 0.1);
    DoubleVector a0 = y, a1 = a0.add(y), a2 = a1.add(y), a3 = a2.add(y), a4 = a3.add(y), a5 = a4.add(y), a6 = a5.add(y),
        a7 = a6.add(y);
    for (int i = 0; i < turns; i++) {
      a0 = x.sub(a0.sqrt());
      a1 = x.sub(a1.sqrt());
      a2 = x.sub(a2.sqrt());
      a3 = x.sub(a3.sqrt());
      a4 = x.sub(a4.sqrt());
      a5 = x.sub(a5.sqrt());
      a6 = x.sub(a6.sqrt());
      a7 = x.sub(a7.sqrt());
    }
    return a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7).reduceLanes(VectorOperators.ADD);
  }

  /** Reads all of x once, at the highest rate of one core. */
  static double read(double[] x) {
    return MemoryLoops.read(x.length, x);
  }
}
