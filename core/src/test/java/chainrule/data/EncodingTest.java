// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EncodingTest {
  private static final Table TABLE = Table.parse("f", """
      size,colour,constant,price
      1,red,5,10
      3,blue,5,30
      5,red,5,50
      9,green,5,70
      """);

  @Test
  void numbersAreStandardizedOnTrainingRowsAndStringsAreOneHot() {
    Encoding e = Encoding.of(TABLE).target(3).task(Task.REGRESS).fit(new int[] {0, 1, 2});
    Dataset d = e.encode(TABLE, new int[] {0, 1, 2, 3});
    // size: mean 3, deviation √(8/3); colours blue, red (green is unseen); constant is left out
    double s = Math.sqrt(8 / 3.0), p = Math.sqrt(800 / 3.0);
    assertEquals(3, d.inputs());
    assertArrayEquals(new double[] {-2 / s, 0, 1, 0, 1, 0, 2 / s, 0, 1, 6 / s, 0, 0}, d.x(), 1e-15);
    assertArrayEquals(new double[] {-20 / p, 0, 20 / p, 40 / p}, d.y(), 1e-15);
    assertEquals(p, e.target().deviation(0), 1e-13);
  }

  @Test
  void classesAreSortedAndBecomeOneHotOrASingleColumn() {
    Encoding e = Encoding.of(TABLE).target(1).drop(Set.of(2)).task(Task.CLASSIFY).fit(new int[] {0, 1, 2, 3});
    Dataset d = e.encode(TABLE, new int[] {0, 1, 2, 3});
    assertEquals(List.of("blue", "green", "red"), d.labels());
    assertArrayEquals(new double[] {0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0}, d.y());
    Table two = Table.parse("f", "x,y\n1,10\n2,9\n3,10\n");
    Dataset binary = Encoding.of(two).target(1).task(Task.CLASSIFY).fit(new int[] {0, 1, 2})
        .encode(two, new int[] {0, 1, 2});
    assertEquals(List.of("9", "10"), binary.labels());
    assertArrayEquals(new double[] {1, 0, 1}, binary.y());
    assertArrayEquals(new double[] {0, 1, 1, 0, 0, 1}, binary.oneHot().y());
  }

  @Test
  void theBuilderAcceptsNamesAndIndicesAndHasDefaults() {
    Encoding byName = Encoding.of(TABLE).target("price").drop("constant", "1").task(Task.REGRESS)
        .fit(new int[] {0, 1, 2});
    Encoding byNumber = Encoding.of(TABLE).target(3).drop(Set.of(0, 2)).task(Task.REGRESS).fit(new int[] {0, 1, 2});
    assertEquals(List.of(InputColumn.categories("colour", List.of("blue", "red"))), byName.inputColumns());
    assertEquals(byName.inputColumns(), byNumber.inputColumns());
    assertEquals(byName.target(), byNumber.target());
    Encoding guessed = Encoding.of(TABLE).fit();
    assertEquals(List.of("price"), guessed.target().names(), "the last column");
    assertEquals(Target.numbers(List.of("price"), 40, Math.sqrt(500)), guessed.target(), "numeric, fitted on all rows");
    assertEquals(List.of("blue", "green", "red"), Encoding.of(TABLE).target("colour").fit().target().labels());
    assertThrows(DataException.class, () -> Encoding.of(TABLE).target("cost"));
    assertThrows(DataException.class, () -> Encoding.of(TABLE).drop("cost"));
    assertThrows(IndexOutOfBoundsException.class, () -> Encoding.of(TABLE).target(4));
    assertThrows(IndexOutOfBoundsException.class, () -> Encoding.of(TABLE).drop(Set.of(-1)));
    assertEquals("column 'price' is the target, so it cannot be dropped",
        assertThrows(IllegalArgumentException.class, () -> Encoding.of(TABLE).drop("price").fit()).getMessage());
  }

  /** 3u, −3u, 3u have the mean u, exactly, and the deviation √8·u, whatever the unit is. */
  @Test
  void numbersWhoseSquaresOverflowOrUnderflowAreStandardized() {
    for (double u : new double[] {1, 2.9e307, 1e300, 1e-160, 1e-300, 0x1p-1040}) {
      Table t = Table.parse("f", "x,y\n" + 3 * u + ",1\n" + -3 * u + ",2\n" + 3 * u + ",3\n");
      Encoding e = Encoding.of(t).target(1).task(Task.REGRESS).fit(new int[] {0, 1, 2});
      double error = Math.max(1e-15, Double.MIN_VALUE / u); // a subnormal deviation has few digits
      assertEquals(1, e.inputColumns().get(0).mean() / u, error, "mean in units of " + u);
      assertEquals(Math.sqrt(8), e.inputColumns().get(0).deviation() / u, 3 * error, "deviation in units of " + u);
      double[] z = {Math.sqrt(0.5), -Math.sqrt(2), Math.sqrt(0.5)};
      assertArrayEquals(z, e.encodeInputs(t, new int[] {0, 1, 2}), 2 * error, "units of " + u);
    }
  }

  @Test
  void heldOutRowsAreIgnoredEvenIfSquaresOverflow() {
    Table t = Table.parse("f", "x,y\n3e300,1\n-3e300,2\n3e300,3\n9e300,4\n-8e300,5\n");
    InputColumn x = Encoding.of(t).target(1).task(Task.REGRESS).fit(new int[] {2, 0, 1}).inputColumns().get(0);
    assertEquals(1, x.mean() / 1e300, 1e-15);
    assertEquals(Math.sqrt(8), x.deviation() / 1e300, 3e-15);
  }

  /** A number is one class however it is written. Sorted as strings, the order would be 0.5 · 10 · 2.5. */
  @Test
  void classesWithADecimalCommaAreSortedNumerically() {
    Table t = Table.parse("f", "x;y\n1;10\n2;2,5\n3;0,5\n4;2,5\n");
    Encoding e = Encoding.of(t).target(1).task(Task.CLASSIFY).fit(all(t));
    assertEquals(List.of("0.5", "2.5", "10"), e.target().labels());
    assertArrayEquals(new double[] {0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0}, e.encode(t, all(t)).y());
    Table twice = Table.parse("f", "x;y\n1;0,5\n2;,50\n3;2\n");
    assertEquals(List.of("0.5", "2"),
        Encoding.of(twice).target(1).task(Task.CLASSIFY).fit(all(twice)).target().labels());
  }

  @Test
  void theDeviationIsFiniteEvenIfADifferenceFromTheMeanOverflows() {
    double[] deviations = new double[2];
    for (int i = 0; i < 2; i++) {
      String unit = i == 0 ? "" : "e308"; // 1.5e308 is further from the mean, −9.2e307, than the largest number
      Table t = Table.parse("f", "x,y\n1.5" + unit + ",1\n" + "0,1\n".repeat(3) + ("-1.2" + unit + ",2\n").repeat(20));
      deviations[i] = Encoding.of(t).target(1).task(Task.REGRESS).fit(all(t)).inputColumns().get(0).deviation();
    }
    assertEquals(deviations[0], deviations[1] / 1e308, 1e-15);
  }

  @Test
  void aNumberTooFarFromTheTrainingDataIsRefused() {
    Table train = Table.parse("f", "a,b\n1e-150,1\n2e-150,2\n"), far = Table.parse("g", "a,b\n1e-150,1\n1e200,2\n");
    Encoding e = Encoding.of(train).target(1).task(Task.REGRESS).fit(new int[] {0, 1});
    String message = assertThrows(DataException.class, () -> e.encodeInputs(far, new int[] {0, 1})).getMessage();
    String prefix = "g:3: column 'a': '1.0E200' is too far from the training data (mean 1.5";
    assertTrue(message.startsWith(prefix), message);
  }

  @Test
  void dataTooLargeForAnArrayIsRefused() {
    List<String> categories = new ArrayList<>();
    for (int i = 0; i < 1000; i++) categories.add("c" + i);
    List<InputColumn> inputs = new ArrayList<>();
    for (int i = 0; i < 100; i++) inputs.add(new InputColumn("i" + i, 0, 1, categories));
    Table t = Table.parse("f", "i0,t\na,0\n");
    Encoding numbers = new Encoding(inputs, new Target(List.of("t"), List.of(), 0, 1));
    assertEquals("f: 30000 rows of 100000 inputs exceed the largest array (2147483639 elements). Use fewer "
        + "rows, or train without the columns of many categories.",
        assertThrows(DataException.class, () -> numbers.encodeInputs(t, new int[30_000])).getMessage());
  }

  @Test
  void severalTargetsAreFoundByName() {
    Table t = Table.parse("f", "y2,x1,y1\n1,2,3\n4,5,6\n");
    Dataset d = Encoding.plain(1, 2).encode(t, new int[] {1, 0});
    assertArrayEquals(new double[] {5, 2}, d.x());
    assertArrayEquals(new double[] {6, 4, 3, 1}, d.y());
    Table one = Table.parse("f", "y,x1\n1,2\n"); // the target may be the first column
    assertArrayEquals(new double[] {1}, Encoding.plain(1, 1).encode(one, new int[] {0}).y());
    assertEquals("f: no column 'y2', which is the target of the model; the columns are y1, x1",
        assertThrows(DataException.class,
        () -> Encoding.plain(1, 2).encode(Table.parse("f", "y1,x1\n1,2\n"), new int[] {0})).getMessage());
  }

  @Test
  void decodingInvertsEncoding() {
    Encoding e = Encoding.of(TABLE).target(3).drop(Set.of(1)).task(Task.REGRESS).fit(new int[] {0, 1, 2});
    double[] y = e.encode(TABLE, new int[] {0, 1, 2, 3}).y();
    for (int i = 0; i < 4; i++) assertEquals(10 + 20 * i, e.target().decode(y[i]), 1e-13);
  }

  @Test
  void fewFrequentIntegersAreGuessedToBeClasses() {
    assertEquals(Task.CLASSIFY, Encoding.guessTask(repeated(20, 200), 0));
    assertEquals(Task.REGRESS, Encoding.guessTask(repeated(20, 199), 0), "fewer than 10 rows per value");
    assertEquals(Task.REGRESS, Encoding.guessTask(repeated(21, 2100), 0), "more than 20 values");
    assertEquals(Task.CLASSIFY, Encoding.guessTask(repeated(1, 10), 0));
  }

  /** Returns a table of one column that cycles through 0 … values − 1. */
  private static Table repeated(int values, int rows) {
    StringBuilder s = new StringBuilder("n\n");
    for (int i = 0; i < rows; i++) s.append(i % values).append('\n');
    return Table.parse("f", s.toString());
  }

  @Test
  void stringsAreCategoriesIfTheyAreFewOrFrequent() {
    assertEquals(20, categories(20, 23), "20 are allowed if some rows share one");
    assertEquals(9, categories(9, 9), "few rows say nothing");
    assertEquals(21, categories(21, 42));
    assertEquals(1000, categories(1000, 2000));
    for (int[] c : new int[][] {{20, 20}, {21, 41}, {1001, 5000}}) {
      assertEquals("f: no input columns are left besides the target 'n'; columns left out: 't' (" + c[0]
          + " different strings in " + c[1] + " rows). To use one, pass --type t=category.",
          assertThrows(DataException.class, () -> categories(c[0], c[1])).getMessage());
    }
  }

  private static int categories(int strings, int rows) {
    Table t = words(strings, rows);
    return Encoding.of(t).target(1).task(Task.REGRESS).fit(all(t)).inputColumns().get(0).width();
  }

  private static Table words(int strings, int rows) {
    StringBuilder s = new StringBuilder("t,n\n");
    for (int i = 0; i < rows; i++) s.append('w').append(i % strings).append(',').append(i).append('\n');
    return Table.parse("f", s.toString());
  }

  @Test
  void atMostOneThousandClassesAreAllowed() {
    assertEquals(1000, classes(1000));
    assertEquals("f: target 't': 1001 classes, the limit is 1000. Choose another column with --target.",
        assertThrows(DataException.class, () -> classes(1001)).getMessage());
  }

  private static int classes(int count) {
    Table t = words(count, count);
    return Encoding.of(t).target(0).task(Task.CLASSIFY).fit(all(t)).outputs();
  }

  @Test
  void invalidScalesAndInputCountsAreRefused() {
    InputColumn x = new InputColumn("x", 0, 1, List.of());
    Target y = new Target(List.of("y"), List.of(), 0, 1);
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      refusedScale(bad, 1);
      refusedScale(0, bad);
    }
    refusedScale(0, 0);
    refusedScale(0, -1);
    new Encoding(List.of(new InputColumn("x", -Double.MAX_VALUE, Double.MIN_VALUE, List.of())), y);
    assertEquals("encoding: expected 1 to 2147483639 inputs, found 0",
        assertThrows(IllegalArgumentException.class, () -> new Encoding(List.of(), y)).getMessage());
    List<String> million = List.copyOf(Collections.nCopies(1_000_000, "c"));
    List<InputColumn> most = new ArrayList<>(Collections.nCopies(2147, new InputColumn("c", 0, 1, million)));
    most.add(new InputColumn("c", 0, 1, million.subList(0, 483_639)));
    assertEquals(Integer.MAX_VALUE - 8, new Encoding(most, y).inputs(), "the largest array");
    most.add(x);
    assertEquals("encoding: expected 1 to 2147483639 inputs, found 2147483640",
        assertThrows(IllegalArgumentException.class, () -> new Encoding(most, y)).getMessage());
  }

  private static void refusedScale(double mean, double deviation) {
    InputColumn good = new InputColumn("x", 0, 1, List.of()), bad = new InputColumn("x", mean, deviation, List.of());
    Target y = new Target(List.of("y"), List.of(), 0, 1);
    Target badTarget = new Target(List.of("y"), List.of(), mean, deviation);
    String expected = "': expected a finite mean and a finite deviation > 0, found mean " + mean + " and deviation "
        + deviation;
    assertEquals("encoding: column 'x" + expected,
        assertThrows(IllegalArgumentException.class, () -> new Encoding(List.of(bad), y)).getMessage());
    assertEquals("encoding: column 'y" + expected,
        assertThrows(IllegalArgumentException.class, () -> new Encoding(List.of(good), badTarget)).getMessage());
  }

  @Test
  void guessesTheTaskFromTheTarget() {
    assertEquals(Task.CLASSIFY, Encoding.guessTask(TABLE, 1));
    assertEquals(Task.REGRESS, Encoding.guessTask(TABLE, 3));
    StringBuilder s = new StringBuilder("x,y\n");
    for (int i = 0; i < 40; i++) s.append(i * 0.5).append(',').append(i % 2).append('\n');
    assertEquals(Task.CLASSIFY, Encoding.guessTask(Table.parse("f", s.toString()), 1));
    assertEquals(Task.REGRESS, Encoding.guessTask(Table.parse("f", s.toString()), 0));
  }

  @Test
  void errorMessagesNameTheColumnAndTheLine() {
    refused("f: target 'y': every row is 'a', but classification requires at least 2 classes.",
        "x,y\n1,a\n2,a\n", 1, Task.CLASSIFY);
    refused("f: target 'y': every row is '7', but classification requires at least "
        + "2 classes. Pass --task regress to predict numbers.", "x,y\n1,7\n2,7\n", 1, Task.CLASSIFY);
    refused("f: column 'x': the numbers are too far apart to standardize. Divide them by a "
        + "power of ten, or pass --drop x.", "x,y\n1.7e308,1\n-1.7e308,2\n", 1, Task.REGRESS);
    refused("f: only one column, 'x'. Expected the target and at least one input.", "x\n1\n2\n", 0, Task.REGRESS);
    refused("f: no training row has a value in the target 'y'", "x,y\n1,\n2,\n", 1, Task.REGRESS);
  }

  @Test
  void theClassesOfAnEncodingCanBePutInAnotherOrder() {
    Table t = Table.parse("f", "x,y\n1,no\n2,yes\n4,no\n");
    Encoding e = Encoding.of(t).target(1).task(Task.CLASSIFY).fit(all(t));
    Encoding reversed = e.withLabels(List.of("yes", "no"));
    assertEquals(List.of("yes", "no"), reversed.target().labels());
    assertArrayEquals(new double[] {0, 1, 0}, e.encode(t, all(t)).y());
    assertArrayEquals(new double[] {1, 0, 1}, reversed.encode(t, all(t)).y());
    assertArrayEquals(e.encode(t, all(t)).x(), reversed.encode(t, all(t)).x());
    for (List<String> other : List.of(List.of("no"), List.of("no", "no"), List.of("no", "maybe"))) {
      assertEquals("expected the labels [no, yes] in any order, found " + other,
          assertThrows(IllegalArgumentException.class, () -> e.withLabels(other)).getMessage());
    }
  }

  private static void refused(String message, String csv, int target, Task task) {
    Table t = Table.parse("f", csv);
    assertEquals(message,
        assertThrows(DataException.class, () -> Encoding.of(t).target(target).task(task).fit(all(t))).getMessage());
  }

  private static int[] all(Table t) {
    return IntStream.range(0, t.rows()).toArray();
  }
}
