// SPDX-License-Identifier: MIT
package chainrule.kernels;

/**
 * The kernels that this test run compares. A JVM has one lane width, so the build runs the tests once for each, with
 * {@code -Dchainrule.kernels}. {@link LanesBitsTest} checks that a run has the lanes that it was started for.
 */
final class KernelsUnderTest {
  private KernelsUnderTest() {}

  static final Kernels SCALAR = ScalarKernels.INSTANCE;
  static final Kernels VECTOR = vector();

  private static Kernels vector() {
    Kernels kernels = VectorKernels.create();
    System.out.println("vector kernels under test: " + kernels.name() + ", " + Lanes.REGISTERS + " registers");
    return kernels;
  }
}
