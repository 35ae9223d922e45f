// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.time.Duration;
import java.util.OptionalLong;
import org.apache.spark.SparkContext;

/** Measures for how long a job has had no live executor. Spark itself would wait forever. */
final class ExecutorWatch {
  private final SparkContext context;
  private final Duration limit;
  private long lastSeen = System.nanoTime();
  private boolean everSeen;

  ExecutorWatch(SparkContext context, Duration limit) {
    this.context = context;
    this.limit = limit;
  }

  /** Returns the number of live executors; 1 with a {@code local} master, where the driver is the executor. */
  static int live(SparkContext context) {
    if (context.isLocal()) return 1;
    return Math.max(0, context.statusTracker().getExecutorInfos().length - 1); // the driver is among them
  }

  /** Returns for how many seconds there was no executor if the limit is exceeded, and nothing if it is not. */
  OptionalLong exceeded() {
    if (live(context) > 0) {
      lastSeen = System.nanoTime();
      everSeen = true;
      return OptionalLong.empty();
    }
    long nanos = System.nanoTime() - lastSeen;
    return nanos >= limit.toNanos() ? OptionalLong.of(nanos / 1_000_000_000L) : OptionalLong.empty();
  }

  /** Whether an executor was alive at any check. */
  boolean everSeen() {
    return everSeen;
  }
}
