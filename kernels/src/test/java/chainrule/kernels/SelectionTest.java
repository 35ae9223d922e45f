package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SelectionTest {

  /** What must be chosen: lanes, unless {@code .ci/run} took the processor's FMA away and says scalar. */
  private static final String BEST = System.getProperty("chainrule.test.best", "vector-" + Lanes.BITS);

  @Test
  void theVectorPathRunsInThisBuild() {
    // The build's JVM has the module and HotSpot's C2: if lanes are not chosen here, they are chosen nowhere.
    Selection s = Selection.choose("auto", 1);
    assertEquals(BEST, s.kernels().name(), s.reason());
    assertTrue(s.reason().contains(BEST.equals("scalar") ? "multiply-adds in software" : "bits"), s.reason());
  }

  @Test
  void whereFusedMultiplyAddsAreSlowEveryChoiceSaysSo() {
    for (String wish : new String[] {"auto", "scalar", "128"}) {
      Selection s = Selection.choose(wish, 1);
      assertEquals(BEST.equals("scalar"), s.remedy().contains("hundreds of times slower"), wish + ": " + s.remedy());
    }
  }

  @Test
  void aWishIsGranted() {
    assertSame(ScalarKernels.INSTANCE, Selection.choose("scalar", 1).kernels());
    assertEquals(3, Selection.choose("scalar", 3).kernels().threads());
    assertEquals("scalar", Selection.choose("scalar", 3).kernels().name());
  }

  @Test
  void anImpossibleWishIsAnErrorNotAFallback() {
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> Selection.choose("1024", 1));
    assertEquals("-Dchainrule.kernels=1024: expected auto, scalar, 128, 256 or 512", e.getMessage());
    for (int bits = 2 * Lanes.WIDEST_BITS; bits <= 512; bits *= 2) {
      String wish = "" + bits;
      assertThrows(IllegalStateException.class, () -> Selection.choose(wish, 1));
    }
  }
}
