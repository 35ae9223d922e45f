// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs many random cases against one subject. Each must end in a result or the documented refusal, within limits on
 * time and allocated bytes. A failure names its case; {@code -Dchainrule.fuzz.case=N} runs that case alone.
 * <pre>
 *   -Dchainrule.fuzz=1000000     the number of cases of all subjects together (default: {@link #USUAL})
 *   -Dchainrule.fuzz.seed=2      other cases
 * </pre>
 */
final class FuzzRunner {
  private FuzzRunner() {}

  /** The default number of cases of all subjects together: the sum of their shares. */
  static final int USUAL = 40_000;

  /** Generous, for a busy machine; a case normally takes less than a thousandth of this. */
  private static final long MOST_SECONDS = 60;

  /** The code to be fuzzed. */
  interface Subject<T> {
    T make(FuzzRandom chance) throws Exception;

    /** Returns the limit on allocated bytes: proportional to the input, plus the buffers that any input needs. */
    long limit(T input);

    /** Returns "" for a result, or the message of a documented refusal; throws anything else. */
    String use(T input) throws Exception;
  }

  /** Requires a refusal to be one line of readable length. */
  static void requireLine(String message) {
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.length() < 3_000, message);
  }

  /**
   * Runs the subject's share of the cases.
   *
   * @param share the number of cases out of {@link #USUAL}
   * @param leastWays the least number of different refusals; fewer would mean that the mutations reach too little code
   */
  static <T> void run(String name, int share, int leastWays, Subject<T> subject) throws InterruptedException {
    long total = Long.getLong("chainrule.fuzz", USUAL), only = Long.getLong("chainrule.fuzz.case", -1);
    long count = Math.max(1, total * share / USUAL);
    Loop<T> loop = new Loop<>(name, subject, only < 0 ? 0 : only, only < 0 ? count : only + 1);
    Thread worker = new Thread(loop, "fuzz-" + name);
    worker.setDaemon(true);
    worker.start();
    while (worker.isAlive()) {
      worker.join(200);
      long seconds = (System.nanoTime() - loop.begin) / 1_000_000_000;
      if (worker.isAlive() && seconds > MOST_SECONDS) {
        StringBuilder stack = new StringBuilder();
        for (StackTraceElement e : worker.getStackTrace()) stack.append("\n  at ").append(e);
        fail(loop.place() + " takes longer than " + MOST_SECONDS + " s" + stack);
      }
    }
    if (loop.failure != null) throw new AssertionError(loop.place() + ": " + loop.failure, loop.failure);
    if (only >= 0) return;
    if (System.getProperty("chainrule.fuzz") != null) System.out.println(loop);
    assertTrue(loop.accepted >= count / 50, "too few cases are accepted: " + loop);
    assertTrue(loop.ways.size() >= leastWays || count < share, "too few different refusals: " + loop + loop.ways);
  }

  private static final class Loop<T> implements Runnable {
    final String name;
    final Subject<T> subject;
    final long from, to;
    final long seed = Long.getLong("chainrule.fuzz.seed", 1);
    final Set<String> ways = new TreeSet<>();
    volatile long begin = System.nanoTime();
    volatile Throwable failure;
    volatile long number;
    long accepted, longest, mostBytes;
    double mostOfLimit;

    Loop(String name, Subject<T> subject, long from, long to) {
      this.name = name;
      this.subject = subject;
      this.from = from;
      this.to = to;
    }

    @Override public void run() {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      try {
        long own = name.hashCode();
        for (number = from; number < to; number++) {
          begin = System.nanoTime();
          T input = subject.make(new FuzzRandom(seed, own << 32 ^ number));
          long limit = subject.limit(input), before = threads.getCurrentThreadAllocatedBytes();
          begin = System.nanoTime();
          String refusal = subject.use(input);
          longest = Math.max(longest, System.nanoTime() - begin);
          long bytes = threads.getCurrentThreadAllocatedBytes() - before;
          if (bytes > limit) { // measure again, because classes may have been loaded
            before = threads.getCurrentThreadAllocatedBytes();
            subject.use(subject.make(new FuzzRandom(seed, own << 32 ^ number)));
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
          }
          mostBytes = Math.max(mostBytes, bytes);
          mostOfLimit = Math.max(mostOfLimit, (double) bytes / limit);
          if (bytes > limit) {
            throw new AssertionError(bytes + " bytes allocated, the limit is " + limit + ": " + input);
          }
          if (refusal.isEmpty()) accepted++;
          else ways.add(way(refusal));
        }
      } catch (Throwable e) {
        failure = e;
      }
    }

    /** Returns the refusal without the parts that differ from case to case. */
    private static String way(String refusal) {
      String s = refusal.replaceAll("'[^']*'|\"[^\"]*\"", "…").replaceAll("[^ ]*[/\\\\][^ ]*",
          "FILE").replaceAll("-?\\d[\\d.E-]*", "0");
      return s.substring(0, Math.min(70, s.length()));
    }

    String place() {
      return name + ", case " + number + " of seed " + seed + " (run again with -Dtest=" + name
          + " -Dchainrule.fuzz.seed=" + seed + " -Dchainrule.fuzz.case=" + number + ")";
    }

    @Override public String toString() {
      return String.format(
          Locale.ROOT, "%s: %,d cases, %,d accepted, the others refused in %d ways; at most %,d bytes allocated "
          + "(%.0f%% of the limit), %.3f s", name, to - from, accepted, ways.size(), mostBytes, 100 * mostOfLimit,
          longest / 1e9);
    }
  }
}
