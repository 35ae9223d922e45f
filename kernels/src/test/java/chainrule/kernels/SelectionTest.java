package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SelectionTest {

  @Test
  void theVectorPathRunsInThisBuild() {
    // The build's JVM has the module and HotSpot's C2: if lanes are not chosen here, they are chosen nowhere.
    Selection s = Selection.choose("auto", 1);
    assertEquals("vector-" + Lanes.BITS, s.kernels().name(), s.reason());
    assertTrue(s.reason().contains("bits"), s.reason());
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
