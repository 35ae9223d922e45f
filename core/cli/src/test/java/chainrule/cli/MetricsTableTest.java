// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.train.ConfusionMatrix;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The tables of classes on the command line, compared with hand-counted results. */
class MetricsTableTest {

  private static List<String> lines(BiConsumer<PrintStream, ConfusionMatrix> table, ConfusionMatrix c) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    table.accept(new PrintStream(out, true, StandardCharsets.UTF_8), c);
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void rowsAreTheTrueClassesAndColumnsThePredictedOnes() {
    ConfusionMatrix c = new ConfusionMatrix(List.of("cat", "big dog"), new long[] {8, 1, 4000, 20});
    assertEquals(List.of("",
        "confusion matrix (a row for each true class, a column for each predicted class)",
        "             cat  big dog",
        "cat            8        1",
        "big dog    4,000       20"), lines(MetricsTable::printConfusionMatrix, c));
    assertEquals(List.of(
        "class        rows  precision  recall      F1",
        "cat             9      0.002   0.889   0.004",
        "big dog     4,020      0.952   0.005   0.010"), lines(MetricsTable::printClassMetrics, c));
  }

  @Test
  void anUndefinedRatioIsADash() {
    ConfusionMatrix c = new ConfusionMatrix(List.of("a", "b", "c"), new long[] {3, 0, 0, 2, 0, 0, 0, 0, 0});
    assertEquals(List.of(
        "class      rows  precision  recall      F1",
        "a             3      0.600   1.000   0.750",
        "b             2          –   0.000   0.000",
        "c             0          –       –       –"), lines(MetricsTable::printClassMetrics, c));
  }

  /** Each class has 20 rows, some correct and the others predicted as the last class; the last two have no rows. */
  @Test
  void ofManyClassesThoseWithTheLowestF1AreListedAndNoAbsentOnes() {
    int n = 23;
    List<String> labels = new ArrayList<>();
    long[] counts = new long[n * n];
    for (int c = 0; c < n; c++) {
      labels.add("c" + c);
      if (c >= n - 2) continue;
      int right = (c * 8 + 3) % 21; // not in the order of the classes
      counts[c * n + c] = right;
      counts[c * n + n - 1] = 20 - right;
    }
    List<String> lines = lines(MetricsTable::printClassMetrics, new ConfusionMatrix(labels, counts));
    assertEquals(22, lines.size());
    assertEquals("(the 20 of 23 classes with the lowest F1)", lines.get(21));
    double before = -1;
    for (String line : lines.subList(1, 21)) {
      double f1 = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      assertTrue(f1 >= before, line);
      before = f1;
    }
    assertTrue(lines.stream().noneMatch(l -> l.startsWith("c21 ")), "c21 neither occurs nor is predicted");
    assertTrue(lines.stream().anyMatch(l -> l.startsWith("c22 ")), "c22 is predicted but does not occur");
    // F1 = 2r / (r + 20) for a class with r correct rows; the two best of 22 are omitted, those with 19 and 20
    assertEquals(36 / 38.0, before, 5.1e-4);
  }

  @Test
  void theConfusionMatrixIsPrintedForAtMostTenClasses() {
    for (int n : new int[] {2, 10, 11}) {
      List<String> labels = new ArrayList<>();
      for (int c = 0; c < n; c++) labels.add("c" + c);
      assertEquals(n > 10 ? 0 : n + 3,
          lines(MetricsTable::printConfusionMatrix, new ConfusionMatrix(labels, new long[n * n])).size());
    }
  }
}
