// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.data.ColumnSummary.ValueCount;
import chainrule.data.Encoding.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests which columns are left out or warned about, and how columns are described. */
class LeftOutColumnTest {
  private static final int ROWS = 30;

  private static NumberColumn numbers(String name, IntToDoubleFunction f) {
    return NumberColumn.of(name, IntStream.range(0, ROWS).mapToDouble(f).toArray());
  }

  private static TextColumn texts(String name, IntFunction<String> f) {
    return TextColumn.of(name, IntStream.range(0, ROWS).mapToObj(f).toList());
  }

  private static Table table(Column... columns) {
    List<Column> all = new ArrayList<>(List.of(columns));
    all.add(numbers("x", i -> i * i % 7));
    all.add(texts("y", i -> i % 3 == 0 ? "a" : "b"));
    return Table.of("f", all);
  }

  private static List<String> used(EncodingBuilder builder) {
    return builder.fit().inputColumns().stream().map(InputColumn::name).toList();
  }

  @Test
  void aConstantColumnIsLeftOutSoThatANewValueChangesNothing() {
    for (double v : new double[] {0, 7, -1.7e308, 1e-320}) {
      Table t = table(numbers("gain", i -> v));
      EncodingBuilder builder = Encoding.of(t);
      Encoding e = builder.fit();
      assertEquals(List.of("columns without information left out: 'gain' (always " + NumberColumn.text(v) + ")"),
          builder.notices());
      double[] x = e.encodeInputs(t);
      assertArrayEquals(x, e.encodeInputs(table(numbers("gain", i -> 1e9 + i))));
      assertArrayEquals(x, e.encodeInputs(table()), "the column may be missing");
    }
  }

  @Test
  void columnsWithoutInformationAreNamedInOneLine() {
    EncodingBuilder builder = Encoding.of(table(texts("country", i -> "DE"), numbers("empty", i -> Double.NaN),
        texts("blank", i -> ""), numbers("late", i -> i < 20 ? 5 : i)));
    assertEquals(List.of("x"), builder.fit(IntStream.range(0, 20).toArray()).inputColumns().stream()
        .map(InputColumn::name).toList());
    assertEquals(List.of("columns without information left out: 'country' (always 'DE'), 'empty' (no values), "
        + "'blank' (no values), 'late' (always 5)"), builder.notices());
  }

  @Test
  void unusableColumnsAreNamedInOneLineThatSaysHowToKeepOne() {
    Table t = table(numbers("PassengerId", i -> i + 1), texts("Full Name", i -> "P" + i),
        texts("remark", i -> "words " + i % 25), texts("day", i -> (1 + i % 3) + ".12.2025"));
    EncodingBuilder builder = Encoding.of(t);
    assertEquals(List.of("x"), used(builder));
    assertEquals(List.of("columns left out: 'PassengerId' (a row number), 'Full Name' (30 different strings in 30 "
        + "rows), 'remark' (25 different strings in 30 rows), 'day' (dates not written like 2026-11-29, such as "
        + "'1.12.2025'). To use one, pass --type PassengerId=number."), builder.notices());
    EncodingBuilder keeping = Encoding.of(t).keep("Full Name", "PassengerId", "day");
    assertEquals(List.of("PassengerId", "Full Name", "day", "x"), used(keeping));
    assertEquals(List.of("columns left out: 'remark' (25 different strings in 30 rows). To use one, pass "
        + "--type remark=category."), keeping.notices());
    assertEquals(List.of(), builderWithout(t).notices(), "dropped columns are no news");
  }

  private static EncodingBuilder builderWithout(Table t) {
    EncodingBuilder builder = Encoding.of(t).drop("PassengerId", "Full Name", "remark", "day");
    builder.fit();
    return builder;
  }

  @Test
  void aNoticeNamesAtMostTwelveColumns() {
    Column[] constant = IntStream.range(0, 15).mapToObj(c -> numbers("c" + c, i -> 0)).toArray(Column[]::new);
    EncodingBuilder builder = Encoding.of(table(constant));
    builder.fit();
    String line = builder.notices().get(0);
    assertEquals(line.substring(line.indexOf("'c11'")), "'c11' (always 0) and 3 more");
  }

  @Test
  void aRowNumberIsLeftOutOnlyIfItsNameSaysSo() {
    for (String name : new String[] {"", "Unnamed: 0", "id", "Id", "ID", "index", "PassengerId", "customer_id",
        "row no", "Nr.", "#", "rownames"}) {
      assertEquals(List.of("x"), used(Encoding.of(table(numbers(name, i -> i + 5)))), name);
    }
    for (String name : new String[] {"year", "t", "grid", "valid", "casino", "time"}) {
      assertEquals(List.of(name, "x"), used(Encoding.of(table(numbers(name, i -> i + 5)))), name);
    }
    assertEquals(List.of("id", "x"), used(Encoding.of(table(numbers("id", i -> i * 7 % 30)))), "not in order");
    assertEquals(List.of("id", "x"), used(Encoding.of(table(numbers("id", i -> 2 * i)))), "not in steps of 1");
  }

  @Test
  void numbersThatIdentifyRowsAreUsedWithAWarning() {
    EncodingBuilder builder = Encoding.of(table(numbers("id", i -> i * 7 % 30), numbers("t", i -> i)));
    assertEquals(List.of("id", "t", "x"), used(builder));
    assertEquals(List.of("column 'id' is different in every row. If it only identifies them, pass --drop id.",
        "column 't' numbers the rows. If it only identifies them, pass --drop t."), builder.warnings());
  }

  @Test
  void aTargetThatCannotBeMeantIsUsedWithAWarning() {
    Column x = numbers("x", i -> i % 5);
    for (NumberColumn id : List.of(numbers("row_id", i -> i), numbers("id", i -> i * 7 % 30))) {
      EncodingBuilder builder = Encoding.of(Table.of("f", List.of(x, id)));
      builder.fit();
      assertEquals(List.of("target '" + id.name() + "' identifies the rows. Choose another with --target."),
          builder.warnings());
    }
    EncodingBuilder constant = Encoding.of(Table.of("f", List.of(x, numbers("y", i -> 7.5)))).task(Task.REGRESS);
    constant.fit();
    assertEquals(List.of("target 'y' is 7.5 in every row, so there is nothing to learn. Choose another with --target."),
        constant.warnings());
    for (NumberColumn good : List.of(numbers("y", i -> i), numbers("id", i -> i % 29), numbers("id", i -> i + 0.5))) {
      EncodingBuilder builder = Encoding.of(Table.of("f", List.of(x, good))).task(Task.REGRESS);
      builder.fit();
      assertEquals(List.of(), builder.warnings());
    }
  }

  @Test
  void aColumnThatTellsTheTargetIsUsedWithAWarning() {
    Table t = table(numbers("code", i -> i % 3 == 0 ? 0 : 9), texts("almost", i -> i % 3 == 0 || i == 1 ? "p" : "q"));
    EncodingBuilder builder = Encoding.of(t);
    assertEquals(List.of("code", "almost", "x"), used(builder));
    assertEquals(List.of("column 'code' determines the target 'y' exactly. If it is not known when predicting, pass "
        + "--drop code."), builder.warnings());
    Table same = Table.of("f",
        List.of(numbers("x", i -> i % 5), numbers("copy", i -> 0.5 * i), numbers("y", i -> 0.5 * i)));
    EncodingBuilder regression = Encoding.of(same);
    regression.fit();
    assertEquals(List.of("column 'copy' determines the target 'y' exactly. If it is not known when predicting, pass "
        + "--drop copy."), regression.warnings());
  }

  @Test
  void rareClassesAreNamed() {
    Table t = Table.of("f",
        List.of(numbers("x", i -> i % 7), texts("y", i -> i == 3 ? "once" : i < 3 ? "rare" : "often")));
    EncodingBuilder builder = Encoding.of(t);
    builder.fit();
    assertEquals(List.of("classes with few rows: 'once' (1)"), builder.warnings());
  }

  @Test
  void withoutAnyUsableColumnTheErrorNamesTheReasons() {
    Table t = Table.of("f", List.of(texts("name", i -> "n" + i), numbers("c", i -> 1), texts("y", i -> "k" + i % 2)));
    assertEquals("f: no input columns are left besides the target 'y'; columns left out: 'name' (30 different strings "
        + "in 30 rows). To use one, pass --type name=category.; columns without information left out: 'c' (always 1)",
        assertThrows(DataException.class, () -> Encoding.of(t).fit()).getMessage());
  }

  @Test
  void theUseOfEveryColumnIsDescribed() {
    Table t = table(numbers("a", i -> i == 4 ? Double.NaN : i % 4), texts("c", i -> i == 4 ? "" : "k" + i % 4),
        NumberColumn.dates("d", IntStream.range(0, ROWS).mapToDouble(i -> i % 9).toArray()), numbers("z", i -> 1),
        numbers("unused", i -> i));
    EncodingBuilder builder = Encoding.of(t).drop("unused");
    Encoding e = builder.fit();
    assertEquals(List.of("a: 2 inputs: the number, and 1 where it is missing", "c: 5 inputs: 4 categories, and missing",
        "d: 1 input: the date in days", "z: left out: always 1", "unused: dropped", "x: 1 input: the number",
        "y: target"), builder.uses().stream().map(u -> u.column() + ": " + u.words()).toList());
    assertEquals(e.inputs(), builder.uses().stream().mapToInt(ColumnUse::inputs).sum());
  }

  @Test
  void aColumnIsSummarizedByItsCountsAndQuantiles() {
    Table t = Table.of("f", List.of(NumberColumn.of("n", 3, Double.NaN, 1, 3, 10), TextColumn.of("c",
        List.of("b", "a", "", "b", "c")), NumberColumn.dates("d", 20_000, 20_001.5, Double.NaN, 19_999, 20_000)));
    assertEquals(new ColumnSummary("n", ColumnType.NUMBER, 5, 1, 0, 3, 1, 3, 10,
        List.of(new ValueCount("3", 2), new ValueCount("1", 1), new ValueCount("10", 1))), ColumnSummary.of(t, 0));
    double none = Double.NaN;
    assertEquals(new ColumnSummary("c", ColumnType.CATEGORY, 5, 1, 0, 3, none, none, none,
        List.of(new ValueCount("b", 2), new ValueCount("a", 1), new ValueCount("c", 1))), ColumnSummary.of(t, 1));
    ColumnSummary d = ColumnSummary.of(t, 2);
    assertEquals(List.of("2024-10-03", "2024-10-04", "2024-10-05T12:00"),
        List.of(d.text(d.min()), d.text(d.median()), d.text(d.max())));
    Table many = Table.of("f", List.of(texts("t", i -> "w" + i), numbers("n", i -> i)));
    assertEquals(List.of("w0", "w1", "w2", "w3", "w4"),
        ColumnSummary.of(many, 0).top().stream().map(ValueCount::value).toList());
    assertEquals(List.of("0", "1", "2", "3", "4"),
        ColumnSummary.of(many, 1).top().stream().map(ValueCount::value).toList());
  }
}
