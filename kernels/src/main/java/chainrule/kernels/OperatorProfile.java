package chainrule.kernels;

import static chainrule.kernels.Lanes.D;

import jdk.incubator.vector.DoubleVector;

/**
 * Shows the JVM operators of every kind before it compiles anything. Each lane-wise operation passes one small method of
 * the Vector API that casts its operator. Were only multiply-adds met at first, C2 would compile that method for them
 * alone, and fall out of it at each other kind: usually four times, sometimes five. These falls are counted again
 * wherever it is inlined, and from the hundredth in one method on C2 no longer believes in types: a tile of 24
 * multiply-adds, at five each, then kept its last vectors as objects on the heap for good, seventy times slower (seen on
 * JDK 17 in two starts of three, {@code NoAllocationTest}). A mixed profile is never believed in, so nothing falls.
 */
final class OperatorProfile {
  private OperatorProfile() {}

  /** The interpreter notes types from the 512th call of a method on, if that is not compiled by then. */
  private static final int ROUNDS = 300;

  /**
   * Some 1,200 operations on one vector. JDK 25 was not seen to need them: it counts as many falls without them (up to
   * 218 in one method), yet left no objects.
   */
  static void mix() {
    DoubleVector one = DoubleVector.broadcast(D, 1), v = one;
    for (int i = 0; i < ROUNDS; i++) v = v.fma(one, one).neg().add(one).sub(one);
  }
}
