// SPDX-License-Identifier: MIT
package chainrule.check;

import chainrule.check.GradientCheck.Verdict;
import chainrule.kernels.Kernels;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.StepValues;
import chainrule.nn.activation.Activation;

/**
 * Checks each unit of each row separately, s(t) = Σ_j c_j φ(z + t·e_u)_j against φ's derivative. This finds the units
 * exactly at a kink of their activation, and checks that their derivative is between the left and right slopes.
 *
 * <p>This is needed where such units follow each other in several layers, as when a layer of ReLUs is 0 for a row and
 * the biases are still 0. For example, relu(v) − relu(−v) = v has slope 1 at 0, but the chain rule gives 0 with
 * relu'(0) = 0. Differences of the loss cannot check that gradient, but differences of each unit can.
 */
final class UnitKinks {
  private UnitKinks() {}

  /**
   * Returns whether kinks explain wrong gradients: there are units at kinks, and the derivative of each unit is right.
   *
   * @param values the numbers of the step whose gradients are wrong
   */
  static boolean explainWrongGradients(Network network, StepValues values, double tolerance) {
    SlopeCheck slopeCheck = new SlopeCheck(tolerance);
    boolean kinks = false;
    for (int l = 0; l < network.layers().size(); l++) {
      Layer layer = network.layers().get(l);
      int units = layer.outputs();
      for (double[] z : values.z(l)) { // one row [units]
        for (int u = 0; u < units; u++) {
          Verdict verdict = examine(slopeCheck, network.kernels(), layer.activation(), z, u);
          if (verdict == Verdict.WRONG) return false;
          kinks |= verdict == Verdict.KINK;
        }
      }
    }
    return kinks;
  }

  private static Verdict examine(SlopeCheck slopeCheck, Kernels kernels, Activation phi, double[] z, int u) {
    int units = z.length;
    double[] c = new double[units], g = new double[units], a = new double[units], moved = new double[units];
    for (int j = 0; j < units; j++) c[j] = g[j] = 1 + j % 3;
    phi.forward(kernels, 1, units, z, a);
    double here = weighted(c, a);
    phi.applyDerivative(kernels, 1, units, phi.needsInput() ? z : a, a, g);
    return slopeCheck.examine(t -> {
      System.arraycopy(z, 0, moved, 0, units);
      moved[u] = t;
      phi.forward(kernels, 1, units, moved, a);
      return weighted(c, a);
    }, z[u], here, g[u]);
  }

  private static double weighted(double[] c, double[] a) {
    double sum = 0;
    for (int j = 0; j < c.length; j++) sum += c[j] * a[j];
    return sum;
  }
}
