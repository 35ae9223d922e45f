package chainrule.kernels;

/**
 * The vector kernels that this run of the tests examines. A JVM has one lane width, so the build runs the tests once
 * for each, naming it in {@code chainrule.test.lanes}: {@code widest}, {@code 256} or {@code 128}.
 */
final class Subjects {
  private Subjects() {}

  static final Kernels SCALAR = ScalarKernels.INSTANCE;
  static final Kernels VECTOR = vector();

  private static Kernels vector() {
    String lanes = System.getProperty("chainrule.test.lanes", "widest");
    if (!lanes.equals("widest")) System.setProperty(Selection.KERNELS_PROPERTY, lanes);
    Kernels kernels = VectorKernels.create();
    System.out.println("vector kernels under test: " + kernels.name() + " (lanes wished: " + lanes + ")");
    return kernels;
  }
}
