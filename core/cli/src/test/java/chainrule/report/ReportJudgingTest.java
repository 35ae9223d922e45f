// SPDX-License-Identifier: MIT
package chainrule.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Generators;
import chainrule.data.InputColumn;
import chainrule.data.Target;
import chainrule.io.Calibration;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.train.History;
import chainrule.train.Trainer;
import chainrule.train.TrainingDiagnostics;
import chainrule.train.TrainingListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sections that judge a model: curves of probabilities, reliability, thresholds, importance, the baseline. */
class ReportJudgingTest {

  private static String page(double threshold) {
    Dataset.Split moons = Generators.MOONS.generate(300, 1).split(0.3, 1);
    Network net = Network.input(2).dense(8, new Relu()).dense(1, new Sigmoid()).build(1);
    History history = Trainer.of(net).fit(moons.train(), moons.test(), 5);
    Model model = new Model(net, Generators.MOONS.encoding(), Map.of())
        .withCalibration(new Calibration(threshold, List.of()));
    return Report.of(model, history, moons.train()).test(moons.test()).title("moons").html();
  }

  @Test
  void aReportOfTwoClassesDrawsTheBaselineAndJudgesTheProbabilities() {
    String page = page(Double.NaN);
    for (String part : List.of("majority class", "ROC curve", "Precision and recall", "Reliability",
        "Expected calibration error ", "The dotted line is the threshold of the model, 0.5", "Importance of columns",
        "on Java ")) {
      assertTrue(page.contains(part), part);
    }
    assertFalse(page.contains("NaN"), page);
    assertEquals(page.replaceAll("[0-9.]+ (s|ms)<", ""), page(Double.NaN).replaceAll("[0-9.]+ (s|ms)<", ""));
  }

  @Test
  void columnsAreRankedByTheLogLossOfProbabilitiesElseByTheScore() {
    Dataset data = Generators.MOONS.generate(60, 1);
    String end = " if the values of a column are permuted among the rows, on 60 test rows: ";
    for (boolean probabilities : new boolean[] {true, false}) {
      Network net = Network.input(2).dense(1, probabilities ? new Sigmoid() : new Linear()).build(1);
      Html h = new Html();
      ImportanceSection.write(h,
          EvaluatedRows.of(new Model(net, Generators.MOONS.encoding(), Map.of()), data, data));
      assertTrue(h.toString().contains(
          (probabilities ? "The rise of the log loss" : "The drop of accuracy") + end), h.toString());
    }
    // a model that is sure of the frequent class: the accuracy does not change, the log loss does
    double[] x = new double[80];
    int[] classes = new int[40];
    for (int i = 0; i < 40; i++) {
      classes[i] = i % 8 == 0 ? 1 : 0;
      x[2 * i] = classes[i];
      x[2 * i + 1] = i % 5;
    }
    Dataset rare = Dataset.classification(2, x, classes, List.of("no", "yes"));
    Network net = Network.input(2).dense(1, new Sigmoid()).build(1);
    double[] w = net.parameters();
    w[0] = 1;
    w[1] = 0;
    w[2] = -2;
    Encoding e = new Encoding(Encoding.plain(2, 1).inputColumns(), Target.classes("y", List.of("no", "yes")));
    Html h = new Html();
    ImportanceSection.write(h, EvaluatedRows.of(new Model(net, e, Map.of()), rare, rare));
    String rows = h.toString().substring(h.toString().indexOf("<tbody>"));
    String first = rows.substring(0, rows.indexOf("</tr>")), second = rows.substring(rows.indexOf("</tr>") + 5);
    assertTrue(first.contains(">" + e.inputColumns().get(0).name() + "<") && first.contains("--s:1.000"), rows);
    assertFalse(first.contains(">0.0000 "), rows);
    assertTrue(second.contains(">0.0000 ± 0.0000<"), rows);
  }

  @Test
  void theThresholdOfTheModelIsMarked() {
    assertTrue(page(0.25).contains("The dotted line is the threshold of the model, 0.25"));
  }

  private static String measured(int epochs, int patience) {
    Dataset.Split moons = Generators.MOONS.generate(300, 1).split(0.3, 1);
    Dataset.Split parts = moons.train().split(0.2, 2);
    Network net = Network.input(2).dense(8, new Relu()).dense(1, new Sigmoid()).build(1);
    TrainingDiagnostics d =
        new TrainingDiagnostics(net, new BinaryCrossEntropy(), Regularization.NONE, parts.train(), 1);
    History history = Trainer.of(net).stopEarly(parts.test(), patience).listener(d).fit(parts.train(), epochs);
    return Report.of(new Model(net, Generators.MOONS.encoding(), Map.of()), history, parts.train())
        .test(moons.test()).networks(List.of(history), List.of(d)).html();
  }

  @Test
  void measurementsAreCurvesOfTheTrainingAndOfEachLayer() {
    String page = measured(6, 6);
    WellFormed.check(page);
    for (String part : List.of("measured after each epoch on the 168 training rows.", "layer 1: 8 relu",
        "layer 2: 1 sigmoid", "Weights by epoch, 6 epochs", "Gradients by epoch, 6 epochs", "majority class",
        "after the epoch on the 168 training rows")) {
      assertTrue(page.contains(part), part);
    }
    assertEquals(page.replaceAll("[0-9.]+ s<", ""), measured(6, 6).replaceAll("[0-9.]+ s<", ""));
    assertFalse(page(Double.NaN).contains("measured after each epoch"));
  }

  /** The first of three epochs was trained before a resumption: it is a gap in the measured curves. */
  @Test
  void aResumedRunSaysThatEarlierEpochsWereNotMeasured() {
    Dataset data = Generators.MOONS.generate(40, 1);
    Network net = Network.input(2).dense(1, new Sigmoid()).build(1);
    TrainingDiagnostics d = new TrainingDiagnostics(net, new BinaryCrossEntropy(), Regularization.NONE, data, 1);
    History history = Trainer.of(net).listener(new TrainingListener() {
      @Override public void onEpoch(History.Epoch e) {
        if (e.number() > 1) d.onEpoch(e);
      }
    }).fit(data, 3);
    String page = Report.of(new Model(net, Generators.MOONS.encoding(), Map.of()), history, data)
        .networks(List.of(history), List.of(d)).html();
    assertTrue(page.contains("The run was resumed; the epochs before were not measured."), page);
    assertFalse(page.contains("NaN"));
  }

  /** Two networks, of which the first ends after epoch 2 with the weights of epoch 1. */
  @Test
  void anEnsembleHasTheRangeOfItsNetworks() {
    History a = history(new double[] {4, 6}, 1), b = history(new double[] {2, 8, 6}, 3);
    NetworkCurves.Curve c = new NetworkCurves(List.of(a, b), List.of()).of(History.Epoch::trainLoss);
    assertArrayEquals(new double[] {3, 6, 5}, c.mean());
    assertArrayEquals(new double[] {2, 4, 4}, c.low());
    assertArrayEquals(new double[] {4, 8, 6}, c.high());
    Html h = new Html();
    EpochChart chart = new EpochChart(b, new NetworkCurves(List.of(a, b), List.of()), "Loss");
    chart.line("training", "k0", c.mean(), c);
    chart.write(h, 300, null, Axis.within(0, 8, 4));
    // the upper line to the right, the lower one back
    assertTrue(h.toString().contains("<path class=\"area k0\" d=\"M"), h.toString());
    assertEquals(2, h.toString().split("v-9", -1).length - 1, "the kept epochs");
  }

  private static History history(double[] losses, int kept) {
    List<History.Epoch> epochs = new ArrayList<>();
    for (double loss : losses) epochs.add(new History.Epoch(epochs.size() + 1, loss, null, null, 0.1, 0));
    return new History(epochs, History.End.STOPPED_EARLY, kept);
  }

  @Test
  void thereMustBeAHistoryOfEachNetwork() {
    Dataset data = Generators.MOONS.generate(40, 1);
    Network net = Network.input(2).dense(1, new Sigmoid()).build(1);
    History h = history(new double[] {1}, 1);
    Report r = Report.of(new Model(net, Generators.MOONS.encoding(), Map.of()), h, data);
    assertThrows(IllegalArgumentException.class, () -> r.networks(List.of(h, h), List.of()));
  }

  /** The scores of label a rank its positive rows first, those of b last; c has no negative rows. */
  @Test
  void eachLabelHasItsCurves() {
    double[] yhat = {0.9, 0.1, 0.5, 0.8, 0.2, 0.5, 0.3, 0.7, 0.5, 0.2, 0.9, 0.5};
    double[] y = {1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 1};
    Dataset data = Dataset.multilabel(3, yhat, 3, y, List.of("a", "b", "c"));
    Network net = Network.input(3).dense(3, new Linear()).build(1); // the identity
    for (int i = 0; i < 12; i++) net.parameters()[i] = i < 9 && i % 4 == 0 ? 1 : 0;
    Encoding e = new Encoding(Encoding.plain(3, 3).inputColumns(),
        Target.multilabel(data.labelNames(), Collections.nCopies(3, List.of("no", "yes"))));
    Html h = new Html();
    ProbabilitySection.write(h, EvaluatedRows.of(new Model(net, e, Map.of()), data, data));
    String page = h.toString();
    assertTrue(page.contains("Each label by itself.") && page.contains("All labels together."), page);
    assertTrue(page.contains("a: AUC 1.00") && page.contains("b: AUC 0<"), page);
    assertFalse(page.contains("c: AUC") || page.contains(">Threshold<"), page);
  }

  @Test
  void anEmptyCategoryIsNamed() {
    Encoding e = new Encoding(List.of(InputColumn.categories("city", List.of("", "Rome"), false)),
        Target.classes("y", List.of("no", "yes")));
    Network net = Network.input(2).dense(1, new Sigmoid()).build(1);
    Html h = new Html();
    NetworkSection.write(h, new Model(net, e, Map.of()));
    assertTrue(h.toString().contains("2 categories: (empty), Rome"), h.toString());
  }
}
