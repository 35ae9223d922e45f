// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.json;
import static chainrule.cli.CommandLine.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Table;
import chainrule.io.Model;
import chainrule.io.Predictions;
import chainrule.metrics.PrecisionRecallCurve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --positive}: which of two classes thresholds, F1 and average precision are about. */
class PositiveClassTest {
  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  /** The rare class is 'alarm', the first label. */
  private String data(String name, long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder s = new StringBuilder("x,state\n");
    for (int i = 0; i < 400; i++) {
      double x = random.nextGaussian();
      s.append(x).append(',').append(x + random.nextGaussian() > 2 ? "alarm" : "quiet").append('\n');
    }
    return Files.writeString(directory.resolve(name), s.toString()).toString();
  }

  @Test
  void itIsTheSecondClassOfTheModelAndEveryCommandUsesIt() throws IOException {
    String data = data("a.csv", 1), other = data("b.csv", 2), model = path("m.npz");
    for (String[] more : new String[][] {{"--patience", "5"}, {"--ensemble", "2"}, {"--patience", "5", "--loss", "cce"},
        {"--ensemble", "2", "--class-weight", "balanced"}}) {
      String[] args = {"train", data, "--positive", "alarm", "--threshold", "f1", "--epochs", "8", "--out", model,
          "--json"};
      String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
      System.arraycopy(more, 0, all, args.length, more.length);
      String out = done(all);
      assertTrue(out.contains("\nthreshold alarm from a probability of "), out);
      assertTrue(out.contains("\npositive class alarm: F1 "), out);
      assertEquals("alarm", json(out).get("test_positive_class"));
      Model m = Model.read(Path.of(model));
      assertEquals(List.of("quiet", "alarm"), m.encoding().target().labels());
      assertTrue(done("info", model).contains("2 classes, quiet, alarm; positive class: alarm\n"));
      assertTrue(done("predict", model, other).startsWith("class,p(quiet),p(alarm)\n"));
      check(m, other, 1, json(done("evaluate", model, other, "--json")));
      check(m, other, 0, json(done("evaluate", model, other, "--positive", "quiet", "--json")));
    }
  }

  /** Compares F1 and average precision with those of the predictions. */
  private static void check(Model m, String data, int positive, Map<String, Object> json) {
    Table table = Table.read(Path.of(data));
    Predictions p = m.predict(table);
    String label = m.encoding().target().labels().get(positive);
    boolean[] is = new boolean[p.rows()];
    double[] scores = new double[p.rows()];
    int hits = 0, wrong = 0;
    for (int i = 0; i < is.length; i++) {
      is[i] = table.column(1).text(i).equals(label);
      scores[i] = p.probability(i, positive);
      boolean predicted = (p.probability(i, 1) >= m.calibration().threshold()) == (positive == 1);
      if (predicted && is[i]) hits++;
      else if (predicted || is[i]) wrong++;
    }
    assertEquals(label, json.get("positive_class"));
    assertEquals(2.0 * hits / (2 * hits + wrong), (double) json.get("f1"), 1e-12);
    assertEquals(PrecisionRecallCurve.of(scores, is).averagePrecision(), (double) json.get("average_precision"), 1e-12);
  }

  @Test
  void theRowsOfSplitsAndFoldsDoNotDependOnIt() throws IOException {
    String data = data("a.csv", 1);
    String[] train = {"train", data, "--epochs", "2", "--json", "--positive"};
    Map<String, Object> first = json(done(with(train, "alarm"))), second = json(done(with(train, "quiet")));
    assertEquals(first.get("test_baseline_accuracy"), second.get("test_baseline_accuracy"));
    String[] cv = {"cv", data, "--epochs", "2", "--folds", "3", "--json", "--positive"};
    first = json(done(with(cv, "alarm")));
    second = json(done(with(cv, "quiet")));
    assertEquals(metric(first, "baseline", "accuracy"), metric(second, "baseline", "accuracy"));
    assertEquals(0.0, metric(first, "baseline", "f1")); // the majority class, 'quiet', is always predicted
    assertTrue((double) metric(second, "baseline", "f1") > 0.9);
  }

  private static Object metric(Map<String, Object> json, String of, String name) {
    return ((Map<?, ?>) ((Map<?, ?>) json.get(of)).get(name)).get("mean");
  }

  private static String[] with(String[] args, String last) {
    String[] all = java.util.Arrays.copyOf(args, args.length + 1);
    all[args.length] = last;
    return all;
  }

  @Test
  void tunePassesItOn() throws IOException {
    String model = path("m.npz");
    Map<String, Object> json = json(done("tune", data("a.csv", 1), "--trials", "2", "--epochs", "2", "--positive",
        "alarm", "--out", model, "--json"));
    assertTrue(json.get("command").toString().contains(" --positive alarm"), json + "");
    assertEquals(List.of("quiet", "alarm"), Model.read(Path.of(model)).encoding().target().labels());
  }

  @Test
  void builtInDataHasItToo() {
    String model = path("m.npz");
    done("train", "moons", "--epochs", "2", "--positive", "0", "--out", model);
    assertEquals(List.of("1", "0"), Model.read(Path.of(model)).encoding().target().labels());
    assertEquals("0", json(done("evaluate", model, "moons", "--json")).get("positive_class"));
  }

  @Test
  void aRunThatContinuesAModelHasItsPositiveClass() throws IOException {
    String model = path("m.npz"), next = path("n.npz");
    String table = Files.writeString(directory.resolve("c.csv"),
        "x,c\n1,a\n2,a\n3,a\n4,b\n5,b\n6,b\n1,a\n5,b\n2,a\n6,b\n").toString();
    for (String[] run : new String[][] {{"moons", "0", "1"}, {table, "a", "b"}}) {
      String data = run[0], positive = run[1], other = run[2];
      done("train", data, "--epochs", "30", "--positive", positive, "--out", model);
      String out = done("train", data, "--from", model, "--positive", positive, "--epochs", "1", "--rate", "1e-9",
          "--out", next, "--json");
      assertEquals(List.of(other, positive), Model.read(Path.of(next)).encoding().target().labels());
      assertEquals((double) json(done("evaluate", model, data, "--json")).get("loss"),
          (double) json(done("evaluate", next, data, "--json")).get("loss"), 1e-5);
      assertEquals(positive, json(out).get("test_positive_class"));
      refused("--positive: the positive class of the model of --from is '" + positive + "'; remove --positive", "train",
          data, "--from", model, "--positive", other);
    }
  }

  @Test
  void unknownLabelsAndOtherTargetsAreRefused() throws IOException {
    String data = data("a.csv", 1), model = path("m.npz");
    for (String command : List.of("train", "cv", "tune")) {
      refused("--positive: expected one of the classes 'alarm' and 'quiet', found 'on'", command, data, "--positive",
          "on");
      refused("--positive is for two classes, but the target has 3 classes; remove it", command, "spirals",
          "--positive", "0");
      refused("--positive is for two classes, but the target is not a class; remove it", command, data, "--target", "x",
          "--task", "regress", "--positive", "alarm");
    }
    done("train", data, "--epochs", "1", "--out", model);
    refused("--positive: expected one of the classes 'alarm' and 'quiet', found 'alarms'; did you mean alarm?",
        "evaluate", model, data, "--positive", "alarms");
  }
}
