// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DatasetTest {

  @Property(tries = 200)
  void aSplitContainsEveryRowOnce(
      @ForAll @IntRange(min = 2, max = 500) int n, @ForAll @DoubleRange(max = 0.99) double fraction,
      @ForAll long seed) {
    int[][] parts = Dataset.splitRows(n, fraction, seed);
    boolean[] seen = new boolean[n];
    for (int[] part : parts) {
      for (int row : part) {
        assertTrue(!seen[row]);
        seen[row] = true;
      }
    }
    assertEquals(n, parts[0].length + parts[1].length);
    assertTrue(parts[0].length >= 1);
    assertEquals(n * fraction, parts[1].length, 1);
  }

  @Test
  void aSplitDependsOnlyOnTheSeed() {
    assertArrayEquals(Dataset.splitRows(50, 0.2, 1)[1], Dataset.splitRows(50, 0.2, 1)[1]);
    assertTrue(!Arrays.equals(Dataset.splitRows(50, 0.2, 1)[1], Dataset.splitRows(50, 0.2, 2)[1]));
    assertEquals(0, Dataset.splitRows(50, 0, 1)[1].length);
  }

  @Test
  void mismatchedShapesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Dataset.regression(2, new double[5], 1, new double[2]));
    assertThrows(IllegalArgumentException.class,
        () -> Dataset.classification(1, new double[1], new int[] {2}, List.of("a", "b")));
    assertThrows(IllegalArgumentException.class,
        () -> Dataset.classification(1, new double[1], new int[1], List.of("a")));
    assertThrows(IllegalArgumentException.class, () -> Dataset.splitRows(10, 1, 1));
  }

  @Test
  void aSingleRowIsNeverHeldOut() {
    assertArrayEquals(new int[] {0}, Dataset.splitRows(1, 0.3, 1)[0]);
    assertEquals(0, Dataset.splitRows(1, 0.3, 1)[1].length);
    assertEquals(1, Dataset.splitRows(2, 0.01, 1)[1].length, "any fraction > 0 holds out one of two rows");
    assertEquals(1, Dataset.splitRows(2, 0.99, 1)[1].length);
  }

  @Test
  void oneHotChangesOnlyTwoClassesWithOneOutput() {
    double[] x = {1, 2, 3};
    Dataset two = Dataset.classification(1, x, new int[] {1, 0, 1}, List.of("a", "b"));
    assertArrayEquals(new double[] {0, 1, 1, 0, 0, 1}, two.oneHot().y());
    assertSame(x, two.oneHot().x());
    for (Dataset d : List.of(two.oneHot(), Dataset.classification(1, x, new int[] {0, 1, 2}, List.of("a", "b", "c")),
        Dataset.regression(1, x, 1, x))) {
      assertSame(d, d.oneHot());
    }
  }

  @Test
  void withLabelsKeepsTheClassOfEveryRow() {
    Dataset two = Dataset.classification(1, new double[] {1, 2, 3}, new int[] {1, 0, 1}, List.of("a", "b"));
    Dataset three = two.withLabels(List.of("b", "c", "a"));
    assertEquals(List.of("b", "c", "a"), three.labels());
    assertArrayEquals(new double[] {1, 0, 0, 0, 0, 1, 1, 0, 0}, three.y());
    assertArrayEquals(three.y(), two.oneHot().withLabels(List.of("b", "c", "a")).y());
    assertArrayEquals(new double[] {0, 1, 0, 0, 0, 1, 0, 1, 0}, three.withLabels(List.of("c", "b", "a")).y());
    assertArrayEquals(new double[] {0, 1, 0}, two.withLabels(List.of("b", "a")).y());
    assertSame(two, two.withLabels(List.of("a", "b")));
    assertEquals("no class 'b' among [a, c]",
        assertThrows(IllegalArgumentException.class, () -> two.withLabels(List.of("a", "c"))).getMessage());
  }

  // ---------------------------------------------------------------- stratified splits

  private static int[] upTo(int n) {
    return IntStream.range(0, n).toArray();
  }

  private static int[] counts(int[] rows, int[] classes, int count) {
    int[] n = new int[count];
    for (int row : rows) n[classes[row]]++;
    return n;
  }

  private static int[] classesOfSizes(int... sizes) {
    return IntStream.range(0, sizes.length).flatMap(c -> IntStream.generate(() -> c).limit(sizes[c])).toArray();
  }

  @Property(tries = 300)
  void everyClassWithTwoRowsIsOnBothSidesOfAStratifiedSplit(
      @ForAll @Size(min = 2, max = 60) List<@IntRange(max = 6) Integer> drawn,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double fraction, @ForAll long seed) {
    int[] classes = drawn.stream().mapToInt(Integer::intValue).toArray();
    int n = classes.length;
    int[][] parts = Dataset.splitStratified(upTo(n), classes, fraction, seed, 0);
    assertArrayEquals(upTo(n), IntStream.concat(Arrays.stream(parts[0]), Arrays.stream(parts[1])).sorted().toArray());
    int[] all = counts(upTo(n), classes, 7), train = counts(parts[0], classes, 7), test = counts(parts[1], classes, 7);
    for (int c = 0; c < 7; c++) {
      if (all[c] == 0) continue;
      assertTrue(train[c] > 0, "training has every class");
      if (all[c] == 1) continue;
      assertTrue(test[c] > 0, "the test has every class of two rows or more");
      double share = all[c] * fraction;
      assertTrue(test[c] == 1 || test[c] == all[c] - 1 || Math.abs(test[c] - share) < 1, test[c] + " of " + share);
    }
  }

  @Test
  void aStratifiedSplitHoldsOutTheRequestedTotalWhereClassesAllowIt() {
    int[] classes = classesOfSizes(7, 13, 24, 56); // shares of 0.2: 1.4, 2.6, 4.8, 11.2
    int[][] parts = Dataset.splitStratified(upTo(100), classes, 0.2, 1, 0);
    assertArrayEquals(new int[] {1, 3, 5, 11}, counts(parts[1], classes, 4), "the largest remainders round up");
    int[] small = classesOfSizes(2, 2, 2, 2, 92); // one each of the small classes, and 18.4 of the last
    assertArrayEquals(new int[] {1, 1, 1, 1, 18},
        counts(Dataset.splitStratified(upTo(100), small, 0.2, 1, 0)[1], small, 5));
    int[] single = classesOfSizes(1, 1, 8);
    assertArrayEquals(new int[] {0, 0, 2},
        counts(Dataset.splitStratified(upTo(10), single, 0.2, 1, 0)[1], single, 3));
    assertArrayEquals(new int[] {0, 1}, Dataset.classesWithOneRow(upTo(10), single));
    assertArrayEquals(new int[] {2}, Dataset.classesWithOneRow(new int[] {9}, single));
    assertEquals(0, Dataset.splitStratified(upTo(10), single, 0, 1, 0)[1].length);
    assertEquals(0, Dataset.splitStratified(new int[0], single, 0.5, 1, 0)[1].length);
  }

  @Test
  void aStratifiedSplitOfOneClassIsThePlainSplit() {
    for (int level = 0; level < 2; level++) {
      int[][] plain = Dataset.splitRows(upTo(57), 0.3, 9, level);
      int[][] stratified = Dataset.splitStratified(upTo(57), new int[57], 0.3, 9, level);
      for (int part = 0; part < 2; part++) {
        assertArrayEquals(plain[part], stratified[part]);
      }
    }
  }

  @Test
  void aPartOfASplitIsDividedAgainByTheSameClasses() {
    int[] classes = classesOfSizes(20, 30);
    int[] part = IntStream.range(0, 50).filter(r -> r % 2 == 0).toArray(); // 10 and 15 rows
    int[][] again = Dataset.splitStratified(part, classes, 0.2, 3, 1);
    assertArrayEquals(new int[] {2, 3}, counts(again[1], classes, 2));
    assertTrue(Arrays.stream(again[1]).allMatch(r -> r % 2 == 0));
  }

  @Test
  void datasetsOfClassesAreSplitStratified() {
    double[] x = new double[40];
    for (int i = 0; i < x.length; i++) x[i] = i;
    int[] classes = classesOfSizes(30, 10);
    Dataset two = Dataset.classification(1, x, classes, List.of("a", "b"));
    for (Dataset d : List.of(two, two.oneHot(), two.withLabels(List.of("a", "b", "c")))) {
      Dataset.Split s = d.split(0.2, 1);
      assertArrayEquals(new int[] {6, 2}, counts(upTo(8), s.test().classes(), 2));
      assertArrayEquals(two.split(0.2, 1).test().x(), s.test().x());
    }
    Dataset numbers = Dataset.regression(1, x, 1, x);
    int[] plain = Dataset.splitRows(40, 0.2, 1)[1];
    assertArrayEquals(Arrays.stream(plain).asDoubleStream().toArray(), numbers.split(0.2, 1).test().x());
  }

  @Property(tries = 200)
  void foldsSpreadRowsAndClassesEvenly(
      @ForAll @Size(min = 5, max = 60) List<@IntRange(max = 4) Integer> drawn,
      @ForAll @IntRange(min = 2, max = 5) int k, @ForAll boolean stratified, @ForAll long seed) {
    int[] classes = drawn.stream().mapToInt(Integer::intValue).toArray();
    int n = classes.length, seen = 0;
    int[] all = counts(upTo(n), classes, 5);
    int[][][] folds = Dataset.folds(upTo(n), stratified ? classes : null, k, seed);
    assertEquals(k, folds.length);
    for (int[][] fold : folds) {
      assertArrayEquals(upTo(n), IntStream.concat(Arrays.stream(fold[0]), Arrays.stream(fold[1])).sorted().toArray());
      assertEquals((double) n / k, fold[1].length, 1 - 1e-9);
      int[] held = counts(fold[1], classes, 5);
      for (int c = 0; c < 5 && stratified; c++) assertEquals((double) all[c] / k, held[c], 1 - 1e-9);
      seen += fold[1].length;
    }
    assertEquals(n, seen);
    assertEquals(n, Arrays.stream(folds).flatMapToInt(f -> Arrays.stream(f[1])).distinct().count());
  }

  @Test
  void foldsNeedARowEach() {
    for (int k : new int[] {-1, 0, 1, 4}) {
      assertEquals("folds: expected 2 to 3, the number of rows, found " + k,
          assertThrows(IllegalArgumentException.class, () -> Dataset.folds(upTo(3), null, k, 1)).getMessage());
    }
    assertEquals(1, Dataset.folds(upTo(3), null, 3, 1)[2][1].length);
    int[] part = {7, 5, 3};
    assertArrayEquals(new int[] {3, 5, 7}, Arrays.stream(Dataset.folds(part, new int[8], 3, 1))
        .flatMapToInt(f -> Arrays.stream(f[1])).sorted().toArray());
  }

  // ---------------------------------------------------------------- weights

  @Test
  void weightsStayWithTheirRows() {
    double[] x = {1, 2, 3, 4, 5};
    Dataset two = Dataset.classification(1, x, new int[] {1, 0, 1, 0, 0}, List.of("a", "b"));
    assertNull(two.weights());
    Dataset d = two.withWeights(new double[] {10, 20, 30, 40, 50});
    assertArrayEquals(new double[] {50, 20}, d.select(new int[] {4, 1}).weights());
    assertArrayEquals(d.weights(), d.oneHot().weights());
    assertArrayEquals(d.weights(), d.withLabels(List.of("c", "b", "a")).weights());
    Dataset.Split s = d.split(0.4, 1);
    for (Dataset part : List.of(s.train(), s.test())) {
      for (int i = 0; i < part.rows(); i++) assertEquals(10 * part.x()[i], part.weights()[i]);
    }
    assertNull(d.withWeights(null).weights());
    assertEquals("5 rows, 1 input, 2 classes, weighted", d.toString());
  }

  @Test
  void weightsMustBeZeroOrOrdinaryAndNotAllZero() {
    Dataset d = Dataset.regression(1, new double[2], 1, new double[2]);
    assertEquals("expected 2 weights, found 1", refusal(d, 1));
    String expected = ": expected a weight of 0, or from 1.0E-100 to 1.0E100, found ";
    assertEquals("row 1" + expected + "-1.0", refusal(d, 1, -1));
    assertEquals("row 0" + expected + "NaN", refusal(d, Double.NaN, 1));
    assertEquals("row 1" + expected + "Infinity", refusal(d, 1, Double.POSITIVE_INFINITY));
    assertEquals("row 1" + expected + "1.0E-101", refusal(d, 1, 1e-101));
    assertEquals("all weights are 0; expected one > 0", refusal(d, 0, 0));
    Dataset part = d.withWeights(new double[] {0, 1}).select(new int[] {0});
    assertArrayEquals(new double[] {0}, part.weights(), "a selection may have weights of 0 only");
    assertEquals(0, d.select(new int[0]).withWeights(new double[0]).weights().length);
  }

  private static String refusal(Dataset d, double... w) {
    return assertThrows(IllegalArgumentException.class, () -> d.withWeights(w)).getMessage();
  }

  @Test
  void classWeightsMultiplyTheWeightsOfRows() {
    Dataset d = Dataset.classification(1, new double[3], new int[] {1, 0, 1}, List.of("a", "b"));
    double[] w = {0.5, 4};
    assertArrayEquals(new double[] {4, 0.5, 4}, d.withClassWeights(w).weights());
    assertArrayEquals(new double[] {4, 1, 12},
        d.withWeights(new double[] {1, 2, 3}).withClassWeights(w).weights());
    assertEquals("expected a weight for each of 2 classes, found 1", assertThrows(IllegalArgumentException.class,
        () -> d.withClassWeights(new double[1])).getMessage());
    assertThrows(IllegalArgumentException.class, () -> d.withClassWeights(new double[] {1, -1}));
    assertThrows(IllegalStateException.class,
        () -> Dataset.regression(1, new double[1], 1, new double[1]).withClassWeights(w));
  }

  @Test
  void balancedClassesHaveEqualSumsOfWeights() {
    int[] classes = classesOfSizes(6, 3, 0, 1);
    double[] w = Dataset.balancedClassWeights(classes, 4);
    assertEquals(10.0 / (3 * 6), w[0]);
    assertEquals(10.0 / (3 * 3), w[1]);
    assertEquals(1, w[2], "a class without rows");
    assertEquals(10.0 / 3, w[3]);
  }

  // ---------------------------------------------------------------- several labels

  @Test
  void aMultilabelProblemHasNamedOutputsOfZeroAndOne() {
    Dataset d = Dataset.multilabel(1, new double[] {1, 2}, 3, new double[] {0, 1, 1, 0, 0, 0}, List.of("a", "b", "c"));
    assertTrue(d.isMultilabel());
    assertFalse(d.isClassification());
    assertEquals(List.of("a", "b", "c"), d.labelNames());
    assertEquals(List.of(), d.labels());
    assertEquals("2 rows, 1 input, 3 labels", d.toString());
    assertTrue(d.select(new int[] {1}).isMultilabel());
    assertTrue(d.withWeights(new double[] {1, 2}).split(0.5, 1).test().isMultilabel());
    assertSame(d, d.oneHot());
    assertThrows(IllegalStateException.class, d::classes);
    assertFalse(Dataset.regression(1, new double[1], 1, new double[1]).isMultilabel());
    assertEquals("row 1, label 'b': expected 0 or 1, found 0.5", assertThrows(IllegalArgumentException.class,
        () -> Dataset.multilabel(1, new double[2], 2, new double[] {0, 1, 1, 0.5}, List.of("a", "b"))).getMessage());
    assertEquals("expected a name for each of 2 labels, found 1", assertThrows(IllegalArgumentException.class,
        () -> Dataset.multilabel(1, new double[1], 2, new double[2], List.of("a"))).getMessage());
  }
}
