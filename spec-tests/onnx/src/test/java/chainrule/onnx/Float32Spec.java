// SPDX-License-Identifier: MIT
package chainrule.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Target;
import chainrule.io.Float32Error;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Softmax;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Models exported in float32, computed by ONNX Runtime and compared with the double-precision model. */
class Float32Spec {
  private static final int ROWS = 500;
  /** ONNX Runtime adds in another order than {@link Float32Error}, and its functions have errors of a few ulps. */
  private static final double MARGIN = 4;

  private static final InputColumn AGE = InputColumn.number("age", 38.6, 13.5)
      .withPieces(new PiecewiseLinear(new double[] {20, 38, 60}, new double[] {0.7, 0.25}));
  private static final InputColumn SIZE = InputColumn.number("size", -3000, 4.5, -2999, true);

  @Test void theDifferenceFromDoublePrecisionIsAboutTheEstimate() {
    for (String name : Activations.names()) {
      Activation hidden = Activations.parse(name);
      check(name + ", classes", model(Target.classes("y", List.of("a", "b", "c")), hidden, 3, new Softmax()));
      check(name + ", numbers", model(Target.numbers(List.of("y"), 3, 0.5), hidden, 1, new Linear()));
    }
  }

  private static Model model(Target target, Activation hidden, int outputs, Activation output) {
    Encoding e = new Encoding(List.of(AGE, SIZE), target);
    List<Network> networks = new ArrayList<>();
    for (int m = 0; m < 2; m++) {
      networks.add(Network.input(e.inputs()).dense(20, hidden).dense(outputs, output).build(m));
    }
    return new Model(networks, e, Map.of());
  }

  private static void check(String what, Model model) {
    SplittableRandom random = new SplittableRandom(1);
    double[] x = new double[2 * ROWS];
    for (int i = 0; i < x.length; i++) {
      InputColumn in = i % 2 == 0 ? AGE : SIZE;
      x[i] = random.nextInt(20) == 0 ? Double.NaN : (float) (in.mean() + in.deviation() * random.nextDouble(-2, 2));
    }
    boolean classes = model.encoding().target().isClass();
    double largest = 0;
    try (OnnxRuntimeModel exported = new OnnxRuntimeModel(model, true)) {
      assertEquals("float32", exported.signature.outputs().get(0).type());
      double[] y = exported.run(ROWS, x).numbers(classes ? "probabilities" : "y");
      double[] exact = model.predict(x).yhat();
      for (int i = 0; i < exact.length; i++) {
        double expected = classes ? exact[i] : model.encoding().target().decode(exact[i]);
        double unit = classes ? 1 : model.encoding().target().deviation();
        largest = Math.max(largest, Math.abs(y[i] - expected) / unit);
      }
    }
    double estimate = Float32Error.of(model).largest();
    System.out.printf(Locale.ROOT, "float32, %s: %.1e, estimated %.1e%n", what, largest, estimate);
    // half an ulp of a target of 3 ± 1.5, in units of its deviation, is not part of the estimate
    assertTrue(largest <= MARGIN * estimate + (classes ? 0 : 1e-6), what + ": " + largest + ", estimated " + estimate);
  }
}
