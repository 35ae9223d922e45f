// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.KernelsUnderTest.SCALAR;
import static chainrule.kernels.KernelsUnderTest.VECTOR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** {@link Kernels#runParts}: each part once, on the threads that are free. */
class RunPartsTest {
  private static final List<Kernels> ALL = List.of(SCALAR, VECTOR, SCALAR.withThreads(2), VECTOR.withThreads(2),
      VECTOR.withThreads(3), VECTOR.withThreads(8));

  private static void assertOnceEach(Kernels kernels, int parts) {
    AtomicIntegerArray times = new AtomicIntegerArray(parts);
    kernels.runParts(parts, times::incrementAndGet);
    for (int i = 0; i < parts; i++) {
      assertEquals(1, times.get(i), "part " + i + " of " + parts + ", " + kernels.threads() + " threads");
    }
  }

  @Test
  void eachPartRunsOnce() {
    for (Kernels kernels : ALL) {
      for (int parts : new int[] {0, 1, 2, 3, 7, 8, 9, 1000}) assertOnceEach(kernels, parts);
      assertEquals("parts: expected ≥ 0, found -1",
          assertThrows(IllegalArgumentException.class, () -> kernels.runParts(-1, i -> { })).getMessage());
    }
  }

  @Test
  void theThreadsDivideTheParts() {
    for (int threads : new int[] {2, 3, 8}) assertAllThreadsTakePart(VECTOR.withThreads(threads));
  }

  /** The parts wait for each other, so they end only if each has a thread of its own. */
  static void assertAllThreadsTakePart(Kernels team) {
    int threads = team.threads();
    CyclicBarrier all = new CyclicBarrier(threads);
    Set<Thread> used = ConcurrentHashMap.newKeySet();
    Thread[] ofPart = new Thread[2 * threads];
    team.runParts(2 * threads, i -> {
      ofPart[i] = Thread.currentThread();
      used.add(ofPart[i]);
      try {
        all.await(60, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
    assertEquals(threads, used.size());
    for (int i = 0; i < threads; i++) assertSame(ofPart[i], ofPart[i + threads], "parts i and i + T on one thread");
    assertSame(Thread.currentThread(), ofPart[0]);
  }

  @Test
  void theCallerSeesWhatThePartsHaveWritten() {
    for (Kernels kernels : ALL) {
      int[] plain = new int[1000];
      for (int round = 1; round <= 200; round++) {
        kernels.runParts(plain.length, i -> plain[i]++);
        for (int v : plain) assertEquals(round, v);
      }
    }
  }

  @Test
  void anExceptionReachesTheCallerWhenAllThreadsHaveStoppedAndTheTeamStaysUsable() {
    for (Kernels kernels : ALL) {
      for (int bad : new int[] {0, 1, 2, 5}) {
        for (Throwable thrown : new Throwable[] {new IllegalStateException("part"), new StackOverflowError("part")}) {
          AtomicIntegerArray times = new AtomicIntegerArray(6);
          IntConsumer part = i -> {
            times.incrementAndGet(i);
            if (i != bad) return;
            if (thrown instanceof Error e) throw e;
            throw (RuntimeException) thrown;
          };
          assertSame(thrown, assertThrows(thrown.getClass(), () -> kernels.runParts(6, part)));
          int threads = kernels.threads();
          for (int i = 0; i < 6; i++) {
            boolean left = threads == 1 ? i > bad : i % threads == bad % threads && i > bad;
            assertEquals(left ? 0 : 1, times.get(i), "part " + i + " after an error in " + bad);
          }
          assertOnceEach(kernels, 9);
        }
      }
    }
  }

  @Test
  void aPartMayCallRunPartsAndOperationsOfItsKernels() {
    MatmulCase p = new MatmulCase(MatmulCase.Form.AB, 128, 96, 100, 0, 0, false, 7); // large enough to be shared
    double[] one = p.on(SCALAR);
    for (Kernels kernels : ALL) {
      AtomicIntegerArray times = new AtomicIntegerArray(5 * 7);
      kernels.runParts(5, i -> {
        Thread thread = Thread.currentThread();
        kernels.runParts(7, j -> {
          times.incrementAndGet(7 * i + j);
          if (kernels.threads() > 1) assertSame(thread, Thread.currentThread(), "the team is busy");
        });
        TestArrays.assertSameBits(one, p.on(kernels), "a product in a part");
      });
      for (int i = 0; i < 35; i++) assertEquals(1, times.get(i));
    }
  }

  /** While another thread has the team, all parts run on the caller, in order. */
  @Test
  void partsOfABusyTeamRunOnTheCaller() throws InterruptedException {
    Kernels team = VECTOR.withThreads(2);
    CountDownLatch begun = new CountDownLatch(2), end = new CountDownLatch(1);
    Thread other = new Thread(() -> team.runParts(2, i -> {
      begun.countDown();
      try {
        end.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }));
    other.start();
    assertTrue(begun.await(60, TimeUnit.SECONDS));
    int[] next = {0};
    Thread caller = Thread.currentThread();
    team.runParts(5, i -> {
      assertSame(caller, Thread.currentThread());
      assertEquals(next[0]++, i);
    });
    assertEquals(5, next[0]);
    end.countDown();
    other.join();
    assertOnceEach(team, 4);
  }
}
