// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.kernels.Kernels;
import chainrule.nn.GradientSum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The ranges of blocks of the tasks of a step: complete, nearly equal, and made of few subtrees. */
class BlockRangesTest {
  @Test void eachBlockIsInOneRangeAndRangesAreNearlyEqual() {
    for (int blocks = 1; blocks <= 300; blocks++) {
      for (int tasks = 1; tasks <= Math.min(blocks, 40); tasks++) {
        int[] cuts = BlockRanges.cuts(blocks, tasks);
        assertEquals(0, cuts[0]);
        assertEquals(blocks, cuts[tasks]);
        int tolerance = blocks / tasks / 8;
        for (int t = 0; t < tasks; t++) {
          int n = cuts[t + 1] - cuts[t];
          String where = blocks + " blocks, range " + t + " of " + tasks + ": " + n;
          assertTrue(n >= 1 && n >= blocks / tasks - 2 * tolerance, where);
          assertTrue(n <= blocks / tasks + 1 + 2 * tolerance, where);
        }
      }
    }
  }

  @Test void cutsPreferMultiplesOfPowersOfTwo() {
    assertArrayEquals(new int[] {0, 20, 40, 64}, BlockRanges.cuts(64, 3));
    assertArrayEquals(new int[] {0, 16, 32, 48, 64}, BlockRanges.cuts(64, 4));
    assertArrayEquals(new int[] {0, 5, 10, 16}, BlockRanges.cuts(16, 3)); // short ranges are equal ranges
  }

  @Test void theNumberOfSubtreesIsThatOfTheSumsBytes() {
    for (int blocks = 1; blocks <= 40; blocks++) {
      for (int from = 0; from < blocks; from++) {
        for (int to = from + 1; to <= blocks; to++) {
          GradientSum sum = new GradientSum(Kernels.best(), blocks, 1);
          for (int k = from; k < to; k++) sum.add(k, 1, sum.buffer());
          int nodes = ByteBuffer.wrap(sum.toBytes()).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
          assertEquals(nodes, BlockRanges.subtrees(blocks, from, to), from + " to " + to + " of " + blocks);
        }
      }
    }
  }

  @Test void aTaskHasAtLeastOneBlock() {
    assertEquals(3, BlockRanges.tasks(3, 16));
    assertEquals("tasks: expected 1 to 3, found 4",
        assertThrows(IllegalArgumentException.class, () -> BlockRanges.cuts(3, 4)).getMessage());
  }
}
