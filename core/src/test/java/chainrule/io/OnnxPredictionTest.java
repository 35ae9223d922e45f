// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Column;
import chainrule.data.Encoding;
import chainrule.data.Generators;
import chainrule.data.InputColumn;
import chainrule.data.NumberColumn;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Table;
import chainrule.data.Target;
import chainrule.data.TextColumn;
import chainrule.io.OnnxInterpreter.Tensor;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Evaluates exported models node by node in plain Java, from raw cells to labels and numbers in their own unit, and
 * compares the results with {@link Model#predict}. spec-tests/onnx does the same with ONNX Runtime, which is a
 * dependency.
 */
class OnnxPredictionTest {
  private static final int ROWS = 40;
  /** The tolerance: sums of about ten products of numbers below 10, rounded in different orders. */
  private static final double ROUNDING = 1e-13;

  private static final InputColumn AGE = number("age", 38.6, 13.5), FARE = number("fare", -2, 0.25);
  private static final InputColumn RAW = number("raw", 0, 1), SHIFTED = number("shifted", 3, 1);
  private static final InputColumn SCALED = number("scaled", 0, 4);
  private static final InputColumn SEX = text("sex", "female", "male"), PORT = text("größe", "", "C", "Q 🌱");
  private static final InputColumn ONE = text("x", "one");

  private static final Target TWO = new Target(List.of("survived"), List.of("no", "yes"), 0, 1);
  private static final Target THREE = new Target(List.of("species"), List.of("a", "b", "c"), 0, 1);

  @TempDir Path directory;

  private static InputColumn number(String name, double mean, double deviation) {
    return new InputColumn(name, mean, deviation, List.of());
  }

  private static InputColumn text(String name, String... categories) {
    return new InputColumn(name, 0, 1, List.of(categories));
  }

  // ---------------------------------------------------------------- results

  @Test void anyMixtureOfNumericAndTextColumnsIsEncodedInOrder() throws IOException {
    for (List<InputColumn> inputs : List.of(List.of(AGE, SEX, FARE, SHIFTED, PORT), List.of(SEX, AGE, FARE, PORT),
        List.of(SEX, AGE, PORT, ONE, SCALED, RAW), List.of(AGE, FARE, RAW), List.of(AGE, FARE, SEX),
        List.of(PORT, AGE, FARE), List.of(AGE, SEX, FARE, PORT, RAW), List.of(SEX, PORT), List.of(PORT), List.of(ONE),
        List.of(FARE))) {
      assertPredictsTheSame(model(inputs, TWO, 1, new Sigmoid()));
    }
  }

  @Test void theLabelOfTwoClassesFollowsTheThreshold() throws IOException {
    for (double threshold : new double[] {0.2, 0.5, 0.8}) {
      Calibration calibration = new Calibration(threshold, List.of());
      assertPredictsTheSame(model(List.of(AGE, SEX), TWO, 1, new Sigmoid()).withCalibration(calibration));
      assertPredictsTheSame(model(List.of(AGE, SEX), TWO, 2, new Softmax()).withCalibration(calibration));
    }
  }

  @Test void numbersAreStandardizedAsInTraining() throws IOException {
    InputColumn alike = number("alike", AGE.mean(), AGE.deviation()), third = number("third", AGE.mean(), 1);
    for (List<InputColumn> inputs : List.of(List.of(RAW), List.of(RAW, number("raw too", 0, 1)), List.of(SHIFTED),
        List.of(SCALED), List.of(RAW, SHIFTED), List.of(SHIFTED, RAW), List.of(RAW, SCALED), List.of(SCALED, RAW),
        List.of(SCALED, SHIFTED), List.of(AGE, alike), List.of(AGE, alike, third), List.of(third, AGE))) {
      assertPredictsTheSame(model(inputs, TWO, 1, new Sigmoid()));
    }
  }

  @Test void missingNumbersAndCategoriesAreEncodedAsInTraining() throws IOException {
    InputColumn size = InputColumn.number("size", 10, 4, 7, true);
    InputColumn weight = InputColumn.number("weight", -3, 0.5, -2.5, false);
    InputColumn date = InputColumn.date("bought", 19_000, 300, 19_100, true);
    InputColumn city = InputColumn.categories("city", List.of("Bonn", "Köln"), true);
    InputColumn zip = InputColumn.categories("zip", List.of("1"), true);
    for (List<InputColumn> inputs : List.of(List.of(size), List.of(weight), List.of(city), List.of(size, weight),
        List.of(AGE, size, FARE, date), List.of(size, city, weight, date), List.of(city, size, SEX, AGE, zip),
        List.of(weight, AGE, city), List.of(zip, date))) {
      assertPredictsTheSame(model(inputs, TWO, 1, new Sigmoid()));
    }
  }

  @Test void piecesOfNumbersAreEncodedAsInTraining() throws IOException {
    PiecewiseLinear two = new PiecewiseLinear(new double[] {20, 38, 60}, new double[] {0.7, 0.25});
    PiecewiseLinear four = new PiecewiseLinear(new double[] {2, 6, 9.5, 11, 20}, new double[] {0.9, 0.7, 0.4, 0.1});
    InputColumn age = AGE.withPieces(two), size = InputColumn.number("size", 10, 4, 7, true).withPieces(four);
    InputColumn date = InputColumn.date("bought", 40, 9, 41, false).withPieces(two);
    for (List<InputColumn> inputs : List.of(List.of(age), List.of(size), List.of(age, FARE), List.of(FARE, size, date),
        List.of(SEX, age, FARE, PORT, size), List.of(size, SEX, RAW, date, age))) {
      assertPredictsTheSame(model(inputs, TWO, 1, new Sigmoid()));
    }
  }

  @Test void eachOfSeveralNumbersIsInItsOwnUnit() throws IOException {
    for (List<Double> means : List.of(List.of(50.0, 8.0), List.of(0.0, 0.0), List.of(-2.0, -2.0))) {
      for (List<Double> deviations : List.of(List.of(1.5, 0.25), List.of(1.0, 1.0))) {
        Target target = Target.numbers(List.of("lat", "lon"), means, deviations);
        assertPredictsTheSame(model(List.of(AGE, SEX), target, 2, new Linear()));
      }
    }
  }

  @Test void severalLabelsHaveAProbabilityEach() throws IOException {
    List<String> yesNo = List.of("no", "yes"), binary = List.of("0", "1");
    Target three = Target.multilabel(List.of("a", "b", "c"), List.of(yesNo, binary, yesNo));
    Model model = model(List.of(AGE, InputColumn.categories("labels", List.of("u", "v"))), three, 3, new Sigmoid());
    assertPredictsTheSame(model);
    Onnx.Signature signature = Onnx.write(model, directory.resolve("m.onnx"));
    assertEquals(List.of("probabilities float64 [N, 3]", "labels int64 [N, 3]"),
        signature.outputs().stream().map(p -> p.name() + " " + p.type() + " " + p.shape()).toList());
    assertEquals("labels_1", signature.inputs().get(1).name(), "a column of the same name");
    assertPredictsTheSame(model(List.of(AGE), Target.multilabel(List.of("a"), List.of(yesNo)), 1, new Sigmoid()));
  }

  @Test void everyKindOfTargetGivesTheSamePredictions() throws IOException {
    List<InputColumn> inputs = List.of(AGE, SEX, FARE);
    assertEquals(Set.of("no", "yes"), assertPredictsTheSame(model(inputs, TWO, 1, new Sigmoid())));
    assertEquals(Set.of("no", "yes"), assertPredictsTheSame(model(inputs, TWO, 2, new Softmax())));
    assertEquals(Set.of("a", "b", "c"), assertPredictsTheSame(model(inputs, THREE, 3, new Softmax())));
    for (double mean : new double[] {0, -4.5}) {
      for (double deviation : new double[] {1, 0.3}) {
        for (List<String> names : List.of(List.of("y"), List.of("u", "v"))) {
          Target target = new Target(names, List.of(), mean, deviation);
          assertPredictsTheSame(model(inputs, target, names.size(), new Linear()));
        }
      }
    }
  }

  @Test void anEnsemblePredictsTheMeanOfItsNetworks() throws IOException {
    for (int outputs : new int[] {1, 3}) {
      for (int count : new int[] {2, 5}) {
        List<Network> networks = new ArrayList<>();
        Model first = model(List.of(AGE, SEX, FARE), outputs == 1 ? TWO : THREE, outputs,
            outputs == 1 ? new Sigmoid() : new Softmax());
        for (int m = 0; m < count; m++) {
          Network net = model(List.of(AGE, SEX, FARE), first.encoding().target(), outputs,
              first.network().output().activation()).network();
          for (int i = 0; i < net.parameters().length; i++) net.parameters()[i] *= m - 1.5;
          networks.add(net);
        }
        Model model = new Model(networks, first.encoding(), Map.of());
        assertPredictsTheSame(model);
        List<String> operators = operators(model);
        assertEquals(2 * count, operators.stream().filter("Gemm"::equals).count());
        if (outputs == 1) continue; // a sigmoid adds, too
        assertEquals(count - 1, operators.stream().filter("Add"::equals).count(), operators.toString());
      }
    }
  }

  @Test void tiesAreResolvedAsInTheModel() throws IOException {
    for (Target target : List.of(TWO, THREE)) {
      Network.Builder one = Network.input(1);
      Network net = (target == TWO ? one.dense(1, new Sigmoid()) : one.dense(3, new Softmax())).build(1);
      Arrays.fill(net.parameters(), 0);
      Model model = new Model(net, new Encoding(List.of(RAW), target), Map.of());
      Map<String, Tensor> outputs = OnnxInterpreter.run(export(model), Map.of("x", Tensor.column(List.of(1.0))));
      assertEquals(List.of(target == TWO ? "yes" : "a"), outputs.get("label").elements());
      assertEquals(List.of(model.predict(new double[] {1}).label(0)), outputs.get("label").elements());
    }
  }

  // ---------------------------------------------------------------- operators and metadata

  @Test void operationsWithoutEffectAreLeftOut() throws IOException {
    Target plain = new Target(List.of("y"), List.of(), 0, 1), doubled = new Target(List.of("y"), List.of(), 0, 2);
    Target moved = new Target(List.of("y"), List.of(), 2, 1);
    assertEquals(List.of("IsNaN", "Where", "Gemm", "Identity"), operators(linear(List.of(RAW), plain)));
    assertEquals(List.of("IsNaN", "Where", "Sub", "Gemm", "Identity"), operators(linear(List.of(RAW, SHIFTED), plain)));
    assertEquals(List.of("IsNaN", "Where", "Div", "Gemm", "Identity"), operators(linear(List.of(SCALED, RAW), plain)));
    assertEquals(List.of("IsNaN", "Where", "Gemm", "Mul", "Identity"), operators(linear(List.of(RAW), doubled)));
    assertEquals(List.of("IsNaN", "Where", "Gemm", "Add", "Identity"), operators(linear(List.of(RAW), moved)));
    assertEquals(List.of("LabelEncoder", "Equal", "Cast", "Gemm", "Identity"), operators(linear(List.of(PORT), plain)));
    // If all numbers are on one side of the text column, x is used whole, without a Gather.
    assertEquals(List.of("IsNaN", "Where", "LabelEncoder", "Equal", "Cast", "Concat", "Gemm", "Identity"),
        operators(linear(List.of(RAW, number("more", 0, 1), PORT), plain)));
  }

  @Test void aDivisorCommonToAllPixelsIsStoredOnce() throws IOException {
    Network net = Network.input(784).dense(1, new Sigmoid()).build(1);
    ProtobufMessage graph = export(new Model(net, Encoding.pixels(28, 28, List.of("0", "1")), Map.of()));
    List<List<Double>> numbers = graph.all(5).stream().filter(c -> c.number(2) == OnnxGraph.DOUBLE)
        .map(c -> c.doubles(10)).toList();
    assertEquals(1, numbers.stream().filter(n -> n.equals(List.of(255.0))).count());
    assertEquals(1, numbers.stream().filter(n -> n.size() == 784).count(), "the weights");
  }

  @Test void theDescriptionOfImagesContainsTheirSizeAndPixelRange() {
    List<String> labels = List.of("0", "1");
    assertEquals("pictures of 2 × 3 pixels, row by row, 0 … 255", meaning(Encoding.pixels(2, 3, labels)));
    assertEquals("pictures of 28 × 28 pixels, row by row", meaning(Generators.DIGITS.encoding()));
    for (InputColumn other : List.of(number("p2", 0, 1), number("p2", 128, 255))) { // the pixel range is unknown
      Encoding e = new Encoding(List.of(number("p1", 0, 255), other), TWO)
          .withImageSize(new Encoding.ImageSize(1, 2));
      assertEquals("pictures of 1 × 2 pixels, row by row", meaning(e));
    }
    assertEquals("the numbers age, fare", meaning(new Encoding(List.of(AGE, SEX, FARE), TWO)));
  }

  private String meaning(Encoding e) {
    Activation last = e.outputs() == 1 ? new Sigmoid() : new Softmax();
    Model model = new Model(Network.input(e.inputs()).dense(e.outputs(), last).build(1), e, Map.of());
    return Onnx.write(model, directory.resolve("m.onnx")).inputs().get(0).meaning();
  }

  // ---------------------------------------------------------------- models and their evaluation

  private static Model model(List<InputColumn> inputs, Target target, int outputs, Activation last) {
    int width = inputs.stream().mapToInt(InputColumn::width).sum();
    Network net = Network.input(width).dense(4, new Tanh()).dense(outputs, last).build(3);
    SplittableRandom random = new SplittableRandom(5); // biases of 0 would have no effect
    for (int i = 0; i < net.parameters().length; i++) net.parameters()[i] = random.nextDouble(-2, 2);
    return new Model(net, new Encoding(inputs, target), Map.of());
  }

  @Test void inFloat32AllNumbersAreRoundedAndTheErrorIsEstimated() throws IOException {
    Model model = model(List.of(AGE, SEX, FARE), TWO, 1, new Sigmoid());
    Path file = directory.resolve("f.onnx"), twice = directory.resolve("d.onnx");
    Onnx.Signature signature = Onnx.writeFloat32(model, file);
    assertEquals("float32", signature.inputs().get(0).type());
    assertEquals(List.of("float32", "string"), signature.outputs().stream().map(Onnx.Port::type).toList());
    Onnx.write(model, twice);
    assertTrue(Files.size(file) < Files.size(twice));
    ProtobufMessage graph = new ProtobufMessage(Files.readAllBytes(file)).all(7).get(0);
    double[] rows = {38.5, -2, Double.NaN, -1.75};
    Map<String, Tensor> inputs = Map.of("x", new Tensor(List.of(2, 2), List.of(38.5, -2.0, Double.NaN, -1.75)), "sex",
        Tensor.column(List.of("male", "")));
    Tensor y = OnnxInterpreter.run(graph, inputs).get("probabilities");
    Float32Error error = Float32Error.of(model);
    assertEquals(1000, error.rows());
    assertTrue(error.largest() > 1e-9 && error.largest() < 1e-6, "" + error);
    assertEquals(0, error.otherDecisions());
    for (int i = 0; i < 2; i++) {
      Predictions exact = model.predict(rows[2 * i], i == 0 ? "male" : "", rows[2 * i + 1]);
      double difference = (Double) y.elements().get(2 * i + 1) - exact.probability(0, 1);
      assertTrue(difference != 0 && Math.abs(difference) < 4 * error.largest(), "" + difference);
    }
  }

  @Test void aNumberThatIsInfiniteInFloat32IsRefused() {
    Model model = model(List.of(number("far", 1e300, 1)), TWO, 1, new Sigmoid());
    Path file = directory.resolve("f.onnx");
    assertEquals("the model has the number 1.0E300, which is infinite in float32. Export it in double precision.",
        assertThrows(IllegalArgumentException.class, () -> Onnx.writeFloat32(model, file)).getMessage());
    assertFalse(Files.exists(file));
  }

  private static Model linear(List<InputColumn> inputs, Target target) {
    int width = inputs.stream().mapToInt(InputColumn::width).sum();
    Network net = Network.input(width).dense(1, new Linear()).build(1);
    return new Model(net, new Encoding(inputs, target), Map.of());
  }

  private ProtobufMessage export(Model model) throws IOException {
    Path file = directory.resolve("m.onnx");
    Onnx.write(model, file);
    return new ProtobufMessage(Files.readAllBytes(file)).all(7).get(0);
  }

  private List<String> operators(Model model) throws IOException {
    return export(model).all(1).stream().map(n -> n.text(4)).toList();
  }

  /** Returns the predicted labels. */
  private Set<String> assertPredictsTheSame(Model model) throws IOException {
    Path file = directory.resolve("m.onnx");
    Onnx.Signature signature = Onnx.write(model, file);
    List<InputColumn> columns = model.encoding().inputColumns();
    SplittableRandom random = new SplittableRandom(2);
    List<String[]> rows = new ArrayList<>();
    List<Double> x = new ArrayList<>();
    List<List<String>> texts = new ArrayList<>();
    for (InputColumn in : columns) if (!in.isNumber()) texts.add(new ArrayList<>());
    for (int i = 0; i < ROWS; i++) {
      String[] cells = new String[columns.size()];
      int text = 0;
      for (int c = 0; c < cells.length; c++) {
        InputColumn in = columns.get(c);
        if (in.isNumber()) {
          boolean missing = random.nextInt(4) == 0;
          x.add(missing ? Double.NaN : in.mean() + in.deviation() * random.nextDouble(-2, 2));
          cells[c] = x.get(x.size() - 1).toString();
        } else {
          int n = in.categories().size(), k = random.nextInt(n + 2);
          cells[c] = k == n ? "never seen" : k > n ? "" : in.categories().get(k);
          texts.get(text++).add(cells[c]);
        }
      }
      rows.add(cells);
    }
    Map<String, Tensor> inputs = new HashMap<>();
    int text = 0;
    for (Onnx.Port in : signature.inputs()) {
      Tensor t = in.isText() ? Tensor.column(texts.get(text++)) : new Tensor(List.of(ROWS, in.columns()), x);
      inputs.put(in.name(), t);
    }
    Predictions expected = model.predict(table(columns, rows));
    ProtobufMessage graph = new ProtobufMessage(Files.readAllBytes(file)).all(7).get(0);
    Map<String, Tensor> outputs = OnnxInterpreter.run(graph, inputs);
    for (Onnx.Port out : signature.outputs()) {
      List<Integer> shape = out.columns() == 0 ? List.of(ROWS) : List.of(ROWS, out.columns());
      assertEquals(shape, outputs.get(out.name()).shape(), out.name());
    }
    String what = model.describeLayers() + " of " + columns + " for " + model.encoding().target();
    compare(what, expected, outputs);
    Set<String> labels = new TreeSet<>();
    for (int i = 0; i < ROWS && expected.target().isClass(); i++) labels.add(expected.label(i));
    return labels;
  }

  private static void compare(String what, Predictions expected, Map<String, Tensor> outputs) {
    Target target = expected.target();
    assertFalse(outputs.isEmpty());
    for (int i = 0; i < ROWS; i++) {
      if (target.isClass()) {
        assertEquals(expected.label(i), outputs.get("label").elements().get(i), what);
        Tensor p = outputs.get("probabilities");
        int n = target.labels().size();
        for (int c = 0; c < n; c++) assertEquals(expected.probability(i, c), p.number(i * n + c), ROUNDING, what);
      } else if (target.isMultilabel()) {
        Tensor p = outputs.get("probabilities");
        int n = target.names().size();
        for (int j = 0; j < n; j++) {
          assertEquals(expected.probability(i, j), p.number(i * n + j), ROUNDING, what);
          assertEquals(expected.has(i, j) ? 1L : 0L, outputs.get("labels").elements().get(i * n + j), what);
        }
      } else {
        Tensor y = outputs.get("y");
        int n = target.names().size();
        for (int j = 0; j < n; j++) assertEquals(expected.value(i, j), y.number(i * n + j), ROUNDING, what);
      }
    }
    for (Tensor y : outputs.values()) { // equal outputs for all rows would hide errors
      if (y.elements().get(0) instanceof Double) assertTrue(y.elements().stream().distinct().count() > 1, what);
    }
  }

  private static Table table(List<InputColumn> inputs, List<String[]> rows) {
    List<Column> columns = new ArrayList<>();
    for (int c = 0; c < inputs.size(); c++) {
      int column = c;
      String name = inputs.get(c).name();
      double[] x = !inputs.get(c).isNumber() ? null
          : rows.stream().mapToDouble(r -> Double.parseDouble(r[column])).toArray();
      columns.add(switch (inputs.get(c).type()) {
        case NUMBER -> NumberColumn.of(name, x);
        case DATE -> NumberColumn.dates(name, x);
        case CATEGORY -> TextColumn.of(name, rows.stream().map(r -> r[column]).toList());
      });
    }
    return Table.of("t", columns);
  }
}
