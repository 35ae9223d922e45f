// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.io.OnnxInterpreter.Tensor;
import chainrule.kernels.Kernels;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Evaluates the graph of every activation node by node with java.lang.Math, and compares the result with the activation
 * itself. spec-tests/onnx does the same with ONNX Runtime, which is a dependency.
 */
class OnnxActivationTest {
  private static final double[] EDGES =
      {0, 1e-300, 1e-17, 1.2e-16, 1e-8, 0.0625, 0.5, 1, 2, 10, 18.7, 36.8, 38, 40, 100, 700,
      708, 800, 1e300, Double.POSITIVE_INFINITY, Double.NaN};

  static Stream<Activation> everyActivation() {
    return Stream.concat(Activations.names().stream(), Stream.of("leaky-relu:0.0", "leaky-relu:2.5", "elu:0.5"))
        .map(Activations::parse);
  }

  @ParameterizedTest
  @MethodSource("everyActivation")
  void theGraphOfEveryActivationComputesItsFormula(Activation a) throws IOException {
    OnnxGraph g = new OnnxGraph(OnnxGraph.DOUBLE);
    g.output("y", new OnnxActivations(g).apply(a, g.name("z")), OnnxGraph.DOUBLE, 1, "");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    g.message("test").writeTo(bytes);
    ProtobufMessage graph = new ProtobufMessage(bytes.toByteArray());
    SplittableRandom random = new SplittableRandom(1);
    List<Double> z = new ArrayList<>();
    for (double edge : EDGES) z.addAll(List.of(edge, -edge));
    for (int i = 0; i < 2000; i++) z.add(random.nextGaussian() * Math.pow(10, random.nextDouble(-4, 2.5)));
    Tensor y = OnnxInterpreter.run(graph, Map.of("z", Tensor.column(z))).get("y");
    assertEquals(List.of(z.size(), 1), y.shape());
    for (int i = 0; i < z.size(); i++) compare(a, z.get(i), y.number(i));
  }

  private static void compare(Activation a, double z, double actual) {
    double[] y = {z};
    a.forward(Kernels.best(), 1, 1, new double[] {z}, y);
    // 24 units of 2⁻⁵²: more than the largest error stated in OnnxActivations (GELU: 16); 1e-305 for subnormal results
    double error = 24 * 0x1p-52 * Math.abs(y[0]) + 1e-305;
    boolean same = y[0] == actual || Double.isNaN(y[0]) && Double.isNaN(actual); // includes ∞ and NaN
    assertTrue(same || Math.abs(y[0] - actual) <= error,
        () -> a + " at " + z + ": expected " + y[0] + ", found " + actual);
  }
}
