// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.D;

import jdk.incubator.vector.DoubleVector;

/**
 * Mixes the JVM's type profile of lane-wise operators before anything is compiled.
 *
 * <p>Each lane-wise operation of the Vector API goes through one small method that casts its operator. If only
 * multiply-adds have been profiled, C2 compiles that method for them alone, and deoptimizes at each other kind of
 * operator, four or five times. These deoptimizations count again wherever the method is inlined. After 100 in one
 * method C2 no longer speculates on types there. A tile of 24 multiply-adds, at five each, then kept its last vectors
 * as objects on the heap forever and was seventy times slower (on JDK 17 in two of three starts; {@code
 * NoAllocationTest}). C2 does not speculate on a mixed profile, so nothing is deoptimized.
 */
final class OperatorProfile {
  private OperatorProfile() {}

  /** The interpreter profiles types from the 512th call of a method on, if it is not compiled by then. */
  private static final int ROUNDS = 300;

  /**
   * Runs about 1,200 operations on one vector. JDK 25 does not seem to need them: it deoptimizes as often without them
   * (up to 218 times in one method), but left no objects.
   */
  static void mix() {
    DoubleVector one = DoubleVector.broadcast(D, 1), v = one;
    for (int i = 0; i < ROUNDS; i++) v = v.fma(one, one).neg().add(one).sub(one);
  }
}
