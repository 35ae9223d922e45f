// SPDX-License-Identifier: MIT
package chainrule.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Encoding.Task;
import chainrule.data.Generators;
import chainrule.data.InputColumn;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Table;
import chainrule.data.Target;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.optimizer.Adam;
import chainrule.train.CosineDecay;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.History.End;
import chainrule.train.History.Epoch;
import chainrule.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Map<String, String> SETTINGS = Map.of("seed", "1");

  /** Returns the page, after the checks that every page must pass. */
  private static String page(Report report) {
    String page = report.html();
    WellFormed.check(page);
    assertFalse(page.contains("://"), "the page must not refer to other resources");
    assertFalse(page.contains("url(") || page.contains("@import") || page.contains("<script"),
        "the page must not load or run anything");
    assertTrue(page.length() < 600_000, () -> "the page has " + page.length() + " characters");
    return page;
  }

  private static Loss loss(Dataset data) {
    return !data.isClassification() ? new MeanSquaredError()
        : data.outputs() == 1 ? new BinaryCrossEntropy() : new CategoricalCrossEntropy();
  }

  private static Network network(Dataset data, int hidden) {
    return Network.input(data.inputs()).dense(hidden, new Tanh()).dense(data.outputs(),
        !data.isClassification() ? new Linear() : data.outputs() == 1 ? new Sigmoid() : new Softmax()).build(1);
  }

  private static Report trained(Encoding encoding, Dataset train, Dataset test, int epochs) {
    Network net = network(train, 16);
    History h = Trainer.of(net).loss(loss(train)).optimizer(new Adam(0.01)).fit(train, test, epochs);
    Report r = Report.of(new Model(net, encoding, Map.of()), h, train).command("./chainrule train data")
        .settings(SETTINGS);
    return test == null ? r : r.test(test);
  }

  private static Report generated(Generators g, int rows, int epochs) {
    Dataset.Split s = g.generate(rows, 1).split(0.2, 1);
    return trained(g.encoding(), s.train(), s.test(), epochs);
  }

  /** A report of an untrained network, with an invented history. */
  private static Report made(Encoding encoding, Dataset train, Dataset test, List<Epoch> epochs, int kept) {
    Report r = Report.of(
        new Model(network(train, 3), encoding, Map.of()), new History(epochs, End.FINISHED, kept), train);
    return test == null ? r : r.test(test);
  }

  private static Epoch epoch(int number, double loss, double accuracy) {
    return new Epoch(number, loss, null, new Evaluation(loss, accuracy, Double.NaN, Double.NaN, Double.NaN), 0.01,
        number);
  }

  private static Report oneClassProblem(List<Epoch> epochs) {
    Dataset.Split s = Generators.MOONS.generate(50, 1).split(0.2, 1);
    return made(Generators.MOONS.encoding(), s.train(), s.test(), epochs, epochs.size());
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  @Test
  void twoInputsShowDecisionRegionsAndEveryRow() {
    String page = page(generated(Generators.SPIRALS, 300, 30));
    assertTrue(page.contains("Decision boundary"));
    for (String k : new String[] {"k0", "k1", "k2"}) {
      assertTrue(page.contains("<g class=\"" + k + "\"><path class=\"area\""));
    }
    int dots = 0;
    for (String path : page.split("<path class=\"dots k")) {
      dots += page.startsWith(path) ? 0 : count(path.split("\"/>")[0], "h0");
    }
    assertEquals(240 + 60, dots, "training rows and test rows");
  }

  @Test
  void theSameRunGivesTheSamePage() {
    String a = generated(Generators.SPIRALS, 200, 5).html(), b = generated(Generators.SPIRALS, 200, 5).html();
    String time = "<b>[0-9.]+ s</b>to train";
    assertEquals(a.replaceAll(time, ""), b.replaceAll(time, ""));
  }

  @Test
  void theHeaderShowsTheAccuracyMeasuredInTraining() {
    Report r = generated(Generators.MOONS, 200, 10);
    long right = Math.round(r.history().last().test().accuracy() * 40);
    assertTrue(page(r).contains(right + " of 40 correct"));
  }

  @Test
  void imagesShowWeightsAndMistakes() {
    Report r = generated(Generators.DIGITS, 200, 2);
    String page = page(r);
    assertTrue(page.contains("First-layer weights"));
    int tiles = count(page, "src=\"data:image/png;base64,");
    long wrong = Math.round((1 - r.history().last().test().accuracy()) * 40);
    assertEquals(16 + Math.min(24, wrong), tiles);
  }

  @Test
  void regressionErrorsAreInTheTargetsUnit() {
    StringBuilder csv = new StringBuilder("size,age,price\n");
    for (int i = 0; i < 120; i++) {
      int size = i * 37 % 101, age = i * 53 % 97;
      csv.append(size).append(',').append(age).append(',').append(1_000_000 + 9000 * size - 5000 * age).append('\n');
    }
    Table table = Table.parse("houses.csv", csv.toString());
    int[][] rows = Dataset.splitRows(120, 0.25, 1);
    Encoding e = Encoding.of(table).target(2).task(Task.REGRESS).fit(rows[0]);
    Report r = trained(e, e.encode(table, rows[0]), e.encode(table, rows[1]), 30);
    String page = page(r);
    double unit = e.target().deviation();
    Evaluation test = r.history().last().test();
    assertTrue(page.contains("<b>" + Formatting.value(test.rmse() * unit) + "</b>RMSE"));
    assertTrue(page.contains("<b>" + Formatting.value(test.mae() * unit) + "</b>MAE"));
    assertTrue(page.contains("Residuals") && page.contains("predicted price") && page.contains("true price"));
  }

  @Test
  void oneInputIsACurve() {
    double[] x = new double[50], y = new double[50];
    for (int i = 0; i < 50; i++) y[i] = Math.abs(x[i] = (i - 25) / 10.0);
    Dataset data = Dataset.regression(1, x, 1, y);
    assertTrue(page(trained(Encoding.plain(1, 1), data, data, 5)).contains("Predictions</h2>"));
    int[] classes = new int[50];
    for (int i = 25; i < 50; i++) classes[i] = 1;
    Dataset two = Dataset.classification(1, x, classes, List.of("no", "yes"));
    assertTrue(page(trained(Encoding.plain(1, two.labels()), two, null, 5)).contains("Predictions</h2>"));
  }

  @Test
  void severalOutputsAndConstantColumnsWork() {
    double[] x = new double[40], y = new double[60];
    for (int i = 0; i < 60; i++) y[i] = i;
    Dataset data = Dataset.regression(2, x, 3, y);
    page(trained(Encoding.plain(2, 3), data, data, 2));
  }

  @Test
  void withoutTestRowsTheTrainingRowsAreEvaluated() {
    Dataset data = Generators.MOONS.generate(60, 1);
    for (Dataset test : new Dataset[] {null, data.select(new int[0])}) {
      String page = page(trained(Generators.MOONS.encoding(), data, test, 3));
      assertTrue(page.contains("training accuracy") && page.contains("no rows were held out"));
      assertFalse(page.contains("test accuracy"));
    }
    Dataset none = data.select(new int[0]);
    assertThrows(IllegalStateException.class, made(Generators.MOONS.encoding(), none, null, List.of(), 0)::html);
  }

  @Test
  void oneEpochOrNoneIsEnough() {
    String page = page(oneClassProblem(List.of(epoch(1, 0.5, 0.75))));
    assertTrue(page.contains("Trained for 1 epoch") && page.contains("<b>1</b>epoch<"));
    assertTrue(page(oneClassProblem(List.of())).contains("during its first epoch"));
  }

  @Test
  void nonFiniteLossesAreGaps() {
    List<Epoch> epochs = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      epochs.add(epoch(i, i % 7 == 0 ? Double.NaN : i % 11 == 0 ? Double.POSITIVE_INFINITY : 1.0 / i, i % 5 == 0
          ? Double.NaN : 0.5));
    }
    page(oneClassProblem(epochs));
    List<Epoch> none = new ArrayList<>();
    for (int i = 1; i <= 5; i++) none.add(epoch(i, Double.NaN, Double.NaN));
    page(oneClassProblem(none));
  }

  @Test
  void tenThousandEpochsGiveASmallPage() {
    List<Epoch> epochs = new ArrayList<>();
    for (int i = 1; i <= 10_000; i++) epochs.add(epoch(i, 1 / Math.sqrt(i) + (i % 3) * 0.001, 1 - 0.5 / i));
    assertTrue(page(oneClassProblem(epochs)).length() < 150_000);
  }

  @Test
  void theKeptEpochIsMarked() {
    List<Epoch> epochs = new ArrayList<>();
    for (int i = 1; i <= 9; i++) epochs.add(epoch(i, 1.0 / i, 0.5));
    Dataset data = Generators.MOONS.generate(20, 1);
    Report r = Report.of(new Model(network(data, 3), Generators.MOONS.encoding(), Map.of()),
        new History(epochs, End.STOPPED_EARLY, 4), data).test(data);
    String page = page(r);
    assertTrue(page.contains("had not fallen for 5 epochs; the network has the weights of epoch 4."));
    assertTrue(page.contains("The dotted line marks epoch 4"));
    assertEquals(2, count(page, "class=\"mark\""));
  }

  @Test
  void aChangingLearningRateIsShown() {
    Dataset data = Generators.MOONS.generate(40, 1);
    Network net = network(data, 3);
    History h = Trainer.of(net).loss(loss(data)).schedule(new CosineDecay(0)).fit(data, 4);
    Model model = new Model(net, Generators.MOONS.encoding(), Map.of());
    assertTrue(page(Report.of(model, h, data)).contains("Learning rate"));
    assertFalse(page(generated(Generators.MOONS, 40, 3)).contains("Learning rate"));
  }

  @Test
  void aThousandClassesAreListed() {
    int classes = 1000;
    List<String> labels = new ArrayList<>();
    for (int c = 0; c < classes; c++) labels.add("class " + c);
    double[] x = new double[2 * 2000];
    int[] y = new int[2000];
    for (int i = 0; i < 2000; i++) {
      y[i] = i % classes;
      x[2 * i] = y[i] % 40 / 40.0;
      x[2 * i + 1] = y[i] / 40 / 25.0;
    }
    Dataset data = Dataset.classification(2, x, y, labels);
    String page = page(made(Encoding.plain(2, labels), data, data, List.of(epoch(1, 6.9, 0.001)), 1));
    assertTrue(page.contains("Most frequent mistakes") && page.contains("the 20 of 1,000 classes with the lowest F1"));
  }

  @Test
  void twoClassesMayHaveTwoOutputs() {
    Dataset data = Generators.MOONS.generate(60, 1);
    Network net = network(data.oneHot(), 4);
    Model model = new Model(net, Generators.MOONS.encoding(), Map.of());
    History h = new History(List.of(epoch(1, 0.7, 0.5)), End.FINISHED, 1);
    page(Report.of(model, h, data).test(data.oneHot()));
  }

  @Test
  void stringsFromTheDataCannotBecomeMarkup() {
    String evil = "</title><script>alert(1)</script>\"'&amp;<img src=x onerror=y>\u0000\u0007\uD800\u202E"
        + "x".repeat(3000);
    List<String> labels = List.of(evil + "a", evil + "b", evil + "c");
    double[] x = new double[60];
    int[] y = new int[30];
    for (int i = 0; i < 30; i++) y[i] = (int) (3 * (x[2 * i] = i / 30.0));
    Dataset data = Dataset.classification(2, x, y, labels);
    Encoding e = new Encoding(
        List.of(new InputColumn(evil + 1, 0, 1, List.of()), new InputColumn(evil + 2, 5, 2, List.of())),
        new Target(List.of(evil), labels, 0, 1));
    Model model = new Model(network(data, 3), e, Map.of());
    History h = new History(List.of(epoch(1, 0.7, 0.5)), End.FINISHED, 1);
    String page = page(Report.of(model, h, data).test(data).title(evil).command(evil).settings(Map.of(evil, evil)));
    assertTrue(page.contains("&lt;script&gt;"));
    assertFalse(page.contains("<img"));
  }

  @Test
  void textColumnsAreDescribed() {
    StringBuilder csv = new StringBuilder("colour,weight,kind\n");
    for (int i = 0; i < 60; i++) csv.append(i % 3 == 0 ? "red"
        : "green").append(',').append(i).append(',').append(i % 2 == 0 ? "a" : "b").append('\n');
    Table table = Table.parse("t.csv", csv.toString());
    Encoding e = Encoding.of(table).target(2).task(Task.CLASSIFY).fit(Dataset.splitRows(60, 0, 1)[0]);
    Dataset data = e.encode(table, Dataset.splitRows(60, 0, 1)[0]);
    String page = page(trained(e, data, null, 2));
    assertTrue(page.contains("one-hot, 2 categories: green, red"));
    assertFalse(page.contains("Decision boundary"), "one of the two columns is not numeric");
  }

  @Test
  void aNetworkOfAllKindsOfLayersIsShown() {
    Dataset data = Generators.MOONS.generate(40, 1);
    Network net = Network.input(2).activation(new Tanh()).dense(8, new Relu()).dropout(0.2).dense(1, new Sigmoid())
        .build(1);
    Model model = new Model(net, Generators.MOONS.encoding(), Map.of());
    History h = new History(List.of(epoch(1, 0.7, 0.5)), End.INTERRUPTED, 0);
    String page = page(Report.of(model, h, data).test(data));
    assertTrue(page.contains("dropout 0.2") && page.contains("Interrupted after epoch 1"));
  }

  @Test
  void nonFiniteOutputsDoNotBreakThePage() {
    Dataset data = Generators.MOONS.generate(40, 1);
    Report classes = made(Generators.MOONS.encoding(), data, data, List.of(epoch(1, 0.5, 0.5)), 1);
    java.util.Arrays.fill(classes.model().network().parameters(), Double.NaN);
    page(classes);
    Dataset numbers = Dataset.regression(2, data.x(), 1, data.y());
    Report regression = made(Encoding.plain(2, 1), numbers, numbers, List.of(epoch(1, 0.5, Double.NaN)), 1);
    java.util.Arrays.fill(regression.model().network().parameters(), Double.NaN);
    page(regression);
  }

  @Test
  void aDeepNetworkIsShownOnlyAsATable() {
    Dataset data = Generators.MOONS.generate(40, 1);
    Network.Builder deep = Network.input(2);
    for (int l = 0; l < 70; l++) deep.dense(3, new Tanh());
    History h = new History(List.of(epoch(1, 0.7, 0.5)), End.FINISHED, 1);
    for (Network net : new Network[] {deep.dense(1, new Sigmoid()).build(1),
        Network.input(2).dense(1, new Sigmoid()).build(1)}) {
      String page = page(Report.of(new Model(net, Generators.MOONS.encoding(), Map.of()), h, data).test(data));
      assertEquals(net.layers().size() == 1, page.contains("of the trained network"));
    }
  }

  @Test
  void aDiagramOfManyInputsNamesEachColumnOnceInTheMiddleOfItsInputs() {
    History h = new History(List.of(epoch(1, 0.7, 0.5)), End.FINISHED, 1);
    for (int bins : new int[] {5, 20}) {
      double[] knots = IntStream.rangeClosed(0, bins).asDoubleStream().toArray(), means = new double[bins];
      PiecewiseLinear pieces = new PiecewiseLinear(knots, means);
      Encoding e = new Encoding(List.of(InputColumn.number("size", 0, 1).withPieces(pieces),
          InputColumn.number("age", 0, 1), InputColumn.number("rent", 0, 1).withPieces(pieces)),
          new Target(List.of("y"), List.of(), 0, 1));
      Network net = Network.input(e.inputs()).dense(1, new Linear()).build(1);
      String page = page(Report.of(new Model(net, e, Map.of()), h, Dataset.regression(e.inputs(),
          new double[2 * e.inputs()], 1, new double[2])));
      assertTrue(page.contains("The name of a column is in the middle of its inputs."));
      int named = count(page, "class=\"end unit\"");
      if (bins == 20) assertTrue(named == 2 || named == 3, "only the inputs with the largest weights are drawn");
      else assertEquals(3, named);
      assertTrue(page.contains(">size</text>") && page.contains(">rent</text>"));
    }
  }

  @Test
  void writesThePageAndNoOtherFile(@TempDir Path directory) throws Exception {
    Report r = generated(Generators.XOR, 40, 1);
    Path file = directory.resolve("report.html");
    r.write(file);
    assertEquals(r.html(), Files.readString(file));
    try (var files = Files.list(directory)) {
      assertEquals(1, files.count());
    }
  }
}
