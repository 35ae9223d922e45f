// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.data.DataException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** {@link SparkJobs} with contexts that are stopped, or have unusual settings. */
class OwnContextTest {
  private static volatile CountDownLatch started;

  private record Point(int x, double[] y) implements java.io.Serializable {}

  @Test void aContextThatIsStoppedWhileAJobRunsEndsIt() throws InterruptedException {
    started = new CountDownLatch(1);
    try (LocalSession session = LocalSession.start()) {
      SparkJobs jobs = SparkJobs.on(session.context());
      Thread stopper = new Thread(() -> {
        try {
          started.await();
        } catch (InterruptedException e) {
          return;
        }
        session.close();
      });
      stopper.start();
      SparkJobException e = assertThrows(SparkJobException.class, () -> jobs.run("fold", List.of(0), i -> {
        started.countDown();
        while (!SparkJobs.isTaskCanceled()) Thread.onSpinWait();
        return i;
      }));
      assertEquals("fold: the Spark context was stopped while the job ran", e.getMessage());
      stopper.join();
      assertEquals("fold: the Spark context is stopped",
          assertThrows(IllegalStateException.class, () -> jobs.run("fold", List.of(0), i -> i)).getMessage());
    }
  }

  @Test void resultsAndFailuresDoNotDependOnTheSerializerOfSpark() {
    try (LocalSession session = LocalSession.of(LocalSession.settings("local[2]")
        .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer"))) {
      SparkJobs jobs = SparkJobs.on(session.context());
      List<Point> points = jobs.run("point", List.of(new Point(3, new double[] {0.1})), p -> new Point(-p.x(), p.y()));
      assertEquals(-3, points.get(0).x());
      assertEquals(0.1, points.get(0).y()[0]);
      SparkJobException e = assertThrows(SparkJobException.class, () -> jobs.run("fold", List.of(0), i -> {
        throw new DataException("no rows");
      }));
      assertEquals("fold 1 of 1: no rows", e.getMessage());
      assertInstanceOf(DataException.class, e.getCause());
    }
  }

  @Test void aMasterThatGivesUpEndsTheJob() {
    try (LocalCluster cluster = LocalCluster.start(1, Map.of("spark.deploy.maxExecutorRetries", "1"))) {
      SparkJobs jobs = SparkJobs.on(cluster.context());
      SparkJobException e = assertThrows(SparkJobException.class, () -> jobs.run("fold", List.of(0), i -> {
        Runtime.getRuntime().halt(9);
        return i;
      }));
      assertEquals("fold: Spark ended the job: Master removed our application: FAILED", e.getMessage());
    }
  }

  @Test void anInvalidTimeLimitIsAnError() {
    try (LocalSession session =
        LocalSession.of(LocalSession.settings("local[2]").config(SparkJobs.EXECUTOR_TIMEOUT, "soon"))) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> SparkJobs.on(session.context()));
      assertEquals("spark.chainrule.executorTimeout: expected a time such as 60s or 5min, found 'soon'",
          e.getMessage());
    }
  }
}
