// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.kernels.Kernels;
import chainrule.kernels.Selection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkEnv;
import org.slf4j.LoggerFactory;

/**
 * The kernels that executors use. Spark 4 starts them with {@code --add-modules=jdk.incubator.vector}, so they choose
 * vector kernels without further options. The bits are the same for all kernels.
 */
public final class SparkKernels {
  /** How long a task of {@link #ofExecutors} occupies its core, so that the others start on other cores. */
  private static final int OCCUPY_MILLIS = 200;
  private static final int ROUNDS = 5;

  private static volatile byte[] thisExecutor;

  private SparkKernels() {}

  private static final class Chosen {
    static final Kernels KERNELS = report();

    private static Kernels report() {
      Selection s = Selection.current();
      LoggerFactory.getLogger(SparkKernels.class).info("kernels {} on {}, JDK {}: {}", s.kernels().name(),
          s.kernels().threads() == 1 ? "1 thread" : s.kernels().threads() + " threads", Runtime.version().feature(),
          (s.reason() + " " + s.remedy()).strip());
      return s.kernels();
    }
  }

  /** {@return the kernels of this JVM} The first call writes a line with their name and the reason to Spark's log. */
  public static Kernels get() {
    return Chosen.KERNELS;
  }

  /** Describes the executor of this JVM. */
  static ExecutorKernels ofThisExecutor() {
    Kernels k = get();
    SparkEnv env = SparkEnv.get();
    return new ExecutorKernels(env.executorId(), env.blockManager().blockManagerId().host(),
        ProcessHandle.current().pid(), k.name(), k.threads(), Runtime.version().feature());
  }

  /** Returns {@link #ofThisExecutor} in the form of {@link Serialized}, computed once. Callers must not change it. */
  static byte[] ofThisExecutorAsBytes() {
    byte[] bytes = thisExecutor;
    if (bytes == null) {
      try {
        bytes = Serialized.toBytes(ofThisExecutor());
      } catch (IOException e) {
        throw new UncheckedIOException(e); // a record of strings and numbers is serializable
      }
      thisExecutor = bytes;
    }
    return bytes;
  }

  /**
   * Runs short tasks until every live executor has answered, at most 5 times. When the first result of an
   * executor that starts later arrives, the driver's log gets a line about it.
   *
   * @param jobs runs the tasks
   * @return the answers, sorted by the executor's id as a string
   * @throws SparkJobException if there is no executor for too long, or if Spark ends the job
   */
  public static List<ExecutorKernels> ofExecutors(SparkJobs jobs) {
    Map<String, ExecutorKernels> found = new TreeMap<>();
    for (int round = 0; round < ROUNDS && (round == 0 || found.size() < jobs.liveExecutors()); round++) {
      List<Integer> tasks = Collections.nCopies(Math.max(1, jobs.cores()), 0);
      for (ExecutorKernels k : jobs.run("report of kernels", tasks, t -> {
        Thread.sleep(OCCUPY_MILLIS);
        return ofThisExecutor();
      })) {
        found.put(k.executor(), k);
      }
    }
    return new ArrayList<>(found.values());
  }
}
