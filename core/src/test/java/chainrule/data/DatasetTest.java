// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
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
    assertTrue(!java.util.Arrays.equals(Dataset.splitRows(50, 0.2, 1)[1], Dataset.splitRows(50, 0.2, 2)[1]));
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
}
