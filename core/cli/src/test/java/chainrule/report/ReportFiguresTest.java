// SPDX-License-Identifier: MIT
package chainrule.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Target;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.History.End;
import chainrule.train.History.Epoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The numbers in a report, compared with hand-counted ones. A network that returns its input gives any prediction. */
class ReportFiguresTest {

  private static Network identity(int n) {
    Network net = Network.input(n).dense(n, new Linear()).build(1);
    for (int i = 0; i < net.parameters().length; i++) net.parameters()[i] = i < n * n && i % (n + 1) == 0 ? 1 : 0;
    return net;
  }

  /** Returns rows for which the identity network has this confusion matrix [true class][predicted class]. */
  private static Dataset counted(List<String> labels, int[][] counts) {
    int n = labels.size();
    List<int[]> pairs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int r = 0; r < counts[i][j]; r++) pairs.add(new int[] {i, j});
      }
    }
    double[] x = new double[pairs.size() * n];
    int[] y = new int[pairs.size()];
    for (int r = 0; r < y.length; r++) {
      y[r] = pairs.get(r)[0];
      x[r * n + pairs.get(r)[1]] = 1;
    }
    return Dataset.classification(n, x, y, labels);
  }

  private static EvaluatedRows results(Encoding encoding, Dataset data) {
    return EvaluatedRows.of(new Model(identity(data.inputs()), encoding, Map.of()), data, data);
  }

  private static String classes(List<String> labels, int[][] counts) {
    return classes(labels, counts, 0);
  }

  private static String classes(List<String> labels, int[][] counts, int majority) {
    Html h = new Html();
    ClassificationSection.write(h, results(Encoding.plain(labels.size(), labels), counted(labels, counts)), majority);
    return h.toString();
  }

  /** Returns the contents of the cells of a table row. */
  private static List<String> cells(String row) {
    List<String> cells = new ArrayList<>();
    Matcher m = Pattern.compile("<(td|th)[^>]*>(.*?)</\\1>").matcher(row);
    while (m.find()) cells.add(m.group(2));
    return cells;
  }

  private static List<List<String>> rows(String html, String table) {
    List<List<String>> rows = new ArrayList<>();
    String body = html.split("<table class=\"" + table, 2)[1].split("<tbody>")[1].split("</tbody>")[0];
    for (String row : body.split("<tr>")) if (row.contains("<td")) rows.add(cells(row));
    return rows;
  }

  @Test
  void rowsOfTheConfusionMatrixAreTheTrueClassesAndColoredByTheirFraction() {
    String html = classes(List.of("cat", "dog", "cow"), new int[][] {{8, 1, 0}, {4, 0, 0}, {3, 0, 1}});
    assertEquals(List.of(List.of("cat", "8", "1", "0"), List.of("dog", "4", "0", "0"), List.of("cow", "3", "0", "1")),
        rows(html, "confusion"));
    // 4 of 4 dogs were called cats, 1 of 9 cats a dog: 0.25 + 1.5 · share, at most 1. Hits have 0.12 + 0.88 · share.
    assertTrue(html.contains("<td class=\"miss strong\" style=\"--s:1.00\">4</td>"), html);
    assertTrue(html.contains("<td class=\"miss\" style=\"--s:0.42\">1</td>"), html);
    assertTrue(html.contains("<td class=\"hit\" style=\"--s:0.90\">8</td>"), html);
    assertTrue(html.contains("<td class=\"hit\" style=\"--s:0.34\">1</td>"), html);
    assertTrue(html.contains("Always predicting “cat” would be correct for 52.9 % of the rows."), html); // 9 of 17
  }

  @Test
  void theMajorityClassIsThatOfTheTrainingRows() {
    String html = classes(List.of("cat", "dog", "cow"), new int[][] {{8, 1, 0}, {4, 0, 0}, {3, 0, 1}}, 1);
    assertTrue(html.contains("Always predicting “dog” would be correct for 23.5 % of the rows."), html); // 4 of 17
  }

  @Test
  void eachClassHasItsPrecisionAndRecall() {
    String html = classes(List.of("cat", "dog", "cow"), new int[][] {{8, 1, 0}, {4, 0, 0}, {3, 0, 1}});
    assertEquals(List.of(List.of("cat", "0.533", "0.889", "0.667", "9"), List.of("dog", "0.000", "0.000", "0.000", "4"),
        List.of("cow", "1.000", "0.250", "0.400", "4")), rows(html, "list"));
    assertTrue(html.contains("over all classes, is 0.356."), html); // (2/3 + 0 + 2/5) / 3
  }

  /** 25 classes of 30 rows: a different number of them is correct, the others are predicted as the next class. */
  @Test
  void ofManyClassesTheWorstAndTheMostFrequentMistakesAreListed() {
    int n = 25;
    List<String> labels = new ArrayList<>();
    int[][] counts = new int[n][n];
    for (int c = 0; c < n; c++) {
      labels.add("c" + (char) ('a' + c));
      int at = c * 7 % n; // not in the order of the classes
      counts[at][at] = c;
      counts[at][(at + 1) % n] = 30 - c;
    }
    String html = classes(labels, counts);
    String[] tables = html.split("<table class=\"list\"");
    assertEquals(3, tables.length);
    List<List<String>> pairs = rows("<table class=\"list\"" + tables[1], "list");
    List<List<String>> weakest = rows("<table class=\"list\"" + tables[2], "list");
    assertEquals(20, pairs.size());
    for (int i = 0; i < 20; i++) {
      int at = i * 7 % n;
      assertEquals(List.of(labels.get(at), labels.get((at + 1) % n), "" + (30 - i)), pairs.get(i), "mistake " + i);
    }
    double[] f1 = new double[n];
    for (int c = 0; c < n; c++) {
      int right = counts[c][c], predicted = right + counts[(c + n - 1) % n][c];
      f1[c] = 2.0 * right / (predicted + 30);
    }
    double before = -1;
    List<String> listed = new ArrayList<>();
    for (List<String> row : weakest) {
      int c = labels.indexOf(row.get(0));
      assertEquals(f1[c], Double.parseDouble(row.get(3)), 5.1e-4, row.toString());
      assertTrue(f1[c] >= before, "F1 must increase: " + row);
      before = f1[c];
      listed.add(row.get(0));
    }
    assertEquals(20, listed.size());
    for (String label : labels) assertTrue(listed.contains(label) || f1[labels.indexOf(label)] >= before, label);
  }

  @Test
  void everyTargetHasItsTrueAndPredictedValues() {
    Encoding e = new Encoding(Encoding.plain(3, 3).inputColumns(),
        new Target(List.of("u", "v", "w"), List.of(), 100, 8));
    Dataset data = Dataset.regression(3, new double[] {1, 2, 3, 4, 5, 6}, 3, new double[] {-1, 0, 1, 0.5, 2, 3});
    EvaluatedRows r = results(e, data);
    double[][] truths = {{92, 104}, {100, 116}, {108, 124}}, predicted = {{108, 132}, {116, 140}, {124, 148}};
    for (int j = 0; j < 3; j++) {
      assertArrayEquals(truths[j], r.trueValues(j));
      assertArrayEquals(predicted[j], r.predicted(j));
    }
    // errors 2 2 2 3.5 3 3 in units of 8
    assertEquals(15.5 / 6 * 8, r.errors().mae(), 1e-13);
    assertEquals(Math.sqrt((3 * 4 + 12.25 + 9 + 9) / 6) * 8, r.errors().rmse(), 1e-13);
  }

  /** Residuals −9 −1 1 2 4: their median is 1, the median of their absolute values 2. */
  @Test
  void mediansOfResidualsAreShown() {
    Dataset data = Dataset.regression(1, new double[] {1, 1, 1, 1, 1}, 1, new double[] {0, -1, 10, -3, 2});
    Html h = new Html();
    RegressionSection.write(h, results(Encoding.plain(1, 1), data));
    String said = "Half of the absolute residuals are below 2.00; the median residual is 1.00.";
    assertTrue(h.toString().contains(said), h.toString());
  }

  /** Each dot is a row: of 3,000 rows half are drawn, evenly spaced. */
  @Test
  void ofManyRowsAnEvenSampleIsDrawn() {
    int n = 3000;
    double[] x = new double[n];
    for (int i = 0; i < n; i++) x[i] = i;
    Html h = new Html();
    RegressionSection.write(h, results(Encoding.plain(1, 1), Dataset.regression(1, x, 1, x.clone())));
    List<Double> places = new ArrayList<>();
    for (String layer : h.toString().split("<path class=\"cloud\" d=\"")) {
      Matcher m = Pattern.compile("M([0-9.]+) [0-9.]+h0").matcher(layer.split("\"")[0]);
      while (m.find()) places.add(Double.parseDouble(m.group(1)));
    }
    assertEquals(1500, places.size());
    places.sort(null);
    Matcher line = Pattern.compile("<path class=\"mark\" d=\"M0 [0-9.]+L([0-9.]+) 0\"").matcher(h.toString());
    assertTrue(line.find());
    double low = places.get(0), width = Double.parseDouble(line.group(1)); // both ends have this margin
    for (int q = 1; q <= 4; q++) {
      double expected = low + (width - 2 * low) * q / 4;
      assertEquals(expected, places.get(Math.min(1499, 1500 * q / 4)), width / 50, "quarter " + q);
    }
  }

  @Test
  void theMostConfidentMistakesAreShownFirst() {
    double[] sure = {0.6, 0.9, 0.7, 0.95, 0.8};
    double[] x = new double[20];
    for (int i = 0; i < 5; i++) x[4 * i + i % 2] = sure[i]; // predicted as class 0 or 1, although all are 2 or 3
    Dataset data = Dataset.classification(4, x, new int[] {2, 2, 3, 3, 2}, List.of("0", "1", "2", "3"));
    Html h = new Html();
    MistakenImagesSection.write(h, results(Encoding.pixels(2, 2, data.labels()), data));
    List<String> shown = new ArrayList<>();
    Matcher m = Pattern.compile("<b>([^<]*)</b> ([0-9.]+ %)").matcher(h.toString());
    while (m.find()) shown.add(m.group(1) + " " + m.group(2));
    assertEquals(List.of("3 → 1 95.0 %", "2 → 1 90.0 %", "2 → 0 80.0 %", "3 → 0 70.0 %", "2 → 0 60.0 %"), shown);
  }

  private static Epoch epoch(int number, Evaluation validation, Evaluation test) {
    return new Epoch(number, 1.0 / number, validation, test, 0.01, number);
  }

  private static Evaluation accuracy(double loss, double accuracy) {
    return new Evaluation(loss, accuracy, Double.NaN, Double.NaN, Double.NaN);
  }

  private static String curves(List<Epoch> epochs, int kept) {
    List<String> labels = List.of("a", "b", "c");
    Html h = new Html();
    History history = new History(epochs, End.STOPPED_EARLY, kept);
    TrainingSection.write(h, history, new NetworkCurves(List.of(history), List.of()),
        results(Encoding.plain(3, labels), counted(labels, new int[][] {{8, 1, 0}, {4, 0, 0}, {3, 0, 1}})), Double.NaN);
    return h.toString();
  }

  @Test
  void theCurvesMarkTheKeptEpochAndTheLowestValidationLoss() {
    List<Epoch> epochs = new ArrayList<>();
    for (int i = 1; i <= 6; i++) {
      epochs.add(epoch(i, accuracy(0.5 + Math.abs(i - 3) / 8.0, 0.5), accuracy(0.25 / i, 0.1 * i)));
    }
    String html = curves(epochs, 3);
    assertTrue(html.contains("Dot: the lowest validation loss, 0.500 in epoch 3; after the last epoch 0.875."), html);
    assertTrue(html.contains("Test accuracy 30.0 % in epoch 3, which was kept."), html);
    assertTrue(html.contains("The dotted line marks epoch 3"), html);
  }

  /** As in a run that was resumed without its test rows. */
  @Test
  void untestedEpochsMayFollowTestedOnes() {
    List<Epoch> epochs = List.of(epoch(1, null, accuracy(0.5, 0.75)), epoch(2, null, null));
    String html = curves(epochs, 2);
    assertTrue(html.contains("Accuracy") && !html.contains("Test accuracy"), html);
  }
}
