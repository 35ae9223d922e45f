package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.kernels.Kernels;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The graph of every activation, computed here node by node with java.lang.Math, against the activation itself. What
 * ONNX Runtime makes of the same graphs is tested in spec-tests/onnx, which needs its library.
 */
class OnnxActivationTest {
  private static final double[] EDGES = {0, 1e-300, 1e-17, 1.2e-16, 1e-8, 0.0625, 0.5, 1, 2, 10, 18.7, 36.8, 38, 40, 100, 700,
      708, 800, 1e300, Double.POSITIVE_INFINITY, Double.NaN};

  static Stream<Activation> everyActivation() {
    return Stream.concat(Activations.names().stream(), Stream.of("leaky-relu:0.0", "leaky-relu:2.5", "elu:0.5"))
        .map(Activations::parse);
  }

  @ParameterizedTest
  @MethodSource("everyActivation")
  void theGraphOfEveryActivationIsItsFormula(Activation a) throws IOException {
    OnnxGraph g = new OnnxGraph();
    g.output("y", new OnnxActivations(g).apply(a, g.name("z")), OnnxGraph.DOUBLE, 1, "");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    g.message("test").writeTo(bytes);
    Message graph = new Message(bytes.toByteArray());
    SplittableRandom random = new SplittableRandom(1);
    for (double edge : EDGES) {
      compare(a, graph, edge);
      compare(a, graph, -edge);
    }
    for (int i = 0; i < 2000; i++) compare(a, graph, random.nextGaussian() * Math.pow(10, random.nextDouble(-4, 2.5)));
  }

  private static void compare(Activation a, Message graph, double z) {
    double[] y = {z};
    a.forward(Kernels.best(), 1, 1, new double[] {z}, y);
    // 24 units of 2⁻⁵²: GELU's, the widest of the errors that OnnxActivations states; 1e-305 for what has lost its digits
    double error = 24 * 0x1p-52 * Math.abs(y[0]) + 1e-305;
    double actual = run(graph, z);
    boolean same = y[0] == actual || Double.isNaN(y[0]) && Double.isNaN(actual); // ∞ and NaN among them
    assertTrue(same || Math.abs(y[0] - actual) <= error, () -> a + " at " + z + ": expected " + y[0] + ", got " + actual);
  }

  private static double run(Message graph, double z) {
    Map<String, Double> values = new HashMap<>(Map.of("z", z));
    for (Message c : graph.all(5)) values.put(c.text(8), c.doubles(10).get(0));
    for (Message node : graph.all(1)) {
      List<Double> in = node.texts(1).stream().map(values::get).toList();
      values.put(node.text(2), OPERATORS.get(node.text(4)).applyAsDouble(in));
    }
    return values.get("y");
  }

  private static final Map<String, ToDoubleFunction<List<Double>>> OPERATORS = new HashMap<>();

  static {
    OPERATORS.put("Identity", v -> v.get(0));
    OPERATORS.put("Add", v -> v.get(0) + v.get(1));
    OPERATORS.put("Sub", v -> v.get(0) - v.get(1));
    OPERATORS.put("Mul", v -> v.get(0) * v.get(1));
    OPERATORS.put("Div", v -> v.get(0) / v.get(1));
    OPERATORS.put("Min", v -> Math.min(v.get(0), v.get(1)));
    OPERATORS.put("Max", v -> Math.max(v.get(0), v.get(1)));
    OPERATORS.put("Relu", v -> Math.max(v.get(0), 0));
    OPERATORS.put("Abs", v -> Math.abs(v.get(0)));
    OPERATORS.put("Neg", v -> -v.get(0));
    OPERATORS.put("Floor", v -> Math.floor(v.get(0)));
    OPERATORS.put("Exp", v -> Math.exp(v.get(0)));
    OPERATORS.put("Log", v -> Math.log(v.get(0)));
    OPERATORS.put("Tanh", v -> Math.tanh(v.get(0)));
    OPERATORS.put("Softmax", v -> Math.exp(v.get(0) - v.get(0))); // of a row of one
    OPERATORS.put("Less", v -> v.get(0) < v.get(1) ? 1 : 0);
    OPERATORS.put("LessOrEqual", v -> v.get(0) <= v.get(1) ? 1 : 0);
    OPERATORS.put("Greater", v -> v.get(0) > v.get(1) ? 1 : 0);
    OPERATORS.put("GreaterOrEqual", v -> v.get(0) >= v.get(1) ? 1 : 0);
    OPERATORS.put("Equal", v -> v.get(0).doubleValue() == v.get(1) ? 1 : 0);
    OPERATORS.put("Where", v -> v.get(0) != 0 ? v.get(1) : v.get(2));
  }
}
