// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SelectionTest {

  /** The kernels that must be selected: vectors, unless {@code .ci/run} disables FMA and sets this to scalar. */
  private static final String BEST = System.getProperty("chainrule.test.best", "vector-" + Lanes.BITS);

  @Test
  void vectorKernelsAreSelectedInThisBuild() {
    // The JVM of the build has the Vector API and the C2 compiler, so nothing else may be selected.
    Selection s = Selection.choose("auto", 1);
    assertEquals(BEST, s.kernels().name(), s.reason());
    assertTrue(s.reason().contains(BEST.equals("scalar") ? "multiply-adds in software" : "bits"), s.reason());
  }

  @Test
  void everySelectionReportsSlowFusedMultiplyAdds() {
    for (String request : new String[] {"auto", "scalar", "128"}) {
      Selection s = Selection.choose(request, 1);
      assertEquals(BEST.equals("scalar"), s.remedy().contains("hundreds of times slower"), request + ": " + s.remedy());
    }
  }

  @Test
  void requestedKernelsAndThreadsAreSelected() {
    assertSame(ScalarKernels.INSTANCE, Selection.choose("scalar", 1).kernels());
    assertEquals(3, Selection.choose("scalar", 3).kernels().threads());
    assertEquals("scalar", Selection.choose("scalar", 3).kernels().name());
  }

  @Test
  void aRequestThatIsNotAvailableIsAnError() {
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> Selection.choose("1024", 1));
    assertEquals("-Dchainrule.kernels=1024: expected auto, scalar, 128, 256 or 512", e.getMessage());
    for (int bits = 2 * Lanes.WIDEST_BITS; bits <= 512; bits *= 2) {
      String request = "" + bits;
      assertThrows(IllegalStateException.class, () -> Selection.choose(request, 1));
    }
  }
}
