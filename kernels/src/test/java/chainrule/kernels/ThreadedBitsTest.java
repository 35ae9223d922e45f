package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Any number of threads gives the bits of one. */
class ThreadedBitsTest {

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void everyMatrixProductHasTheBitsOfOneThread(
      @ForAll Products.Form form, @ForAll @IntRange(min = 1, max = 150) int m, @ForAll @IntRange(min = 1, max = 150) int n,
      @ForAll @IntRange(min = 1, max = 300) int k, @ForAll @IntRange(max = 5) int gap, @ForAll long seed) {
    Products p = new Products(form, m, n, k, 3, gap, true, seed);
    double[] one = p.on(Subjects.SCALAR);
    for (int threads : new int[] {2, 3, 8}) {
      Buffers.assertSameBits(one, p.on(Subjects.VECTOR.withThreads(threads)), p + " on " + threads + " threads");
      Buffers.assertSameBits(one, p.on(Subjects.SCALAR.withThreads(threads)), p + " on " + threads + " scalar threads");
    }
  }

  @Test
  void manyCallersOfOneTeamGetTheSameBits() {
    Kernels team = Subjects.VECTOR.withThreads(3);
    Products p = new Products(Products.Form.AB, 90, 96, 120, 0, 0, false, 7);
    double[] one = p.on(Subjects.SCALAR);
    CompletableFuture<?>[] callers = new CompletableFuture<?>[6];
    for (int i = 0; i < callers.length; i++) {
      callers[i] = CompletableFuture.runAsync(() -> {
        for (int r = 0; r < 20; r++) Buffers.assertSameBits(one, p.on(team), "one of six callers");
      });
    }
    CompletableFuture.allOf(callers).join();
  }

  @Test
  void aBadArgumentOnATeamIsTheCallersError() {
    Kernels team = Subjects.VECTOR.withThreads(2);
    double[] big = new double[128 * 128], small = new double[100];
    assertThrows(IndexOutOfBoundsException.class,
        () -> team.matmul(128, 128, 128, big, 0, 128, small, 0, 128, new double[128 * 128], 0, 128));
    // and the team is free again
    assertEquals(0, team.max(1, new double[1], 0));
    team.matmul(128, 128, 128, big, 0, 128, big, 0, 128, new double[128 * 128], 0, 128);
  }
}
