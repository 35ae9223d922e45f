// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Encoding.Input;
import chainrule.data.Encoding.Target;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Table;
import chainrule.io.Zip.Entry;
import chainrule.nn.Dense;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.random.CounterRandom;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class ModelTest {
  @TempDir Path directory;

  // ---------------------------------------------------------------- round trips

  private static int below(int bound, long seed, int what) {
    return CounterRandom.below(bound, seed, 7, what);
  }

  /** Returns a model with random layers, activations, preprocessing and weights of any bits. */
  public static Model random(long seed) {
    List<Input> inputs = new ArrayList<>();
    String[] odd = {"", "a", "ä \uD83D\uDE00", "\"q\\\"", "x\ny", "\0", "1", "long ".repeat(50)};
    for (int i = 0; i <= below(4, seed, 0); i++) {
      String name = odd[below(odd.length, seed, 10 + i)] + i;
      if (below(2, seed, 20 + i) == 0) inputs.add(new Input(name, (below(99, seed, 30 + i) - 50) / 7.0, Double.MIN_VALUE
          + below(3, seed, 40 + i), List.of()).withPieces(pieces(below(4, seed, 55 + i), seed)));
      else inputs.add(new Input(name, 0, 1, List.of(odd).subList(0, 1 + below(odd.length, seed, 50 + i))));
    }
    int width = inputs.stream().mapToInt(Input::width).sum(), outputs = 1 + below(4, seed, 1);
    boolean classes = below(2, seed, 2) == 0;
    List<String> names = new ArrayList<>(), labels = new ArrayList<>();
    for (int j = 0; j < (classes ? 1 : outputs); j++) names.add("y" + j);
    for (int c = 0; classes && c < Math.max(2, outputs); c++) labels.add(odd[c] + c);
    Encoding e = new Encoding(inputs, new Target(names, labels, classes ? 0 : -1.5e-300, classes ? 1 : 1e300));
    if (inputs.stream().allMatch(in -> in.isNumber() && in.width() == 1) && below(2, seed, 3) == 0) {
      e = e.withImageSize(new Encoding.ImageSize(1, width));
    }
    Network.Builder b = Network.input(width);
    for (int l = 0; l < below(5, seed, 4); l++) {
      switch (below(4, seed, 60 + l)) {
        case 0 -> b.dropout(below(100, seed, 70 + l) / 100.0);
        case 1 -> b.activation(activation(seed, 80 + l));
        default -> b.dense(1 + below(9, seed, 90 + l), activation(seed, 80 + l));
      }
    }
    Network n = b.dense(outputs, activation(seed, 5)).build(seed);
    for (int i = 0; i < n.parameters().length; i++) {
      n.parameters()[i] = Double.longBitsToDouble(CounterRandom.bits(seed, 8, i));
    }
    n.parameters()[0] = new double[] {Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.MIN_VALUE,
        1}[below(5, seed, 6)];
    return new Model(n, e, Map.of("loss", "mse", odd[below(odd.length, seed, 9)], "\u001b[2J"));
  }

  private static PiecewiseLinear pieces(int count, long seed) {
    double[] knots = new double[count == 0 ? 0 : count + 1], means = new double[count];
    for (int k = 0; k < knots.length; k++) knots[k] = k / 3.0 - Double.MIN_VALUE;
    for (int k = 0; k < count; k++) means[k] = below(8, seed, 57 + k) / 7.0;
    return new PiecewiseLinear(knots, means);
  }

  private static Activation activation(long seed, int what) {
    List<String> names = Activations.names();
    int i = below(names.size() + 3, seed, what);
    return i < names.size() ? Activations.parse(names.get(i))
        : Activations.parse(
        new String[] {"leaky-relu:0.30000000000000004", "elu:4.9E-324", "leaky-relu:-0.0"}[i - names.size()]);
  }

  @Property(tries = 150)
  void anyModelIsReadBackToTheBit(@ForAll long seed) throws IOException {
    Model model = random(seed);
    Path file = Files.createTempFile("model", ".npz");
    try {
      byte[] bytes = bytes(model);
      Files.write(file, bytes);
      Model back = Model.read(file);
      assertEquals(model.network().toString(), back.network().toString());
      assertArrayEquals(bits(model), bits(back));
      assertEquals(model.encoding().inputColumns(), back.encoding().inputColumns());
      assertEquals(model.encoding().target(), back.encoding().target());
      assertEquals(model.encoding().imageSize(), back.encoding().imageSize());
      assertEquals(model.training(), back.training());
      assertArrayEquals(bytes, bytes(back), "the same model gives the same bytes");
      double[] x = new double[3 * model.network().inputs()];
      for (int i = 0; i < x.length; i++) x[i] = CounterRandom.normal(seed, 10, i);
      assertArrayEquals(model.predictEncoded(x).yhat(), back.predictEncoded(x).yhat());
    } finally {
      Files.delete(file);
    }
  }

  /** Returns the bytes that {@link Model#write} writes, without waiting for the disk. */
  private static byte[] bytes(Model model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelFormat.content(model).writeTo(out);
    return out.toByteArray();
  }

  private static long[] bits(Model m) {
    return Arrays.stream(m.network().parameters()).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  @Test
  void everyActivationIsReadBack() {
    for (String name : Activations.names()) {
      Model m = new Model(Network.input(2).dense(3, Activations.parse(name)).dense(1, new Linear()).build(1),
          Encoding.plain(2, 1), Map.of());
      m.write(directory.resolve("m"));
      assertEquals(name, Model.read(directory.resolve("m")).network().layers().get(0).activation().name());
    }
  }

  @Test
  void theArraysMatchTheJavadoc() throws IOException {
    Network n = Network.input(2).dropout(0.5).dense(3, new Tanh()).dense(1, new Linear()).build(1);
    Path file = directory.resolve("m.npz");
    new Model(n, Encoding.plain(2, 1), Map.of("seed", "1")).write(file);
    List<Entry> entries = Zip.entries(Files.readAllBytes(file));
    assertEquals(List.of(
        "model.json.npy", "layer1.weight.npy", "layer1.bias.npy", "layer2.weight.npy", "layer2.bias.npy"),
        entries.stream().map(e -> new String(e.name, StandardCharsets.UTF_8)).toList());
    double[] w = Arrays.copyOf(n.parameters(), 6);
    assertArrayEquals(Zip.npy(w, "(2, 3)"), entries.get(1).content);
    assertArrayEquals(Zip.npy(new double[3], "(3,)"), entries.get(2).content);
    assertEquals("{\"format\":\"chainrule\",\"version\":1,\"producer\":\"chainrule " + Version.CURRENT + "\","
        + "\"inputs\":2,\"layers\":[{\"type\":\"dropout\",\"rate\":0.5},"
        + "{\"type\":\"dense\",\"units\":3,\"activation\":\"tanh\"},{\"type\":\"dense\",\"units\":1,"
        + "\"activation\":\"linear\"}],"
        + "\"preprocessing\":{\"columns\":[{\"name\":\"x1\",\"mean\":0.0,\"deviation\":1.0},{\"name\":\"x2\","
        + "\"mean\":0.0,"
        + "\"deviation\":1.0}]},\"target\":{\"names\":[\"y\"],\"labels\":[],\"mean\":0.0,\"deviation\":1.0},"
        + "\"training\":{\"seed\":\"1\"}}", json(file));
    assertTrue(Model.read(file).encoding().imageSize().isEmpty());
  }

  private static String json(Path file) throws IOException {
    try (Npz.Reader r = Npz.Reader.open(file)) {
      return r.text("model.json", 1 << 20);
    }
  }

  @Test
  void modelsThatCannotBeStoredAreRefusedWhenBuilt() {
    record Own() implements Elementwise {
      @Override public String name() {
        return "relu";
      }

      @Override public double value(double z) {
        return z;
      }

      @Override public double derivative(double z, double a) {
        return 1;
      }
    }
    Network own = Network.input(1).dense(1, new Own()).dense(1, new Linear()).build(1);
    String message = assertThrows(
        IllegalArgumentException.class, () -> new Model(own, Encoding.plain(1, 1), Map.of())).getMessage();
    assertEquals("the activation relu cannot be stored in a file: its name stands for an activation that is not equal "
        + "to it. Give it a name of its own, and make it a record or implement equals", message);
    Network n = Network.input(1).dense(1, new Linear()).build(1);
    assertThrows(NullPointerException.class,
        () -> new Model(n, Encoding.plain(1, 1), Collections.singletonMap("a", null)));
    assertThrows(IllegalArgumentException.class, () -> new Model(n, Encoding.plain(2, 1), Map.of()));
    assertThrows(IllegalArgumentException.class, () -> new Model(n, Encoding.plain(1, 2), Map.of()));
    assertThrows(NullPointerException.class, () -> new Input(null, 0, 1, List.of()));
  }

  record Cube() implements Elementwise {
    @Override public String name() {
      return "model-test-cube";
    }

    @Override public double value(double z) {
      return z * z * z;
    }

    @Override public double derivative(double z, double a) {
      return 3 * z * z;
    }
  }

  record Power(double exponent) implements Elementwise {
    @Override public String name() {
      return "model-test-power:" + exponent;
    }

    @Override public double value(double z) {
      return exponent * z;
    }

    @Override public double derivative(double z, double a) {
      return exponent;
    }
  }

  @Test
  void registeredActivationsAreSavedAndReadBack() {
    Network net = Network.input(2).activation(new Power(0.1)).dense(3, new Cube()).dense(1, new Power(-2)).build(7);
    String refusal = assertThrows(
        IllegalArgumentException.class, () -> new Model(net, Encoding.plain(2, 1), Map.of())).getMessage();
    assertEquals("the activation model-test-power:0.1 cannot be stored in a file: it is not built in. Call "
        + "Activations.register before building the model", refusal);

    Activations.register("model-test-power", Power::new);
    Activations.register(new Cube());
    Activations.register(new Cube()); // an equal one changes nothing
    Path file = directory.resolve("own.npz");
    new Model(net, Encoding.plain(2, 1), Map.of()).write(file);
    Network read = Model.read(file).network();
    assertEquals(new Power(0.1), read.layers().get(0).activation());
    assertEquals(new Cube(), read.layers().get(1).activation());
    double[] x = {0.5, -1, 2, 3};
    assertArrayEquals(net.predict(x), read.predict(x));
  }

  // ---------------------------------------------------------------- what contradicts itself is refused

  private static final String GOOD =
      "{\"format\":\"chainrule\",\"version\":1,\"inputs\":2,\"layers\":[{\"type\":\"dense\",\"units\":3,"
      + "\"activation\":\"tanh\"},{\"type\":\"dense\",\"units\":1,\"activation\":\"sigmoid\"}],"
      + "\"preprocessing\":{\"columns\":[{\"name\":\"a\","
      + "\"mean\":0,\"deviation\":1},{\"name\":\"b\",\"mean\":0,\"deviation\":1}]},\"target\":{\"names\":[\"t\"],"
      + "\"labels\":[\"no\",\"yes\"],"
      + "\"mean\":0,\"deviation\":1},\"training\":{}}";

  /** The same network with every key that only some encodings have, and several targets of each kind. */
  private static final String RICH = GOOD
      .replace("{\"columns\":", "{\"decimal\":\",\",\"missing\":[\"-999\"],\"columns\":")
      .replace("{\"name\":\"a\",\"mean\":0,\"deviation\":1},{\"name\":\"b\",\"mean\":0,\"deviation\":1}",
      "{\"name\":\"a\",\"type\":\"date\",\"mean\":5,\"deviation\":2,\"median\":4.5,\"indicator\":true}");
  private static final String CATEGORY = GOOD.replace(
      "{\"name\":\"a\",\"mean\":0,\"deviation\":1},{\"name\":\"b\",\"mean\":0,\"deviation\":1}",
      "{\"name\":\"a\",\"categories\":[\"u\"],\"missing\":true}");
  private static final String ONE_LABEL = GOOD.replace("[\"no\",\"yes\"],\"mean\":0,\"deviation\":1",
      "[],\"values\":[[\"no\",\"yes\"]]");
  private static final String MEANS = GOOD.replace("[\"no\",\"yes\"],\"mean\":0,\"deviation\":1",
      "[],\"means\":[3],\"deviations\":[2]");

  private static List<Entry> good(String json) {
    return new ArrayList<>(List.of(new Entry("model.json.npy", Zip.npy(json)),
        new Entry("layer0.weight.npy", Zip.npy(new double[6], "(2, 3)")),
            new Entry("layer0.bias.npy", Zip.npy(new double[3], "(3,)")),
        new Entry("layer1.weight.npy", Zip.npy(new double[3], "(3, 1)")),
            new Entry("layer1.bias.npy", Zip.npy(new double[1], "(1,)"))));
  }

  private String refusal(List<Entry> entries) throws IOException {
    Path file = Files.write(directory.resolve("f.npz"), Zip.of(entries));
    String message = assertThrows(DataException.class, () -> Model.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    assertTrue(message.length() < 500 && message.lines().count() == 1, message);
    return message.substring(file.toString().length() + 2);
  }

  private void refused(String message, String what, String by) throws IOException {
    assertTrue(GOOD.contains(what), what);
    assertEquals(message, refusal(good(GOOD.replace(what, by))), what + " by " + by);
  }

  @Test
  void aHandwrittenModelIsRead() throws IOException {
    Path file = Files.write(directory.resolve("f.npz"), Zip.of(good(GOOD)));
    assertEquals("2 → 3 tanh → 1 sigmoid", Model.read(file).network().toString());
    Predictions p = Model.read(file).predict(Table.parse("f", "b,a\n1,2\n"));
    assertEquals("yes", p.label(0));
    assertEquals(0.5, p.probability(0, 0));
  }

  @Test
  void everyKindOfColumnAndTargetIsRestored() throws IOException {
    List<Input> inputs = List.of(Input.number("plain", 1, 2), Input.number("filled", 1, 2, 0.5, false),
        Input.number("both", 1, 2, 1.5, true), Input.date("day", 19_000, 30, 19_001, true),
        Input.categories("colour", List.of("blue", "red")), Input.categories("city", List.of("Bonn"), true));
    List<Target> targets = List.of(Target.numbers(List.of("lat", "lon"), List.of(50.0, 8.0), List.of(2.0, 0.5)),
        Target.numbers(List.of("lat", "lon"), 1, 2), Target.multilabel(List.of("a", "b"),
        List.of(List.of("0", "1"), List.of("no", "yes"))), Target.classes("c", List.of("a", "b")));
    for (Target target : targets) {
      Network n = Network.input(10).dense(2, target.isClass() ? new Softmax() : new Linear()).build(1);
      Encoding e = new Encoding(inputs, target).withDecimal(',').withMissing(List.of("-999", "unknown"));
      Path file = directory.resolve("m.npz");
      new Model(n, e, Map.of()).write(file);
      Model read = Model.read(file);
      assertEquals(inputs, read.encoding().inputColumns());
      assertEquals(target, read.encoding().target());
      assertEquals(',', read.encoding().decimal());
      assertEquals(List.of("-999", "unknown"), read.encoding().missing());
      byte[] first = Files.readAllBytes(file);
      read.write(file);
      assertArrayEquals(first, Files.readAllBytes(file));
    }
  }

  @Test
  void optionalFieldsAreCheckedAsWell() throws IOException {
    for (String json : List.of(RICH, CATEGORY, ONE_LABEL, MEANS)) {
      assertNotEquals(GOOD, json);
      Path file = Files.write(directory.resolve("f.npz"), Zip.of(good(json)));
      int columns = json.equals(RICH) || json.equals(CATEGORY) ? 1 : 2;
      assertEquals(1, Model.read(file).predict(Arrays.asList(new Object[columns])).rows(), "all values missing");
    }
    for (String[] bad : new String[][] {
        {RICH, "\"decimal\":\",\"", "\"decimal\":\";\"", "preprocessing: 'decimal': expected '.' or ',', found ';'"},
        {RICH, "\"date\"", "\"day\"", "columns 0: 'type': expected 'date', found 'day'"},
        {RICH, "4.5", "\"4.5\"", "columns 0: 'median': expected a number, found '4.5'"},
        {RICH, "\"indicator\":true", "\"indicator\":1", "columns 0: 'indicator': expected true or false, found 1"},
        {CATEGORY, "\"missing\":true", "\"missing\":null", "columns 0: 'missing': expected true or false, found null"},
        {MEANS, "[3]", "[\"3\"]", "target: 'means': expected a list of numbers, found a list"},
        {ONE_LABEL, "[[\"no\",\"yes\"]]", "[\"no\"]",
            "target: 'values': expected a list of lists of strings, found a list"},
        {ONE_LABEL, "\"yes\"]]", "\"no\"]]", "expected two different values for each label, found [no, no]"},
        {MEANS, "[3]", "[3,4]", "encoding: expected one target with at least 2 classes, ≥ 1 named numeric targets, or "
            + "≥ 1 named labels"}}) {
      assertTrue(bad[0].contains(bad[1]), bad[1]);
      String message = refusal(good(bad[0].replace(bad[1], bad[2])));
      assertTrue(message.endsWith(bad[3]), message);
    }
  }

  @Test
  void predictionsAreInRowOrderForAnyColumnOrder() {
    Network n = Network.input(2).dense(1, new Linear()).build(1);
    System.arraycopy(new double[] {1, 10, 0}, 0, n.parameters(), 0, 3); // y = x1 + 10·x2
    Model model = new Model(n, Encoding.plain(2, 1), Map.of());
    Predictions p = model.predict(Table.parse("f", "x2,other,x1\n1,a,2\n3,b,4\n5,c,6\n"));
    assertEquals(3, p.rows());
    assertEquals(List.of(12.0, 34.0, 56.0), List.of(p.value(0, 0), p.value(1, 0), p.value(2, 0)));
  }

  @Test
  void aModelPrintsAsOneLogLine() {
    Network classes = Network.input(4).dense(2, new Relu()).dense(3, new Softmax()).build(1);
    List<Input> inputs = List.of(Input.number("x", 0, 1), Input.categories("color", List.of("red", "green", "blue")));
    Target species = Target.classes("species", List.of("a", "b", "c"));
    assertEquals("4 → 2 relu → 3 softmax, 2 input columns, target 'species' with 3 classes",
        new Model(classes, new Encoding(inputs, species), Map.of("seed", "1")).toString());
    Network number = Network.input(1).dense(1, new Linear()).build(1);
    assertEquals("1 → 1 linear, 1 input column, target 'y'",
        new Model(number, Encoding.plain(1, 1), Map.of()).toString());
    Encoding twoLines = new Encoding(List.of(Input.number("x", 0, 1)), Target.numbers(List.of("a\nb"), 0, 1));
    assertEquals("1 → 1 linear, 1 input column, target 'a?b'", new Model(number, twoLines, Map.of()).toString());
    Network numbers = Network.input(2).dense(3, new Linear()).build(1);
    assertEquals("2 → 3 linear, 2 input columns, 3 targets",
        new Model(numbers, Encoding.plain(2, 3), Map.of()).toString());
    List<String> yesNo = List.of("no", "yes");
    Target labels = Target.multilabel(List.of("a", "b", "c"), List.of(yesNo, yesNo, yesNo));
    assertEquals("2 → 3 linear, 2 input columns, 3 labels",
        new Model(numbers, new Encoding(Encoding.plain(2, 3).inputColumns(), labels), Map.of()).toString());
  }

  @Test
  void aNetworkWithTwoOutputsAcceptsTwoClassData() {
    Dataset data = Dataset.classification(1, new double[] {-2, -1, 1, 2}, new int[] {0, 1, 1, 1}, List.of("no", "yes"));
    Network one = Network.input(1).dense(1, new Sigmoid()).build(1);
    Network two = Network.input(1).dense(2, new Softmax()).build(1);
    one.parameters()[0] = 1;
    System.arraycopy(new double[] {-1, 1, 0, 0}, 0, two.parameters(), 0, 4);
    Encoding encoding = Encoding.plain(1, List.of("no", "yes"));
    for (Network n : List.of(one, two)) { // both predict yes for x > 0
      Model model = new Model(n, encoding, Map.of());
      assertEquals(n.outputs(), model.adapt(data).outputs());
      assertArrayEquals(data.x(), model.adapt(data).x());
      assertArrayEquals(new long[] {1, 0, 1, 2}, model.confusion(data).counts());
    }
    assertSame(data, new Model(one, encoding, Map.of()).adapt(data), "matching data is not copied");
  }

  @Test
  void arraysThatContradictTheArchitectureAreRefused() throws IOException {
    for (int i = 1; i < 5; i++) {
      String name = new String(good(GOOD).get(i).name, StandardCharsets.UTF_8).replace(".npy", "");
      List<Entry> missing = good(GOOD), shape = good(GOOD), more = good(GOOD), kind = good(GOOD);
      missing.remove(i);
      shape.get(i).with(Zip.npy(new double[2], "(2,)"));
      more.get(i).with(Zip.npy(new double[12], "(3, 4)"));
      kind.get(i).with(Zip.npy("text"));
      assertTrue(refusal(missing).startsWith("no array '" + name + "'; the entries are "), name);
      assertTrue(refusal(shape).matches("array '" + name + "': expected shape \\(.*\\), found \\(2\\)"), name);
      assertTrue(refusal(more).matches("array '" + name + "': expected shape \\(.*\\), found \\(3 × 4\\)"), name);
      assertEquals("array '" + name + "': expected type '<f8', found '|u1'", refusal(kind));
    }
    assertEquals("not a Chainrule model: it has no 'model.json'", refusal(good(GOOD).subList(1, 5)));
    List<Entry> numbers = good(GOOD);
    numbers.get(0).with(Zip.npy(new double[1], "(1,)"));
    assertEquals("array 'model.json': expected type '|u1', found '<f8'", refusal(numbers));
  }

  @Test
  void inconsistentJsonIsRefused() throws IOException {
    refused("expected model format version 1 to 3, found 4. Use the version of Chainrule that wrote it, or a newer "
        + "one.",
        "\"version\":1", "\"version\":4");
    refused("model.json: 'format': expected 'chainrule', found 'onnx'", "\"chainrule\"", "\"onnx\"");
    String mean = "\"mean\":", inconsistent = "inconsistent model.json: pieces: expected ";
    refused(inconsistent + "ascending knots whose differences are finite, found 2.0 before 1.0", mean,
        "\"knots\":[0,2,1],\"piece_means\":[0.5,0.5]," + mean);
    refused(inconsistent + "no knots, or 2 to 101 knots and one mean less; found 3 knots and 1 means", mean,
        "\"knots\":[0,1,2],\"piece_means\":[0.5]," + mean);
    refused(inconsistent + "means in [0, 1], found 7.0", mean, "\"knots\":[0,1],\"piece_means\":[7]," + mean);
    refused("model.json, preprocessing, columns 0: 'piece_means': expected a list, found nothing", mean,
        "\"knots\":[0,1]," + mean);
    refused("no activation 'sigmoidal'; only a program that registers it (Activations.register) can read this model",
        "\"sigmoid\"", "\"sigmoidal\"");
    refused("inconsistent model.json: elu: expected a finite alpha > 0, found -1.0", "\"tanh\"", "\"elu:-1\"");
    refused("model.json, layers 0: 'type': expected dense, dropout or activation, found 'lstm'",
        "\"dense\",\"units\":3", "\"lstm\",\"units\":3");
    refused("inconsistent model.json: input: expected ≥ 1 units, found 0", "\"inputs\":2", "\"inputs\":0");
    refused("array 'layer0.weight': expected shape (3 × 3), found (2 × 3)", "\"inputs\":2", "\"inputs\":3");
    refused("inconsistent model.json: layer 2 (dense): expected ≥ 1 units, found 0", "\"units\":1", "\"units\":0");
    refused("inconsistent model.json: dropout: expected a rate with 0 ≤ rate < 1, found 1.0",
        "\"layers\":[", "\"layers\":[{\"type\":\"dropout\",\"rate\":1},");
    refused("inconsistent model.json: dropout is the last layer, where it would drop outputs: add a dense layer after "
        + "it",
        "\"activation\":\"sigmoid\"}]", "\"activation\":\"sigmoid\"},{\"type\":\"dropout\",\"rate\":0}]");
    refused("inconsistent model.json: encoding: column 'a': expected a finite mean and a finite deviation > 0, found "
        + "mean 0.0 and deviation 0.0",
        "\"mean\":0,\"deviation\":1},{", "\"mean\":0,\"deviation\":0},{");
    refused("inconsistent model.json: the network 2 → 3 tanh → 1 sigmoid does not fit an encoding with 3 inputs and 1 "
        + "outputs",
        "{\"name\":\"b\",", "{\"name\":\"c\",\"mean\":0,\"deviation\":1},{\"name\":\"b\",");
    refused("inconsistent model.json: encoding: expected one target with at least 2 classes, ≥ 1 named "
        + "numeric targets, or ≥ 1 named labels",
        "[\"no\",\"yes\"]", "[\"no\"]");
    refused("inconsistent model.json: the network 2 → 3 tanh → 1 sigmoid does not fit an encoding with 2 inputs and 3 "
        + "outputs",
        "[\"no\",\"yes\"]", "[\"no\",\"yes\",\"?\"]");
    refused("inconsistent model.json: encoding: images of 2 × 2 pixels do not fit 2 input columns",
        "\"preprocessing\":{", "\"preprocessing\":{\"picture\":[2,2],");
    refused("model.json, preprocessing: 'picture': expected height and width, found a list",
        "\"preprocessing\":{", "\"preprocessing\":{\"picture\":[2],");
    refused("model.json: duplicate name in JSON at character 23", "\"version\"", "\"format\"");
  }

  /** Replaces every JSON field with every kind of value: the model is read, or refused with a one-line message. */
  @Test
  void fieldsOfTheWrongTypeAreRefused() throws IOException {
    for (String json : List.of(GOOD, RICH, CATEGORY, ONE_LABEL, MEANS)) fieldsOfTheWrongTypeAreRefused(json);
  }

  private void fieldsOfTheWrongTypeAreRefused(String json) throws IOException {
    Object whole = Json.parse(json);
    Object[] others = {null, true, "text", "", 1.5, -1.0, 1e300, 0.0, 2147483647.0, 2147483648.0, List.of(),
        List.of(1.0), Map.of(), Map.of("a", List.of())};
    int refused = 0, fields = paths(whole, List.of()).size();
    for (List<Object> path : paths(whole, List.of())) {
      for (Object other : others) {
        Path file = Files.write(directory.resolve("f.npz"), Zip.of(good(Json.text(replace(whole, path, v -> other)))));
        try {
          Model.read(file);
        } catch (DataException e) {
          assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
          assertEquals(1, e.getMessage().lines().count());
          refused++;
        }
      }
    }
    assertTrue(refused > fields * others.length * 3 / 4, refused + " of " + fields * others.length);
  }

  @Test
  void missingFieldsAreRefused() throws IOException {
    Object whole = Json.parse(GOOD);
    for (List<Object> path : paths(whole, List.of())) {
      if (path.get(path.size() - 1) instanceof String) assertTrue(refusal(good(Json.text(without(whole,
          path)))).contains("model.json"), "" + path);
    }
  }

  private static List<List<Object>> paths(Object value, List<Object> here) {
    List<List<Object>> all = new ArrayList<>();
    if (!here.isEmpty()) all.add(here);
    if (value instanceof Map<?, ?> m) m.forEach((k, v) -> all.addAll(paths(v, plus(here, k))));
    if (value instanceof List<?> l) for (int i = 0; i < l.size(); i++) all.addAll(paths(l.get(i), plus(here, i)));
    return all;
  }

  private static List<Object> plus(List<Object> path, Object next) {
    List<Object> longer = new ArrayList<>(path);
    longer.add(next);
    return longer;
  }

  private static Object replace(Object value, List<Object> path, UnaryOperator<Object> by) {
    if (path.isEmpty()) return by.apply(value);
    if (value instanceof Map<?, ?> m) {
      Map<Object, Object> copy = new LinkedHashMap<>(m);
      copy.put(path.get(0), replace(m.get(path.get(0)), path.subList(1, path.size()), by));
      return copy;
    }
    List<Object> copy = new ArrayList<>((List<?>) value);
    copy.set((Integer) path.get(0), replace(copy.get((Integer) path.get(0)), path.subList(1, path.size()), by));
    return copy;
  }

  private static Object without(Object whole, List<Object> path) {
    return replace(whole, path.subList(0, path.size() - 1), v -> {
      Map<Object, Object> rest = new LinkedHashMap<>((Map<?, ?>) v);
      rest.remove(path.get(path.size() - 1));
      return rest;
    });
  }

  // ---------------------------------------------------------------- memory bounded by the size of the file

  @Test
  void sizesThatOnlyTheJsonDeclaresAreNotAllocated() throws IOException {
    for (String units : new String[] {"100000000", "2147483647"}) {
      String message = refusal(good(GOOD.replace("\"units\":3", "\"units\":" + units)));
      assertEquals("model.json describes more parameters than the file contains", message);
    }
    refused("model.json describes more parameters than the file contains",
        "\"inputs\":2,\"layers\":[{\"type\":\"dense\",\"units\":3",
        "\"inputs\":2147483647,\"layers\":[{\"type\":\"dense\",\"units\":2147483647"); // 8 · 2^62 bytes: 0 in 64 bits
    refused("model.json describes more parameters than the file contains",
        "\"inputs\":2,\"layers\":[{\"type\":\"dense\",\"units\":3",
        "\"inputs\":1073741824,\"layers\":[{\"type\":\"dense\",\"units\":2147483647");
  }

  @Test
  void slightlyMoreParametersThanFitIntoTheFileAreRefused() throws IOException {
    String one = GOOD.replace("\"inputs\":2", "\"inputs\":1")
        .replace("{\"type\":\"dense\",\"units\":3,\"activation\":\"tanh\"},", "");
    int room = Zip.of(good(one)).length / Double.BYTES;
    assertEquals("model.json describes more parameters than the file contains", // a weight and a bias for each unit
        refusal(good(one.replace("\"units\":1", "\"units\":" + (room / 2 + 9)))));
  }

  @Test
  void sizesThatTheZipDirectoryAlsoDeclaresAreNotAllocated() throws IOException {
    List<Entry> lying = good(GOOD.replace("\"units\":3", "\"units\":100000000")); // 3.2 GB of weights
    for (Entry e : lying.subList(1, 5)) e.size = -2;
    refusal(lying);
    byte[] array = Zip.npy(new double[1], "(200000000, 1)");
    List<Entry> shape = good(GOOD.replace("\"units\":3", "\"units\":200000000"));
    shape.get(3).with(array);
    assertEquals("model.json describes more parameters than the file contains", refusal(shape));
  }

  @Test
  void compressedModelsAreRefusedWithoutDecompressing() throws IOException {
    List<Entry> bomb = good(GOOD);
    bomb.get(0).with(Zip.npy(GOOD + " ".repeat(50_000_000))).deflated();
    assertTrue(bomb.get(0).content.length < 100_000);
    assertEquals("array 'model.json': compressed entries are not supported. Save it with numpy.savez instead of "
        + "savez_compressed.", refusal(bomb));
  }

  // ---------------------------------------------------------------- weights that are not finite

  @Test
  void nanAndInfiniteWeightsAreKept() {
    Network n = Network.input(1).dense(2, new Relu()).dense(2, new Softmax()).build(1);
    double payload = Double.longBitsToDouble(0x7ff800000000beefL);
    n.parameters()[0] = payload;
    n.parameters()[1] = Double.NEGATIVE_INFINITY;
    Path file = directory.resolve("m");
    new Model(n, Encoding.plain(1, List.of("a", "b")), new HashMap<>()).write(file);
    Model back = Model.read(file);
    assertEquals(0x7ff800000000beefL, Double.doubleToRawLongBits(back.network().parameters()[0]));
    assertEquals(Double.NEGATIVE_INFINITY, back.network().parameters()[1]);
    assertTrue(Double.isNaN(back.predict(new double[] {1}).yhat()[0]));
    assertEquals(2, ((Dense) back.network().layers().get(0)).outputs());
  }
}
