// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.Target;
import chainrule.nn.Dense;
import chainrule.nn.Network;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads the files that {@link Onnx} writes, field by field. spec-tests/onnx compares their predictions with ONNX
 * Runtime.
 */
class OnnxTest {
  private static final Target TWO = new Target(List.of("survived"), List.of("no 🌱", "yes"), 0, 1);
  private static final List<InputColumn> MIXED = List.of(new InputColumn("age", 30, 10, List.of()),
      new InputColumn("größe", 0, 1, List.of("klein", "🌱")), new InputColumn("x", 0, 1, List.of("a", "b", "c")));

  @TempDir Path directory;

  @Test void theSameModelGivesTheSameBytes() throws IOException {
    byte[] first = write(mixed()), second = write(mixed());
    assertArrayEquals(first, second);
  }

  @Test void theFileContainsItsVersionsAndItsProducer() throws IOException {
    ProtobufMessage numbers = new ProtobufMessage(write(numeric())), texts = new ProtobufMessage(write(mixed()));
    for (ProtobufMessage m : List.of(numbers, texts)) {
      assertEquals(7, m.number(1));
      assertEquals("chainrule", m.text(2));
      assertEquals(1, m.number(5));
      assertEquals("", m.all(8).get(0).text(1));
      assertEquals(13, m.all(8).get(0).number(2));
    }
    assertEquals(1, numbers.all(8).size(), "a numeric model needs no string operators");
    assertEquals("ai.onnx.ml", texts.all(8).get(1).text(1));
    assertEquals(2, texts.all(8).get(1).number(2));
    assertEquals("network", texts.all(14).get(0).text(1));
    assertEquals("6 → 4 relu → dropout 0.5 → 1 sigmoid", texts.all(14).get(0).text(2));
    assertEquals("[\"age\"]", texts.all(14).get(1).text(2));
  }

  @Test void inputsAndOutputsMatchTheSignature() throws IOException {
    Path file = directory.resolve("model.onnx");
    Onnx.Signature signature = Onnx.write(mixed(), file);
    ProtobufMessage graph = new ProtobufMessage(Files.readAllBytes(file)).all(7).get(0);
    assertEquals(List.of("x: float64 [N, 1]", "gr__e: string [N, 1]", "x_1: string [N, 1]"), ports(graph.all(11)));
    assertEquals(List.of("probabilities: float64 [N, 2]", "label: string [N]"), ports(graph.all(12)));
    assertEquals(ports(graph.all(11)), described(signature.inputs()));
    assertEquals(ports(graph.all(12)), described(signature.outputs()));
    assertEquals("the numbers age", signature.inputs().get(0).meaning());
    assertEquals(List.of("y: float64 [N, 3]"), described(Onnx.write(numeric(), file).outputs()));
  }

  @Test void weightsAreStoredBitForBitAndDropoutIsLeftOut() throws IOException {
    Model model = mixed();
    ProtobufMessage graph = new ProtobufMessage(write(model)).all(7).get(0);
    for (int l : new int[] {0, 2}) {
      Dense d = (Dense) model.network().layers().get(l);
      ProtobufMessage w = named(graph.all(5), 8, "layer" + l + "_weight");
      ProtobufMessage b = named(graph.all(5), 8, "layer" + l + "_bias");
      assertEquals(List.of((long) d.inputs(), (long) d.outputs()), w.fields.get(1));
      assertEquals(11, w.number(2));
      double[] theta = model.network().parameters();
      for (int i = 0; i < d.weights(); i++) assertEquals(theta[d.offset() + i], w.doubles(10).get(i));
      for (int j = 0; j < d.outputs(); j++) assertEquals(theta[d.offset() + d.weights() + j], b.doubles(10).get(j));
    }
    assertEquals(2, graph.all(1).stream().filter(n -> n.text(4).equals("Gemm")).count());
    assertTrue(graph.all(1).stream().noneMatch(n -> n.text(2).startsWith("layer1") || n.text(4).equals("Dropout")));
  }

  @Test void everyValueHasAUniqueNameAndIsDefinedBeforeUse() throws IOException {
    Network.Builder all = Network.input(6);
    for (String name : Activations.names()) all.dense(3, Activations.parse(name));
    Network net = all.dense(1, new Sigmoid()).build(1);
    Model model = new Model(net, new Encoding(MIXED, TWO), Map.of());
    ProtobufMessage graph = new ProtobufMessage(write(model)).all(7).get(0);
    Set<String> defined = new HashSet<>();
    for (ProtobufMessage input : graph.all(11)) assertTrue(defined.add(input.text(1)));
    for (ProtobufMessage constant : graph.all(5)) assertTrue(defined.add(constant.text(8)));
    for (ProtobufMessage node : graph.all(1)) {
      for (String input : node.texts(1)) {
        assertTrue(defined.contains(input), () -> input + " is used before it is defined");
      }
      assertTrue(defined.add(node.text(2)), () -> node.text(2) + " is defined twice");
    }
    for (String name : defined) assertTrue(name.matches("[A-Za-z_][A-Za-z0-9_]*"), name);
    for (ProtobufMessage output : graph.all(12)) assertTrue(defined.contains(output.text(1)));
  }

  @Test void supplementaryCharactersAreStoredAsUtf8() throws IOException {
    ProtobufMessage graph = new ProtobufMessage(write(mixed())).all(7).get(0);
    assertEquals("no 🌱", named(graph.all(5), 8, "output_labels").text(6));
    ProtobufMessage encoder = graph.all(1).stream().filter(n -> n.text(4).equals("LabelEncoder")).findFirst()
        .orElseThrow();
    assertEquals("🌱", named(encoder.all(5), 1, "keys_strings").texts(9).get(1));
  }

  @Test void anActivationThatIsNotBuiltInIsRefusedByName() {
    record Cube() implements Elementwise {
      @Override public String name() {
        return "onnx-test-cube";
      }

      @Override public double value(double z) {
        return z * z * z;
      }

      @Override public double derivative(double z, double a) {
        return 3 * z * z;
      }
    }
    Activations.register(new Cube());
    Network net = Network.input(2).dense(3, new Cube()).dense(1, new Linear()).build(1);
    assertEquals("the activation onnx-test-cube has no ONNX form; only built-in activations can be exported",
        refusal(new Model(net, Encoding.plain(2, 1), Map.of())));
  }

  @Test void anUnpairedSurrogateIsRefusedWithItsColumn() {
    Network net = Network.input(2).dense(1, new Sigmoid()).build(1);
    List<InputColumn> inputs = List.of(new InputColumn("city", 0, 1, List.of("a", "b\ud83c")));
    String message = refusal(new Model(net, new Encoding(inputs, TWO), Map.of()));
    assertTrue(message.startsWith("column 'city' has the value \"b\\ud83c\", which is not valid Unicode"), message);
    Target target = new Target(List.of("c"), List.of("\udf31", "b"), 0, 1);
    message = refusal(new Model(net, new Encoding(List.of(new InputColumn("city", 0, 1, List.of("a", "b"))), target),
        Map.of()));
    assertTrue(message.startsWith("the target has the value \"\\udf31\""), message);
  }

  @Test void aModelTooLargeForAFileIsRefused() {
    Onnx.requireSize(100, 100);
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Onnx.requireSize(101, 100));
    assertEquals("the model takes 101 bytes, the limit of an ONNX file is 100. Use a smaller network, or the .npz "
        + "file.", e.getMessage());
  }

  @Test void messagesAreWrittenInTheWireFormat() throws IOException {
    assertEquals("08ac02", hex(new Protobuf().number(1, 300)));
    assertEquals("08ffffffffffffffffff01", hex(new Protobuf().number(1, -1)));
    assertEquals("a20100", hex(new Protobuf().text(20, "")));
    assertEquals("12036ec3b8", hex(new Protobuf().text(2, "nø")));
    assertEquals("1a03089601", hex(new Protobuf().message(3, new Protobuf().number(1, 150))));
    assertEquals("3a0401ac0203", hex(new Protobuf().longs(7, 1, 300, 3)));
    assertEquals("5208000000000000f83f0801",
        hex(new Protobuf().doubles(10, new double[] {9, 1.5, 9}, 1, 1).number(1, 1)));
    double[] many = new double[20_001];
    for (int i = 0; i < many.length; i++) many[i] = i;
    Protobuf p = new Protobuf().doubles(10, many, 0, many.length);
    assertEquals(p.size(), bytes(p).length);
    List<Double> read = new ProtobufMessage(bytes(p)).doubles(10);
    for (int i = 0; i < many.length; i++) assertEquals(i, read.get(i));
  }

  // ---------------------------------------------------------------- models and readers

  private static Model mixed() {
    Network net = Network.input(6).dense(4, new Relu()).dropout(0.5).dense(1, new Sigmoid()).build(1);
    return new Model(net, new Encoding(MIXED, TWO), Map.of());
  }

  private static Model numeric() {
    Network net = Network.input(2).dense(4, new Tanh()).dense(3, new Softmax()).build(1);
    return new Model(net, Encoding.plain(2, 3), Map.of());
  }

  private byte[] write(Model model) throws IOException {
    Path file = directory.resolve("model.onnx");
    Onnx.write(model, file);
    return Files.readAllBytes(file);
  }

  private String refusal(Model model) {
    Path file = directory.resolve("refused.onnx");
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Onnx.write(model, file));
    assertFalse(Files.exists(file));
    return e.getMessage();
  }

  private static byte[] bytes(Protobuf p) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    p.writeTo(out);
    return out.toByteArray();
  }

  private static String hex(Protobuf p) throws IOException {
    assertEquals(p.size(), bytes(p).length);
    StringBuilder s = new StringBuilder();
    for (byte b : bytes(p)) s.append(String.format("%02x", b));
    return s.toString();
  }

  private static ProtobufMessage named(List<ProtobufMessage> messages, int field, String name) {
    return messages.stream().filter(m -> m.text(field).equals(name)).findFirst().orElseThrow();
  }

  private static List<String> described(List<Onnx.Port> ports) {
    return ports.stream().map(p -> p.name() + ": " + p.type() + " " + p.shape()).toList();
  }

  private static List<String> ports(List<ProtobufMessage> values) {
    List<String> ports = new ArrayList<>();
    for (ProtobufMessage v : values) {
      ProtobufMessage tensor = v.all(2).get(0).all(1).get(0);
      List<ProtobufMessage> shape = tensor.all(2).get(0).all(1);
      assertEquals("N", shape.get(0).text(2));
      String columns = shape.size() == 1 ? "" : ", " + shape.get(1).number(1);
      ports.add(v.text(1) + ": " + (tensor.number(1) == 8 ? "string" : "float64") + " [N" + columns + "]");
    }
    return ports;
  }
}
