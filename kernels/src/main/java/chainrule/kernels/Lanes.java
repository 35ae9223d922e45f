// SPDX-License-Identifier: MIT
package chainrule.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The lane width of this process, the only place where vector species are chosen. C2 needs species that are constants
 * of the JVM. They follow {@code -Dchainrule.kernels=128|256|512}, or else the widest vectors of the processor.
 */
final class Lanes {
  private Lanes() {}

  /** The widest vectors that the VM compiles to instructions on this processor. */
  static final int WIDEST_BITS = DoubleVector.SPECIES_PREFERRED.vectorBitSize();
  static final int BITS = chosenBits();

  static final VectorSpecies<Double> D =
      BITS == 512 ? DoubleVector.SPECIES_512 : BITS == 256 ? DoubleVector.SPECIES_256 : DoubleVector.SPECIES_128;
  static final VectorSpecies<Long> L =
      BITS == 512 ? LongVector.SPECIES_512 : BITS == 256 ? LongVector.SPECIES_256 : LongVector.SPECIES_128;

  /** Doubles in one vector: 8, 4 or 2. */
  static final int COUNT = BITS / Double.SIZE;

  /**
   * Vector registers that a matmul tile may fill: 32 with AVX-512 and on 64-bit ARM, 16 on other x86 processors. With
   * AVX-512 the 32 are available to narrower vectors too.
   */
  static final int REGISTERS =
      WIDEST_BITS == 512 || "aarch64".equals(System.getProperty("os.arch")) ? 32 : 16;

  /**
   * Whether masks of these lanes live in registers. For two lanes on x86 C2 allocates each mask as an object on the
   * heap (seen on JDK 17 and 25: exp takes five times as long as the scalar code).
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
