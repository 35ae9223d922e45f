// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PredictionLoadTest {

  @Test void percentilesAreExactToOneSixtyFourth() {
    PredictionLoad load = new PredictionLoad();
    for (long duration = 1; duration <= 100_000; duration++) load.count(duration);
    for (double share : new double[] {1e-5, 1e-3, 0.5, 0.99, 1}) {
      double exact = share * 100_000;
      assertTrue(load.percentile(share) >= Math.floor(exact) && load.percentile(share) <= exact * (1 + 1 / 64.0),
          share + ": " + load.percentile(share));
    }
  }

  @Test void extremeDurationsAreCounted() {
    PredictionLoad load = new PredictionLoad();
    load.count(-1);
    load.count(Long.MAX_VALUE);
    assertEquals(0, load.percentile(0.5));
    assertTrue(load.percentile(1) > 1e11);
  }

  @Test void eachCallerRunsOnAThreadOfItsOwn() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    CallerOfOneThread first = new CallerOfOneThread(calls), second = new CallerOfOneThread(calls);
    PredictionLoad load = PredictionLoad.run(List.of(first, second), 1_000_000);
    assertTrue(first.thread != null && second.thread != null && first.thread != second.thread);
    assertTrue(load.percentile(0.5) <= load.percentile(0.99) && load.percentile(1) > 0);
    assertTrue(load.callsPerSecond() > 0 && load.callsPerSecond() <= calls.get() * 1e3, calls + " calls");
  }

  @Test void theExceptionOfACallerIsThrown() {
    PredictionCaller failing = new PredictionCaller() {
      @Override public void call() {
        throw new ArithmeticException("a failure");
      }

      @Override public double[] probabilities() {
        return new double[0];
      }
    };
    assertThrows(ArithmeticException.class, () -> PredictionLoad.run(List.of(failing), 1_000_000));
  }

  private static final class CallerOfOneThread implements PredictionCaller {
    private final AtomicInteger calls;
    Thread thread;

    CallerOfOneThread(AtomicInteger calls) {
      this.calls = calls;
    }

    @Override public void call() {
      if (thread != null && thread != Thread.currentThread()) throw new IllegalStateException("two threads");
      thread = Thread.currentThread();
      calls.incrementAndGet();
    }

    @Override public double[] probabilities() {
      return new double[0];
    }
  }
}
