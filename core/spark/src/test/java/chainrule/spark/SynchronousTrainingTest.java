// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.train.History;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Synchronous training on two threads gives the bits of a training without Spark, whatever the settings are. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SynchronousTrainingTest {
  private static LocalSession session;

  @BeforeAll static void start() {
    session = LocalSession.start();
  }

  @AfterAll static void stop() {
    session.close();
  }

  static List<SynchronousRun> settings() {
    return List.of(SynchronousRun.PLAIN, new SynchronousRun(true, 0, false, 0),
        new SynchronousRun(false, 0.25, false, 0), new SynchronousRun(false, 0, true, 0),
        new SynchronousRun(false, 0, false, 1), SynchronousRun.EVERYTHING);
  }

  @ParameterizedTest @MethodSource("settings") void broadcastRowsGiveTheBitsOfOneMachine(SynchronousRun run) {
    try (SparkGradients gradients = run.source(session.context(), true, 3)) {
      run.local().requireEqual(run.with(gradients));
    }
  }

  @ParameterizedTest @MethodSource("settings") void partitionedRowsGiveTheBitsOfOneMachine(SynchronousRun run) {
    try (SparkGradients gradients = run.source(session.context(), false, 3)) {
      run.local().requireEqual(run.with(gradients));
    }
  }

  @Test void someSettingsStopEarlyAndOthersDoNot() {
    assertEquals(History.End.STOPPED_EARLY, new SynchronousRun(false, 0, false, 1).local().end());
    assertEquals(History.End.FINISHED, SynchronousRun.EVERYTHING.local().end());
  }

  @ParameterizedTest @ValueSource(ints = {1, 2, 3, 7, 16}) void theNumberOfTasksDoesNotMatter(int tasks) {
    SynchronousRun run = SynchronousRun.EVERYTHING;
    SynchronousRun.Result expected = run.local();
    for (boolean broadcast : new boolean[] {true, false}) {
      try (SparkGradients gradients = run.source(session.context(), broadcast, tasks)) {
        expected.requireEqual(run.with(gradients));
      }
    }
  }

  @Test void aDataFrameGivesTheBitsOfOneMachine() {
    SynchronousRun run = SynchronousRun.EVERYTHING;
    List<Row> rows = run.rdd(session.context(), 2).collect().stream()
        .map(r -> RowFactory.create((long) r.number(), r.x(), r.y(), r.weight())).toList();
    Dataset<Row> frame =
        session.spark().createDataFrame(rows, StructType.fromDDL("row BIGINT, x ARRAY<DOUBLE>, y ARRAY<DOUBLE>, "
            + "weight DOUBLE"));
    try (SparkGradients gradients = SparkGradients.partitioned(frame)) {
      run.local().requireEqual(run.with(gradients));
    }
  }

  @Test void aSourceServesOneTrainingAfterAnother() {
    SynchronousRun first = new SynchronousRun(false, 0, true, 0), second = new SynchronousRun(true, 0.25, true, 0);
    for (boolean broadcast : new boolean[] {true, false}) {
      try (SparkGradients g = first.source(session.context(), broadcast, 2)) {
        first.local().requireEqual(first.with(g));
        second.local().requireEqual(second.with(g));
      }
    }
  }

  @Test void nothingIsLeftAfterClosing() {
    int before = session.context().getPersistentRDDs().size();
    try (SparkGradients g = SynchronousRun.PLAIN.source(session.context(), false, 2)) {
      SynchronousRun.PLAIN.with(g);
      assertEquals(before + 2, session.context().getPersistentRDDs().size(), "the rows, and those of the last epoch");
    }
    assertEquals(before, session.context().getPersistentRDDs().size());
  }
}
