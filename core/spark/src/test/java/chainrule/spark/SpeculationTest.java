// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Three Workers on different hosts: a speculative copy of a straggler, and the loss of all Workers. */
@Tag("long")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SpeculationTest {
  private static final int STRAGGLER = 4;
  private static final int STRAGGLER_MILLIS = 120_000;
  private static StandaloneCluster cluster;
  private static SparkJobs jobs;

  @BeforeAll static void start() throws Exception {
    assumeTrue(StandaloneCluster.isPossible(), "the address 127.0.0.3 is not available on this machine");
    cluster = StandaloneCluster.start(3, Map.of("spark.speculation", "true", "spark.speculation.interval", "100ms",
        "spark.speculation.quantile", "0.5", "spark.speculation.multiplier", "1.5"));
    jobs = SparkJobs.on(cluster.context());
  }

  @AfterAll static void stop() throws Exception {
    if (cluster != null) cluster.close();
  }

  private static List<Integer> blocks() {
    return IntStream.range(0, BlockSums.BLOCKS).boxed().toList();
  }

  /** A block's sum and where it was computed. */
  private record Block(double sum, int attempt, String host) implements java.io.Serializable {}

  @Test @Order(1) void eachWorkerHasAnExecutorOnItsOwnHost() {
    assertEquals(Set.of("127.0.0.1", "127.0.0.2", "127.0.0.3"),
        SparkKernels.ofExecutors(jobs).stream().map(ExecutorKernels::host).collect(Collectors.toSet()));
  }

  @Test @Order(2) void aStragglersCopyRunsOnAnotherHostAndLeavesNoTraceInTheResult(@TempDir Path dir) throws Exception {
    String started = dir.resolve("host").toString();
    long start = System.nanoTime();
    List<Block> blocks = jobs.run("block", blocks(), b -> {
      int attempt = TaskContext.get().attemptNumber();
      String host = SparkKernels.ofThisExecutor().host();
      if (b == STRAGGLER && attempt == 0) {
        Files.writeString(Path.of(started), host);
        Thread.sleep(STRAGGLER_MILLIS); // interrupted when the copy has finished
      }
      return new Block(BlockSums.block(b), attempt, host);
    });
    double seconds = (System.nanoTime() - start) / 1e9;
    assertEquals(BlockSums.expected(), BlockSums.sum(blocks.stream().map(Block::sum).toList()));
    assertEquals(1, blocks.get(STRAGGLER).attempt(), "the result is that of the copy");
    assertNotEquals(Files.readString(Path.of(started)), blocks.get(STRAGGLER).host());
    assertTrue(seconds < STRAGGLER_MILLIS / 1e3, seconds + " s");
  }

  @Test @Order(3) void theLossOfAllWorkersEndsTheJobWithinTheLimit() throws Exception {
    List<Long> pids = SparkKernels.ofExecutors(jobs).stream().map(ExecutorKernels::pid).toList();
    List<Integer> received = new ArrayList<>();
    long[] killed = new long[1];
    SparkJobException e = assertThrows(SparkJobException.class,
        () -> jobs.withExecutorTimeout(Duration.ofSeconds(3)).run("block", blocks(), b -> {
          if (b > 1) Thread.sleep(STRAGGLER_MILLIS);
          return BlockSums.block(b);
        }, (block, result) -> {
          received.add(block);
          if (received.size() == 2) {
            cluster.killWorkers();
            killed[0] = System.nanoTime();
          }
          return true;
        }));
    double seconds = (System.nanoTime() - killed[0]) / 1e9;
    assertEquals(Set.of(0, 1), new HashSet<>(received));
    assertTrue(e.getMessage().startsWith("block: no executor is left, for 3 s; 2 of 8 are done."), e.getMessage());
    assertTrue(seconds < 40, seconds + " s after the loss of the Workers");
    for (long pid : pids) {
      assertTrue(ProcessHandle.of(pid).isEmpty(), "executor process " + pid + " still runs");
    }
  }
}
