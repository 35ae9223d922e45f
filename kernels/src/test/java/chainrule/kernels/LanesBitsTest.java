// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Checks that the bits tests run on the lanes and registers that they were started for. Otherwise a run for 512 bits
 * that silently had 128, or a run with {@code -XX:UseAVX=2} that silently kept 32 registers, would pass and prove
 * nothing. System properties state what is expected; {@code .ci/run} derives them from the VM's flags.
 */
class LanesBitsTest {
  /** The name of the kernels that this run must test, such as {@code vector-256}, or {@code any}. */
  private static final String EXPECTED = System.getProperty("chainrule.test.expect", "any");
  /** The number of registers that tiles must be sized for, or {@code any}. */
  private static final String REGISTERS = System.getProperty("chainrule.test.registers", "any");

  @Test
  void theKernelsUnderTestAreTheRequestedOnes() {
    if (EXPECTED.equals("any")) assertTrue(Lanes.BITS >= 128, KernelsUnderTest.VECTOR.name());
    else assertEquals(EXPECTED, KernelsUnderTest.VECTOR.name());
  }

  @Test
  void tilesAreSizedForTheRegistersOfThisRun() {
    if (REGISTERS.equals("any")) assertTrue(Lanes.REGISTERS == 16 || Lanes.REGISTERS == 32, "" + Lanes.REGISTERS);
    else assertEquals(Integer.parseInt(REGISTERS), Lanes.REGISTERS);
  }
}
