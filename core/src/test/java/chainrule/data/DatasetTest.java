package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
  void aSplitHoldsEveryRowOnce(
      @ForAll @IntRange(min = 2, max = 500) int n, @ForAll @DoubleRange(max = 0.99) double fraction, @ForAll long seed) {
    int[][] parts = Dataset.splitRows(n, fraction, seed);
    boolean[] met = new boolean[n];
    for (int[] part : parts) {
      for (int row : part) {
        assertTrue(!met[row]);
        met[row] = true;
      }
    }
    assertEquals(n, parts[0].length + parts[1].length);
    assertTrue(parts[0].length >= 1);
    assertEquals(n * fraction, parts[1].length, 1);
  }

  @Test
  void aSplitDependsOnTheSeedAlone() {
    assertArrayEquals(Dataset.splitRows(50, 0.2, 1)[1], Dataset.splitRows(50, 0.2, 1)[1]);
    assertTrue(!java.util.Arrays.equals(Dataset.splitRows(50, 0.2, 1)[1], Dataset.splitRows(50, 0.2, 2)[1]));
    assertEquals(0, Dataset.splitRows(50, 0, 1)[1].length);
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Dataset.regression(2, new double[5], 1, new double[2]));
    assertThrows(IllegalArgumentException.class,
        () -> Dataset.classification(1, new double[1], new int[] {2}, List.of("a", "b")));
    assertThrows(IllegalArgumentException.class, () -> Dataset.classification(1, new double[1], new int[1], List.of("a")));
    assertThrows(IllegalArgumentException.class, () -> Dataset.splitRows(10, 1, 1));
  }

  @Test
  void generatorsAreBalancedSeededAndInRange() {
    for (Generators g : Generators.values()) {
      Dataset d = g.generate(200, 7), again = g.generate(200, 7), other = g.generate(200, 8);
      assertArrayEquals(d.x(), again.x());
      assertTrue(!java.util.Arrays.equals(d.x(), other.x()));
      // a longer run begins with the same examples
      Dataset longer = g.generate(300, 7);
      for (int i = 0; i < d.x().length; i++) assertEquals(d.x()[i], longer.x()[i]);
      for (double v : d.x()) assertTrue(Math.abs(v) < 3);
      double[] counts = new double[d.outputs()];
      for (int i = 0; i < d.y().length; i++) counts[i % d.outputs()] += d.y()[i];
      for (double c : counts) assertEquals(200.0 / d.labels().size(), c, 1);
    }
  }

  @Test
  void digitsAreInkOnPaper() {
    Dataset d = Generators.DIGITS.generate(100, 1);
    assertEquals(784, d.inputs());
    for (int i = 0; i < 100; i++) {
      double ink = 0;
      for (int p = 0; p < 784; p++) {
        double v = d.x()[i * 784 + p];
        assertTrue(v >= 0 && v <= 1);
        ink += v;
      }
      assertTrue(ink > 30 && ink < 350, "picture " + i + " has ink " + ink);
    }
  }
}
