// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.Target;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rows and counts of scoring: kept columns, batches, partitions, repeated actions and attempts. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScoredRowsTest {
  private AutoCloseable session;

  @AfterEach void stop() throws Exception {
    session.close();
  }

  private SparkSession start(LocalSession started) {
    session = started;
    return started.spark();
  }

  private SparkSession start(String master) {
    return start(LocalSession.start(master));
  }

  private static Model model(InputColumn... inputs) {
    Encoding e = new Encoding(List.of(inputs), Target.numbers(List.of("y"), 0, 1));
    return new Model(Network.input(e.inputs()).dense(1, new Linear()).build(1), e, Map.of());
  }

  @Test void keptColumnsKeepTheirTypesAndValues() {
    Dataset<Row> rows = start("local[2]").sql("SELECT 1 AS a, id, 'x' AS s, 1.50BD AS d, date'0001-02-03' AS day, "
        + "timestamp'1581-10-05 12:34:56.789012' AS t, timestamp_ntz'2026-03-29 02:30:00' AS n, array(1, NULL) AS l, "
        + "map('k', 2) AS m, named_struct('p', 1, 'q', array('z')) AS st, unhex('00ff') AS bin, NULL AS nothing, "
        + "cast('w' AS char(3)) AS `odd.name` FROM range(3)");
    String[] kept = {"id", "s", "d", "day", "t", "n", "l", "m", "st", "bin", "nothing", "odd.name", "a"};
    Dataset<Row> scored = SparkScoring.predict(model(InputColumn.number("a", 0, 1)), rows, kept);
    assertEquals("y", scored.columns()[kept.length]);
    org.apache.spark.sql.Column[] columns = new org.apache.spark.sql.Column[kept.length];
    StructType expected = new StructType();
    for (int i = 0; i < kept.length; i++) {
      columns[i] = functions.col("`" + kept[i] + "`");
      expected = expected.add(rows.schema().apply(kept[i]));
      assertEquals(rows.schema().apply(kept[i]), scored.schema().apply(kept[i]));
    }
    // compared inside Spark, as strings of its own representation
    String[] json = new String[2];
    List<Dataset<Row>> both = List.of(rows.select(columns), scored.select(columns));
    for (int i = 0; i < 2; i++) json[i] = both.get(i).orderBy("id").toJSON().collectAsList().toString();
    assertEquals(json[0], json[1]);
    assertEquals(DataTypes.DoubleType, scored.schema().apply("y").dataType());
  }

  @Test void countsOfRepeatedActionsAreThoseOfOne() {
    Dataset<Row> rows = start("local[2]").sql("SELECT id, if(id % 3 = 0, NULL, double(id)) AS a, "
        + "if(id % 4 = 0, 'new' || id % 8, 'x') AS b FROM range(0, 9000, 1, 5)");
    Model model = model(InputColumn.number("a", 0, 1), InputColumn.categories("b", List.of("x")));
    SparkPredictions p = SparkScoring.of(model).keep("id").score(rows);
    assertEquals(0, p.summary().rows());
    ScoringSummary expected = new ScoringSummary(9000, List.of(
        new ScoringSummary.InputCells("a", 3000, 0, 0, 0, false, List.of()),
        new ScoringSummary.InputCells("b", 0, 0, 2250, 2, false, List.of("new0", "new4"))));
    for (int i = 0; i < 2; i++) {
      assertEquals(9000, p.rows().collectAsList().size());
      assertEquals(expected, p.summary());
    }
    assertEquals(List.of("column b: 2250 rows with unseen values 'new0', 'new4'"), p.summary().lines());
    p.rows().take(1);
    assertEquals(expected, p.summary());
    assertEquals(0, SparkScoring.predict(model, rows.limit(0), "id").count());
  }

  @Test void aFailedAttemptLeavesNoTrace() {
    SparkSession spark = start("local[2,4]");
    spark.udf().register("fails_once", (Long id) -> {
      if (id == 40 && org.apache.spark.TaskContext.get().attemptNumber() == 0) throw new IllegalStateException("once");
      return id.doubleValue();
    }, DataTypes.DoubleType);
    Dataset<Row> rows = spark.sql("SELECT id, if(id = 1, NULL, fails_once(id)) AS a FROM range(0, 50, 1, 1)");
    SparkPredictions p = SparkScoring.of(model(InputColumn.number("a", 0, 1))).keep("id").score(rows);
    assertEquals(50, p.rows().collectAsList().size());
    assertEquals(50, p.summary().rows());
    assertEquals(1, p.summary().columns().get(0).missing());
  }

  @Test void aBooleanIsTheCategoryInAnyCaseOfLetters() {
    Dataset<Row> rows = start("local[2]").sql("SELECT * FROM VALUES (1, true), (2, false), (3, NULL) AS t(id, b)");
    SparkPredictions p = SparkScoring.of(model(InputColumn.categories("b", List.of("FALSE", "TRUE")))).keep("id")
        .score(rows);
    List<Row> scored = p.rows().orderBy("id").collectAsList();
    assertNotEquals(scored.get(0).getDouble(1), scored.get(1).getDouble(1));
    assertEquals(0, p.summary().columns().get(0).unseen());
    assertEquals(1, p.summary().columns().get(0).missing());
  }

  @Test void aNameMayHaveBlanksAroundItOrAnotherUnicodeForm() {
    Dataset<Row> rows = start("local[2]").sql("SELECT 1 AS id, 5 AS ` a`, 6 AS `e\u0301`, 7 AS `A`");
    Model model = model(InputColumn.number("a", 0, 1), InputColumn.number("\u00E9", 0, 1));
    assertEquals(model.predict(5, 6).value(0, 0),
        SparkScoring.predict(model, rows, "id").collectAsList().get(0).getDouble(1));
    assertEquals(List.of("a", "\u00E9", "A"), SparkTables.table(rows, "id", "people").names());
  }

  /** An integer is a category of digits, whatever zeros Spark has removed from it. */
  @Test void aNumberIsTheCategoryOfTheSameNumber() {
    Dataset<Row> rows = start("local[2]").sql("SELECT * FROM VALUES (1, 1067L), (2, 99L), (3, 9007199254740993L) "
        + "AS t(id, zip)");
    SparkPredictions p = SparkScoring.of(
        model(InputColumn.categories("zip", List.of("01067", "9007199254740993")))).keep("id").score(rows);
    p.rows().collectAsList();
    assertEquals(List.of("column zip: 1 row with unseen value '99'"), p.summary().lines());
  }

  @Test void theSerializerOfSparkDoesNotMatter() {
    Dataset<Row> rows = start(LocalSession.of(LocalSession.settings("local[2]")
        .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")))
        .sql("SELECT id, string(id / 7) AS a, 'x' AS b FROM range(0, 100, 1, 3)");
    Model model = model(InputColumn.number("a", 0, 1), InputColumn.categories("b", List.of("x", "y")));
    SparkPredictions p = SparkScoring.of(model).keep("id").score(rows);
    List<Row> scored = p.rows().orderBy("id").collectAsList();
    assertEquals(model.predict(99 / 7.0, "x").value(0, 0), scored.get(99).getDouble(1));
    assertEquals(100, p.summary().rows());
    assertEquals(100, SparkTables.table(rows, "id", "people").rows());
  }

  @Test void aTableBeyondTheLimitOfResultsIsOneLine() {
    Dataset<Row> rows = start(LocalSession.of(
        LocalSession.settings("local[2]").config("spark.driver.maxResultSize", "100k")))
        .sql("SELECT id, rand(1) AS a FROM range(0, 20000, 1, 4)");
    String message = assertThrows(SparkJobException.class, () -> SparkTables.table(rows, "id", "people")).getMessage();
    assertTrue(message.matches("partition of people: Spark ended the job: Total size of serialized results of \\d+ "
        + "tasks \\(.*\\) is bigger than spark.driver.maxResultSize \\(100.0 KiB\\). Raise the limit, such as --conf "
        + "spark.driver.maxResultSize=4g, or use fewer rows or columns."), message);
  }

  @Tag("long") // two executors start
  @Test void executorsInOtherProcessesGiveTheSameBits() {
    LocalCluster cluster = LocalCluster.start(2);
    session = cluster;
    Dataset<Row> rows = cluster.spark().sql(
        "SELECT id, if(id % 3 = 0, 'NA', string(id / 7)) AS a FROM range(0, 5000, 1, 4)");
    Model model = model(InputColumn.number("a", 300, 200, 250, true));
    SparkPredictions p = SparkScoring.of(model).keep("id").score(rows);
    List<Row> scored = p.rows().orderBy("id").collectAsList();
    assertEquals(5000, scored.size());
    for (Row row : scored) {
      long id = row.getLong(0);
      double expected = model.predict(id % 3 == 0 ? null : (Object) (id / 7.0)).value(0, 0);
      assertEquals(Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(row.getDouble(1)), "id " + id);
    }
    assertEquals(5000, p.summary().rows());
    assertEquals(1667, p.summary().columns().get(0).missing());
    assertTrue(p.notices().isEmpty(), p.notices()::toString);
    assertEquals(5000, SparkTables.table(rows, "id", "numbers").rows());
  }
}
