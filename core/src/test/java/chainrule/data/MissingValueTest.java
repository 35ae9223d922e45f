// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests missing cells and unseen categories, from training to prediction. */
class MissingValueTest {
  private static final double NONE = Double.NaN;

  private static NumberColumn numbers(String name, double... values) {
    return NumberColumn.of(name, values);
  }

  private static TextColumn texts(String name, String... values) {
    return TextColumn.of(name, Arrays.asList(values));
  }

  private static Table table(Column... columns) {
    return Table.of("f", List.of(columns));
  }

  @Test
  void aMissingNumberIsTheMedianOfTheTrainingRowsAndHasAnIndicator() {
    Table t = table(numbers("x", 1, NONE, 2, 9, NONE, 1000), numbers("y", 1, 2, 3, 4, 5, 6));
    Encoding e = Encoding.of(t).fit(new int[] {0, 1, 2, 3});
    InputColumn x = e.inputColumns().get(0);
    double deviation = Math.sqrt((9 + 4 + 25) / 3.0); // of 1, 2, 9 about 4
    assertEquals(InputColumn.number("x", 4, x.deviation(), 2, true), x);
    assertEquals(deviation, x.deviation(), 1e-15);
    assertEquals(2, e.inputs());
    double[] z = e.encodeInputs(t);
    double[] expected = {-3, 0, -2, 1, -2, 0, 5, 0, -2, 1, 996, 0};
    for (int i = 0; i < 12; i++) assertEquals(i % 2 == 0 ? expected[i] / deviation : expected[i], z[i], 1e-12, "" + i);
  }

  @Test
  void theMedianOfAnEvenNumberOfRowsIsHalfway() {
    assertEquals(2.5, Median.of(new double[] {1, 2, 3, 400}));
    assertEquals(3, Median.of(new double[] {400, 1, 3}));
    assertEquals(7, Median.of(new double[] {7}));
    assertEquals(-0.5, Median.of(new double[] {-3, 2, -1, 0}));
    assertEquals(2, Median.of(new double[] {2, 9, 1, 2}));
    SplittableRandom random = new SplittableRandom(1);
    for (int n = 1; n < 300; n++) {
      boolean whole = n % 3 == 0;
      double[] values = random.doubles(n, -1, 1).map(v -> whole ? Math.rint(9 * v) : v).toArray();
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      assertEquals(sorted[(n - 1) / 2] / 2 + sorted[n / 2] / 2, Median.of(values), 1e-16, "" + n);
    }
    assertEquals(1.6e308, Median.of(new double[] {1.5e308, 1.7e308}), 1e293);
    assertEquals(0, Median.of(new double[] {-1.7e308, 1.7e308}));
    assertEquals(Double.MIN_VALUE, Median.of(new double[] {Double.MIN_VALUE, Double.MIN_VALUE}));
  }

  @Test
  void aNumberThatIsMissingOnlyAtPredictionIsTheMedianWithoutAnIndicator() {
    Table t = table(numbers("x", 1, 2, 9), numbers("y", 1, 2, 3));
    Encoding e = Encoding.of(t).fit();
    assertEquals(1, e.inputs());
    Table next = table(numbers("x", NONE, 4));
    assertArrayEquals(new double[] {-2 / Math.sqrt(38 / 3.0), 0}, e.encodeInputs(next), 1e-15);
  }

  @Test
  void aMissingStringIsACategoryOfItsOwnIfTrainingHadOne() {
    Table t = table(texts("c", "b", "", "a", null), numbers("y", 1, 2, 3, 4));
    Encoding e = Encoding.of(t).fit();
    assertEquals(List.of(InputColumn.categories("c", List.of("a", "b"), true)), e.inputColumns());
    assertArrayEquals(new double[] {0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1}, e.encodeInputs(t));
    Encoding without = Encoding.of(t).fit(new int[] {0, 2});
    assertArrayEquals(new double[] {0, 1, 0, 0, 1, 0, 0, 0}, without.encodeInputs(t));
  }

  @Test
  void oneValueWithMissingCellsBecomesACategory() {
    Table t = table(numbers("x", 7, NONE, 7, 7), numbers("y", 1, 2, 3, 4));
    Encoding e = Encoding.of(t).fit();
    assertEquals(List.of(InputColumn.categories("x", List.of("7"), true)), e.inputColumns());
    assertArrayEquals(new double[] {1, 0, 0, 1, 0, 0}, e.encodeInputs(table(numbers("x", 7, NONE, 8))));
    assertArrayEquals(new double[] {1, 0, 1, 0}, e.encodeInputs(table(texts("x", "7", "7.0"))));
  }

  @Test
  void rowsWithoutATargetAreLeftOutWithACount() {
    Table t = table(numbers("x", 1, 2, 30, 4, 5), numbers("y", 1, 2, NONE, 4, 5));
    EncodingBuilder builder = Encoding.of(t).target("y");
    assertArrayEquals(new int[] {0, 1, 3, 4}, builder.rowsWithTarget());
    Encoding e = builder.fit();
    assertEquals(3, e.inputColumns().get(0).mean(), "without the row of 30");
    assertEquals(List.of("1 of 5 rows left out, without a value in the target 'y'"), builder.notices());
    assertArrayEquals(new int[] {0, 1, 3, 4}, e.rowsWithTarget(t));
    assertEquals(4, e.encode(t, e.rowsWithTarget(t)).rows());
    assertEquals("f:3: column 'y': expected a number, found a missing value. Fill it in, or delete the line.",
        assertThrows(DataException.class, () -> e.encode(t)).getMessage());
    Table classes = table(numbers("x", 1, 2, 3), texts("y", "a", "", "b"));
    Encoding c = Encoding.of(classes).fit();
    assertEquals("f:2: column 'y': expected a class, found a missing value. Fill it in, or delete the line.",
        assertThrows(DataException.class, () -> c.encode(classes)).getMessage());
  }

  @Test
  void strictTrainingRefusesTheFirstMissingCell() {
    Table t = table(numbers("x", 1, 2, 3, NONE), texts("c", "a", "b", "", "a"), numbers("unused", NONE, 1, 2, 3),
        numbers("y", 1, 2, 3, 4));
    String message = assertThrows(DataException.class, () -> Encoding.of(t).drop("unused").refuseMissing().fit())
        .getMessage();
    assertEquals("f:3: column 'c': expected a string, found a missing value. Fill it in, delete the line, or pass "
        + "--drop c,unused.", message);
    message = assertThrows(DataException.class, () -> Encoding.of(t).drop("unused", "c").refuseMissing().fit())
        .getMessage();
    assertEquals("f:4: column 'x': expected a number, found a missing value. Fill it in, delete the line, or pass "
        + "--drop x,c,unused.", message);
    message = assertThrows(DataException.class, () -> Encoding.of(t).target("unused").refuseMissing().fit())
        .getMessage();
    assertEquals("f:1: column 'unused': expected a number, found a missing value. Fill it in, or delete the line.",
        message);
    Table unused = table(numbers("x", 1, 2), numbers("z", NONE, NONE), numbers("y", 1, 2));
    assertEquals(1, Encoding.of(unused).refuseMissing().fit().inputs(), "a column that is left out may be empty");
  }

  @Test
  void unseenCategoriesAreCountedAndNamed() {
    Table t = table(texts("colour", "Red", "Blue", "Red"), numbers("x", 1, 2, 3), numbers("y", 1, 2, 3));
    Encoding e = Encoding.of(t).fit();
    Table next = table(numbers("x", NONE, 1, 1, 1, 1), texts("colour", "red", "RED.", "Red", "red", null));
    List<InputCounts> counts = e.counts(next, new int[] {0, 1, 2, 3, 4});
    assertEquals(List.of(new InputCounts("colour", 1, 0, 3, 2, List.of("red", "RED.")),
        new InputCounts("x", 1, 0, 0, 0, List.of())), counts);
    assertEquals("column colour: 3 rows with unseen values 'red', 'RED.'", counts.get(0).unseenLine());
    assertEquals("column colour: 1 row with unseen value 'red'",
        e.counts(next, new int[] {0, 2}).get(0).unseenLine());
    String[] many = IntStream.range(0, 9).mapToObj(i -> "u" + i).toArray(String[]::new);
    assertEquals("column colour: 9 rows with unseen values 'u0', 'u1', 'u2', 'u3', 'u4' and 4 more",
        e.counts(table(numbers("x", new double[9]), texts("colour", many)), IntStream.range(0, 9).toArray()).get(0)
        .unseenLine());
  }

  @Test
  void aColumnMayHaveAnotherTypeThanInTraining() {
    Table t = table(numbers("x", 1, 2, 3), texts("code", "1", "2", "n"), numbers("y", 1, 2, 3));
    Encoding e = Encoding.of(t).fit();
    double[] expected = e.encodeInputs(t, new int[] {0, 1});
    assertArrayEquals(expected, e.encodeInputs(table(texts("x", "1.0", "2"), numbers("code", 1, 2))));
    assertArrayEquals(new double[] {0, 0, 0, 0}, e.encodeInputs(table(texts("x", ""), texts("code", ""))));
    assertEquals("f:2: column 'x': expected a number, found 'two'. Fix the value, or leave the cell empty.",
        assertThrows(DataException.class, () -> e.encodeInputs(table(texts("x", "1", "two"), texts("code", "1", "2"))))
        .getMessage());
    assertTrue(assertThrows(DataException.class,
        () -> e.encodeInputs(table(NumberColumn.dates("x", 1), texts("code", "1")))).getMessage()
        .startsWith("f: column 'x': expected numbers as in training, found dates"));
    assertEquals("f: no column 'x', which is an input of the model; the columns are code",
        assertThrows(DataException.class, () -> e.encodeInputs(table(texts("code", "1")))).getMessage());
  }

  @Test
  void aCodeWithLeadingZerosIsFoundByItsNumberUnlessTwoCodesAreTheSame() {
    CategoryIndex codes = new CategoryIndex(List.of("01", "2", "002"));
    assertEquals(0, codes.of("01"));
    assertEquals(0, codes.of(1.0), "a file in which the column has numbers");
    assertEquals(-1, codes.of("1"), "the strings differ");
    assertEquals(1, codes.of(2.0), "the exact one");
    assertEquals(-1, new CategoryIndex(List.of("02", "002")).of(2.0));
    CategoryIndex numbers = new CategoryIndex(List.of("0", "1", "2.5"));
    assertEquals(List.of(0, 0, 1, 2),
        List.of(numbers.of("0.0"), numbers.of(-0.0), numbers.of("1.0"), numbers.of("2.50")));
    CategoryIndex ids = new CategoryIndex(List.of("9007199254740992", "9007199254740993"));
    assertEquals(List.of(0, 1, -1),
        List.of(ids.of("9007199254740992"), ids.of("9007199254740993"), ids.of("9007199254740994")));
  }

  /** Compares blocks of rows in any order with rows one by one. */
  @Test
  void tablesAndRowsAreEncodedToTheSameBits() {
    SplittableRandom random = new SplittableRandom(3);
    int n = 1000;
    double[] a = new double[n], b = new double[n], y = new double[n];
    String[] c = new String[n];
    for (int i = 0; i < n; i++) {
      a[i] = random.nextInt(5) == 0 ? NONE : random.nextGaussian();
      b[i] = random.nextGaussian() * 1e6;
      c[i] = random.nextInt(5) == 0 ? "" : "k" + random.nextInt(12);
      y[i] = random.nextDouble();
    }
    Table t = table(numbers("a", a), texts("c", c), numbers("b", b), numbers("y", y));
    Encoding e = Encoding.of(t).fit(IntStream.range(0, n / 2).toArray());
    int[] rows = IntStream.range(0, n).map(i -> (i * 7 + 3) % n).toArray();
    double[] x = e.encodeInputs(t, rows);
    for (int i = 0; i < n; i++) {
      int r = rows[i];
      double[] row = e.encodeRow(Map.of("a", a[r], "b", b[r], "c", c[r]));
      assertArrayEquals(row, Arrays.copyOfRange(x, i * e.inputs(), (i + 1) * e.inputs()), "row " + r);
    }
  }
}
