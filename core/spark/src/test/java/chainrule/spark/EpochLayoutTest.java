// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.random.CounterRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The places of an epoch's rows: each row has one, and a block's rows are consecutive. */
class EpochLayoutTest {
  @Test void eachPositionHasAPlaceOfItsOwnAndBlocksAreConsecutive() {
    for (int c = 0; c < 300; c++) {
      int rows = 1 + CounterRandom.below(400, 11, 0, c), block = 1 + CounterRandom.below(20, 11, 1, c);
      int batch = Math.min(rows, 1 + CounterRandom.below(150, 11, 2, c)), tasks = 1 + CounterRandom.below(9, 11, 3, c);
      String which = rows + " rows, batch " + batch + ", block " + block + ", " + tasks + " tasks";
      EpochLayout layout = new EpochLayout(rows, batch, block, tasks);
      BitSet[] used = new BitSet[layout.partitions()];
      for (int p = 0; p < used.length; p++) used[p] = new BitSet();
      for (int i = 0; i < rows; i++) {
        int p = layout.partition(i), index = layout.index(p, i), inBatch = i % batch;
        assertTrue(index >= 0 && index < layout.rows(p), which);
        assertFalse(used[p].get(index), which);
        used[p].set(index);
        if (inBatch % block > 0) {
          assertEquals(p, layout.partition(i - 1), which);
          assertEquals(index - 1, layout.index(p, i - 1), which);
        }
        int k = inBatch / block;
        int[] cuts = layout.cuts(i / batch);
        assertTrue(cuts[p] <= k && k < cuts[p + 1], which + ": block " + k + " in partition " + p);
      }
      for (int p = 0; p < used.length; p++) assertEquals(layout.rows(p), used[p].cardinality(), which);
    }
  }

  /** The rows of partition 0 of 10 rows in batches of 8, blocks of 2, two tasks: positions 0 to 3, and 8 and 9. */
  private static List<PackedRows> parts(int... positions) {
    List<PackedRows> parts = new ArrayList<>();
    for (int position : positions) {
      PackedRows part = new PackedRows(1, 1, 1);
      part.add(position, new double[] {position}, new double[] {-position}, 1, 0);
      parts.add(part);
    }
    return parts;
  }

  private static EpochRows rows(int... positions) {
    return EpochRows.of(new EpochLayout(10, 8, 2, 2), 0, 2, 1, 1, false, parts(positions).iterator());
  }

  @Test void aPartitionIsCheckedForCompleteness() {
    rows(9, 0, 3, 2, 8, 1);
    String advice = ". The training rows have changed since training began. Write them to a file before training, so "
        + "that Spark can read them again";
    assertEquals("partition 0 of the epoch: expected 6 rows, found 5" + advice,
        assertThrows(IllegalStateException.class, () -> rows(9, 0, 3, 2, 1)).getMessage());
    assertEquals("partition 0 of the epoch: the row at position 3 is there twice" + advice,
        assertThrows(IllegalStateException.class, () -> rows(9, 0, 3, 2, 3, 1)).getMessage());
  }
}
