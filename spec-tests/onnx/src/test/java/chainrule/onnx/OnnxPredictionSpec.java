// SPDX-License-Identifier: MIT
package chainrule.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.data.Column;
import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.NumberColumn;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Table;
import chainrule.data.Target;
import chainrule.data.TextColumn;
import chainrule.io.Calibration;
import chainrule.io.Model;
import chainrule.io.Onnx;
import chainrule.io.Predictions;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whole models in ONNX Runtime, from raw data to labels and numbers in their original unit, against Model.predict. */
class OnnxPredictionSpec {
  private static final Target TWO = new Target(List.of("species"), List.of("no", "yes"), 0, 1);

  @Test void twoClassesWithOneSigmoidHaveTheSameProbabilitiesAndLabels() {
    compare("2 classes, sigmoid", numbers(5), TWO, dense(5, 8, new Tanh(), 1, new Sigmoid()));
  }

  @Test void twoClassesWithASoftmaxHaveTheSameProbabilitiesAndLabels() {
    compare("2 classes, softmax", numbers(5), TWO, dense(5, 8, new Relu(), 2, new Softmax()));
  }

  @Test void manyClassesHaveTheSameProbabilitiesAndLabels() {
    List<String> labels = IntStream.range(0, 40).mapToObj(i -> i % 2 == 0 ? "" + i : "größe " + i + " \"λ\"").toList();
    compare("40 classes", numbers(9), new Target(List.of("class"), labels, 0, 1),
        dense(9, 30, new Relu(), 40, new Softmax()));
  }

  @Test void numbersAreInTheUnitOfTheTarget() {
    compare("regression", numbers(6), new Target(List.of("price"), List.of(), 206_855.8, 115_395.6),
        dense(6, 20, new Relu(), 1, new Linear()));
    compare("regression of three", numbers(6), new Target(List.of("a", "b", "c"), List.of(), -3e-7, 1e-9),
        dense(6, 20, new Tanh(), 3, new Linear()));
  }

  @Test void categoriesAreOneHotInTheOrderOfTheColumnsAndUnseenOnesAreAllZeros() {
    InputColumn a = text("größe", "klein", "mittel", "sehr groß"), b = text("2 words", "", "a\nb", "λ");
    InputColumn c = text("x", "only");
    InputColumn n = new InputColumn("age", 38.6, 13.64, List.of()), m = new InputColumn("label", -1e6, 1e3, List.of());
    InputColumn k = new InputColumn("_2_words", 0, 1, List.of());
    Differences classes = new Differences("categories, 2 classes");
    Differences regression = new Differences("categories, regression");
    for (List<InputColumn> inputs : List.of(List.of(n, a, m, k, b, c), List.of(a, n, b, m), List.of(a, b, c),
        List.of(a), List.of(n, m, a, c), List.of(c, a, n, m))) {
      int width = inputs.stream().mapToInt(InputColumn::width).sum();
      compare(classes, model(inputs, TWO, dense(width, 6, new Tanh(), 1, new Sigmoid())));
      Target t = new Target(List.of("t"), List.of(), 5, 2);
      compare(regression, model(inputs, t, dense(width, 6, new Relu(), 1, new Linear())));
    }
    classes.report();
    regression.report();
  }

  @Test void missingCellsAreEncodedAsInTraining() {
    InputColumn size = InputColumn.number("size", 10, 4, 7, true);
    InputColumn weight = InputColumn.number("weight", -3, 0.5, -2.5, false);
    InputColumn date = InputColumn.date("bought", 19_000, 300, 19_100, true);
    InputColumn city = InputColumn.categories("city", List.of("Bonn", "Koeln"), true);
    Differences differences = new Differences("missing cells");
    for (List<InputColumn> inputs : List.of(List.of(size), List.of(weight), List.of(city),
        List.of(size, city, weight, date), List.of(city, weight, size), List.of(date, size))) {
      int width = inputs.stream().mapToInt(InputColumn::width).sum();
      compare(differences, model(inputs, TWO, dense(width, 6, new Tanh(), 1, new Sigmoid())));
    }
    differences.report();
  }

  @Test void piecesOfNumbersAreEncodedAsInTraining() {
    InputColumn size = binned(InputColumn.number("size", 10, 4, 7, true), 5);
    InputColumn weight = binned(InputColumn.number("weight", -3, 0.5, -2.5, false), 2);
    InputColumn date = binned(InputColumn.date("bought", 19_000, 300, 19_100, true), 20);
    InputColumn plain = InputColumn.number("plain", 2, 3);
    InputColumn city = InputColumn.categories("city", List.of("Bonn", "Koeln"), true);
    Target price = new Target(List.of("price"), List.of(), 206_855.8, 115_395.6);
    Differences classes = new Differences("pieces, 2 classes"), regression = new Differences("pieces, regression");
    for (List<InputColumn> inputs : List.of(List.of(size), List.of(weight), List.of(date), List.of(plain, weight),
        List.of(size, city, weight, plain, date), List.of(city, weight, date, size))) {
      int width = inputs.stream().mapToInt(InputColumn::width).sum();
      compare(classes, model(inputs, TWO, dense(width, 6, new Tanh(), 1, new Sigmoid())));
      compare(classes, ensemble(inputs, TWO, 3, 2, new Softmax()));
      compare(regression, model(inputs, price, dense(width, 6, new Relu(), 1, new Linear())));
      compare(regression, ensemble(inputs, price, 5, 1, new Linear()));
    }
    classes.report();
    regression.report();
  }

  /** The bounds assume bit-identical inputs. A network without weights returns its inputs. */
  @Test void piecesAreBitIdenticalAtTheirKnotsAndFarFromThem() {
    InputColumn size = binned(InputColumn.number("size", 10, 4, 7, true), 100);
    InputColumn tiny = InputColumn.number("tiny", 0, 1, 1e-300, false).withPieces(
        new PiecewiseLinear(new double[] {-1e-300, Double.MIN_VALUE, 3e-300}, new double[] {1 / 3.0, 0.7}));
    List<Double> cells = new ArrayList<>(List.of(-1e308, 0.0, -0.0, Double.MIN_VALUE, 5e-301, 1e308, Double.NaN));
    for (InputColumn in : List.of(size, tiny)) {
      for (int k = 0; k <= in.pieces().count(); k++) {
        double knot = in.pieces().knot(k);
        cells.addAll(List.of(Math.nextDown(knot), knot, Math.nextUp(knot)));
      }
    }
    int rows = cells.size();
    double[] x = cells.stream().flatMapToDouble(v -> DoubleStream.of(v, v)).toArray();
    String[][] texts = cells.stream().map(v -> new String[] {"" + v, "" + v}).toArray(String[][]::new);
    List<String> names = IntStream.range(0, size.width() + tiny.width()).mapToObj(i -> "y" + i).toList();
    Model model = model(List.of(size, tiny), new Target(names, List.of(), 0, 1),
        Network.input(names.size()).activation(new Linear()).build(1));
    double[] expected = model.encoding().encodeInputs(
        table(List.of(size, tiny), texts), IntStream.range(0, rows).toArray());
    try (OnnxRuntimeModel exported = new OnnxRuntimeModel(model)) {
      assertArrayEquals(expected, exported.run(rows, x).numbers("y"), 0);
    }
  }

  @Test void severalTargetsHaveTheirOwnUnitsOrProbabilities() {
    compare("latitude and longitude", numbers(4),
        Target.numbers(List.of("lat", "lon"), List.of(50.0, 8.5), List.of(1.25, 0.5)),
        dense(4, 8, new Tanh(), 2, new Linear()));
    List<String> yesNo = List.of("no", "yes");
    compare("three labels", numbers(4), Target.multilabel(List.of("a", "b", "c"), List.of(yesNo, yesNo, yesNo)),
        dense(4, 8, new Tanh(), 3, new Sigmoid()));
  }

  @Test void inputsHaveTheNamesOfTheColumnsAsFarAsTheFormatAllows() {
    List<InputColumn> inputs = List.of(text("größe", "a"), text("x", "a"), text("gr__e", "a"), text("2", "a"),
        text("", "a"), new InputColumn("n", 0, 1, List.of()));
    Model model = model(inputs, TWO, dense(6, 1, new Relu(), 1, new Sigmoid()));
    try (OnnxRuntimeModel exported = new OnnxRuntimeModel(model)) {
      assertEquals(List.of("x", "gr__e", "x_1", "gr__e_1", "_2", "_"),
          exported.signature.inputs().stream().map(Onnx.Port::name).toList());
      assertEquals(Set.copyOf(exported.signature.inputs().stream().map(Onnx.Port::name).toList()),
          exported.session.getInputNames());
    }
  }

  @Test void imagesAreRawPixels() {
    List<String> labels = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    Encoding encoding = Encoding.pixels(12, 9, labels);
    Network net = dense(108, 32, new Relu(), 10, new Softmax());
    compare("images", new Model(net, encoding, Map.of()));
  }

  @Test void randomNetworksDeepAndWideHaveTheSamePredictions() {
    // Without step, whose jumps would hide other differences.
    List<String> names = Activations.names().stream().filter(s -> !s.equals("step")).toList();
    Differences differences = new Differences("random networks");
    for (int seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int in = random.nextInt(1, 30), depth = random.nextInt(1, 13);
      Network.Builder builder = Network.input(in);
      for (int l = 0; l < depth; l++) {
        Activation a = Activations.parse(names.get(random.nextInt(names.size())));
        if (random.nextInt(4) == 0) builder.activation(a);
        else builder.dense(random.nextInt(10) == 0 ? 500 : random.nextInt(1, 40), a);
        if (random.nextInt(4) == 0) builder.dropout(0.3);
      }
      boolean classes = random.nextBoolean();
      int out = random.nextInt(2, 6);
      Network net = (classes ? builder.dense(out, new Softmax()) : builder.dense(out, new Linear())).build(seed);
      List<String> words = IntStream.range(0, out).mapToObj(i -> "w" + i).toList();
      Target target = classes ? new Target(List.of("c"), words, 0, 1) : new Target(words, List.of(), 3, 0.1);
      compare(differences, model(numbers(in), target, net));
    }
    differences.report();
  }

  /** The mean of the members, for each kind of output: the error bounds are those of one network and of the mean. */
  @Test void anEnsembleHasTheMeanOfItsNetworks() {
    List<String> yesNo = List.of("no", "yes");
    Target three = new Target(List.of("c"), List.of("a", "b", "c"), 0, 1);
    Differences differences = new Differences("ensembles");
    for (int members : new int[] {2, 5, 16}) {
      compare(differences, ensemble(numbers(5), TWO, members, 1, new Sigmoid()));
      compare(differences, ensemble(numbers(5), TWO, members, 2, new Softmax()));
      compare(differences, ensemble(numbers(5), three, members, 3, new Softmax()));
      compare(differences, ensemble(numbers(4), Target.numbers(List.of("lat", "lon"), List.of(50.0, 8.5),
          List.of(1.25, 0.5)), members, 2, new Linear()));
      compare(differences, ensemble(numbers(4), Target.multilabel(List.of("a", "b"), List.of(yesNo, yesNo)), members, 2,
          new Sigmoid()));
      compare(differences, ensemble(List.of(InputColumn.number("size", 10, 4, 7, true),
          InputColumn.categories("city", List.of("Bonn", "Koeln"), true)), TWO, members, 1, new Sigmoid()));
    }
    differences.report();
  }

  /** The comparison of labels would not notice a threshold that no row lies beyond, so the labels are counted too. */
  @Test void aThresholdDecidesTheLabelAsInChainrule() {
    Differences differences = new Differences("thresholds");
    for (double threshold : new double[] {0.03, 0.4, 0.97}) {
      Calibration at = new Calibration(threshold, List.of());
      for (int outputs = 1; outputs <= 2; outputs++) {
        Activation last = outputs == 1 ? new Sigmoid() : new Softmax();
        compare(differences, model(numbers(5), TWO, dense(5, 8, new Tanh(), outputs, last)).withCalibration(at));
        compare(differences, ensemble(numbers(5), TWO, 3, outputs, last).withCalibration(at));
      }
    }
    differences.report();
    Network even = Network.input(2).dense(1, new Sigmoid()).build(1);
    Arrays.fill(even.parameters(), 0);
    for (double threshold : new double[] {0.25, 0.5, Math.nextUp(0.5)}) {
      Model model = model(numbers(2), TWO, even).withCalibration(new Calibration(threshold, List.of()));
      try (OnnxRuntimeModel exported = new OnnxRuntimeModel(model)) {
        assertEquals(threshold <= 0.5 ? "yes" : "no", exported.run(1, new double[] {1, 2}).strings("label")[0]);
      }
    }
  }

  @Test void tiesAreResolvedAsInChainrule() {
    Network one = Network.input(2).dense(1, new Sigmoid()).build(1);
    Network three = Network.input(2).dense(3, new Softmax()).build(1);
    Arrays.fill(one.parameters(), 0);
    Arrays.fill(three.parameters(), 0);
    Target abc = new Target(List.of("c"), List.of("a", "b", "c"), 0, 1);
    try (OnnxRuntimeModel exported = new OnnxRuntimeModel(model(numbers(2), TWO, one))) {
      assertEquals("yes", exported.run(1, new double[] {1, 2}).strings("label")[0]);
    }
    try (OnnxRuntimeModel exported = new OnnxRuntimeModel(model(numbers(2), abc, three))) {
      assertEquals("a", exported.run(1, new double[] {1, 2}).strings("label")[0]);
    }
    three.parameters()[7] = 1; // the biases of b and c
    three.parameters()[8] = 1;
    try (OnnxRuntimeModel exported = new OnnxRuntimeModel(model(numbers(2), abc, three))) {
      assertEquals("b", exported.run(1, new double[] {1, 2}).strings("label")[0]);
    }
  }

  // ---------------------------------------------------------------- models and data

  private static Network dense(int in, int hidden, Activation a, int out, Activation b) {
    Network net = Network.input(in).dense(hidden, a).dense(out, b).build(7);
    OnnxActivationSpec.perturb(net, new SplittableRandom(in));
    return net;
  }

  private static Model ensemble(List<InputColumn> inputs, Target target, int members, int out, Activation b) {
    int in = inputs.stream().mapToInt(InputColumn::width).sum();
    List<Network> networks = new ArrayList<>();
    for (int m = 0; m < members; m++) {
      Network net = Network.input(in).dense(8, new Tanh()).dense(out, b).build(m + 1);
      OnnxActivationSpec.perturb(net, new SplittableRandom(m));
      networks.add(net);
    }
    return new Model(networks, new Encoding(inputs, target), Map.of());
  }

  private static List<InputColumn> numbers(int n) {
    SplittableRandom random = new SplittableRandom(n);
    List<InputColumn> inputs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double mean = random.nextGaussian() * 1000, deviation = Math.pow(10, random.nextDouble(-3, 3));
      inputs.add(new InputColumn("n" + i, mean, deviation, List.of()));
    }
    return inputs;
  }

  /** Returns the column with the pieces that training would find in 1,000 of the numbers that are compared. */
  private static InputColumn binned(InputColumn in, int bins) {
    SplittableRandom random = new SplittableRandom(bins);
    double[] values = IntStream.range(0, 1_000).mapToDouble(i -> in.mean() + in.deviation() * random.nextGaussian())
        .toArray();
    PiecewiseLinear pieces = PiecewiseLinear.fit(values, bins);
    assertEquals(bins, pieces.count());
    return in.withPieces(pieces);
  }

  private static InputColumn text(String name, String... categories) {
    return new InputColumn(name, 0, 1, List.of(categories));
  }

  private static Model model(List<InputColumn> inputs, Target target, Network net) {
    return new Model(net, new Encoding(inputs, target), Map.of());
  }

  private static void compare(String what, List<InputColumn> inputs, Target target, Network net) {
    compare(what, model(inputs, target, net));
  }

  private static void compare(String what, Model model) {
    Differences differences = new Differences(what);
    compare(differences, model);
    differences.report();
  }

  private static void compare(Differences differences, Model model) {
    try (OnnxRuntimeModel exported = new OnnxRuntimeModel(model)) {
      for (int rows : new int[] {1, 100}) compare(differences, model, exported, rows);
    }
  }

  private static void compare(Differences differences, Model model, OnnxRuntimeModel exported, int rows) {
    List<InputColumn> inputs = model.encoding().inputColumns();
    SplittableRandom random = new SplittableRandom(rows);
    String[][] cells = new String[rows][inputs.size()];
    int columns = (int) inputs.stream().filter(InputColumn::isNumber).count();
    double[] x = columns == 0 ? null : new double[rows * columns];
    Map<String, String[]> texts = new LinkedHashMap<>();
    List<String> textInputs = new ArrayList<>();
    for (Onnx.Port p : exported.signature.inputs()) if (p.isText()) textInputs.add(p.name());
    int number = 0, text = 0;
    for (int c = 0; c < inputs.size(); c++) {
      InputColumn in = inputs.get(c);
      String[] column = new String[rows];
      for (int i = 0; i < rows; i++) {
        if (in.isNumber()) {
          boolean pixel = model.encoding().imageSize().isPresent();
          double v = pixel ? random.nextInt(256) : in.mean() + in.deviation() * random.nextGaussian();
          if (random.nextInt(6) == 0) v = Double.NaN;
          x[i * columns + number] = v;
          cells[i][c] = Double.toString(v);
        } else {
          List<String> known = in.categories();
          int kind = random.nextInt(6);
          column[i] = kind == 0 ? "never seen" : kind == 1 ? "" : known.get(random.nextInt(known.size()));
          cells[i][c] = " " + column[i] + " "; // Chainrule strips spaces
        }
      }
      if (in.isNumber()) number++;
      else texts.put(textInputs.get(text++), column);
    }
    compare(differences, model, table(inputs, cells), exported.run(rows, x, texts));
  }

  private static Table table(List<InputColumn> inputs, String[][] cells) {
    List<Column> columns = new ArrayList<>();
    for (int c = 0; c < inputs.size(); c++) {
      int column = c;
      InputColumn in = inputs.get(c);
      double[] x = !in.isNumber() ? null
          : Arrays.stream(cells).mapToDouble(r -> Double.parseDouble(r[column])).toArray();
      columns.add(switch (in.type()) {
        case NUMBER -> NumberColumn.of(in.name(), x);
        case DATE -> NumberColumn.dates(in.name(), x);
        case CATEGORY -> TextColumn.of(in.name(), Arrays.stream(cells).map(r -> r[column]).toList());
      });
    }
    return Table.of("generated", columns);
  }

  private static void compare(Differences differences, Model model, Table table, OnnxRuntimeModel.Result result) {
    Predictions expected = model.predict(table);
    Target target = model.encoding().target();
    double[] x = model.encoding().encodeInputs(table, IntStream.range(0, expected.rows()).toArray());
    for (int i = 0; i < expected.rows(); i++) {
      double[] bound = bound(model, x, i);
      int n = target.isClass() ? target.labels().size() : expected.outputs();
      double[] values = new double[n], bounds = new double[n];
      for (int j = 0; j < n; j++) {
        if (target.isMultilabel()) {
          values[j] = expected.probability(i, j);
          bounds[j] = bound[j];
        } else if (target.isClass()) {
          values[j] = expected.probability(i, j);
          bounds[j] = bound[Math.min(j, bound.length - 1)] + RoundingBounds.U; // 1 − p is rounded once more
        } else {
          values[j] = expected.value(i, j);
          double product = expected.yhat()[i * n + j] * target.deviation(j);
          // one more product and one more sum, each rounded on both sides
          bounds[j] = bound[j] * target.deviation(j)
              + 2 * RoundingBounds.U * (2 * Math.abs(product) + Math.abs(values[j]));
        }
      }
      double[] actual = result.numbers(target.task() == Encoding.Task.REGRESS ? "y" : "probabilities");
      differences.compareRow(n, values, Arrays.copyOfRange(actual, i * n, (i + 1) * n), 0, bounds, "row " + i);
      if (target.isClass()) assertEquals(expected.label(i), result.strings("label")[i], "row " + i);
      for (int j = 0; target.isMultilabel() && j < n; j++) {
        assertEquals(expected.has(i, j) ? 1 : 0, result.whole("labels")[i * n + j], "row " + i);
      }
    }
  }

  /**
   * Returns the bounds of the outputs in row i. A mean of K outputs has the mean of their bounds. Its K − 1 sums and
   * one division round on both sides, each by at most U times the mean of their magnitudes, to first order.
   */
  private static double[] bound(Model model, double[] x, int i) {
    int members = model.networks().size(), in = model.architecture().inputs();
    if (members == 1) return RoundingBounds.bound(model.networks().get(0), x, i);
    double[] row = Arrays.copyOfRange(x, i * in, (i + 1) * in), bound = new double[model.architecture().outputs()];
    for (Network network : model.networks()) {
      double[] of = RoundingBounds.bound(network, x, i), yhat = network.predict(row);
      for (int j = 0; j < bound.length; j++) {
        bound[j] += (of[j] + 2 * members * RoundingBounds.U * (Math.abs(yhat[j]) + of[j])) / members;
      }
    }
    return bound;
  }
}
