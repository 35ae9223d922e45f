// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.DataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@link SparkJobs} on two threads of this JVM, with up to 3 attempts of a task. */
class JobsTest {
  private static LocalSession session;
  private static SparkJobs jobs;
  /** Counts attempts: tasks run in this JVM. */
  private static final AtomicInteger ATTEMPTS = new AtomicInteger();
  private static volatile CountDownLatch started;
  private static volatile CountDownLatch ended;

  @BeforeAll static void start() {
    session = LocalSession.start("local[2,3]");
    jobs = SparkJobs.on(session.context());
  }

  @AfterAll static void stop() {
    session.close();
  }

  private static List<Integer> numbers(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  @Test void resultsAreInTheOrderOfTheTasks() {
    List<String> results = jobs.run("number", numbers(9), i -> {
      Thread.sleep(5 * (9 - i)); // later tasks are faster
      return "r" + i;
    });
    assertEquals(List.of("r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"), results);
    assertEquals(List.of(), jobs.run("number", List.of(), i -> i));
    assertNull(jobs.run("number", numbers(1), i -> null).get(0));
  }

  @Test void theReceiverGetsEachResultOnceInTheCallingThread() {
    Thread caller = Thread.currentThread();
    List<Integer> received = new ArrayList<>();
    assertTrue(jobs.run("number", numbers(20), i -> i * i, (task, result) -> {
      assertSame(caller, Thread.currentThread());
      assertEquals(task * task, result);
      received.add(task);
      return true;
    }));
    assertEquals(20, received.size());
    assertEquals(new HashSet<>(numbers(20)), new HashSet<>(received));
  }

  @Test void aReceiverThatHasEnoughCancelsTheRest() {
    ATTEMPTS.set(0);
    List<Integer> received = new ArrayList<>();
    assertFalse(jobs.run("number", numbers(600), i -> {
      ATTEMPTS.incrementAndGet();
      Thread.sleep(20);
      return i;
    }, (task, result) -> received.add(task) && received.size() < 3));
    assertEquals(3, received.size());
    assertTrue(ATTEMPTS.get() < 300, ATTEMPTS + " of 600 tasks were started");
  }

  @Test void aReceiverThatTakesTheLastResultHasACompleteJob() {
    assertTrue(jobs.run("number", numbers(1), i -> i, (task, result) -> false));
  }

  @Test void anExceptionOfTheReceiverIsThrown() {
    IllegalStateException e = new IllegalStateException("enough");
    assertSame(e, assertThrows(IllegalStateException.class, () -> jobs.run("number", numbers(3), i -> i, (t, r) -> {
      throw e;
    })));
  }

  @Test void aFailureThatWouldRepeatIsNotRepeated() {
    ATTEMPTS.set(0);
    SparkJobException e = assertThrows(SparkJobException.class, () -> jobs.run("fold", numbers(1), i -> {
      ATTEMPTS.incrementAndGet();
      throw new DataException("flats.csv:7: column 'rent': expected a number, found 'abc'");
    }));
    assertEquals("fold 1 of 1: flats.csv:7: column 'rent': expected a number, found 'abc'", e.getMessage());
    assertInstanceOf(DataException.class, e.getCause());
    assertEquals(1, ATTEMPTS.get());
  }

  @Test void theFirstTaskThatFailsIsReportedNotTheFirstAnswer() {
    List<Integer> received = new ArrayList<>();
    SparkJobException e = assertThrows(SparkJobException.class, () -> jobs.run("fold", numbers(6), i -> {
      if (i == 0 || i > 3) return i;
      Thread.sleep(100 * (4 - i)); // task 4 of 6 answers first
      throw new IllegalArgumentException("task " + i);
    }, (task, result) -> received.add(task)));
    assertEquals("fold 2 of 6: task 1", e.getMessage());
  }

  @Test void otherFailuresAreRepeatedUpToTheLimitAndNameTheTask() {
    ATTEMPTS.set(0);
    SparkJobException e = assertThrows(SparkJobException.class, () -> jobs.run("fold", numbers(4), i -> {
      if (i != 2) return i;
      ATTEMPTS.incrementAndGet();
      throw new IOException("disk full\nat node 3");
    }));
    assertEquals("fold 3 of 4: IOException: disk full (3 attempts failed)", e.getMessage());
    assertEquals("disk full\nat node 3", assertInstanceOf(IOException.class, e.getCause()).getMessage());
    assertEquals(3, ATTEMPTS.get());
  }

  @Test void aTaskThatFailsTwiceSucceedsAtTheThirdAttempt() {
    ATTEMPTS.set(0);
    assertEquals(List.of(0, 1, 4), jobs.run("number", numbers(3), i -> {
      if (i == 1 && ATTEMPTS.incrementAndGet() < 3) throw new IOException("attempt " + ATTEMPTS);
      return i * i;
    }));
    assertEquals(3, ATTEMPTS.get());
  }

  @Test void errorsOfTheVirtualMachineNameTheTaskToo() {
    SparkJobException e = assertThrows(SparkJobException.class, () -> jobs.run("fold", numbers(2), i -> {
      if (i == 0) return i;
      throw new NoClassDefFoundError("org/example/Missing");
    }));
    assertEquals("fold 2 of 2: java.lang.NoClassDefFoundError: org/example/Missing (3 attempts failed)",
        e.getMessage());
  }

  @Test void whatIsNotSerializableIsNamed() {
    Object captured = new Object();
    SparkJobException function =
        assertThrows(SparkJobException.class, () -> jobs.run("fold", numbers(2), i -> captured.hashCode()));
    assertEquals("fold: a task or its function contains an object that is not serializable, of type java.lang.Object",
        function.getMessage());
    SparkJobException task =
        assertThrows(SparkJobException.class, () -> jobs.run("fold", List.of(new Object()), o -> 1));
    assertEquals(function.getMessage(), task.getMessage());
    SparkJobException result =
        assertThrows(SparkJobException.class, () -> jobs.run("fold", numbers(1), i -> new Object()));
    assertEquals("fold 1 of 1: the result contains an object that is not serializable, of type java.lang.Object",
        result.getMessage());
  }

  @Test void theStopConditionEndsTheJobAndItsTasks() throws InterruptedException {
    started = new CountDownLatch(1);
    ended = new CountDownLatch(1);
    SparkJobs stoppable = jobs.stoppedBy(() -> started.getCount() == 0);
    assertFalse(stoppable.run("number", numbers(1), i -> runUntilCanceled(), (task, result) -> true));
    assertTrue(ended.await(20, TimeUnit.SECONDS), "the task still runs");
    started = new CountDownLatch(1);
    CancellationException e = assertThrows(CancellationException.class,
        () -> stoppable.run("number", numbers(1), i -> runUntilCanceled()));
    assertEquals("number: stopped before all 1 were done", e.getMessage());
  }

  @Test void anInterruptOfTheCallerEndsTheJobAndItsTasks() throws InterruptedException {
    started = new CountDownLatch(1);
    ended = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    Thread interrupter = new Thread(() -> {
      await(started);
      caller.interrupt();
    });
    interrupter.start();
    CancellationException e = assertThrows(CancellationException.class,
        () -> jobs.run("number", numbers(1), i -> runUntilCanceled()));
    assertEquals("number: interrupted after 0 of 1", e.getMessage());
    assertTrue(Thread.interrupted(), "the interrupt status is not set");
    interrupter.join();
    assertTrue(ended.await(20, TimeUnit.SECONDS), "the task still runs");
    assertEquals(List.of(0), jobs.run("number", numbers(1), i -> i)); // the next job is not affected
  }

  private static int runUntilCanceled() {
    started.countDown();
    while (!SparkJobs.isTaskCanceled()) Thread.onSpinWait();
    ended.countDown();
    return 0;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test void theDescriptionAndTheInterruptSettingOfTheCallerAreRestored() {
    session.context().setLocalProperty("spark.job.description", "mine");
    jobs.run("number", numbers(1), i -> i);
    assertEquals("mine", session.context().getLocalProperty("spark.job.description"));
    assertNull(session.context().getLocalProperty("spark.job.interruptOnCancel"));
    session.context().setLocalProperty("spark.job.description", null);
  }

  @Test void theDriverIsTheOnlyExecutor() {
    assertEquals(1, jobs.liveExecutors());
    assertEquals(2, jobs.cores());
    ExecutorKernels here = new ExecutorKernels("driver", "127.0.0.1", ProcessHandle.current().pid(),
        SparkKernels.get().name(), SparkKernels.get().threads(), Runtime.version().feature());
    assertEquals(List.of(here), SparkKernels.ofExecutors(jobs));
    assertEquals(Set.of(here), new HashSet<>(jobs.executors()));
    assertEquals(2, SparkInfo.lines(jobs).size(), "lines of the application and of the driver");
  }
}
