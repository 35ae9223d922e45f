// SPDX-License-Identifier: MIT
package chainrule.readme;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Encoding.Task;
import chainrule.data.Generators;
import chainrule.data.InputColumn;
import chainrule.data.Standardization;
import chainrule.data.Table;
import chainrule.data.Target;
import chainrule.io.Checkpoint;
import chainrule.io.ForeignArrays;
import chainrule.io.Model;
import chainrule.io.ModelImport;
import chainrule.io.Predictions;
import chainrule.kernels.Kernels;
import chainrule.metrics.LogLoss;
import chainrule.metrics.ProbabilityMetrics;
import chainrule.metrics.TrivialBaseline;
import chainrule.nn.FrozenParameters;
import chainrule.nn.GradientSum;
import chainrule.nn.Network;
import chainrule.nn.Predictor;
import chainrule.nn.Regularization;
import chainrule.nn.StepValues;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.random.CounterRandom;
import chainrule.train.BlockWorker;
import chainrule.train.Candidate;
import chainrule.train.ConfusionMatrix;
import chainrule.train.CosineDecay;
import chainrule.train.CrossValidation;
import chainrule.train.Ensemble;
import chainrule.train.EnsembleTrainer;
import chainrule.train.FoldResult;
import chainrule.train.FoldTask;
import chainrule.train.GradientSource;
import chainrule.train.History;
import chainrule.train.MultilabelMetrics;
import chainrule.train.SearchSpace;
import chainrule.train.SuccessiveHalving;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.TrialResult;
import chainrule.train.TrialTask;
import chainrule.train.WarmUp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles and runs the Java examples of README.md and core/README.md, and compares the output of the first one with
 * README.md.
 */
class ReadmeTest {
  @TempDir Path directory;

  private static void moons(PrintStream out) {
    // begin moons
    Dataset.Split moons = Generators.MOONS.generate(1).split(0.2, 1);
    Network net = Network.input(2).dense(16, new Tanh()).dense(1, new Sigmoid()).build(1);
    Trainer trainer = Trainer.of(net).loss(new BinaryCrossEntropy()).optimizer(new Adam(0.01)).batch(32);
    History history = trainer.fit(moons.train(), moons.test(), 100);
    out.println(net + ", " + net.parameters().length + " parameters");
    out.println("test accuracy " + history.last().test().accuracy());
    double[] p = net.predict(new double[] {-1.0, 0.5,   1.0, -0.5}); // two rows of two inputs
    out.println("class 1 with probability " + p[0] + " and " + p[1]);
    // end
  }

  private static Model table(Path csv, Path npz, PrintStream out) {
    // begin table
    Table table = Table.read(csv);
    Table.Split rows = table.split(0.2, 1);
    Encoding encoding = Encoding.of(table).target("species").task(Task.CLASSIFY).fit(rows.train());
    Dataset train = encoding.encode(table, rows.train()), validation = encoding.encode(table, rows.test());
    Network net = Network.input(encoding.inputs()).dense(32, new Relu()).dropout(0.1)
        .dense(encoding.outputs(), new Softmax()).build(1);
    History history = Trainer.of(net).schedule(new WarmUp(5, new CosineDecay(0))).clip(1)
        .stopEarly(validation, 20).fit(train, 100);
    Model model = new Model(net, encoding, Map.of("kept", "epoch " + history.kept()));
    model.write(npz);                                                // numpy.load opens it
    Predictions p = Model.read(npz).predict(Table.read(csv));          // finds columns by name
    out.println(p.label(0) + " with probability " + p.probability(0, p.classOf(0)));
    out.println("mean F1 of the classes: " + model.confusion(validation).macroF1());
    // end
    return model;
  }

  private static String[] rows(Model model) {
    // begin rows
    Predictions byName = model.predict(Map.of("length", 1.02, "colour", "blue"));
    Predictions inOrder = model.predict(1.02, "blue");               // model.encoding().inputColumns()
    // end
    return new String[] {byName.label(0), inOrder.label(0)};
  }

  private static double[] standardized(double[] x, double[] y, double[] unseen) {
    // begin arrays
    Standardization sx = Standardization.fit(y.length, 2, x), sy = Standardization.fit(y.length, 1, y);
    Dataset data = Dataset.regression(2, sx.apply(x), 1, sy.apply(y));
    Network net = Network.input(2).dense(16, new Tanh()).dense(1, new Linear()).build(1);
    Trainer.of(net).loss(new MeanSquaredError()).fit(data, 100);
    double[] predicted = sy.invert(net.predict(sx.apply(unseen)));   // in the unit of y
    // end
    return predicted;
  }

  private static void balanced(Network net, Dataset train, Dataset test, PrintStream out) {
    // begin balance
    double[] balance = Dataset.balancedClassWeights(train.classes(), train.labels().size());
    Trainer.of(net).fit(train.withClassWeights(balance), 100);
    out.println("recall " + ConfusionMatrix.of(net, test).recall(1));
    // end
  }

  private static void recorded(PrintStream out) {
    // begin record
    Network net = Network.input(2).dense(2, new Sigmoid()).dense(2, new Sigmoid()).build(1);
    net.setWeights(0, new double[][] {{0.15, 0.25}, {0.20, 0.30}});  // [in][out]
    net.setWeights(1, new double[][] {{0.40, 0.50}, {0.45, 0.55}});
    net.setBias(0, new double[] {0.35, 0.35});
    net.setBias(1, new double[] {0.60, 0.60});
    TrainingStep step = new TrainingStep(net, new HalfSquaredError(Reduction.SUM), Regularization.NONE,
        new GradientDescent(0.5), Double.POSITIVE_INFINITY, FrozenParameters.biases(0, 1), 1);
    StepValues v = step.record(1, new double[] {0.05, 0.10}, 0, new double[] {0.01, 0.99}, 0);
    for (int l = 0; l < 2; l++) {
      out.println("z " + v.z(l)[0][0] + "  a " + v.a(l)[0][0] + "  δ " + v.delta(l)[0][0]);
    }
    out.println("w5 was " + v.weights(1)[0][0] + ", is " + net.weights(1)[0][0]);
    // end
  }

  private static ProbabilityMetrics judged(Network net, Dataset train, Dataset test, PrintStream out) {
    // begin judge
    double[] p = net.predict(test.x());                              // [rows × outputs]
    ProbabilityMetrics found = ProbabilityMetrics.of(test.outputs(), p, test.classes());
    double[] trivial = TrivialBaseline.of(train).predictions(test.rows()); // the frequencies of the classes
    out.println("ROC AUC " + found.rocAuc() + ", log loss " + found.logLoss() + ", to beat: "
        + LogLoss.of(test.outputs(), trivial, test.classes()));
    // end
    return found;
  }

  private static MultilabelMetrics labels(double[] x, double[] y, PrintStream out) {
    // begin labels
    Dataset data = Dataset.multilabel(2, x, 3, y, List.of("rain", "wind", "fog")); // y [rows × 3] of 0 and 1
    Network net = Network.input(2).dense(16, new Tanh()).dense(3, new Sigmoid()).build(1);
    Trainer.of(net).optimizer(new Adam(0.01)).fit(data, 100);        // the loss is bce
    MultilabelMetrics metrics = MultilabelMetrics.of(net, data);
    out.println("wind " + metrics.f1(1) + ", all three " + metrics.exactMatch());
    // end
    return metrics;
  }

  private static void serve(Model model, double[][] requests, PrintStream out) {
    // begin serve
    Predictor predictor = model.predictor(1);                        // these three: one set for each thread
    double[] x = new double[model.encoding().inputs()], y = new double[model.architecture().outputs()];
    for (double[] row : requests) {
      model.encoding().encodeRow(row, 0, x, 0);                      // raw numbers, in column order
      predictor.predict(1, x, 0, y, 0);                              // the two allocate nothing
      out.println(y[0]);
    }
    // end
  }

  private static double[] ensemble(Dataset data, Encoding encoding, Kernels one, Path npz, PrintStream out) {
    // begin ensemble
    Ensemble ensemble = EnsembleTrainer.of(data.folds(5, 1), (member, seed) -> Trainer.of(
        Network.input(2).dense(32, new Relu()).dense(1, new Sigmoid()).kernels(one).build(seed)))
        .patience(20).threads(4).fit(data, 200);                     // the same bits for any number of threads
    out.println("out of fold: " + ensemble.outOfFold().evaluate(new BinaryCrossEntropy(), data));
    Model model = new Model(ensemble.networks(), encoding, Map.of());
    model.write(npz);
    double[] mean = model.outputs(data.x());                         // of the five, [rows × 1]
    // end
    return mean;
  }

  private static List<FoldResult> validated(Table table, PrintStream out) {
    // begin folds
    int[] all = IntStream.range(0, table.rows()).toArray();
    List<FoldTask> tasks = new CrossValidation(5, 2, 1).tasks(1);    // 5 folds, 2 repeats, seed 1, one candidate
    List<FoldResult> results = CrossValidation.run(tasks, task -> {
      int[][] rows = CrossValidation.rows(all, null, 5, task);       // to train on, and held out
      Encoding encoding = Encoding.of(table).target("y").task(Task.REGRESS).fit(rows[0]);
      Network net = Network.input(encoding.inputs()).dense(16, new Relu()).dense(1, new Linear()).build(task.seed());
      return CrossValidation.judge(task, Trainer.of(net), encoding.encode(table, rows[0]),
          encoding.encode(table, rows[1]), 50);
    }, 4);
    out.println("R² " + CrossValidation.summary(results).get("r2")); // mean ± standard deviation
    // end
    return results;
  }

  private static List<TrialResult> searched(Dataset data, int[] all, PrintStream out) {
    // begin search
    CrossValidation folds = new CrossValidation(3, 1, 1);            // 3 folds, 1 repeat, seed 1
    Candidate first = new Candidate(1, List.of(16), 0, 0.005, 0, 32); // hidden layers, dropout, rate, L2, batch
    SuccessiveHalving search = SuccessiveHalving.of(new SearchSpace(0.005).candidates(first, 10, 1), folds, 12);
    List<TrialResult> results = new ArrayList<>();
    for (List<TrialTask> tasks = search.next(results); !tasks.isEmpty(); tasks = search.next(results)) {
      results.addAll(SuccessiveHalving.run(tasks, task -> {
        int[][] rows = CrossValidation.rows(all, data.classes(), 3, task.fold());
        Candidate c = task.candidate();
        Network.Builder net = Network.input(data.inputs());
        for (int width : c.widths()) net.dense(width, new Relu()).dropout(c.dropout());
        Trainer trainer = Trainer.of(net.dense(1, new Sigmoid()).build(task.fold().seed()))
            .optimizer(new Adam(c.rate())).regularization(Regularization.l2(c.l2())).batch(c.batch());
        Map<String, Double> metrics = CrossValidation.judge(
            task.fold(), trainer, data.select(rows[0]), data.select(rows[1]), task.epochs()).metrics();
        return TrialResult.of(task, metrics.get("loss"), metrics.get("accuracy"));
      }, 4));
    }
    out.println(search.winner(results).candidate());
    // end
    return results;
  }

  private static Model trainedFurther(Path npz, Table table) {
    // begin further
    Model model = Model.read(npz);
    Dataset more = model.adapt(model.encoding().encode(table));
    Trainer.of(model.network()).optimizer(new Adam(1e-4)).fit(more, 20); // an ensemble: each of model.networks()
    model.write(npz);
    // end
    return model;
  }

  private static Model imported(Path torch, PrintStream out) {
    // begin import
    Model model = ModelImport.of(torch).dense(64, new Relu()).dense(3, new Softmax())
        .features(List.of("a", "b", "c", "d")).classes(List.of("setosa", "versicolor", "virginica")).read().model();
    out.println(model.predict(5.1, 3.5, 1.4, 0.2).label(0));
    // end
    return model;
  }

  private static double[] resumed(Network net, Dataset train, Model model, Path file, PrintStream out) {
    // begin resume
    Trainer trainer = Trainer.of(net).loss(new BinaryCrossEntropy())
        .checkpoint(s -> Checkpoint.write(file, model, Map.of(), s))
        .listener(new TrainingListener() {
          @Override public void onEpoch(History.Epoch e) {
            out.println("epoch " + e.number() + ": loss " + e.trainLoss());
          }
        });
    trainer.fit(train, 3);                                           // the power fails here
    trainer.resume(Checkpoint.read(file).snapshot()).fit(train, 5);         // the bits of 5 epochs at once
    // end
    return net.parameters();
  }

  private static void divided(Network net, Network copy, Dataset data) {
    // begin source
    class TwoMachines implements GradientSource {
      private Setting s;
      private BlockWorker here, there;

      public int rows() {
        return data.rows();
      }

      public double[] weights() {
        return data.weights();
      }

      public void begin(Setting setting) {
        s = setting;
        here = new BlockWorker(s.network(), s.loss(), s.block(), s.seed());
        there = new BlockWorker(copy, s.loss(), s.block(), s.seed());
      }

      public double lossAndGradient(Batch batch, double[] gradient) {
        System.arraycopy(s.network().parameters(), 0, copy.parameters(), 0, gradient.length);
        int blocks = GradientSum.blocks(batch.rows(), s.block());
        byte[] received = there.sum(batch, data, 0, blocks / 2).toBytes();
        GradientSum sum = here.sum(batch, data, blocks / 2, blocks);
        sum.merge(GradientSum.of(received));
        System.arraycopy(sum.gradient(), 0, gradient, 0, gradient.length);
        return batch.factor() * sum.loss();
      }
    }
    Trainer.of(net).batch(128).blocks(32).fit(new TwoMachines(), null, 20); // the bits of fit(data, 20)
    // end
  }

  private static double[] parallel(Network net, double[] x) {
    int rows = x.length / net.inputs();
    double[] y = new double[rows * net.outputs()];
    // begin threads
    ThreadLocal<Predictor> predictors = ThreadLocal.withInitial(() -> net.predictor(1));
    IntStream.range(0, rows).parallel().forEach(
        i -> predictors.get().predict(1, x, i * net.inputs(), y, i * net.outputs()));
    // end
    return y;
  }

  private static final PrintStream NOWHERE = new PrintStream(new ByteArrayOutputStream());

  /** README.md, then core/README.md. */
  private static String readme() throws IOException {
    return Files.readString(Path.of("..", "README.md")) + Files.readString(Path.of("README.md"));
  }

  @Test
  void theGuidesContainTheExamplesOfThisTest() throws IOException {
    String readme = readme();
    String source = Files.readString(Path.of("src/test/java/chainrule/readme/ReadmeTest.java"));
    Matcher example = Pattern.compile("(?ms)^    // begin (\\w+)\n(.*?)^    // end\n").matcher(source);
    int examples = 0;
    for (; example.find(); examples++) {
      String code = example.group(2).replaceAll("\\bout\\.println", "System.out.println").replaceAll("(?m)^    ", "");
      assertTrue(readme.contains("```java\n" + code + "```\n"), "README.md or core/README.md should contain\n" + code);
    }
    assertEquals(17, examples);
  }

  @Test
  void theFirstExamplePrintsWhatTheReadmeSays() throws IOException {
    String readme = readme();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    moons(new PrintStream(printed, true, StandardCharsets.UTF_8));
    String expected = readme.substring(readme.indexOf("```text\n2 → 16") + 8);
    assertEquals(expected.substring(0, expected.indexOf("```")), printed.toString(StandardCharsets.UTF_8));
  }

  @Test
  void theTableExampleTrainsWritesAndPredicts() throws IOException {
    StringBuilder csv = new StringBuilder("length,colour,species\n");
    for (int i = 0; i < 150; i++) {
      csv.append(i % 3 + 0.01 * (i % 17)).append(i % 2 == 0 ? ",red," : ",blue,").append("abc".charAt(i % 3))
          .append('\n');
    }
    Path file = Files.writeString(directory.resolve("t.csv"), csv.toString());
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Model model = table(file, directory.resolve("m.npz"), new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertTrue(printed.toString(StandardCharsets.UTF_8).startsWith("a with probability 0.9"), printed.toString());
    for (String label : rows(model)) assertEquals("b", label);
    Model read = Model.read(directory.resolve("m.npz"));
    assertArrayEquals(model.network().parameters(), read.network().parameters());
    assertEquals(model.encoding().inputColumns(), read.encoding().inputColumns());
    assertEquals(model.encoding().target(), read.encoding().target());
    assertEquals(model.training(), read.training());
  }

  @Test
  void twoMachinesTrainWithTheBitsOfOne() {
    Dataset moons = Generators.MOONS.generate(300, 1);
    Network[] nets = new Network[3];
    for (int i = 0; i < 3; i++) nets[i] = Network.input(2).dense(8, new Tanh()).dense(1, new Sigmoid()).build(1);
    divided(nets[0], nets[1], moons);
    Trainer.of(nets[2]).batch(128).blocks(32).fit(moons, 20);
    assertArrayEquals(nets[2].parameters(), nets[0].parameters());
  }

  @Test
  void anEnsembleIsStoredAndItsQualityEstimated() {
    Dataset moons = Generators.MOONS.generate(200, 1);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Path file = directory.resolve("e.npz");
    double[] mean = ensemble(moons, Generators.MOONS.encoding(), Kernels.best().withThreads(1), file,
        new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertTrue(printed.toString(StandardCharsets.UTF_8).matches("out of fold: loss 0.*, accuracy (0.9|1.0).*\\R"),
        printed.toString(StandardCharsets.UTF_8));
    assertArrayEquals(mean, Model.read(file).outputs(moons.x()));
  }

  @Test
  void aSearchRanksItsCandidates() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Dataset data = Generators.MOONS.generate(60, 1);
    List<TrialResult> results = searched(data, IntStream.range(0, 60).toArray(), new PrintStream(out, true));
    assertTrue(out.toString().startsWith("candidate "), out.toString());
    assertTrue(results.size() >= 10 + 2 * 4 + 3 * 2, results.size() + " trainings");
  }

  @Test
  void crossValidationEstimatesQualityAndAModelIsTrainedFurther() throws IOException {
    StringBuilder csv = new StringBuilder("x,colour,y\n");
    for (int i = 0; i < 200; i++) {
      csv.append(0.01 * i).append(i % 2 == 0 ? ",red," : ",blue,").append(0.05 * i + i % 2).append('\n');
    }
    Table table = Table.read(Files.writeString(directory.resolve("t.csv"), csv.toString()));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    assertEquals(10, validated(table, new PrintStream(printed, true, StandardCharsets.UTF_8)).size());
    assertTrue(printed.toString(StandardCharsets.UTF_8).startsWith("R² 0.9"), printed.toString());
    Encoding encoding = Encoding.of(table).target("y").task(Task.REGRESS).fit();
    Network net = Network.input(encoding.inputs()).dense(16, new Relu()).dense(1, new Linear()).build(1);
    Path file = directory.resolve("further.npz");
    new Model(net, encoding, Map.of()).write(file);
    double before = Trainer.of(net).evaluate(encoding.encode(table)).loss();
    Model further = trainedFurther(file, table);
    assertTrue(Trainer.of(further.network()).evaluate(encoding.encode(table)).loss() < before);
    assertEquals(encoding.inputColumns(), further.encoding().inputColumns());
    assertArrayEquals(further.network().parameters(), Model.read(file).network().parameters());
  }

  @Test
  void aResumedRunEndsInTheSameBits() {
    Dataset moons = Generators.MOONS.generate(100, 1);
    Network net = Network.input(2).dense(6, new Tanh()).dense(1, new Sigmoid()).build(1);
    Model model = new Model(net, Generators.MOONS.encoding(), Map.of());
    double[] resumed = resumed(net, moons, model, directory.resolve("c.npz"), NOWHERE);
    Network whole = Network.input(2).dense(6, new Tanh()).dense(1, new Sigmoid()).build(1);
    Trainer.of(whole).loss(new BinaryCrossEntropy()).fit(moons, 5);
    assertArrayEquals(whole.parameters(), resumed);
  }

  @Test
  void importedWeightsPredict() throws IOException {
    byte[] arrays = new ForeignArrays().add("0.weight", 64, 4).add("0.bias", 64).add("2.weight", 3, 64).add("2.bias", 3)
        .bytes();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Model model = imported(Files.write(directory.resolve("torch.npz"), arrays),
        new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertTrue(model.encoding().target().labels().contains(printed.toString(StandardCharsets.UTF_8).strip()));
  }

  @Test
  void manyThreadsPredictTheSameBitsAsOne() {
    Network net = Network.input(2).dense(50, new Tanh()).dense(3, new Softmax()).build(1);
    double[] x = Generators.SPIRALS.generate(2000, 1).x();
    assertArrayEquals(net.predict(x), parallel(net, x));
  }

  @Test
  void standardizedArraysArePredictedInTheirOwnUnits() {
    int n = 200;
    double[] x = new double[2 * n], y = new double[n];
    for (int i = 0; i < n; i++) {
      x[2 * i] = 1000 + 300 * CounterRandom.uniform(1, 0, i);
      x[2 * i + 1] = 0.001 * CounterRandom.uniform(1, 1, i);
      y[i] = 50_000 + 200 * x[2 * i] + 4e7 * x[2 * i + 1];
    }
    double[] predicted = standardized(x, y, x);
    double mean = Arrays.stream(y).average().orElseThrow(), residual = 0, total = 0;
    for (int i = 0; i < n; i++) {
      residual += (y[i] - predicted[i]) * (y[i] - predicted[i]);
      total += (y[i] - mean) * (y[i] - mean);
    }
    double r2 = 1 - residual / total;
    assertTrue(r2 > 0.99, "R² " + r2);
  }

  @Test
  void balancedClassesAndSeveralLabelsAreLearned() {
    int n = 300;
    double[] x = new double[2 * n], y = new double[3 * n];
    int[] classes = new int[n];
    for (int i = 0; i < 2 * n; i++) x[i] = CounterRandom.normal(1, 2, i);
    for (int i = 0; i < n; i++) {
      y[3 * i] = x[2 * i] > 0 ? 1 : 0;
      y[3 * i + 1] = x[2 * i + 1] > 0 ? 1 : 0;
      y[3 * i + 2] = y[3 * i] * y[3 * i + 1];
      classes[i] = x[2 * i] + CounterRandom.normal(1, 3, i) > 2.3 ? 1 : 0; // few rows
    }
    MultilabelMetrics metrics = labels(x, y, NOWHERE);
    assertTrue(metrics.exactMatch() > 0.9, metrics.toString());
    Dataset d = Dataset.classification(2, x, classes, List.of("usual", "rare"));
    Network net = Network.input(2).dense(1, new Sigmoid()).build(1);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    balanced(net, d, d, new PrintStream(printed, true, StandardCharsets.UTF_8));
    double recall = Double.parseDouble(printed.toString(StandardCharsets.UTF_8).strip().substring(7));
    assertTrue(recall > 0.7, "recall " + recall);
    printed.reset();
    ProbabilityMetrics judged = judged(net, d, d, new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertTrue(judged.rocAuc() > 0.9, printed.toString(StandardCharsets.UTF_8));
  }

  /** Mazur prints these digits. */
  @Test
  void theRecordedStepPrintsEveryNumber() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    recorded(new PrintStream(printed, true, StandardCharsets.UTF_8));
    String[] lines = printed.toString(StandardCharsets.UTF_8).split("\\R");
    assertEquals(3, lines.length);
    assertTrue(lines[0].matches("z 0\\.3775\\d*  a 0\\.593269992\\d+  δ 0\\.008\\d+"), lines[0]);
    assertTrue(lines[1].matches("z 1\\.105905967\\d+  a 0\\.75136506\\d+  δ 0\\.138498561\\d+"), lines[1]);
    assertTrue(lines[2].matches("w5 was 0\\.4, is 0\\.3589164\\d+"), lines[2]);
  }

  @Test
  void theServingExampleGivesThePredictionsOfTheModel() {
    Dataset moons = Generators.MOONS.generate(50, 1);
    Network net = Network.input(2).dense(6, new Tanh()).dense(1, new Sigmoid()).build(1);
    List<InputColumn> columns = List.of(InputColumn.number("a", 0.5, 2), InputColumn.number("b", -1, 0.25));
    Model model = new Model(net, new Encoding(columns, Target.classes("class", moons.labels())), Map.of());
    double[][] requests = new double[50][];
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      requests[i] = new double[] {moons.x()[2 * i], moons.x()[2 * i + 1]};
      expected.append(model.predict(Map.of("a", requests[i][0], "b", requests[i][1])).probability(0, 1)).append('\n');
    }
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    serve(model, requests, new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertEquals(expected.toString(), printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
  }
}
