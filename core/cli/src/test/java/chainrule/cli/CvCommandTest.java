// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.refused;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Table;
import chainrule.io.Model;
import chainrule.kernels.Kernels;
import chainrule.train.CrossValidation;
import chainrule.train.Ensemble;
import chainrule.train.EnsembleTrainer;
import chainrule.train.FoldTask;
import chainrule.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cv}: trains and tests on folds. */
class CvCommandTest {
  @TempDir Path directory;

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  /** Two classes, a number with missing values and a category. */
  private String classes(int rows) throws IOException {
    StringBuilder s = new StringBuilder("size,color,kind\n");
    for (int i = 0; i < rows; i++) {
      s.append(i % 9 == 4 ? "" : Integer.toString(i * 37 % 101)).append(',').append(i % 4 == 0 ? "red" : "blue")
          .append(',').append(i * 37 % 101 > 40 ? "big" : "small").append('\n');
    }
    return file("c" + rows + ".csv", s.toString());
  }

  private static Map<String, Object> json(String... args) {
    String[] all = Arrays.copyOf(args, args.length + 1);
    all[args.length] = "--json";
    return CommandLine.json(done(all));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> folds(Map<String, Object> json) {
    return (List<Map<String, Object>>) json.get("per_fold");
  }

  @SuppressWarnings("unchecked")
  private static double mean(Map<String, Object> json, String metric) {
    return (double) ((Map<String, Map<String, Object>>) json.get("metrics")).get(metric).get("mean");
  }

  @Test
  void anyNumberOfThreadsGivesTheSameBits() throws IOException {
    String data = classes(80);
    Object expected = null;
    for (String threads : List.of("1", "2", "8")) {
      Map<String, Object> json = json("cv", data, "--epochs", "5", "--repeats", "2", "--folds", "4", "--layers",
          "8:relu,dropout:0.3", "--patience", "3", "--threads", threads);
      List<Object> results = List.of(json.get("metrics"), json.get("baseline"), json.get("per_fold"));
      if (expected == null) expected = results;
      assertEquals(expected, results, threads + " threads");
    }
  }

  @Test
  void ensemblesOfFoldsHaveTheSameBitsForAnyNumberOfThreads() throws IOException {
    String data = classes(60);
    Object expected = null;
    for (String threads : List.of("1", "2", "8")) {
      Map<String, Object> json = json("cv", data, "--epochs", "5", "--folds", "3", "--layers", "8:relu,dropout:0.3",
          "--ensemble", "3", "--threshold", "f1", "--threads", threads);
      List<Object> results = List.of(json.get("metrics"), json.get("baseline"), json.get("per_fold"));
      if (expected == null) expected = results;
      assertEquals(expected, results, threads + " threads");
      assertEquals(3.0, json.get("members"));
      assertEquals(List.of(5.0, 5.0, 5.0), folds(json).get(0).get("member_epochs"));
      assertEquals(null, folds(json).get(0).get("kept_epoch"));
    }
  }

  @Test
  void anEnsembleOfAFoldIsThatOfItsTrainingRowsAlone() throws IOException {
    String data = classes(60);
    String[] more = {"--epochs", "4", "--ensemble", "2", "--folds", "3", "--seed", "5"};
    Arguments a = Arguments.parse(Command.CV, List.of(more));
    UnsplitData all = UnsplitData.read(data, a, 5, new TableInput(a, Terminal.plain(System.out)));
    FoldTask task = new CrossValidation(3, 1, 5).tasks(1).get(1);
    int[][] parts = CrossValidation.rows(all.rows().rows(), all.rows().classes(), 3, task);
    InputData rows = all.divide(RowParts.of(all.rows(), parts[0], parts[1], List.of(), a, task.seed()));
    Ensemble ensemble = EnsembleTrainer.of(rows.train().folds(2, task.seed()), (member, seed) -> {
      TrainingPlan p = TrainingPlan.of(a, rows, Kernels.best().withThreads(1), seed);
      return Trainer.of(p.network()).loss(p.loss()).regularization(p.regularization()).optimizer(p.optimizer())
          .schedule(p.schedule()).batch(p.batch());
    }).seed(task.seed()).fit(rows.train(), 4);
    double[] first = ensemble.networks().get(0).predict(rows.test().x());
    double[] second = ensemble.networks().get(1).predict(rows.test().x());
    double logLoss = 0;
    for (int i = 0; i < first.length; i++) {
      double p = (first[i] + second[i]) / 2;
      logLoss -= Math.log(rows.test().y()[i] == 1 ? p : 1 - p) / first.length;
    }
    String[] args = Arrays.copyOf(new String[] {"cv", data}, 2 + more.length);
    System.arraycopy(more, 0, args, 2, more.length);
    assertEquals(logLoss, (double) folds(json(args)).get(1).get("log_loss"), 1e-12);
  }

  /** A rare second class: predicted from ½, its F1 is smaller than from a threshold that validation rows choose. */
  @Test
  void aThresholdIsChosenWithoutTheRowsThatItIsTestedOn() throws IOException {
    Random random = new Random(1);
    StringBuilder s = new StringBuilder("x,bought\n");
    for (int i = 0; i < 600; i++) {
      double x = random.nextGaussian();
      s.append(x).append(',').append(x + random.nextGaussian() > 2 ? "yes" : "no").append('\n');
    }
    String data = file("rare.csv", s.toString());
    String[] common = {"--epochs", "10", "--folds", "3", "--patience", "5", "--validation-fraction", "0.3", "--bins",
        "0"};
    Arguments a = Arguments.parse(Command.CV, List.of(common)).with(Map.of(Option.THRESHOLD, "f1"));
    UnsplitData all = UnsplitData.read(data, a, 1, new TableInput(a, Terminal.plain(System.out)));
    TaskProgress progress = new TaskProgress(Terminal.plain(System.out), true, () -> "");
    Kernels kernels = Kernels.best().withThreads(1);
    for (FoldTask task : new CrossValidation(3, 1, 1).tasks(1)) {
      FoldOutcome o = FoldOutcome.of(task, 3, all, a, kernels, progress);
      InputData rows = FoldOutcome.divide(task, 3, all, a);
      TrainingPlan plan = TrainingPlan.of(a, rows, kernels, task.seed());
      Model model = FoldTraining.of(a, rows, plan, kernels, task.seed(), progress).model();
      double t = o.metrics().metrics().get("threshold");
      double best = f1(model, rows.validation(), t);
      for (int k = 1; k < 100; k++) assertTrue(best >= f1(model, rows.validation(), k / 100.0), k + " %");
      assertEquals(f1(model, rows.test(), t), o.metrics().metrics().get("f1"), 1e-12);
      assertEquals(Set.of(), common(rows.test(), rows.validation()), "the threshold's rows are not tested");
    }
    Map<String, Object> half = json("cv", data, "--epochs", "10", "--folds", "3");
    Map<String, Object> fixed = json("cv", data, "--epochs", "10", "--folds", "3", "--threshold", "0.2");
    assertEquals(0.2, mean(fixed, "threshold"), 1e-15);
    assertEquals(mean(half, "roc_auc"), mean(fixed, "roc_auc"));
    assertTrue(mean(fixed, "f1") > mean(half, "f1"), half + "\n" + fixed);
  }

  @Test
  void intervalsAreMadeFromTrainingRowsAndTestedOnTheOthers() throws IOException {
    Random random = new Random(1);
    StringBuilder s = new StringBuilder("x,price,weight\n");
    for (int i = 0; i < 900; i++) {
      double x = random.nextGaussian();
      s.append(x).append(',').append(1000 + 50 * x + 10 * random.nextGaussian()).append(',')
          .append(x * x + 0.1 * random.nextGaussian()).append('\n');
    }
    String data = file("p.csv", s.toString());
    for (String[] held : new String[][] {{"--patience", "5"}, {"--ensemble", "2"}}) {
      Map<String, Object> json = json("cv", data, "--target", "price", "--drop", "weight", "--epochs", "10", "--folds",
          "3", held[0], held[1], "--interval", "0.8");
      assertEquals(0.8, mean(json, "coverage"), 0.08); // from 60 errors in each fold: a deviation of 0.05 / √3
      assertEquals(2 * 1.2816 * 10, mean(json, "width"), 8); // noise of deviation 10, and errors of the fit
    }
    Map<String, Object> two = json("cv", data, "--target", "price,weight", "--epochs", "2", "--folds", "2",
        "--patience", "2", "--interval", "0.8");
    for (Object target : (List<?>) two.get("targets")) assertTrue(((Map<?, ?>) target).containsKey("width"));
  }

  @Test
  void setsOfClassesHaveACoverageAndASize() throws IOException {
    Map<String, Object> json =
        json("cv", classes(200), "--epochs", "4", "--folds", "2", "--ensemble", "2", "--interval", "0.9");
    assertTrue(mean(json, "coverage") > 0.8, json + "");
    assertTrue(mean(json, "set_size") >= 1 && mean(json, "set_size") <= 2, json + "");
    assertTrue(done("cv", classes(200), "--epochs", "4", "--folds", "2", "--ensemble", "2", "--interval", "0.9")
        .contains("coverage  set size\n"));
  }

  private static double f1(Model model, Dataset rows, double threshold) {
    double[] p = model.outputs(rows.x());
    int hits = 0, wrong = 0;
    for (int i = 0; i < p.length; i++) {
      boolean predicted = p[i] >= threshold, yes = rows.y()[i] == 1;
      if (predicted && yes) hits++;
      else if (predicted || yes) wrong++;
    }
    return 2.0 * hits / (2 * hits + wrong);
  }

  private static Set<Double> common(Dataset one, Dataset other) {
    Set<Double> x = new HashSet<>();
    for (double v : one.x()) x.add(v);
    Set<Double> both = new HashSet<>();
    for (double v : other.x()) if (x.contains(v)) both.add(v);
    return both;
  }

  @Test
  void theMeanOfEachMetricIsTheMeanOfItsFolds() throws IOException {
    Map<String, Object> json = json("cv", classes(60), "--epochs", "3");
    List<Map<String, Object>> folds = folds(json);
    assertEquals(5, folds.size());
    for (String metric : List.of("accuracy", "log_loss", "brier", "roc_auc", "balanced_accuracy", "macro_f1", "loss")) {
      double sum = 0;
      for (Map<String, Object> f : folds) sum += (double) f.get(metric);
      assertEquals(sum / 5, mean(json, metric), 1e-12, metric);
    }
    assertEquals(60.0, folds.stream().mapToDouble(f -> (double) f.get("rows")).sum());
  }

  @Test
  void aFoldHasTheMetricsOfTrainWithItsRowsAsTestRows() throws IOException {
    String data = classes(60);
    String[] lines = Files.readString(Path.of(data)).split("\n");
    int[] kinds = IntStream.range(1, 61).map(i -> lines[i].endsWith("big") ? 0 : 1).toArray();
    int[][] first = Dataset.folds(IntStream.range(0, 60).toArray(), kinds, 3, 5)[0];
    String train = file("train.csv", lines[0] + "\n" + rows(lines, first[0]));
    String test = file("test.csv", lines[0] + "\n" + rows(lines, first[1]));
    // the rows of a file are shuffled before training, those of a fold are in the order of the fold
    Map<String, Object> alone = json("train", train, "--test", test, "--epochs", "4", "--seed", "5", "--batch", "40");
    Map<String, Object> fold =
        folds(json("cv", data, "--folds", "3", "--epochs", "4", "--seed", "5", "--batch", "40")).get(0);
    assertEquals((double) alone.get("test_loss"), (double) fold.get("loss"), 1e-9);
    assertEquals(alone.get("test_accuracy"), fold.get("accuracy"));
  }

  private static String rows(String[] lines, int[] rows) {
    StringBuilder s = new StringBuilder();
    for (int r : rows) s.append(lines[r + 1]).append('\n');
    return s.toString();
  }

  @Test
  void theEncodingIsLearnedFromTheTrainingRowsOfTheFoldOnly() throws IOException {
    StringBuilder s = new StringBuilder("x,y\n");
    for (int i = 0; i < 30; i++) s.append(i == 7 ? "1e6" : i % 5 == 0 ? "" : Integer.toString(i)).append(",")
        .append(i * 0.5).append('\n');
    String data = file("leak.csv", s.toString());
    Arguments a = Arguments.parse(Command.CV, List.of("--task", "regress"));
    UnsplitData all = UnsplitData.read(data, a, 1, new TableInput(a, Terminal.plain(System.out)));
    Table table = Table.read(Path.of(data));
    for (int[][] f : Dataset.folds(all.rows().rows(), null, 3, 1)) {
      InputData fold = all.divide(RowParts.of(all.rows(), f[0], f[1], List.of(), a, 1));
      Encoding expected = Encoding.of(table).task(Encoding.Task.REGRESS).bins(4).fit(f[0]);
      assertArrayEquals(expected.encode(table, f[0]).x(), fold.train().x());
      assertArrayEquals(expected.encode(table, f[1]).x(), fold.test().x());
      double mean = 0;
      int n = 0;
      for (int r : f[0]) {
        if (r % 5 == 0) continue;
        mean += r == 7 ? 1e6 : r;
        n++;
      }
      boolean outlier = Arrays.stream(f[0]).anyMatch(r -> r == 7);
      assertEquals(outlier, mean / n > 1000);
      double[] y = Arrays.stream(f[0]).mapToDouble(r -> r * 0.5).toArray();
      double center = Arrays.stream(y).average().orElseThrow();
      assertEquals(0, Arrays.stream(fold.train().y()).sum(), 1e-9); // centered by the mean of its own rows
      assertEquals((f[1][0] * 0.5 - center) / fold.encoding().target().deviation(), fold.test().y()[0], 1e-9);
    }
  }

  @Test
  void theFirstRepeatHasTheFoldsOfItsSeedAlone() throws IOException {
    String data = classes(40);
    List<Map<String, Object>> one = folds(json("cv", data, "--epochs", "2", "--folds", "2", "--seed", "3"));
    List<Map<String, Object>> three =
        folds(json("cv", data, "--epochs", "2", "--folds", "2", "--seed", "3", "--repeats", "3"));
    assertEquals(6, three.size());
    assertEquals(one, three.subList(0, 2));
    assertNotEquals(one.get(0).get("loss"), three.get(2).get("loss"));
  }

  @Test
  void aClassWithOneRowOrMissingInAFoldIsHandled() throws IOException {
    StringBuilder s = new StringBuilder("x,kind\n");
    for (int i = 0; i < 24; i++) {
      s.append(i).append(',').append(i == 0 ? "rare" : i < 3 ? "few" : i % 2 == 0 ? "a" : "b").append('\n');
    }
    CommandLine.Result r = run("cv", file("rare.csv", s.toString()), "--epochs", "2", "--folds", "4");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().contains(
        "note      class 'rare' has only 1 row, which is used for training and not for testing"), r.out());
    assertTrue(r.out().contains("over 4 folds (baseline "), r.out());
    Map<String, Object> two = json("cv", file("two.csv",
        "x,kind\n1,a\n2,a\n3,a\n4,a\n5,a\n6,a\n7,b\n8,b\n"), "--epochs", "1", "--folds", "4");
    @SuppressWarnings("unchecked")
    Map<String, Map<String, Object>> metrics = (Map<String, Map<String, Object>>) two.get("metrics");
    assertEquals(2.0, metrics.get("roc_auc").get("folds")); // folds without class b have no ROC curve
    assertEquals(4.0, metrics.get("accuracy").get("folds"));
  }

  @Test
  void numbersLabelsAndSeveralTargetsHaveTheirOwnMetrics() throws IOException {
    StringBuilder s = new StringBuilder("x,y,z,p,q\n");
    for (int i = 0; i < 40; i++) {
      s.append(i % 13).append(',').append(100 * (i % 13) + i % 3).append(',').append(i % 7).append(',')
          .append(i % 13 > 5 ? 1 : 0).append(',').append(i % 3 == 0 ? 1 : 0).append('\n');
    }
    String data = file("n.csv", s.toString());
    String one = done("cv", data, "--target", "y", "--task", "regress", "--epochs", "30");
    assertTrue(one.contains("fold         rows        R²          RMSE           MAE      loss\n"), one);
    assertTrue(one.contains("\nR² 0."), one);
    Map<String, Object> json = json("cv", data, "--target", "y", "--task", "regress", "--epochs", "30");
    assertTrue(mean(json, "rmse") > mean(json, "mae") && mean(json, "rmse") > 1 && mean(json, "rmse") < 400, json + "");
    Map<String, Object> several = json("cv", data, "--target", "y,z", "--epochs", "2");
    assertEquals(2, ((List<?>) several.get("targets")).size());
    Map<String, Object> labels = json("cv", data, "--target", "p,q", "--task", "multilabel", "--epochs", "2");
    assertTrue(mean(labels, "exact_match") <= mean(labels, "mean_accuracy"));
  }

  @Test
  void foldsOfOneRowHaveErrorsButNoRSquared() throws IOException {
    String out = done("cv", file("three.csv", "x,y\n1,3\n2,5\n3,4.5\n"), "--task", "regress", "--epochs", "2");
    assertTrue(out.contains("\nRMSE ") && out.contains("\nR² is undefined in every fold\n"), out);
  }

  @Test
  void weightsAndRowsWithoutATargetAreThoseOfTrain() throws IOException {
    StringBuilder s = new StringBuilder("x,w,kind\n");
    for (int i = 0; i < 30; i++) s.append(i).append(',').append(1 + i % 3).append(',')
        .append(i == 4 ? "" : i % 3 == 0 ? "a" : "b").append('\n');
    String data = file("w.csv", s.toString());
    Map<String, Object> json =
        json("cv", data, "--weight", "w", "--class-weight", "balanced", "--epochs", "2", "--folds", "3");
    assertEquals(29.0, json.get("rows"));
    assertTrue(json.get("notices").toString().contains("1 of 30 rows left out"), json + "");
  }

  @Test
  void badRequestsAreRefusedInOneLine() throws IOException {
    String data = classes(20);
    refused("cv requires a data set: ./chainrule cv DATA [options]", "cv");
    refused("--folds: expected an integer from 2 to 20, found '21'", "cv", data, "--folds", "21");
    refused("--folds: expected an integer from 2 to 20, found '1'", "cv", data, "--folds", "1");
    refused("--ensemble 20 requires at least 20 training rows, but there are 10; use --ensemble 10 or less",
        "cv", classes(10), "--ensemble", "20");
    refused("--validation-fraction does not apply to --ensemble, where each network validates on its own fold; remove "
        + "it", "cv", data, "--ensemble", "2", "--validation-fraction", "0.2");
    refused("--interval requires rows whose errors give the intervals; add --patience 20 or --ensemble 5", "cv", data,
        "--interval", "0.9");
    refused("--interval: expected a number > 0 and < 1, found '90'", "cv", data, "--interval", "90");
    refused("--threshold youden requires rows on which it is chosen; add --patience 20 or --ensemble 5, or give a "
        + "number", "cv", data, "--threshold", "youden");
    refused("--repeats: expected an integer from 1 to 1000, found '0'", "cv", data, "--repeats", "0");
    refused("--validation-fraction requires --patience N", "cv", data, "--validation-fraction", "0.5");
    refused("--test-fraction does not apply to cv; remove it ('./chainrule help cv' lists its options)", "cv", data,
        "--test-fraction", "0.5");
    refused("folds require ≥ 2 rows with a target, and classes of ≥ 2 rows; found 0 such rows. Add rows.", "cv",
        file("two.csv", "x,kind\n1,a\n2,b\n"));
    String few = file("few.csv", "x,y\n1,3\n3,5\n3,4.5\n");
    CommandLine.Result f = run("cv", few, "--task", "regress");
    assertEquals(2, f.status());
    assertTrue(f.err().matches("chainrule: repeat 1, fold \\d: .*no input columns are left.*\n"), f.err());
    CommandLine.Result r = run("cv", data, "--optimizer", "sgd", "--rate", "1e200", "--task", "classify");
    assertEquals(2, r.status());
    assertTrue(r.err().startsWith("chainrule: repeat 1, fold 1: "), r.err());
  }
}
