// SPDX-License-Identifier: MIT
package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The state, the errors and the bytes of a {@link GradientSum}. BlockSumSpec of spec-tests proves its values. */
class GradientSumTest {

  private static GradientSum sum(int blocks, int parameters) {
    return new GradientSum(ScalarKernels.INSTANCE, blocks, parameters);
  }

  private static void add(GradientSum sum, int... blocks) {
    for (int k : blocks) sum.add(k, k, new double[] {k, -k});
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void theResultIsAvailableWhenEveryBlockHasBeenAdded() {
    GradientSum sum = sum(5, 2);
    for (int k : new int[] {3, 0, 4, 1}) {
      add(sum, k);
      assertFalse(sum.isComplete());
    }
    assertEquals("block 2 of 5 is missing", assertThrows(IllegalStateException.class, sum::gradient).getMessage());
    assertEquals("block 2 of 5 is missing", assertThrows(IllegalStateException.class, sum::loss).getMessage());
    add(sum, 2);
    assertTrue(sum.isComplete());
    assertEquals(10, sum.loss());
    assertArrayEquals(new double[] {10, -10}, sum.gradient());
    sum.clear(1);
    assertEquals("block 0 of 1 is missing", assertThrows(IllegalStateException.class, sum::loss).getMessage());
    add(sum, 0);
    assertEquals(0, sum.loss());
  }

  @Test
  void blocksThatAreKnownOrDoNotExistAreRefusedAndChangeNothing() {
    GradientSum sum = sum(6, 2);
    add(sum, 2, 3, 5);
    for (int k : new int[] {2, 3, 5}) assertRefused("block " + k + " has been added before", () -> add(sum, k));
    assertRefused("block: expected 0 to 5, found -1", () -> sum.add(-1, 0, new double[2]));
    assertRefused("block: expected 0 to 5, found 6", () -> sum.add(6, 0, new double[2]));
    assertRefused("gradient: expected 2 parameters, found 3", () -> sum.add(0, 0, new double[3]));
    add(sum, 4, 0, 1);
    assertEquals(15, sum.loss());
    assertRefused("block 0 has been added before", () -> add(sum, 0));
    assertRefused("blocks: expected ≥ 1, found 0", () -> sum.clear(0));
    assertRefused("blocks: expected ≥ 1, found 0", () -> sum(0, 2));
    assertRefused("parameters: expected ≥ 0, found -1", () -> sum(1, -1));
    assertEquals(15, sum.loss(), "a refused clear keeps the blocks");
  }

  @Test
  void sumsThatDoNotFitAreNotMergedAndNeitherChanges() {
    GradientSum sum = sum(4, 2), other = sum(4, 2);
    add(sum, 0, 1);
    add(other, 3, 1);
    assertRefused("block 1 has been added before", () -> sum.merge(other));
    assertRefused("block 0 has been added before", () -> sum.merge(sum));
    assertRefused("expected a sum of 4 blocks and 2 parameters, found 5 blocks and 2 parameters",
        () -> sum.merge(sum(5, 2)));
    assertRefused("expected a sum of 4 blocks and 2 parameters, found 4 blocks and 1 parameters",
        () -> sum.merge(sum(4, 1)));
    add(other, 0, 2);
    assertEquals(6, other.loss());
    add(sum, 2, 3);
    assertEquals(6, sum.loss());
  }

  @Test
  void aMergedSumIsEmptyAndCanBeUsedAgain() {
    GradientSum sum = sum(3, 2), part = sum(3, 2);
    add(part, 2, 0);
    sum.merge(part);
    add(part, 0);
    assertRefused("block 0 has been added before", () -> sum.merge(part));
    add(sum, 1);
    assertEquals(3, sum.loss());
    assertNotSame(sum.gradient(), part.buffer());
  }

  /** Long gradients are added by several threads, each of which adds a range. */
  @Test
  void threadsAddLongGradients() {
    int n = 100_003;
    double[][] g = new double[3][];
    for (int k = 0; k < 3; k++) g[k] = new SplittableRandom(k).doubles(n, -1, 1).toArray();
    double[] expected = new double[n];
    for (int i = 0; i < n; i++) expected[i] = (g[0][i] + g[1][i]) + g[2][i];
    for (int threads = 1; threads <= 4; threads++) {
      GradientSum sum = new GradientSum(Kernels.best().withThreads(threads), 3, n);
      for (int k : new int[] {2, 0, 1}) sum.add(k, 0, g[k].clone());
      assertArrayEquals(expected, sum.gradient(), threads + " threads");
    }
  }

  @Test
  void theNumberOfBlocksIsRoundedUp() {
    assertEquals(0, GradientSum.blocks(0, 256));
    assertEquals(1, GradientSum.blocks(1, 256));
    assertEquals(1, GradientSum.blocks(256, 256));
    assertEquals(2, GradientSum.blocks(257, 256));
    assertEquals(1, GradientSum.blocks(Integer.MAX_VALUE, Integer.MAX_VALUE));
    assertEquals(1 << 30, GradientSum.blocks(Integer.MAX_VALUE, 2));
    assertRefused("batch: expected ≥ 0 rows, found -1", () -> GradientSum.blocks(-1, 1));
    assertRefused("block: expected ≥ 1 rows, found 0", () -> GradientSum.blocks(1, 0));
  }

  /** The number of blocks costs no memory, and its tree has no overflow. */
  @Test
  void thereMayBeAsManyBlocksAsAnIntCanCount() {
    int most = Integer.MAX_VALUE;
    GradientSum sum = sum(most, 2);
    add(sum, most - 1, 0, most - 2, 1, most - 3);
    GradientSum copy = GradientSum.of(ScalarKernels.INSTANCE, sum.toBytes());
    assertEquals(most, copy.blocks());
    assertRefused("block 2147483646 has been added before", () -> add(copy, most - 1));
    assertEquals("block 2 of 2147483647 is missing",
        assertThrows(IllegalStateException.class, copy::loss).getMessage());
    assertEquals(16 + 2 * (16 + 16), sum.toBytes().length, "0 and 1, and the last three, are two nodes");
  }

  // ---------------------------------------------------------------- memory

  @Test
  void aRepeatedSequenceOfBatchesAllocatesNothing() {
    int parameters = 100;
    GradientSum sum = sum(1, parameters), part = sum(1, parameters), other = sum(1, parameters);
    Runnable batches = () -> {
      for (int blocks : new int[] {13, 3, 8}) {
        for (GradientSum s : new GradientSum[] {sum, part, other}) s.clear(blocks);
        for (int k = blocks - 1; k >= 0; k--) {
          GradientSum to = k % 3 == 0 ? sum : k % 3 == 1 ? part : other;
          to.add(k, 1, to.buffer());
        }
        sum.merge(other);
        sum.merge(part);
        if (sum.loss() != blocks) throw new AssertionError(sum.loss());
      }
    };
    assertEquals(0, leastAllocated(batches) / (8 * parameters), "arrays of parameters");
  }

  /** A driver that merges the results of workers keeps a few arrays, not some more of each step. */
  @Test
  void mergedAndForeignArraysAreNotCollected() {
    int parameters = 1000;
    GradientSum sum = sum(5, parameters);
    for (int batch = 0; batch < 100; batch++) {
      sum.clear(5);
      GradientSum part = sum(5, parameters);
      part.add(2, 1, new double[parameters]);
      part.add(0, 1, part.buffer());
      sum.add(1, 1, new double[parameters]);
      sum.merge(part);
      sum.add(3, 1, new double[parameters]);
      sum.add(4, 1, new double[parameters]);
      assertEquals(5, sum.loss());
    }
    sum.clear(5);
    int kept = -1;
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (long bytes = 0; bytes < 8 * parameters; kept++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      sum.buffer();
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertTrue(kept <= 4, kept + " arrays kept after 100 batches of 5 blocks");
  }

  private static long leastAllocated(Runnable run) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 50; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      run.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  /** n blocks in order from any block on need at most 2 + 2 log₂ n arrays at a time. */
  @Test
  void blocksInOrderKeepFewArrays() {
    for (int blocks : new int[] {1, 2, 7, 64, 100, 1000}) {
      for (int from = 0; from < blocks; from += 1 + from / 3) {
        int n = blocks - from;
        GradientSum sum = sum(blocks, 0);
        int most = 0;
        for (int k = from; k < blocks; k++) {
          int before = nodes(sum);
          sum.add(k, 1, new double[0]);
          most = Math.max(most, before + 1);
        }
        int log = 31 - Integer.numberOfLeadingZeros(n);
        assertTrue(most <= (from == 0 ? 1 + log : 2 + 2 * log), most + " arrays for " + n + " blocks from " + from);
      }
    }
  }

  private static int nodes(GradientSum sum) {
    return (sum.toBytes().length - 16) / 16;
  }

  // ---------------------------------------------------------------- bytes

  @Test
  void bytesHaveTheDocumentedFormat() {
    GradientSum sum = sum(6, 2);
    sum.add(4, 0.5, new double[] {1.5, -0.0});
    sum.add(1, Double.NEGATIVE_INFINITY, new double[] {Double.NaN, Double.MIN_VALUE});
    sum.add(5, 0.25, new double[] {2, -0.0});
    ByteBuffer expected = ByteBuffer.allocate(16 + 2 * 32).order(ByteOrder.LITTLE_ENDIAN);
    expected.put(new byte[] {'C', 'R', 'G', 'S'}).putInt(6).putInt(2).putInt(2);
    expected.putInt(1).putInt(1).putDouble(Double.NEGATIVE_INFINITY).putDouble(Double.NaN).putDouble(Double.MIN_VALUE);
    expected.putInt(4).putInt(2).putDouble(0.75).putDouble(3.5).putDouble(-0.0);
    assertArrayEquals(expected.array(), sum.toBytes());
    GradientSum copy = GradientSum.of(sum.toBytes());
    assertArrayEquals(expected.array(), copy.toBytes());
    assertArrayEquals(expected.array(), sum.toBytes(), "writing does not change the sum");
    assertEquals(2, copy.parameters());
    for (int k : new int[] {0, 3, 2}) copy.add(k, 1, new double[2]);
    assertEquals(Double.NEGATIVE_INFINITY, copy.loss());
    assertArrayEquals(new double[] {Double.NaN, Double.MIN_VALUE}, copy.gradient());
  }

  @Test
  void anEmptyAndACompleteSumAreBytesToo() {
    assertArrayEquals(sum(3, 5).toBytes(), GradientSum.of(sum(3, 5).toBytes()).toBytes());
    GradientSum sum = sum(3, 2);
    add(sum, 0, 1, 2);
    assertArrayEquals(sum.gradient(), GradientSum.of(sum.toBytes()).gradient());
  }

  private static byte[] bytes(int blocks, int parameters, int nodes, int... firstAndSize) {
    ByteBuffer b = ByteBuffer.allocate(16 + firstAndSize.length / 2 * 24).order(ByteOrder.LITTLE_ENDIAN);
    b.put(new byte[] {'C', 'R', 'G', 'S'}).putInt(blocks).putInt(parameters).putInt(nodes);
    for (int i = 0; i < firstAndSize.length; i += 2) {
      b.putInt(firstAndSize[i]).putInt(firstAndSize[i + 1]).putDouble(1).putDouble(1);
    }
    return b.array();
  }

  private static void assertDamaged(String what, byte[] bytes) {
    assertRefused("damaged bytes of a sum of gradients: " + what, () -> GradientSum.of(bytes));
  }

  @Test
  void bytesThatAreNotASumAreRefused() {
    for (byte[] b : new byte[][] {{}, new byte[15], new byte[40], "CRGT and enough more bytes".getBytes()}) {
      assertRefused("not the bytes of a sum of gradients: they do not begin with CRGS", () -> GradientSum.of(b));
    }
    GradientSum.of(bytes(3, 1, 1, 0, 2)); // is a sum
    assertDamaged("16 bytes for 0 gradients of 1 parameters, of 0 blocks", bytes(0, 1, 0));
    assertDamaged("16 bytes for 0 gradients of -1 parameters, of 3 blocks", bytes(3, -1, 0));
    assertDamaged("16 bytes for -1 gradients of 1 parameters, of 3 blocks", bytes(3, 1, -1));
    assertDamaged("40 bytes for 2 gradients of 1 parameters, of 3 blocks", bytes(3, 1, 2, 0, 1));
    assertDamaged("64 bytes for 2 gradients of 1 parameters, of 1 blocks", bytes(1, 1, 2, 0, 1, 1, 1));
    assertDamaged("40 bytes for 1 gradients of 2147483647 parameters, of 3 blocks",
        bytes(3, Integer.MAX_VALUE, 1, 0, 1));
    for (int[] node : new int[][] {{-1, 1}, {3, 1}, {0, 0}, {0, -1}, {1, 2}, {0, 4}, {Integer.MIN_VALUE, 1},
        {1, Integer.MAX_VALUE}}) {
      assertDamaged(node[1] + " blocks from block " + node[0] + " on are not the next part of the tree of 3 blocks",
          bytes(3, 1, 1, node));
    }
    assertDamaged("1 blocks from block 1 on are not the next part of the tree of 3 blocks",
        bytes(3, 1, 2, 0, 2, 1, 1));
    assertDamaged("1 blocks from block 0 on are not the next part of the tree of 3 blocks",
        bytes(3, 1, 2, 2, 1, 0, 1));
  }

  @Test
  void gradientsThatDoNotFitInOneArrayOfBytesAreRefused() {
    GradientSum sum = sum(100, 1 << 22);
    double[] g = new double[1 << 22]; // one array for all nodes, of which no two are siblings
    for (int k = 0; k < 100; k += 2) sum.add(k, 1, g);
    sum.clear(1000);
    for (int k = 0; k < 128; k += 2) sum.add(k, 1, g);
    assertEquals("64 gradients of 4194304 parameters exceed the largest array of bytes; send the sums of fewer blocks",
        assertThrows(IllegalStateException.class, sum::toBytes).getMessage());
  }

  /** Cut off or extended bytes are refused wherever the cut is. */
  @Test
  void bytesOfAnotherLengthAreRefused() {
    GradientSum sum = sum(7, 2);
    add(sum, 0, 1, 4, 6);
    byte[] whole = sum.toBytes();
    SplittableRandom random = new SplittableRandom(1);
    for (int length = 0; length < whole.length + 40; length++) {
      if (length == whole.length) continue;
      byte[] other = new byte[length];
      random.nextBytes(other);
      System.arraycopy(whole, 0, other, 0, Math.min(length, whole.length));
      assertThrows(IllegalArgumentException.class, () -> GradientSum.of(other), "length " + length);
    }
  }
}
