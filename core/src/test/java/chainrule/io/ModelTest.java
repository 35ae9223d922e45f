// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.Table;
import chainrule.data.Target;
import chainrule.io.Zip.Entry;
import chainrule.nn.Dense;
import chainrule.nn.Network;
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
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {
  @TempDir Path directory;

  @Property(tries = 150)
  void anyModelIsReadBackToTheBit(@ForAll long seed) throws IOException {
    Model model = RandomModel.of(seed);
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
    assertThrows(NullPointerException.class, () -> new InputColumn(null, 0, 1, List.of()));
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

  @Test
  void everyKindOfColumnAndTargetIsRestored() throws IOException {
    List<InputColumn> inputs = List.of(InputColumn.number("plain", 1, 2),
        InputColumn.number("filled", 1, 2, 0.5, false), InputColumn.number("both", 1, 2, 1.5, true),
        InputColumn.date("day", 19_000, 30, 19_001, true), InputColumn.categories("colour", List.of("blue", "red")),
        InputColumn.categories("city", List.of("Bonn"), true));
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
    List<InputColumn> inputs = List.of(InputColumn.number("x", 0, 1),
        InputColumn.categories("color", List.of("red", "green", "blue")));
    Target species = Target.classes("species", List.of("a", "b", "c"));
    assertEquals("4 → 2 relu → 3 softmax, 2 input columns, target 'species' with 3 classes",
        new Model(classes, new Encoding(inputs, species), Map.of("seed", "1")).toString());
    Network number = Network.input(1).dense(1, new Linear()).build(1);
    assertEquals("1 → 1 linear, 1 input column, target 'y'",
        new Model(number, Encoding.plain(1, 1), Map.of()).toString());
    Encoding twoLines = new Encoding(List.of(InputColumn.number("x", 0, 1)), Target.numbers(List.of("a\nb"), 0, 1));
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
