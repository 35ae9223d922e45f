package chainrule.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The lane width of this process: the one place where species are chosen. They are constants of the JVM (the compiler
 * needs them so), taken from {@code -Dchainrule.kernels=128|256|512} or, without it, the widest the processor has.
 */
final class Lanes {
  private Lanes() {}

  /** The widest that the VM compiles to instructions on this processor. */
  static final int WIDEST_BITS = DoubleVector.SPECIES_PREFERRED.vectorBitSize();
  static final int BITS = chosenBits();

  static final VectorSpecies<Double> D =
      BITS == 512 ? DoubleVector.SPECIES_512 : BITS == 256 ? DoubleVector.SPECIES_256 : DoubleVector.SPECIES_128;
  static final VectorSpecies<Long> L =
      BITS == 512 ? LongVector.SPECIES_512 : BITS == 256 ? LongVector.SPECIES_256 : LongVector.SPECIES_128;

  /** Doubles in one vector: 8, 4 or 2. */
  static final int COUNT = BITS / Double.SIZE;

  /**
   * Vector registers that a matmul tile may fill: 32 on AVX-512 and on 64-bit ARM, 16 on other x86. An AVX-512
   * processor keeps its 32 for narrower lanes too.
   */
  static final int REGISTERS =
      WIDEST_BITS == 512 || "aarch64".equals(System.getProperty("os.arch")) ? 32 : 16;

  /**
   * Whether a mask of these lanes lives in registers. On x86 C2 has none for two lanes and leaves each as an object on
   * the heap (seen on JDK 17 and 25: exp takes five times as long as the scalar text).
   */
  static final boolean MASKS = COUNT > 2 || "aarch64".equals(System.getProperty("os.arch"));

  private static int chosenBits() {
    String wish = System.getProperty(Selection.KERNELS_PROPERTY, "auto");
    return switch (wish) {
      case "128", "256", "512" -> Integer.parseInt(wish);
      default -> Math.min(512, Math.max(128, WIDEST_BITS));
    };
  }
}
