// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.train.TrainingListener;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Synchronous training on two executor processes gives the bits of a training without Spark, for any number of tasks,
 * and if an executor is killed in mid-run. Prints a table of hashes of the parameters.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SynchronousClusterTest {
  private static final int KILL_EPOCH = 2, KILL_STEP = 1; // within an epoch, when partitioned rows are cached
  private static LocalCluster cluster;
  private static SparkJobs jobs;

  @BeforeAll static void start() {
    cluster = LocalCluster.start(2);
    jobs = SparkJobs.on(cluster.context());
  }

  @AfterAll static void stop() {
    cluster.close();
  }

  @ParameterizedTest @CsvSource({"broadcast,3", "partitioned,3"})
  void theHashIsThatOfOneMachineEvenIfAnExecutorIsKilled(String rows, int tasks) throws InterruptedException {
    check(rows, tasks);
  }

  @Tag("long") @ParameterizedTest @CsvSource({"broadcast,1", "broadcast,2", "broadcast,7", "broadcast,16",
      "partitioned,1", "partitioned,2", "partitioned,7", "partitioned,16"})
  void theNumberOfTasksDoesNotMatter(String rows, int tasks) throws InterruptedException {
    check(rows, tasks);
  }

  private static void check(String rows, int tasks) throws InterruptedException {
    SynchronousRun run = SynchronousRun.EVERYTHING;
    SynchronousRun.Result expected = run.local();
    try (SparkGradients gradients = run.source(cluster.context(), rows.equals("broadcast"), tasks)) {
      SynchronousRun.Result quiet = run.with(gradients);
      List<ExecutorKernels> executors = awaitExecutors();
      Killer killer = new Killer(executors.get(tasks % 2).pid());
      SynchronousRun.Result killed = run.with(gradients, t -> t.listener(killer));
      System.out.printf("hash of %d parameters, %s, %d tasks, JDK %d: one machine %s, Spark %s, a killed executor %s%n",
          expected.parameters().length, rows, tasks, Runtime.version().feature(), expected.hash(), quiet.hash(),
          killed.hash());
      expected.requireEqual(quiet);
      expected.requireEqual(killed);
      assertTrue(killer.done, "an executor was killed");
      assertFalse(ProcessHandle.of(killer.pid).map(ProcessHandle::isAlive).orElse(false));
    }
    awaitExecutors();
  }

  /** Kills a process after a step, and waits for its end, so that the next step's tasks are sent to nobody. */
  private static final class Killer implements TrainingListener {
    private final long pid;
    private boolean done;

    Killer(long pid) {
      this.pid = pid;
    }

    @Override public void onStep(int epoch, int step, int steps, double loss) {
      if (epoch != KILL_EPOCH || step != KILL_STEP) return;
      ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
      done = process.destroyForcibly();
      process.onExit().join();
    }
  }

  /** Waits until both executors answer. Spark replaces a killed one. */
  private static List<ExecutorKernels> awaitExecutors() throws InterruptedException {
    List<ExecutorKernels> executors = SparkKernels.ofExecutors(jobs);
    while (jobs.liveExecutors() != 2 || executors.size() != 2) {
      Thread.sleep(50); // ended by the time limit of the test
      executors = SparkKernels.ofExecutors(jobs);
    }
    return executors;
  }
}
