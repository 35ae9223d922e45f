package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.data.Encoding.Task;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EncodingTest {
  private static final Table TABLE = Csv.parse("f", """
      size,colour,constant,price
      1,red,5,10
      3,blue,5,30
      5,red,5,50
      9,green,5,70
      """);

  @Test
  void standardisesWithTheTrainingRowsAloneAndMakesOneHotColumns() {
    Encoding e = Encoding.fit(TABLE, 3, Set.of(), Task.REGRESS, new int[] {0, 1, 2});
    Dataset d = e.encode(TABLE, new int[] {0, 1, 2, 3});
    // size: mean 3, deviation √(8/3); colours blue, red (green was not seen); constant: 0
    double s = Math.sqrt(8 / 3.0), p = Math.sqrt(800 / 3.0);
    assertEquals(4, d.inputs());
    assertArrayEquals(new double[] {-2 / s, 0, 1, 0, 0, 1, 0, 0, 2 / s, 0, 1, 0, 6 / s, 0, 0, 0}, d.x(), 1e-15);
    assertArrayEquals(new double[] {-20 / p, 0, 20 / p, 40 / p}, d.y(), 1e-15);
    assertEquals(p, e.target().deviation(), 1e-13);
  }

  @Test
  void classesAreSortedAndBecomeOneHotOrASingleColumn() {
    Encoding e = Encoding.fit(TABLE, 1, Set.of(2), Task.CLASSIFY, new int[] {0, 1, 2, 3});
    Dataset d = e.encode(TABLE, new int[] {0, 1, 2, 3});
    assertEquals(List.of("blue", "green", "red"), d.labels());
    assertArrayEquals(new double[] {0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0}, d.y());
    Table two = Csv.parse("f", "x,y\n1,10\n2,9\n3,10\n");
    Dataset binary = Encoding.fit(two, 1, Set.of(), Task.CLASSIFY, new int[] {0, 1, 2}).encode(two, new int[] {0, 1, 2});
    assertEquals(List.of("9", "10"), binary.labels());
    assertArrayEquals(new double[] {1, 0, 1}, binary.y());
    assertArrayEquals(new double[] {0, 1, 1, 0, 0, 1}, binary.oneHot().y());
  }

  @Test
  void hugeValuesAreStandardisedWithoutOverflow() {
    Table t = Csv.parse("f", "x,y\n1e300,1\n-1e300,2\n1e300,3\n");
    Dataset d = Encoding.fit(t, 1, Set.of(), Task.REGRESS, new int[] {0, 1, 2}).encode(t, new int[] {0, 1, 2});
    for (double v : d.x()) assertEquals(true, Double.isFinite(v), "finite: " + v);
  }

  @Test
  void guessesTheTaskFromTheTarget() {
    assertEquals(Task.CLASSIFY, Encoding.guessTask(TABLE, 1));
    assertEquals(Task.REGRESS, Encoding.guessTask(TABLE, 3));
    StringBuilder s = new StringBuilder("x,y\n");
    for (int i = 0; i < 40; i++) s.append(i * 0.5).append(',').append(i % 2).append('\n');
    assertEquals(Task.CLASSIFY, Encoding.guessTask(Csv.parse("f", s.toString()), 1));
    assertEquals(Task.REGRESS, Encoding.guessTask(Csv.parse("f", s.toString()), 0));
  }

  @Test
  void everyMistakeNamesItsPlace() {
    refused("f, line 4, column 'x': expected a number as in the rest of this column, got 'abc'",
        "x,y\n1,2\n3,4\nabc,6\n", 1, Task.REGRESS);
    refused("f, line 3, column 'x': empty, where this column holds numbers; fill it in, delete the line, or leave the "
        + "column out with --drop", "x,y\n1,2\n,4\n5,6\n", 1, Task.REGRESS);
    refused("f, line 2, column 'x': '1e999' is too large for a number", "x,y\n1e999,2\n2,4\n", 1, Task.REGRESS);
    refused("f, line 3, column 'y': empty, where each line needs its class; fill it in or delete the line",
        "x,y\n1,a\n2,\n3,b\n", 1, Task.CLASSIFY);
    refused("f: every row of the target 'y' is 'a'; a classification needs two classes or more",
        "x,y\n1,a\n2,a\n", 1, Task.CLASSIFY);
    refused("f: every row of the target 'y' is '7'; a classification needs two classes or more, and numbers are predicted "
        + "with --task regress", "x,y\n1,7\n2,7\n", 1, Task.CLASSIFY);
    refused("f: the target 'y' has the class '1', and the same number as '1.0'; write it in one way",
        "x,y\n1,1\n2,0\n3,1.0\n4,0\n", 1, Task.CLASSIFY);
    refused("f: no input column is left beside the target 'x'", "x\n1\n2\n", 0, Task.REGRESS);
    StringBuilder ids = new StringBuilder("id,y\n");
    for (int i = 0; i < 60; i++) ids.append("n").append(i).append(',').append(i).append('\n');
    refused("f: column 'id' holds 60 different texts in 60 rows, too many for categories; leave it out with --drop id",
        ids.toString(), 1, Task.REGRESS);
  }

  private static void refused(String message, String csv, int target, Task task) {
    Table t = Csv.parse("f", csv);
    int[] rows = new int[t.rows().size()];
    for (int i = 0; i < rows.length; i++) rows[i] = i;
    assertEquals(message,
        assertThrows(DataException.class, () -> Encoding.fit(t, target, Set.of(), task, rows)).getMessage());
  }
}
