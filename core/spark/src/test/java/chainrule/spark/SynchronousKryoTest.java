// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Synchronous training with Spark's other serializer, which cannot read records. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SynchronousKryoTest {
  @Test void kryoDoesNotChangeTheBits() {
    SynchronousRun run = SynchronousRun.EVERYTHING;
    SynchronousRun.Result expected = run.local();
    try (LocalSession session = LocalSession.of(LocalSession.settings("local[2]")
        .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer"))) {
      for (boolean broadcast : new boolean[] {true, false}) {
        try (SparkGradients gradients = run.source(session.context(), broadcast, 3)) {
          expected.requireEqual(run.with(gradients));
        }
      }
      try (SparkGradients gradients = SparkGradients.partitioned(run.rdd(session.context(), 2).repartition(3))) {
        expected.requireEqual(run.with(gradients));
      }
    }
  }
}
