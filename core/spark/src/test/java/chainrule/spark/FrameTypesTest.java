// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.data.ColumnType;
import chainrule.data.NumberColumn;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The types and the order of the table that SparkTables makes from DataFrames. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrameTypesTest {
  private static final double NAN = Double.NaN;
  private static LocalSession session;

  @BeforeAll static void start() {
    session = LocalSession.start();
  }

  @AfterAll static void stop() {
    session.close();
  }

  private static Table table(String query, TableOptions options) {
    return SparkTables.table(session.spark().sql(query), "id", "people", options);
  }

  private static Table values(String values) {
    return table("SELECT * FROM VALUES " + values + " AS t(id, a)", TableOptions.DEFAULTS);
  }

  private static void assertNumbers(Table table, ColumnType type, double... expected) {
    assertEquals(type, table.column(0).type());
    assertArrayEquals(expected, ((NumberColumn) table.column(0)).values());
  }

  private static List<String> texts(Table table) {
    assertEquals(ColumnType.CATEGORY, table.column(0).type());
    return IntStream.range(0, table.rows()).mapToObj(table.column(0)::text).toList();
  }

  @Test void rowsAreSortedByTheKey() {
    String shuffled = "(%s, 3), (%s, 1), (%s, 2)";
    for (String[] keys : new String[][] {{"10", "2", "9"}, {"10L", "-2L", "9L"}, {"10.00BD", "-2.50BD", "9.00BD"},
        {"1e2", "double('-Infinity')", "1e1"}, {"'b'", "'B'", "'a'"}, {"'\uD83D\uDE00'", "'é'", "'\uFF21'"},
        {"'10'", "'1'", "'1 0'".replace("1 0", "1!")}, {"date'2026-11-29'", "date'0999-01-01'", "date'2026-02-03'"},
        {"timestamp'2026-11-29 10:00:00.5'", "timestamp'2026-11-29 10:00:00'", "timestamp'2026-11-29 10:00:00.25'"}}) {
      Table table = values(String.format(shuffled, (Object[]) keys));
      assertEquals(List.of("a"), table.names(), keys[0]);
      assertNumbers(table, ColumnType.NUMBER, 1, 2, 3);
    }
  }

  @Test void numbersOfEveryTypeAreNumbers() {
    for (String type : List.of("tinyint", "smallint", "int", "bigint", "float", "double", "decimal(9,2)")) {
      Table table = table("SELECT id, cast(a AS " + type + ") AS a FROM VALUES (1, 7), (2, NULL), (3, -3) AS t(id, a)",
          TableOptions.DEFAULTS);
      assertNumbers(table, ColumnType.NUMBER, 7, NAN, -3);
      assertEquals(List.of(), table.notices(), type);
    }
    assertNumbers(values("(1, 0.1BD), (2, NULL)"), ColumnType.NUMBER, 0.1, NAN);
    assertNumbers(values("(1, float(0.1)), (2, float('NaN'))"), ColumnType.NUMBER, 0.1f, NAN);
    assertNumbers(values("(1, 9007199254740992L), (2, -9223372036854775808L)"), ColumnType.NUMBER, 0x1p53, -0x1p63);
  }

  @Test void wholeNumbersThatADoubleDoesNotHoldAreIdentifiers() {
    for (String numbers : List.of("(1, 9007199254740993L), (2, 5L), (3, NULL)",
        "(1, 9007199254740993BD), (2, 5BD), (3, NULL)")) {
      Table table = values(numbers);
      assertEquals(List.of("9007199254740993", "5", ""), texts(table));
      assertEquals(List.of("column 'a': whole numbers with more digits than a double holds, read as categories; "
          + "--type a=number rounds them"), table.notices());
    }
  }

  @Test void booleansAreCategories() {
    assertEquals(List.of("true", "", "false"), texts(values("(1, true), (2, NULL), (3, false)")));
  }

  @Test void datesAreDaysInTheTimeZoneOfTheSession() {
    assertNumbers(values("(1, date'1970-01-03'), (2, NULL)"), ColumnType.DATE, 2, NAN);
    session.spark().conf().set("spark.sql.session.timeZone", "Asia/Tokyo");
    assertNumbers(values("(1, timestamp'1970-01-01 21:00:00Z'), (2, timestamp_ntz'1970-01-01 12:00:00')"
        .replace("timestamp_ntz", "timestamp")), ColumnType.DATE, 1.25, 0.5);
    assertNumbers(values("(1, timestamp_ntz'1970-01-02 06:00:00'), (2, NULL)"), ColumnType.DATE, 1.25, NAN);
    assertEquals(List.of("column 'a': dates, read as days since 1970-01-01; --drop a leaves it out"),
        values("(1, date'1970-01-03'), (2, date'1970-01-04')").notices());
  }

  @Test void stringsAreWhatTheyAreInAFile() {
    assertEquals(List.of("x", "", "None", "y"), texts(values("(1, ' x'), (2, 'NA'), (3, 'None'), (4, 'y')")));
    Table numbers = values("(1, '1.5'), (2, 'None'), (3, '2'), (4, '')");
    assertNumbers(numbers, ColumnType.NUMBER, 1.5, NAN, 2, NAN);
    assertEquals(List.of("column 'a': strings that are numbers, read as numbers; --type a=category reads categories"),
        numbers.notices());
    String comma = "SELECT * FROM VALUES (1, '0,5'), (2, '1,250'), (3, '-999') AS t(id, a)";
    assertNumbers(table(comma, TableOptions.DEFAULTS.missing(List.of("-999"))), ColumnType.NUMBER, 0.5, 1.25, NAN);
    assertEquals(List.of("0,5", "1,250", "-999"), texts(table(comma,
        TableOptions.DEFAULTS.type("a", ColumnType.CATEGORY))));
    assertEquals(List.of(), table(comma, TableOptions.DEFAULTS.type("a", ColumnType.CATEGORY)).notices());
    assertNumbers(values("(1, '1970-01-03'), (2, '?')"), ColumnType.DATE, 2, NAN);
  }

  @Test void aColumnWithoutValuesIsMissing() {
    assertNumbers(values("(1, NULL), (2, NULL)"), ColumnType.NUMBER, NAN, NAN);
    assertNumbers(values("(1, cast(NULL AS string)), (2, NULL)"), ColumnType.NUMBER, NAN, NAN);
    assertNumbers(values("(1, cast(NULL AS double)), (2, NULL)"), ColumnType.NUMBER, NAN, NAN);
  }

  @Test void emptyPartitionsLeaveNoTrace() {
    Table table = SparkTables.table(session.spark().sql("SELECT * FROM VALUES (2, 'b'), (1, 'a') AS t(id, a)")
        .repartition(7), "id", "people");
    assertEquals(List.of("a", "b"), texts(table));
  }
}
