// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pieces of numbers in an encoding. PiecewiseLinearSpec compares their values with exact arithmetic. */
class PiecewiseLinearTest {
  private static final double NAN = Double.NaN;
  private static final NumberColumn SIZE = NumberColumn.of("size", 8, 1, NAN, 2, 4, 16, 3, 5, 7);
  private static final NumberColumn FLAG = NumberColumn.of("flag", 0, 1, 1, 0, 1, 0, 0, 1, 1);
  private static final NumberColumn DAY = NumberColumn.dates("day", 10, 20, 30, 40, 50, 60, 70, 80, 90);
  private static final NumberColumn Y = NumberColumn.of("y", 1, 2, 3, 4, 5, 6, 7, 8, 9);

  private static Table table() {
    return Table.of("t.csv", List.of(SIZE, FLAG, DAY, Y));
  }

  private static Encoding encoding(int bins) {
    return Encoding.of(table()).task(Encoding.Task.REGRESS).bins(bins).fit();
  }

  @Test
  void numbersAndDatesHavePiecesBetweenTheirQuantilesButColumnsOfTwoValuesHaveNone() {
    List<InputColumn> in = encoding(4).inputColumns();
    assertEquals(List.of("pieces between [1.0, 2.0, 4.0, 7.0, 16.0]", "no pieces",
        "pieces between [10.0, 30.0, 50.0, 70.0, 90.0]"), in.stream().map(i -> i.pieces().toString()).toList());
    assertEquals(List.of(6, 1, 5), in.stream().map(InputColumn::width).toList());
    assertEquals(12, encoding(4).inputs());
    assertEquals(4, encoding(0).inputs(), "the default and 0 have no pieces");
    assertEquals(4, encoding(1).inputs(), "one piece would be a copy of the number");
  }

  @Test
  void theInputsOfANumberAreItsStandardizedValueItsPiecesAndItsIndicator() {
    Encoding e = encoding(4);
    InputColumn in = e.inputColumns().get(0);
    double[] x = e.encodeInputs(table(), new int[] {5}), pieces = new double[4];
    in.pieces().encode(16, pieces, 0);
    assertEquals((16 - in.mean()) / in.deviation(), x[0]);
    assertArrayEquals(pieces, Arrays.copyOfRange(x, 1, 5));
    assertEquals(0, x[5]);
    for (double p : pieces) assertEquals(true, p > 0, "the largest number is at the end of every piece");
  }

  @Test
  void aMissingNumberHasThePiecesOfTheMedian() {
    Encoding e = encoding(4);
    InputColumn in = e.inputColumns().get(0);
    assertEquals(4.5, in.median());
    double[] x = e.encodeInputs(table(), new int[] {2}), pieces = new double[4];
    in.pieces().encode(4.5, pieces, 0);
    assertEquals((4.5 - in.mean()) / in.deviation(), x[0]);
    assertArrayEquals(pieces, Arrays.copyOfRange(x, 1, 5));
    assertEquals(1, x[5]);
  }

  @Test
  void allWaysToEncodeARowGiveTheSameInputs() {
    Encoding e = encoding(3);
    int n = e.inputs();
    double[] all = e.encode(table()).x(), into = new double[n + 2];
    for (int r = 0; r < 9; r++) {
      double[] raw = {SIZE.value(r), FLAG.value(r), DAY.value(r)}, x = Arrays.copyOfRange(all, r * n, (r + 1) * n);
      assertArrayEquals(x, e.encodeInputs(table(), new int[] {r}));
      assertArrayEquals(x, e.encodeRow(List.of(raw[0], raw[1], raw[2])));
      assertArrayEquals(x, e.encodeRow(Map.of("size", raw[0], "flag", raw[1], "day", raw[2])));
      assertArrayEquals(x, e.encodeRows(raw));
      Arrays.fill(into, 77);
      e.encodeRow(raw, 0, into, 1);
      assertArrayEquals(x, Arrays.copyOfRange(into, 1, n + 1));
      assertEquals(77, into[n + 1]);
    }
    double[] row = new double[n];
    assertThrows(IllegalArgumentException.class, () -> e.encodeRow(row, 0, row, 0), "3 values become more inputs");
  }

  @Test
  void numbersBeyondTheTrainingRowsKeepGrowingButTheirPiecesDoNot() {
    Encoding e = encoding(4);
    double[] last = e.encodeRow(List.of(16, 0, 10)), beyond = e.encodeRow(List.of(1e9, 0, 10));
    assertNotEquals(last[0], beyond[0]);
    assertArrayEquals(Arrays.copyOfRange(last, 1, 6), Arrays.copyOfRange(beyond, 1, 6));
  }

  @Test
  void theOrderOfTheRowsHasNoEffect() {
    double[] rising = IntStream.range(0, 100).mapToDouble(i -> Math.sqrt(i)).toArray(), falling = new double[100];
    for (int i = 0; i < 100; i++) falling[i] = rising[99 - i];
    PiecewiseLinear p = PiecewiseLinear.fit(rising, 7);
    assertEquals(p, PiecewiseLinear.fit(falling, 7));
    assertEquals(p.hashCode(), PiecewiseLinear.fit(falling, 7).hashCode());
    assertNotEquals(p, PiecewiseLinear.fit(rising, 8));
    assertSame(PiecewiseLinear.NONE, PiecewiseLinear.fit(rising, 1));
  }

  @Test
  void partsThatDoNotFitTogetherAreRefused() {
    double[] knots = {1, 2, 3}, means = {0.5, 0.5};
    assertEquals(2, new PiecewiseLinear(knots, means).count());
    for (double[][] bad : new double[][][] {{knots, {0.5}}, {{}, {0.5}}, {{1}, {}}, {{1, 1, 2}, means},
        {{1, NAN, 2}, means}, {{1, 2, Double.POSITIVE_INFINITY}, means}, {{-1e308, 1e308, 1.1e308}, means},
        {knots, {0.5, 1.5}}, {knots, {-0.1, 0.5}}, {knots, {0.5, NAN}}, {new double[102], new double[101]}}) {
      assertThrows(IllegalArgumentException.class, () -> new PiecewiseLinear(bad[0], bad[1]),
          Arrays.deepToString(bad));
    }
    for (int bins : new int[] {-1, 101}) {
      assertThrows(IllegalArgumentException.class, () -> Encoding.of(table()).bins(bins));
    }
    InputColumn categories = InputColumn.categories("c", List.of("a")).withPieces(new PiecewiseLinear(knots, means));
    assertThrows(IllegalArgumentException.class,
        () -> new Encoding(List.of(categories), Target.classes("y", List.of("a", "b"))));
  }
}
