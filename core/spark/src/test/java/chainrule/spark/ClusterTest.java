// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Two executor processes: their kernels, and jobs with killed executors, failed attempts, and no executors. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {
  private static final int LIMIT_SECONDS = 4;
  private static LocalCluster cluster;
  private static SparkJobs jobs;

  @BeforeAll static void start() {
    cluster = LocalCluster.start(2);
    jobs = SparkJobs.on(cluster.context());
  }

  @AfterAll static void stop() {
    cluster.close();
  }

  private static List<Integer> blocks() {
    return IntStream.range(0, BlockSums.BLOCKS).boxed().toList();
  }

  @Test @Order(1) void executorsChooseTheKernelsOfThisJvmWithoutFlagsAndLogThem() throws IOException {
    List<ExecutorKernels> executors = SparkKernels.ofExecutors(jobs);
    assertEquals(2, executors.size(), executors::toString);
    assertEquals(2, executors.stream().map(ExecutorKernels::pid).distinct().count(), executors::toString);
    for (ExecutorKernels e : executors) {
      assertNotEquals(ProcessHandle.current().pid(), e.pid());
      assertTrue(InetAddress.getByName(e.host()).isLoopbackAddress(), e.host());
      assertEquals(SparkKernels.get().name(), e.kernels());
      assertEquals(Runtime.version().feature(), e.jdk());
      assertEquals(1, linesOfLog(e, "kernels " + e.kernels() + " on 1 thread, JDK " + e.jdk() + ": "));
    }
    String here = ", JDK " + Runtime.version().feature() + ", kernels " + SparkKernels.get().name() + ", 1 thread";
    List<String> info = SparkInfo.lines(jobs);
    for (ExecutorKernels e : executors) {
      assertTrue(info.contains("executor " + e.executor() + "  " + e.host() + here), () -> String.join("\n", info));
    }
  }

  /** The number of lines of an executor's log that contain a text. */
  private static long linesOfLog(ExecutorKernels executor, String text) throws IOException {
    Path log = LocalCluster.prepareHome().resolve("work").resolve(cluster.context().sc().applicationId())
        .resolve(executor.executor()).resolve("spark.log");
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(l -> l.contains(text)).count();
    }
  }

  @Test @Order(2) void aTaskThatFailsTwiceLeavesNoTraceInTheResult() {
    assertEquals(BlockSums.expected(), BlockSums.sum(jobs.run("block", blocks(), b -> {
      int attempt = TaskContext.get().attemptNumber();
      if (b == 3 && attempt < 2) throw new IOException("attempt " + attempt);
      return BlockSums.block(b);
    })));
  }

  @Test @Order(3) void anExecutorKilledInMidRunLeavesNoTraceInTheResult(@TempDir Path directory) throws Exception {
    Path victim = directory.resolve("pid");
    String path = victim.toString();
    Thread killer = new Thread(() -> kill(victim));
    killer.start();
    List<Long> attempts = new ArrayList<>();
    double[] sums = new double[BlockSums.BLOCKS];
    jobs.run("block", blocks(), b -> {
      int attempt = TaskContext.get().attemptNumber();
      if (b == 2 && attempt == 0) waitToBeKilled(Path.of(path));
      return new double[] {BlockSums.block(b), attempt};
    }, (block, result) -> {
      sums[block] = result[0];
      if (block == 2) attempts.add((long) result[1]);
      return true;
    });
    killer.join();
    assertEquals(BlockSums.expected(), BlockSums.sum(IntStream.range(0, sums.length).mapToObj(i -> sums[i]).toList()));
    assertEquals(List.of(1L), attempts, "attempts of the block whose executor was killed");
    long pid = Long.parseLong(Files.readString(victim));
    assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false), "process " + pid + " still runs");
    awaitExecutors(2); // Spark replaces it
    assertTrue(SparkKernels.ofExecutors(jobs).stream().noneMatch(e -> e.pid() == pid));
  }

  private static void waitToBeKilled(Path pid) throws Exception {
    Path written = Path.of(pid + ".part");
    Files.writeString(written, String.valueOf(ProcessHandle.current().pid()));
    Files.move(written, pid);
    Thread.sleep(60_000);
    throw new IllegalArgumentException("was not killed");
  }

  private static void kill(Path pid) {
    try {
      while (!Files.exists(pid)) Thread.sleep(20);
      ProcessHandle.of(Long.parseLong(Files.readString(pid))).orElseThrow().destroyForcibly();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitExecutors(int count) throws InterruptedException {
    while (jobs.liveExecutors() != count) Thread.sleep(50); // ended by the time limit of the class
  }

  @Tag("long") // eight executors start
  @Test @Order(4) void aTaskThatKillsEveryExecutorIsNamed() throws InterruptedException {
    SparkJobException e = assertThrows(SparkJobException.class, () -> jobs.run("block", blocks(), b -> {
      if (b == 5) Runtime.getRuntime().halt(9);
      return BlockSums.block(b);
    }));
    assertTrue(e.getMessage().startsWith("block 6 of 8: ExecutorLostFailure (executor "), e.getMessage());
    assertTrue(e.getMessage().endsWith(" (4 attempts failed)"), e.getMessage());
    awaitExecutors(2);
  }

  @Test @Order(5) void withoutAnyExecutorTheJobEndsWithinTheLimit() throws InterruptedException {
    List<String> ids = SparkKernels.ofExecutors(jobs).stream().map(ExecutorKernels::executor).toList();
    assertTrue(cluster.context().sc().killExecutors(scala.jdk.javaapi.CollectionConverters.asScala(ids).toSeq()));
    awaitExecutors(0);
    SparkJobs limited = jobs.withExecutorTimeout(Duration.ofSeconds(LIMIT_SECONDS));
    long start = System.nanoTime();
    SparkJobException e =
        assertThrows(SparkJobException.class, () -> limited.run("block", blocks(), BlockSums::block));
    double seconds = (System.nanoTime() - start) / 1e9;
    assertEquals("block: no executor has started, for 4 s; 0 of 8 are done. Check the cluster's workers and their "
        + "logs, or allow more time with --conf spark.chainrule.executorTimeout=300s.", e.getMessage());
    assertTrue(seconds >= LIMIT_SECONDS && seconds < LIMIT_SECONDS + 30, seconds + " s");
  }
}
