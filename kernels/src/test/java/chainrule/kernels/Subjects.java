package chainrule.kernels;

/**
 * The vector kernels that this run of the tests examines. A JVM has one lane width, so the build runs the tests once
 * for each, with {@code -Dchainrule.kernels}; {@link LanesBitsTest} sees that they are what the run is for.
 */
final class Subjects {
  private Subjects() {}

  static final Kernels SCALAR = ScalarKernels.INSTANCE;
  static final Kernels VECTOR = vector();

  private static Kernels vector() {
    Kernels kernels = VectorKernels.create();
    System.out.println("vector kernels under test: " + kernels.name() + ", " + Lanes.REGISTERS + " registers");
    return kernels;
  }
}
