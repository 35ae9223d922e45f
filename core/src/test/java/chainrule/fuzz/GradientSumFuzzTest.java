// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.kernels.ScalarKernels;
import chainrule.nn.GradientSum;
import org.junit.jupiter.api.Test;

/** Fuzzes the bytes of a sum of gradients: a sum, or a one-line refusal, in memory bounded by their number. */
class GradientSumFuzzTest {

  /** Returns the bytes of some of K blocks. */
  private static byte[] bytes(FuzzRandom c) {
    int blocks = c.oneIn(10) ? Integer.MAX_VALUE : 1 + c.below(40), parameters = c.fewBelow(20);
    GradientSum sum = new GradientSum(ScalarKernels.INSTANCE, blocks, parameters);
    for (int k = 0; k < Math.min(blocks, 40); k++) {
      if (c.oneIn(3)) continue;
      double[] g = sum.buffer();
      for (int i = 0; i < parameters; i++) g[i] = Double.longBitsToDouble(c.bits());
      sum.add(k, c.below(9), g);
    }
    return sum.toBytes();
  }

  @Test
  void anyBytesAreASumOrRefusedInOneLine() throws InterruptedException {
    FuzzRunner.run("GradientSumFuzzTest", 2_000, 3, new FuzzRunner.Subject<byte[]>() {
      @Override public byte[] make(FuzzRandom c) {
        byte[] bytes = bytes(c);
        return c.oneIn(20) ? bytes : Mutation.bytes(c, bytes);
      }

      @Override public long limit(byte[] bytes) {
        return 4_000 + 12L * bytes.length;
      }

      @Override public String use(byte[] bytes) {
        GradientSum sum;
        try {
          sum = GradientSum.of(ScalarKernels.INSTANCE, bytes);
        } catch (IllegalArgumentException e) {
          FuzzRunner.requireLine(e.getMessage());
          return e.getMessage();
        }
        GradientSum again = new GradientSum(ScalarKernels.INSTANCE, sum.blocks(), sum.parameters());
        again.merge(sum);
        assertEquals(sum.blocks(), again.blocks());
        if (again.isComplete()) assertEquals(sum.parameters(), again.gradient().length);
        return "";
      }
    });
  }
}
