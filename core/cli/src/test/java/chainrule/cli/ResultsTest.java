// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Target;
import chainrule.io.Json;
import chainrule.metrics.TrivialBaseline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures that {@code train} and {@code evaluate} show, and their warnings. */
class ResultsTest {
  @TempDir Path directory;

  private static Results of(double[] yhat, int[] classes, double threshold) {
    Dataset rows = Dataset.classification(1, new double[classes.length], classes, List.of("no", "yes"));
    Dataset train = Dataset.classification(1, new double[4], new int[] {0, 0, 0, 1}, List.of("no", "yes"));
    return Results.of(yhat, rows, Target.classes("bought", List.of("no", "yes")), TrivialBaseline.of(train), threshold);
  }

  private static Map<String, Object> json(Results r) {
    Map<String, Object> json = new LinkedHashMap<>();
    r.put(json, "");
    return json;
  }

  @Test
  void figuresOfTwoClassesStandNextToThoseOfTheTrainingFrequencies() {
    Results r = of(new double[] {0.1, 0.6, 0.8, 0.3}, new int[] {0, 0, 1, 1}, Double.NaN);
    assertEquals("accuracy 0.5000 (2 of 4 correct), majority class 0.5000, loss 0.7000", r.headline(0.7));
    Map<String, Object> json = json(r);
    assertEquals(-(Math.log(0.9) + Math.log(0.4) + Math.log(0.8) + Math.log(0.3)) / 4, (double) json.get("log_loss"),
        1e-15);
    assertEquals((0.01 + 0.36 + 0.04 + 0.49) / 4, (double) json.get("brier"), 1e-15);
    assertEquals(0.75, json.get("roc_auc")); // of four pairs, 0.3 < 0.6 is in the wrong order
    assertEquals("ROC AUC 0.7500, average precision 0.8333 of 'yes', balanced accuracy 0.5000, macro F1 0.5000",
        r.details().get(1)); // 0.8 has a precision of 1, 0.3 one of ⅔, each adds a recall of ½
    assertEquals("no", json.get("baseline_class"));
    assertEquals(-(Math.log(0.75) + Math.log(0.25)) / 2, (double) json.get("baseline_log_loss"), 1e-15);
    Map<?, ?> yes = (Map<?, ?>) ((List<?>) json.get("classes")).get(1);
    assertEquals(List.of("yes", 2L, 2L, 0.5, 0.5), List.of(yes.get("name"), yes.get("rows"), yes.get("predicted"),
        yes.get("precision"), yes.get("recall")));
  }

  @Test
  void aThresholdChangesThePredictedClassesAndNotTheProbabilities() {
    double[] yhat = {0.1, 0.6, 0.8, 0.3};
    int[] classes = {0, 0, 1, 1};
    assertEquals(0.75, json(of(yhat, classes, 0.2)).get("accuracy"));
    assertEquals(0.5, json(of(yhat, classes, 0.9)).get("accuracy"));
    assertEquals(json(of(yhat, classes, Double.NaN)).get("log_loss"), json(of(yhat, classes, 0.2)).get("log_loss"));
  }

  @Test
  void outputsThatAreNotProbabilitiesHaveNoLogLoss() {
    Map<String, Object> json = json(of(new double[] {-1, 2, 3, 0}, new int[] {0, 0, 1, 1}, Double.NaN));
    assertEquals(Double.NaN, json.get("log_loss"));
    assertEquals(0.5, json.get("accuracy"));
  }

  /** Writes a table whose target does not depend on its inputs. */
  private String noise(int rows, int inputs, boolean classes) throws IOException {
    Random random = new Random(7);
    StringBuilder s = new StringBuilder();
    for (int j = 0; j < inputs; j++) s.append('x').append(j).append(',');
    s.append("y\n");
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < inputs; j++) s.append(random.nextGaussian()).append(',');
      s.append(classes ? random.nextInt(4) == 0 ? "rare" : "usual" : Double.toString(random.nextGaussian()));
      s.append('\n');
    }
    return Files.writeString(directory.resolve("noise.csv"), s.toString()).toString();
  }

  private static List<?> warnings(String json) {
    return (List<?>) ((Map<?, ?>) Json.parse(json)).get("warnings");
  }

  @Test
  void aResultWorseThanTheBaselineIsOneLineWithARemedy() throws IOException {
    String data = noise(120, 10, true);
    String out = done("train", data, "--epochs", "100", "--json");
    List<String> lines = new ArrayList<>(out.lines().filter(l -> l.startsWith("warning ")).toList());
    assertEquals(1, lines.size(), out);
    assertTrue(lines.get(0).contains("is below")
        && lines.get(0).contains("always predicting 'usual'. Try --ensemble 5, or --patience 20")
        || lines.get(0).contains("that of the class frequencies"), lines.get(0));
    assertEquals("warning   " + warnings(out.lines().reduce((a, b) -> b).get()).get(0), lines.get(0));
    String numbers = noise(120, 10, false);
    String json = run("train", numbers, "--epochs", "100", "--quiet", "--json").json();
    assertTrue(warnings(json).get(0).toString().startsWith("root mean squared error "), json);
    assertTrue(warnings(json).get(0).toString().contains("that of always predicting the target's mean. Try "), json);
  }

  @Test
  void aGoodResultHasNoWarning() {
    String json = run("train", "moons", "--epochs", "30", "--rate", "0.01", "--quiet", "--json").json();
    assertEquals(List.of(), warnings(json));
  }

  @Test
  void aTrainingScoreFarAboveTheTestScoreIsReported() throws IOException {
    Random random = new Random(3);
    StringBuilder s = new StringBuilder("a,b,c,d,e,f,g,h,y\n");
    for (int i = 0; i < 200; i++) {
      double first = random.nextGaussian();
      s.append(first);
      for (int j = 1; j < 8; j++) s.append(',').append(random.nextGaussian());
      s.append(first + random.nextGaussian() > 0 ? ",yes" : ",no").append('\n');
    }
    String data = Files.writeString(directory.resolve("t.csv"), s.toString()).toString();
    String json = run("train", data, "--epochs", "300", "--schedule", "constant", "--l2", "0", "--quiet",
        "--json").json();
    String warning = warnings(json).get(0).toString();
    assertTrue(warning.contains("--patience 20"), warning);
    String with = run("train", data, "--epochs", "300", "--patience", "5", "--quiet", "--json").json();
    assertTrue(warnings(with).stream().noneMatch(w -> w.toString().contains("--patience")), with);
  }

  @Test
  void weightedClassesAndAThresholdAreJudgedByTheBalancedAccuracy() {
    int[] classes = {0, 0, 0, 0, 0, 0, 1, 1};
    double[] eager = {0.1, 0.1, 0.1, 0.6, 0.6, 0.6, 0.7, 0.7}; // finds both, with three false alarms
    assertTrue(of(eager, classes, Double.NaN).worseThanBaseline(false).get().startsWith(
        "accuracy 0.6250 is below 0.7500, that of always predicting 'no'"));
    assertEquals(Optional.empty(), of(eager, classes, Double.NaN).worseThanBaseline(true));
    assertEquals(Optional.empty(), of(eager, classes, 0.55).worseThanBaseline(false));
    double[] wrong = {0.1, 0.1, 0.6, 0.6, 0.6, 0.6, 0.1, 0.7};
    for (boolean weighted : new boolean[] {false, true}) {
      assertEquals("balanced accuracy 0.4167 is below 0.5000, that of always predicting the same class",
          of(wrong, classes, weighted ? Double.NaN : 0.55).worseThanBaseline(weighted).get());
    }
    assertEquals(Optional.empty(), of(new double[] {0.6, 0.1}, new int[2], Double.NaN).worseThanBaseline(true),
        "rows of one class have no baseline of recall");
  }

  /** Normal errors of variance v have squares of variance 2v², so the standard error of R² is about √(2/n)·v/Var(y). */
  @Test
  void theStandardErrorOfR2IsThatOfTheMeanSquaredError() {
    int n = 20_000;
    Random random = new Random(11);
    for (double v : new double[] {0.04, 0.5}) {
      double[] y = new double[n], yhat = new double[n];
      for (int i = 0; i < n; i++) {
        yhat[i] = random.nextGaussian();
        y[i] = yhat[i] + Math.sqrt(v) * random.nextGaussian();
      }
      Dataset rows = Dataset.regression(1, new double[n], 1, y);
      Results r = Results.of(yhat, rows, Target.numbers(List.of("y"), List.of(0.0), List.of(1.0)),
          TrivialBaseline.of(rows), Double.NaN);
      double expected = Math.sqrt(2.0 / n) * v / (1 + v);
      assertEquals(expected, r.standardError(), 0.1 * expected); // 20,000 squares: their deviation is right within 3 %
      assertEquals(0, Results.of(y, rows, Target.numbers(List.of("y"), List.of(0.0), List.of(1.0)),
          TrivialBaseline.of(rows), Double.NaN).standardError());
    }
  }

  @Test
  void fewTestRowsAreNoEvidenceOfOverfitting() throws IOException {
    Random random = new Random(5);
    StringBuilder s = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 60; i++) {
      double a = random.nextGaussian();
      double error = i % 12 == 0 ? 4 * random.nextGaussian() : 0.3 * random.nextGaussian(); // some rows are far off
      s.append(a).append(',').append(random.nextGaussian()).append(',').append(a + error).append('\n');
    }
    String data = Files.writeString(directory.resolve("few.csv"), s.toString()).toString();
    for (int seed = 1; seed <= 5; seed++) {
      String json = run("train", data, "--ensemble", "3", "--epochs", "20", "--seed", "" + seed, "--quiet",
          "--json").json();
      assertTrue(warnings(json).stream().noneMatch(w -> w.toString().contains("overfitting")), json);
    }
  }

  @Test
  void anEnsembleThatOverfitsIsToldAPenaltyAndANetwork() throws IOException {
    String json = run("train", noise(150, 40, false), "--ensemble", "3", "--epochs", "60", "--patience", "60",
        "--l2", "0.0004", "--quiet", "--json").json();
    assertTrue(warnings(json).get(0).toString().endsWith(
        ". Try --l2 0.004, a smaller network such as --layers 16:relu, or more rows."), json);
  }
}
