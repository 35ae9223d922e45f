// SPDX-License-Identifier: MIT
package chainrule.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Generators;
import chainrule.io.Calibration;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.train.History;
import chainrule.train.Trainer;
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
  void theThresholdOfTheModelIsMarked() {
    assertTrue(page(0.25).contains("The dotted line is the threshold of the model, 0.25"));
  }

  @Test
  void anEmptyCategoryIsNamed() {
    Encoding e = new Encoding(List.of(Encoding.Input.categories("city", List.of("", "Rome"), false)),
        Encoding.Target.classes("y", List.of("no", "yes")));
    Network net = Network.input(2).dense(1, new Sigmoid()).build(1);
    Html h = new Html();
    NetworkSection.write(h, new Model(net, e, Map.of()));
    assertTrue(h.toString().contains("2 categories: (empty), Rome"), h.toString());
  }
}
