// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import chainrule.spec.ForwardSpec.Forward;
import chainrule.spec.ledger.Ledger;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The bug museum for forward passes: the specs that Network#predict passes must reject each planted bug. */
class ForwardMuseumSpec {
  /** The bugs that can be planted in the plain loops below. */
  private enum Defect {
    NONE, UNTRANSPOSED, BIAS_FORGOTTEN, BIAS_OF_THE_FIRST_UNIT, HIDDEN_ACTIVATION_FORGOTTEN, OUTPUT_TWICE, STRICT_STEP,
    FIRST_ROW_ONLY, SINGLE_PRECISION
  }

  private static Forward loops(Defect defect) {
    return (net, x) -> {
      int in = net.inputs(), rows = x.length / in, out = net.outputs();
      double[] y = new double[rows * out];
      for (int r = 0; r < rows; r++) {
        int from = defect == Defect.FIRST_ROW_ONLY ? 0 : r;
        double[] a = Arrays.copyOfRange(x, from * in, (from + 1) * in);
        for (int l = 0; l < net.layers().size(); l++) a = layer(net, l, a, defect);
        System.arraycopy(a, 0, y, r * out, out);
      }
      return y;
    };
  }

  private static double[] layer(Network net, int l, double[] a, Defect defect) {
    Layer layer = net.layers().get(l);
    boolean last = l == net.layers().size() - 1;
    double[] z = new double[layer.outputs()];
    for (int j = 0; j < z.length; j++) {
      int of = defect == Defect.BIAS_OF_THE_FIRST_UNIT ? 0 : j;
      if (defect != Defect.BIAS_FORGOTTEN) z[j] = ForwardSpec.b(net, l, of);
      boolean swap = defect == Defect.UNTRANSPOSED && z.length == a.length;
      for (int i = 0; i < a.length; i++) {
        z[j] += a[i] * (swap ? ForwardSpec.w(net, l, j, i) : ForwardSpec.w(net, l, i, j));
      }
      if (defect == Defect.SINGLE_PRECISION) z[j] = (float) z[j];
      if (last || defect != Defect.HIDDEN_ACTIVATION_FORGOTTEN) z[j] = value(layer.activation(), z[j], defect);
      if (last && defect == Defect.OUTPUT_TWICE) z[j] = value(layer.activation(), z[j], defect);
    }
    return z;
  }

  private static double value(Activation phi, double z, Defect defect) {
    return switch (phi.name()) {
      case "linear" -> z;
      case "tanh" -> Math.tanh(z);
      case "sigmoid" -> 1 / (1 + Math.exp(-z));
      case "step" -> z > 0 || z == 0 && defect != Defect.STRICT_STEP ? 1 : 0;
      default -> throw new IllegalArgumentException(phi.name());
    };
  }

  private static void layers(Defect defect) {
    ForwardSpec.layerSpec(loops(defect), 3, 3, new Tanh(), 1, Ledger::scratch);
  }

  private static void indices(Defect defect) {
    ForwardSpec.indexSpec(loops(defect), new Sigmoid(), 1, Ledger::scratch);
  }

  private static void dense(Defect defect) {
    StackedLayersSpec.denseSpec(loops(defect), StackedLayersSpec.stack(1, new Linear(), new Linear(), 1), 1,
        Ledger.scratch("003-dense"));
  }

  private static void columns(Defect defect) {
    StackedLayersSpec.columnSpec(
          loops(defect), StackedLayersSpec.stack(3, new Tanh(), new Sigmoid(), 1), 1, Ledger::scratch);
  }

  private static void nested(Defect defect) {
    StackedLayersSpec.nestedSpec(
          loops(defect), StackedLayersSpec.stack(3, new Tanh(), new Tanh(), 1), new Tanh(), 1, Ledger::scratch);
  }

  private static void perceptrons(Defect defect) {
    ForwardSpec.perceptronSpec(loops(defect), Ledger.scratch("002-perceptron"));
  }

  private static void collapse(Defect defect) {
    StackedLayersSpec.collapseSpec(loops(defect), StackedLayersSpec.stack(3, new Linear(), new Linear(), 1), 1,
        Ledger.scratch("collapse"));
  }

  /** Checks factor · Σ_i (y_i − ŷ_i)², where plain loops compute ŷ. */
  private static void halfSse(Defect defect, double factor) {
    Network net = StackedLayersSpec.stack(3, new Tanh(), new Tanh(), 1);
    StackedLayersSpec.halfSseSpec(Ledger.scratch("002-half-sse"), net, new Tanh(), 1, (x, y) -> {
      double sum = 0;
      double[] yhat = loops(defect).predict(net, x);
      for (int i = 0; i < y.length; i++) sum += factor * (y[i] - yhat[i]) * (y[i] - yhat[i]);
      return sum;
    });
  }

  @Test
  void aLossWithAWrongFactorOrWithoutActivationsOrBiasesIsRejected() {
    halfSse(Defect.NONE, 0.5);
    rejected(() -> halfSse(Defect.NONE, 1));
    rejected(() -> halfSse(Defect.HIDDEN_ACTIVATION_FORGOTTEN, 0.5));
    rejected(() -> halfSse(Defect.BIAS_FORGOTTEN, 0.5));
  }

  @Test
  void correctPlainLoopsPass() {
    layers(Defect.NONE);
    indices(Defect.NONE);
    dense(Defect.NONE);
    columns(Defect.NONE);
    nested(Defect.NONE);
    perceptrons(Defect.NONE);
    collapse(Defect.NONE);
  }

  private static void rejected(Executable spec) {
    assertThrows(AssertionError.class, spec);
  }

  @Test
  void untransposedWeightsInASquareLayerAreRejected() {
    rejected(() -> layers(Defect.UNTRANSPOSED));
    rejected(() -> indices(Defect.UNTRANSPOSED));
    rejected(() -> dense(Defect.UNTRANSPOSED));
  }

  @Test
  void missingOrMisplacedBiasesAreRejected() {
    for (Defect defect : new Defect[] {Defect.BIAS_FORGOTTEN, Defect.BIAS_OF_THE_FIRST_UNIT}) {
      rejected(() -> layers(defect));
      rejected(() -> indices(defect));
    }
    rejected(() -> columns(Defect.BIAS_FORGOTTEN));
    rejected(() -> nested(Defect.BIAS_FORGOTTEN));
    rejected(() -> perceptrons(Defect.BIAS_FORGOTTEN));
    rejected(() -> collapse(Defect.BIAS_FORGOTTEN));
  }

  @Test
  void activationsThatAreMissingOrAppliedTwiceAreRejected() {
    rejected(() -> columns(Defect.HIDDEN_ACTIVATION_FORGOTTEN)); // 003-forward as printed
    rejected(() -> nested(Defect.HIDDEN_ACTIVATION_FORGOTTEN));
    rejected(() -> nested(Defect.OUTPUT_TWICE)); // 002-nested as printed, with one f fewer
    rejected(() -> columns(Defect.OUTPUT_TWICE));
  }

  @Test
  void aStepThatIsZeroAtZeroIsRejected() {
    rejected(() -> perceptrons(Defect.STRICT_STEP));
  }

  @Test
  void usingTheFirstRowForEveryRowIsRejected() {
    rejected(() -> layers(Defect.FIRST_ROW_ONLY));
  }

  @Test
  void singlePrecisionPreActivationsAreRejected() {
    rejected(() -> layers(Defect.SINGLE_PRECISION));
    rejected(() -> columns(Defect.SINGLE_PRECISION));
    assertDoesNotThrow(() -> perceptrons(Defect.SINGLE_PRECISION)); // its small integers are exact in single precision
  }
}
