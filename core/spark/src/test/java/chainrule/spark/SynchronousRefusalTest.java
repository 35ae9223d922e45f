// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.data.Dataset;
import chainrule.nn.Network;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.ElementwiseLoss;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.train.GradientSource;
import chainrule.train.Trainer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Settings and rows that synchronous training refuses before the first step, each with one line. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SynchronousRefusalTest {
  private static LocalSession session;

  @BeforeAll static void start() {
    session = LocalSession.start();
  }

  @AfterAll static void stop() {
    session.close();
  }

  private static Network network(int inputs) {
    return Network.input(inputs).dense(2, new Tanh()).dense(1, new Linear()).build(1);
  }

  private static Trainer trainer(Network network) {
    return Trainer.of(network).batch(64).blocks(16);
  }

  private static void assertRefused(String message, Executable e) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, e).getMessage());
  }

  private static void assertRefused(String message, Trainer t) {
    try (SparkGradients g = SparkGradients.broadcast(session.spark(),
        Dataset.regression(1, new double[100], 1, new double[100]))) {
      assertRefused(message, () -> t.fit(g, null, 1));
    }
  }

  @Test void aBatchOfOneBlock() {
    String worth = "Synchronous training pays off from about 1,000,000 parameters and 4,000 rows per step on; below "
        + "that, train on one machine (./chainrule train, Trainer.fit without Spark)";
    assertRefused("batch: 64 rows are one block of 64 rows, which one task would compute. Use a batch of ≥ 65 rows "
        + "(--batch), better ≥ 1,024. " + worth, trainer(network(1)).blocks(64));
    assertRefused("batch: 100 rows are one block of 256 rows, which one task would compute, and there are no more "
        + "rows. " + worth, trainer(network(1)).batch(4096).blocks(256));
  }

  @Test void noBlocks() {
    assertRefused("blocks: not set, so a batch cannot be divided among executors. Call Trainer.blocks(256), or "
        + "pass --blocks 256",
        Trainer.of(network(1)).batch(64));
  }

  @Test void aNetworkThatDoesNotFit() {
    assertRefused("training data: rows of 1 inputs and 1 outputs do not fit the network 3 → 2 tanh → 1 linear",
        trainer(network(3)));
  }

  /** An activation that executors do not know. */
  private record Cube() implements Elementwise {
    @Override public String name() {
      return "cube";
    }

    @Override public double value(double z) {
      return z * z * z;
    }

    @Override public double derivative(double z, double a) {
      return 3 * z * z;
    }
  }

  /** A loss that executors do not know, with the name of one that they know. */
  private record Fourth() implements ElementwiseLoss {
    @Override public String name() {
      return "mse";
    }

    @Override public Reduction reduction() {
      return Reduction.MEAN;
    }

    @Override public double value(double yhat, double y) {
      return Math.pow(yhat - y, 4);
    }

    @Override public double derivative(double yhat, double y) {
      return 4 * Math.pow(yhat - y, 3);
    }
  }

  @Test void aLossThatIsNotBuiltIn() {
    Loss loss = new Fourth();
    assertRefused("the loss mse is not built in, so executors do not know it. Expected one of "
        + String.join(", ", Losses.names()) + ". Or train on one machine", trainer(network(1)).loss(loss));
  }

  @Test void anActivationThatIsNotBuiltIn() {
    assertRefused("the activation cube is not built in, so executors do not know it. Expected one of linear, relu, "
        + "leaky-relu, sigmoid, tanh, softmax, step, elu, gelu, silu, softplus. Or train on one machine",
        trainer(Network.input(1).dense(2, new Cube()).dense(1, new Linear()).build(1)));
  }

  @Test void moreResultsThanTheDriverTakes() {
    Network big = Network.input(784).dense(1024, new Tanh()).dense(1024, new Tanh()).dense(10, new Linear()).build(1);
    GradientSource.Setting s = new GradientSource.Setting(big, new MeanSquaredError(), 65_536, 256, 1);
    Dataset one = Dataset.regression(784, new double[784], 10, new double[10]);
    BroadcastRows rows = new BroadcastRows(session.context(), one);
    SparkConf conf = new SparkConf(false);
    StepLimits.require(s, rows, 64, conf); // 64 · 1,863,690 · 8 bytes are 0.95 GB
    assertRefused("tasks: a step's 80 tasks return 144 gradients of 1,863,690 parameters, 2.0 GB, and "
        + "spark.driver.maxResultSize is 1.0 GB. Use fewer tasks, or set spark.driver.maxResultSize=3g",
        () -> StepLimits.require(s, rows, 80, conf));
    StepLimits.require(s, rows, 80, new SparkConf(false).set("spark.driver.maxResultSize", "4g"));
    StepLimits.require(s, rows, 80, new SparkConf(false).set("spark.driver.maxResultSize", "0")); // no limit
    rows.close();
  }

  @Test void lessThanOneTask() {
    try (SparkGradients g = SparkGradients.broadcast(session.spark(),
        Dataset.regression(1, new double[100], 1, new double[100]))) {
      assertRefused("tasks: expected ≥ 1, found 0", () -> g.tasks(0));
    }
  }

  // ---------------------------------------------------------------- partitioned rows

  private static TrainingRow row(int number, int inputs) {
    return new TrainingRow(number, new double[inputs], new double[1]);
  }

  private static void assertRowsRefused(String message, TrainingRow... rows) {
    JavaRDD<TrainingRow> rdd = session.context().parallelize(List.of(rows), 2);
    assertRefused(message, () -> SparkGradients.partitioned(rdd));
    assertEquals(0, session.context().getPersistentRDDs().size(), "cached rows are left");
  }

  @Test void rowNumbers() {
    assertRowsRefused("row number 1: expected each number from 0 to 2 once, because there are 3 rows, but this one is "
        + "there twice", row(0, 1), row(1, 1), row(1, 1));
    assertRowsRefused("row number 3: expected each number from 0 to 2 once, because there are 3 rows, but this one is "
        + "out of range", row(0, 1), row(1, 1), row(3, 1));
    assertRowsRefused("row number -1: expected each number from 0 to 0 once, because there are 1 rows, but this one is "
        + "out of range", row(-1, 1));
  }

  @Test void rowsOfDifferentLengths() {
    assertRowsRefused("row 1: expected 2 inputs and 1 targets as in row 0, found 3 and 1", row(0, 2), row(1, 3),
        row(2, 2), row(3, 2));
  }

  @Test void noRows() {
    try (SparkGradients g = SparkGradients.partitioned(session.context().parallelize(List.<TrainingRow>of(), 2))) {
      assertRefused("training data: no rows", () -> trainer(network(1)).fit(g, null, 1));
    }
  }

  @Test void weightsThatAreNotWeights() {
    JavaRDD<TrainingRow> rows = session.context().parallelize(List.of(new TrainingRow(0, new double[1], new double[1]),
        new TrainingRow(1, new double[1], new double[1], -2)), 2);
    try (SparkGradients g = SparkGradients.partitioned(rows)) {
      assertRefused("row 1: expected a weight of 0, or from 1.0E-100 to 1.0E100, found -2.0",
          () -> trainer(network(1)).fit(g, null, 1));
    }
  }

  @Test void rowsThatCannotBeRead() {
    JavaRDD<TrainingRow> rows = session.context().parallelize(List.of(0, 1), 2).map(i -> {
      if (i == 1) throw new IOException("rows.csv: cannot be read");
      return row(i, 1);
    });
    SparkJobException e = assertThrows(SparkJobException.class, () -> SparkGradients.partitioned(rows));
    assertEquals("training rows, partition 2 of 2: java.io.IOException: rows.csv: cannot be read",
        e.getMessage());
  }

  // ---------------------------------------------------------------- DataFrames

  private static org.apache.spark.sql.Dataset<Row> sql(String query) {
    return session.spark().sql(query);
  }

  @Test void columnsOfADataFrame() {
    assertRefused("training rows: expected a column 'row' of type bigint, found the columns id, x, y. Rename or add it "
        + "with withColumn", () -> SparkGradients.partitioned(sql("SELECT 1 AS id, array(1D) AS x, array(1D) AS y")));
    assertRefused("training rows, column 'x': expected the type array<double>, found array<decimal(1,0)>. Convert it "
        + "with cast(\"array<double>\")",
        () -> SparkGradients.partitioned(sql("SELECT 0 AS row, array(1BD) AS x, array(1D) AS y")));
    assertRefused("training rows, column 'weight': expected the type double, found int. Convert it with "
        + "cast(\"double\")",
        () -> SparkGradients.partitioned(sql("SELECT 0 AS row, array(1D) AS x, array(1D) AS y, 1 AS weight")));
  }

  @Test void nullsOfADataFrame() {
    SparkJobException e = assertThrows(SparkJobException.class, () -> SparkGradients.partitioned(
        sql("SELECT 7 AS row, array(1D, CAST(NULL AS DOUBLE)) AS x, array(1D) AS y")));
    assertEquals("training rows, partition 1 of 1: java.lang.IllegalArgumentException: row 7, column 'x': expected a "
        + "number, found null", e.getMessage());
  }
}
