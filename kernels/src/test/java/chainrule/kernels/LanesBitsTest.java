package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * That a run of the bits tests examines the lanes it was started for: without it, a run for 512 bits that silently had
 * 128, or a run with {@code -XX:UseAVX=2} that silently kept 32 registers, would be green and prove nothing. What is
 * expected comes in system properties; {@code .ci/run} takes it from the VM's own flags.
 */
class LanesBitsTest {
  /** {@code vector-256}: the kernels that this run must examine; {@code any} where the caller cannot know. */
  private static final String EXPECTED = System.getProperty("chainrule.test.expect", "any");
  /** The registers that its tiles must be made for. */
  private static final String REGISTERS = System.getProperty("chainrule.test.registers", "any");

  @Test
  void theLanesUnderTestAreTheOnesThatWereAskedFor() {
    if (EXPECTED.equals("any")) assertTrue(Lanes.BITS >= 128, Subjects.VECTOR.name());
    else assertEquals(EXPECTED, Subjects.VECTOR.name());
  }

  @Test
  void theTilesAreMadeForTheRegistersThatThisRunHas() {
    if (REGISTERS.equals("any")) assertTrue(Lanes.REGISTERS == 16 || Lanes.REGISTERS == 32, "" + Lanes.REGISTERS);
    else assertEquals(Integer.parseInt(REGISTERS), Lanes.REGISTERS);
  }
}
