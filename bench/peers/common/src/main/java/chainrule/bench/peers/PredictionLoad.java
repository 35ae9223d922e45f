// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Calls of several threads, one after the other on each, for a fixed time. */
final class PredictionLoad {
  /** Buckets per doubling of the time: a percentile is exact to 1/64. */
  private static final int STEPS = 64;
  private static final int BUCKETS = STEPS * 40; // up to 2^40 ns

  private final long[] counts = new long[BUCKETS];
  private long calls, nanos;

  /** Runs each caller on a thread of its own for this many nanoseconds, and at least for some calls. */
  static PredictionLoad run(List<PredictionCaller> callers, long nanos) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(callers.size(), PredictionLoad::daemon);
    try {
      List<Callable<PredictionLoad>> tasks = new ArrayList<>();
      long begin = System.nanoTime();
      for (PredictionCaller caller : callers) tasks.add(() -> callUntil(caller, begin + nanos));
      PredictionLoad sum = new PredictionLoad();
      for (Future<PredictionLoad> part : threads.invokeAll(tasks)) sum.add(part.get());
      sum.nanos = System.nanoTime() - begin;
      return sum;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      threads.shutdown();
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "caller");
    thread.setDaemon(true);
    return thread;
  }

  private static PredictionLoad callUntil(PredictionCaller caller, long end) throws Exception {
    PredictionLoad load = new PredictionLoad();
    long now = System.nanoTime();
    do {
      now = load.callOften(caller, now);
    } while (now < end);
    return load;
  }

  /** Takes the times of some calls, and returns when the last has ended. A short method is compiled early. */
  private long callOften(PredictionCaller caller, long begin) throws Exception {
    long before = begin;
    for (int i = 0; i < 16; i++) {
      caller.call();
      long after = System.nanoTime();
      count(after - before);
      before = after;
    }
    return before;
  }

  /** Counts a call of this duration. */
  void count(long duration) {
    counts[bucket(duration)]++;
    calls++;
  }

  /** Returns the bucket of a duration: the durations below {@link #STEPS} have one each, then 64 per doubling. */
  private static int bucket(long duration) {
    if (duration < STEPS) return (int) Math.max(0, duration);
    int shift = Long.SIZE - Long.numberOfLeadingZeros(duration) - 7; // leaves 64 … 127
    return Math.min(BUCKETS - 1, STEPS * shift + (int) (duration >> shift));
  }

  /** Returns the longest duration of a bucket. */
  private static long duration(int bucket) {
    if (bucket < 2 * STEPS) return bucket;
    int shift = bucket / STEPS - 1;
    return ((bucket % STEPS + STEPS + 1L) << shift) - 1;
  }

  private void add(PredictionLoad other) {
    for (int i = 0; i < BUCKETS; i++) counts[i] += other.counts[i];
    calls += other.calls;
  }

  /** Returns the time in ns that this share of the calls did not exceed, to 1/64. */
  long percentile(double share) {
    long left = (long) Math.ceil(share * calls);
    for (int i = 0; i < BUCKETS; i++) {
      left -= counts[i];
      if (left <= 0) return duration(i);
    }
    throw new IllegalStateException("no calls");
  }

  /** Returns the calls of all threads in a second. */
  double callsPerSecond() {
    return calls * 1e9 / nanos;
  }
}
