// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.kernels.Kernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elementwise;
import chainrule.spec.ledger.Proves;
import org.junit.jupiter.api.Test;

/**
 * The expression in micrograd's README. With a, b the inputs and its repeated assignments written out, it is
 * <pre>
 * e = 4(a + b) + 3 − a − 12(a·b + b³) − 4·relu(a + b) − relu(b − a)        g = e²/2 + 10/e²
 * </pre>
 * A network computes a·b as ((a + b)² − (a − b)²)/4, so e is a linear layer of custom activations, and g is one too.
 */
class MicrogradSpec {
  private static final PublishedSource MICROGRAD = PublishedSource.load("micrograd");
  private static final int UNITS = 7;

  /** Column by column: z, z, z², z², z³, relu(z), relu(z). */
  private record Terms() implements Activation {
    @Override public String name() {
      return "terms";
    }

    @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
      for (int i = 0; i < rows * cols; i++) {
        a[i] = switch (i % cols) {
          case 0, 1 -> z[i];
          case 2, 3 -> z[i] * z[i];
          case 4 -> z[i] * z[i] * z[i];
          default -> Math.max(z[i], 0);
        };
      }
    }

    @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
      for (int i = 0; i < rows * cols; i++) {
        g[i] *= switch (i % cols) {
          case 0, 1 -> 1;
          case 2, 3 -> 2 * z[i];
          case 4 -> 3 * z[i] * z[i];
          default -> z[i] > 0 ? 1 : 0;
        };
      }
    }
  }

  /** g(e) = e²/2 + 10/e². */
  private record Result() implements Elementwise {
    @Override public String name() {
      return "result";
    }

    @Override public double value(double e) {
      return e * e / 2 + 10 / (e * e);
    }

    @Override public double derivative(double e, double a) {
      return e - 20 / (e * e * e);
    }
  }

  @Test
  @Proves(value = "001-activation", by = "Network#predict")
  @Proves(value = "001-backprop", by = "Backpropagation#inputGradients")
  void theExpressionHasThePrintedValueAndDerivatives() {
    Network net = Network.input(2).dense(UNITS, new Terms()).dense(1, new Result()).build(1);
    double[] terms = { // W1 [2 × 7]: a, b, a + b, a − b, b, a + b, b − a
      1, 0, 1, 1, 0, 1, -1,
      0, 1, 1, -1, 1, 1, 1};
    double[] e = {3, 4, -3, 3, -12, -4, -1, 3}; // W2 [7 × 1], b2
    System.arraycopy(terms, 0, net.parameters(), 0, terms.length);
    System.arraycopy(e, 0, net.parameters(), terms.length + UNITS, e.length);
    double[] x = {-4, 2}, slopes = new double[2];
    Backpropagation b = new Backpropagation(net, new SumOfOutputs(), 1);
    MICROGRAD.reproduce("g", b.lossAndGradients(1, x, 0, new double[1], 0));
    b.inputGradients(slopes);
    MICROGRAD.reproduce("dg/da and dg/db", slopes);
  }
}
