// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chainrule.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Synchronous training on three Workers, of which one stands still for a while: Spark starts speculative copies of its
 * tasks, and the bits are those of a training without Spark.
 */
@Tag("long")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SynchronousSpeculationTest {
  private static final int MILLIS = 3000;
  private static StandaloneCluster cluster;
  private static final AtomicInteger COPIES = new AtomicInteger();

  @BeforeAll static void start() throws Exception {
    assumeTrue(StandaloneCluster.isPossible(), "the address 127.0.0.3 is not available on this machine");
    cluster = StandaloneCluster.start(3, Map.of("spark.speculation", "true", "spark.speculation.interval", "100ms",
        "spark.speculation.quantile", "0.5", "spark.speculation.multiplier", "1.5"));
    cluster.context().sc().addSparkListener(new SparkListener() {
      @Override public void onTaskStart(SparkListenerTaskStart start) {
        if (start.taskInfo().speculative()) COPIES.incrementAndGet();
      }
    });
  }

  @AfterAll static void stop() throws Exception {
    if (cluster != null) cluster.close();
  }

  @ParameterizedTest @ValueSource(booleans = {true, false})
  void speculativeCopiesDoNotChangeTheHash(boolean broadcast) throws Exception {
    SynchronousRun run = SynchronousRun.EVERYTHING;
    SynchronousRun.Result expected = run.local();
    long pid = SparkKernels.ofExecutors(SparkJobs.on(cluster.context())).get(1).pid();
    COPIES.set(0);
    Pause pause = new Pause(pid);
    try (SparkGradients gradients = run.source(cluster.context(), broadcast, 3)) {
      SynchronousRun.Result result = run.with(gradients, t -> t.listener(pause));
      System.out.printf("hash of %d parameters, %s, 3 tasks, JDK %d: one machine %s, with %d speculative copies %s%n",
          expected.parameters().length, broadcast ? "broadcast" : "partitioned", Runtime.version().feature(),
          expected.hash(), COPIES.get(), result.hash());
      expected.requireEqual(result);
    } finally {
      pause.end();
    }
    assertTrue(COPIES.get() > 0, "no speculative copy has started");
  }

  /** Stops an executor's process after a step, and lets it continue a few seconds later. */
  private static final class Pause implements TrainingListener {
    private final long pid;
    private Thread waiting;

    Pause(long pid) {
      this.pid = pid;
    }

    @Override public void onStep(int epoch, int step, int steps, double loss) {
      if (epoch != 2 || step != 1) return;
      signal("-STOP");
      waiting = new Thread(() -> {
        try {
          Thread.sleep(MILLIS);
        } catch (InterruptedException e) {
          // continue at once
        }
        signal("-CONT");
      });
      waiting.start();
    }

    void end() throws InterruptedException {
      if (waiting != null) waiting.join();
    }

    private void signal(String name) {
      try {
        new ProcessBuilder("kill", name, String.valueOf(pid)).inheritIO().start().waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
