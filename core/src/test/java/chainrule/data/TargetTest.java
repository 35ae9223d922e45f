// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.data.Encoding.Task;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests what a target may be: a class, numbers, or labels. */
class TargetTest {
  private static final NumberColumn X = NumberColumn.of("x", 1, 2, 3, 4);

  private static Table table(Column... columns) {
    return Table.of("f", List.of(columns));
  }

  @Test
  void numbersAreOneClassHoweverTheyAreWritten() {
    Table t = table(X, NumberColumn.of("y", 0, 10, -0.0, 2));
    Encoding e = Encoding.of(t).task(Task.CLASSIFY).fit();
    assertEquals(List.of("0", "2", "10"), e.target().labels());
    Table strings = table(X, TextColumn.of("y", List.of("0.0", "10", "2.", "+2")));
    assertArrayEquals(new int[] {0, 2, 1, 1}, e.encode(strings).classes());
    Table other = table(X, TextColumn.of("y", List.of("0", "ten", "2", "2")));
    assertEquals("f:2: column 'y': expected a class of the model, found 'ten'. The classes are 0, 2, 10. "
        + "Fix the label, delete the line, or train a new model.",
        assertThrows(DataException.class, () -> e.encode(other)).getMessage());
  }

  @Test
  void longIdentifiersStayDifferentClasses() {
    Table t = table(X, TextColumn.of("y", List.of("9007199254740993", "9007199254740992", "9007199254740993", "5")));
    Encoding e = Encoding.of(t).fit();
    assertEquals(List.of("5", "9007199254740992", "9007199254740993"), e.target().labels());
    assertArrayEquals(new int[] {2, 1, 2, 0}, e.encode(t).classes());
  }

  @Test
  void classesOfHeldOutRowsAreClassesToo() {
    Table t = table(X, TextColumn.of("y", List.of("class 10", "class 2", "class 2", "class 3")));
    assertEquals(List.of("class 2", "class 3", "class 10"), Encoding.of(t).fit(new int[] {0, 1}).target().labels());
  }

  @Test
  void eachOfSeveralNumbersHasItsOwnMeanAndDeviation() {
    Table t = table(NumberColumn.of("lon", 7, 9, 7, 9), X, NumberColumn.of("lat", 40, 60, 40, 60));
    EncodingBuilder builder = Encoding.of(t).target("lat", "lon");
    assertEquals(Task.REGRESS, builder.task());
    Encoding e = builder.fit();
    assertEquals(Target.numbers(List.of("lat", "lon"), List.of(50.0, 8.0), List.of(10.0, 1.0)), e.target());
    assertEquals(2, e.outputs());
    Dataset d = e.encode(t);
    assertArrayEquals(new double[] {-1, -1, 1, 1, -1, -1, 1, 1}, d.y());
    assertEquals(List.of(45.0, 7.5), List.of(e.target().decode(0, -0.5), e.target().decode(1, -0.5)));
    Table partly = table(NumberColumn.of("lat", 50, Double.NaN, 40), NumberColumn.of("lon", Double.NaN, 8, 8),
        NumberColumn.of("x", 1, 2, 3));
    assertArrayEquals(new int[] {2}, e.rowsWithTarget(partly));
  }

  @Test
  void aLabelIsTheSecondOfItsTwoValues() {
    Table t = table(X, NumberColumn.of("a", 0, 1, 0, 1), TextColumn.of("b", List.of("yes", "no", "yes", "no")),
        TextColumn.of("c", List.of("True", "False", "False", "False")), NumberColumn.of("d", 0, 0, 0, 0));
    Encoding e = Encoding.of(t).target("a", "b", "c", "d").task(Task.MULTILABEL).fit();
    assertEquals(List.of(List.of("0", "1"), List.of("no", "yes"), List.of("False", "True"), List.of("0", "1")),
        e.target().values());
    Dataset d = e.encode(t);
    assertEquals(List.of("a", "b", "c", "d"), d.labelNames());
    assertArrayEquals(new double[] {0, 1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0}, d.y());
    assertEquals(4, e.outputs());
    Table strings = table(X, TextColumn.of("a", List.of("1.0", "0", "0", "1")), t.column(2), t.column(3), t.column(4));
    assertEquals(1, e.encode(strings).y()[0]);
  }

  @Test
  void unsuitableTargetsAreRefused() {
    Table t = table(X, NumberColumn.of("n", 1, 2, 3, 3), TextColumn.of("b", List.of("yes", "no", "yes", "no")));
    refused("f: target 'b': several targets must be numbers. Pass --task multilabel if each has two values, such as "
        + "yes and no.", Encoding.of(t).target("n", "b"));
    refused("f: target 'n': --task multilabel requires two values, such as 0 and 1, found 3: 1, 2, 3",
        Encoding.of(t).target("n", "b").task(Task.MULTILABEL));
    refused("f: --task classify requires one target, found 2. Pass --task multilabel if each has two values, such as "
        + "yes and no.", Encoding.of(t).target("n", "b").task(Task.CLASSIFY));
    refused("f: target 'b': --task regress requires numbers. Pass --task classify to predict classes, or choose "
        + "another column with --target.", Encoding.of(t).target("n", "b").task(Task.REGRESS));
    assertThrows(IllegalArgumentException.class, () -> Encoding.of(t).target("n", "n"));
    assertThrows(IllegalArgumentException.class, () -> Encoding.of(t).target(new int[0]));
  }

  private static void refused(String message, EncodingBuilder builder) {
    assertEquals(message, assertThrows(DataException.class, builder::fit).getMessage());
  }

  @Test
  void partsThatDoNotFitTogetherAreRefused() {
    List<InputColumn> x = List.of(InputColumn.number("x", 0, 1));
    for (Target bad : List.of(Target.numbers(List.of("a", "b"), List.of(1.0), List.of(1.0)),
        Target.numbers(List.of("a"), List.of(Double.NaN), List.of(1.0)),
        Target.numbers(List.of("a"), List.of(0.0), List.of(0.0)), Target.numbers(List.of(), List.of(), List.of()),
        Target.multilabel(List.of("a"), List.of()), Target.multilabel(List.of("a"), List.of(List.of("1"))),
        Target.multilabel(List.of("a"), List.of(List.of("1", "1"))), Target.classes("a", List.of("1")))) {
      assertThrows(IllegalArgumentException.class, () -> new Encoding(x, bad), bad.toString());
    }
    Target y = Target.classes("y", List.of("a", "b"));
    for (InputColumn bad : List.of(InputColumn.number("x", 0, 1, Double.NaN, true),
        InputColumn.number("x", 0, 1e-300, 1e300, true), InputColumn.categories("x", List.of(), true),
        new InputColumn("x", ColumnType.NUMBER, 0, 1, 0, false, PiecewiseLinear.NONE, List.of("a"), false),
        new InputColumn("x", ColumnType.CATEGORY, 0, 1, 0, true, PiecewiseLinear.NONE, List.of("a"), false))) {
      assertThrows(IllegalArgumentException.class, () -> new Encoding(List.of(bad), y), bad.toString());
    }
  }

  @Test
  void theOptionsForNewFilesHaveTheTypesOfTraining() {
    Table t = table(X, TextColumn.of("c", List.of("a", "b", "a", "a")), NumberColumn.dates("d", 1, 2, 3, 5),
        NumberColumn.of("y", 1, 2, 1, 2));
    TableOptions options = Encoding.of(t).task(Task.CLASSIFY).fit().withDecimal(',').tableOptions();
    assertEquals(List.of("x", "c", "d"), options.expected());
    assertEquals(Map.of("x", ColumnType.NUMBER, "c", ColumnType.CATEGORY, "d", ColumnType.DATE, "y", ColumnType.NUMBER),
        options.usualTypes());
    assertEquals(',', options.usualDecimal());
    Table strings = table(X, TextColumn.of("y", List.of("01", "02", "01", "02")));
    assertEquals(ColumnType.CATEGORY, Encoding.of(strings).fit().tableOptions().usualTypes().get("y"));
  }
}
