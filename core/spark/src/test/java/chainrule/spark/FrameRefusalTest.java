// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.data.ColumnType;
import chainrule.data.DataException;
import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.data.Target;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What SparkTables and SparkScoring refuse, and how they say so. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrameRefusalTest {
  private static LocalSession session;

  @BeforeAll static void start() {
    session = LocalSession.start();
  }

  @AfterAll static void stop() {
    session.close();
  }

  private static Dataset<Row> sql(String query) {
    return session.spark().sql(query);
  }

  private static void refused(String message, String query) {
    refused(message, query, TableOptions.DEFAULTS);
  }

  private static void refused(String message, String query, TableOptions options) {
    Dataset<Row> rows = sql(query);
    assertEquals(message, assertThrows(DataException.class,
        () -> SparkTables.table(rows, "id", "people", options), query).getMessage());
  }

  @Test void aKeyMustBeThereAndDifferInEveryRow() {
    refused("people: no column 'id', which is the key; the columns are 'a', 'b'", "SELECT 1 AS a, 2 AS b");
    refused("people: key column 'id': no key in 2 of 3 rows. Expected a different value in every row. Remove these "
        + "rows: rows.where(\"id IS NOT NULL\"), or choose another key.",
        "SELECT * FROM VALUES (1, 5), (NULL, 6), (NULL, 7) AS t(id, a)");
    refused("people: key column 'id': no key in 1 of 2 rows. Expected a different value in every row. Remove these "
        + "rows: rows.where(\"id IS NOT NULL\"), or choose another key.",
        "SELECT * FROM VALUES (double('NaN'), 5), (1D, 6) AS t(id, a)");
    refused("people: key column 'id': 2 values occur more than once, such as 7 (3 rows). Expected a different value in "
        + "every row. Choose another key, or remove equal rows: rows.dropDuplicates().",
        "SELECT * FROM VALUES (8, 1), (7, 1), (7, 2), (7, 3), (8, 4), (6, 5) AS t(id, a)");
    refused("people: key column 'id': 1 value occurs more than once, such as 0.0 (2 rows). Expected a different value "
        + "in every row. Choose another key, or remove equal rows: rows.dropDuplicates().",
        "SELECT * FROM VALUES (0D, 1), (-0D, 2) AS t(id, a)");
    refused("people: key column 'id': expected numbers, strings or dates, found array<int>. Choose another key.",
        "SELECT array(1) AS id, 2 AS a");
    refused("people: no columns besides the key. Expected ≥ 1.", "SELECT 1 AS id");
    refused("people: no rows. Expected one row per example.", "SELECT 1 AS id, 2 AS a WHERE 1 = 0");
  }

  @Test void aColumnOfAnotherTypeIsRefusedByName() {
    refused("people: column 'tags': expected numbers, strings, booleans or dates, found array<string>. Leave it out: "
        + "rows.drop(\"tags\"), or replace it by its elements: rows.withColumn(\"x1\", col(\"tags\").getItem(0))"
        + ".drop(\"tags\").",
        "SELECT 1 AS id, array('x') AS tags");
    refused("people: column 'a b': expected numbers, strings, booleans or dates, found struct<x:int>. Leave it out: "
        + "rows.drop(\"a b\"), or replace it by its fields: rows.select(\"*\", \"`a b`.*\").drop(\"a b\").",
        "SELECT 1 AS id, named_struct('x', 1) AS `a b`");
    refused("people: column 'm': expected numbers, strings, booleans or dates, found map<string,int>. Leave it out: "
        + "rows.drop(\"m\"), or replace it by its values: rows.withColumn(\"x1\", col(\"m\").getItem(\"key\"))"
        + ".drop(\"m\").",
        "SELECT 1 AS id, map('k', 1) AS m");
    refused("people: column 'b': expected numbers, strings, booleans or dates, found binary. Leave it out: "
        + "rows.drop(\"b\").", "SELECT 1 AS id, unhex('00') AS b");
    Dataset<Row> stream = session.spark().readStream().format("rate").load();
    assertEquals("people: a stream has no end. Write its rows to a table first.", assertThrows(DataException.class,
        () -> SparkTables.table(stream, "value", "people")).getMessage());
    refused("people: columns 2 and 3 are both named 'a'. Rename one, with rows.toDF(…).",
        "SELECT 1 AS id, 2 AS a, 3 AS a");
    refused("people: two columns are named 'a', except for blanks or their Unicode form. Rename one, with "
        + "rows.toDF(…).", "SELECT 1 AS id, 2 AS a, 3 AS `a `");
  }

  @Test void aCellThatIsNotANumberIsRefusedWithItsKey() {
    refused("people: column 'a': expected a finite number, found -Infinity in the row with id = 3. Set it to null, or "
        + "leave the column out: rows.drop(\"a\").",
        "SELECT * FROM VALUES (9, double('Infinity')), (3, double('-Infinity')), (1, 1D) AS t(id, a)");
    refused("people:2: column 'a': '50%' has a percent sign, but '7' (line 1) has none. Write all values in the same "
        + "unit, or pass --type a=category to read strings. Row 2 is the one with id = 30.",
        "SELECT * FROM VALUES (30, '50%'), (20, '7') AS t(id, a)");
    refused("people:1: column 'a': expected a number, found 'abc'. Fix the value, or count it as missing: "
        + "--type a=number. Row 1 is the one with id = 20.", "SELECT * FROM VALUES (30, '5'), (20, 'abc') AS t(id, a)",
        TableOptions.DEFAULTS.usualTypes(Map.of("a", ColumnType.NUMBER)));
  }

  @Test void theAdviceWorks() {
    Dataset<Row> rows = sql("SELECT 1 AS id, array(7) AS l, named_struct('x', 8) AS `a b`, map('key', 9) AS m, "
        + "unhex('00') AS b");
    Dataset<Row> changed = rows.withColumn("x1", col("l").getItem(0)).drop("l").select("*", "`a b`.*").drop("a b")
        .withColumn("x2", col("m").getItem("key")).drop("m").drop("b");
    assertEquals(List.of("x1", "x", "x2"), SparkTables.table(changed, "id", "people").names());
    Dataset<Row> keys = sql("SELECT * FROM VALUES (1, 5), (1, 5), (NULL, 7) AS t(id, a)");
    assertEquals(1, SparkTables.table(keys.where("id IS NOT NULL").dropDuplicates(), "id", "people").rows());
  }

  private static Model model(InputColumn... inputs) {
    Encoding e = new Encoding(List.of(inputs), Target.numbers(List.of("y"), 0, 1));
    return new Model(Network.input(e.inputs()).dense(1, new Linear()).build(1), e, Map.of());
  }

  private static void notScored(String message, Model model, String query) {
    Dataset<Row> rows = sql(query);
    assertEquals(message, assertThrows(DataException.class,
        () -> SparkScoring.of(model).named("people").keep("id").score(rows), query).getMessage());
  }

  @Test void scoringNeedsTheColumnsOfTheModel() {
    Model model = model(InputColumn.number("a", 0, 1), InputColumn.categories("b", List.of("x", "y")),
        InputColumn.date("d", 20000, 10, 20000, false));
    notScored("people: no columns 'a', 'd', which are inputs of the model; the columns are 'id', 'b', 'A'", model,
        "SELECT 1 AS id, 'x' AS b, 5 AS A");
    notScored("people: no column 'b', which is an input of the model; the columns are 'id', 'a', 'd'", model,
        "SELECT 1 AS id, 2 AS a, date'2026-11-29' AS d");
    notScored("people: no column 'id', which is to be kept; the columns are 'a', 'b', 'd'", model,
        "SELECT 2 AS a, 'x' AS b, date'2026-11-29' AS d");
    notScored("people: column 'a': expected numbers as in training, found boolean. Convert it as in the training data, "
        + "for example rows.withColumn(\"a\", col(\"a\").cast(\"int\")).", model,
        "SELECT 1 AS id, true AS a, 'x' AS b, date'2026-11-29' AS d");
    notScored("people: column 'd': expected dates as in training, found int. Convert it as in the training data.",
        model, "SELECT 1 AS id, 2 AS a, 'x' AS b, 20000 AS d");
    notScored("people: column 'b': expected strings as in training, found array<int>. Convert it as in the training "
        + "data.", model,
        "SELECT 1 AS id, 2 AS a, array(1) AS b, date'2026-11-29' AS d");
    notScored("people: column 'a': expected a number as in training, found 'abc' (1 of 2 strings). Fix the values, or "
        + "set them to null.", model,
        "SELECT * FROM VALUES (1, 'abc', 'x', '2026-11-29'), (2, '5', 'x', 'NA') AS t(id, a, b, d)");
    notScored("people: column 'd': expected a date such as 2026-11-29 as in training, found '29.11.2026' (2 of 2 "
        + "strings). Fix the values, or set them to null.", model,
        "SELECT * FROM VALUES (1, 4, 'x', '29.11.2026'), (2, 5, 'x', '30.11.2026') AS t(id, a, b, d)");
    notScored("people: column 'a': '0,5' is a number with a decimal comma only, but '1.5' with a decimal point only. "
        + "Write all numbers of the column in one style.", model,
        "SELECT * FROM VALUES (1, '0,5', 'x', NULL), (2, '1.5', 'x', NULL) AS t(id, a, b, d)");
  }

  @Test void stringsInAStreamAreRefused() {
    Dataset<Row> stream = session.spark().readStream().format("rate").load().selectExpr("value AS id", "'5' AS a");
    assertEquals("people: column 'a': expected numbers as in training, found strings in a stream. Cast it: "
        + "rows.withColumn(\"a\", col(\"a\").cast(\"double\")).", assertThrows(DataException.class,
            () -> SparkScoring.of(model(InputColumn.number("a", 0, 1))).named("people").keep("id").score(stream))
        .getMessage());
  }

  @Test void resultsNeedNamesAndAKey() {
    Model model = model(InputColumn.number("a", 0, 1));
    Dataset<Row> rows = sql("SELECT 1 AS id, 2 AS a, 3 AS y");
    assertEquals("DataFrame: no column is kept. The rows of a DataFrame have no order, so keep a column that "
        + "identifies them, such as keep(\"id\").",
        assertThrows(DataException.class, () -> SparkScoring.predict(model, rows)).getMessage());
    assertEquals("DataFrame: column 'y' is both kept and predicted. Rename it: rows.withColumnRenamed(\"y\", \"y_\").",
        assertThrows(DataException.class, () -> SparkScoring.predict(model, rows, "id", "y")).getMessage());
    assertEquals("DataFrame: column 'id' is kept twice. Keep it once.",
        assertThrows(DataException.class, () -> SparkScoring.predict(model, rows, "id", "id")).getMessage());
    assertEquals("the model has no errors of held-out rows, which intervals require; train it with --patience 20 or "
        + "--ensemble 5", assertThrows(DataException.class, () -> SparkScoring.of(model).interval(0.9)).getMessage());
    model.network().parameters()[0] = Double.NaN;
    assertEquals("the model cannot predict because a weight is NaN; train it again",
        assertThrows(DataException.class, () -> SparkScoring.of(model)).getMessage());
  }

  @Test void aRowThatCannotBeScoredEndsTheActionWithItsKey() {
    Model model = model(InputColumn.number("a", 0, 1e-3));
    assertEquals("DataFrame: the row with id = 7: column 'a': expected a finite number, found Infinity",
        cause(model, "SELECT 7 AS id, double('Infinity') AS a"));
    assertEquals("DataFrame: the row with id = 7: column 'a': '1.0E307' is too far from the training data (mean 0.0, "
        + "deviation 0.001)", cause(model, "SELECT 7 AS id, 1e307 AS a"));
    assertEquals("DataFrame: the row with id = 7: column 'a': '1e999' is too large for a double",
        cause(model, "SELECT 7 AS id, '1e999' AS a"));
    model.network().parameters()[0] = 1e300;
    assertEquals("DataFrame: the row with id = 7: the network's output is infinite; its values are too far from the "
        + "training data, or the weights are too large", cause(model, "SELECT 7 AS id, 1e10 AS a"));
  }

  /** Returns the message of the DataException that is the cause of the failure of an action. */
  private static String cause(Model model, String query) {
    Dataset<Row> rows = SparkScoring.predict(model, sql(query), "id");
    Throwable failure = assertThrows(Exception.class, rows::collectAsList);
    while (!(failure instanceof DataException) && failure.getCause() != null) failure = failure.getCause();
    return failure.getMessage();
  }
}
