// SPDX-License-Identifier: MIT
package chainrule.onnx;

import chainrule.kernels.Kernels;
import chainrule.nn.Dense;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elu;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Step;
import java.util.Arrays;

/**
 * Bounds for the difference between two computations of a network in double precision, derived from the arithmetic.
 * With u = 2⁻⁵³ and E the bound of a layer's inputs,
 * <pre>
 *   z = a·W + b    E_z[j] = Σ_i |W[i,j]|·E[i] + 2·γ·(Σ_i |a[i]·W[i,j]| + |b[j]|),   γ = (in + 2)·u
 *   a = φ(z)       E_a = L·E_z + c·2u·|φ(z)| + FLOOR
 * </pre>
 * Each side rounds in + 1 additions and in products, each by a factor of at most 1 ± u, in any order and fused or not.
 * γ covers one side, with one u to spare for second-order terms, and 2·γ covers both. L is the largest |φ'|. c, in
 * units of 2⁻⁵², is the error of φ on both sides together, from OnnxActivations and Elementary. A step has no L: it may
 * jump if |z| ≤ E_z. FLOOR is for numbers so small that they lose digits. In some versions of ONNX Runtime, e^z never
 * falls below 5.6e-309, and SiLU multiplies that by up to 800.
 */
final class RoundingBounds {
  static final double U = 0x1p-53;
  static final double FLOOR = 1e-305;

  private RoundingBounds() {}

  /** Returns c, the sum of both errors in units of 2⁻⁵². */
  static double units(Activation a, int cols) {
    return switch (a.name().replaceAll(":.*", "")) {
      case "linear", "relu", "step" -> 0;
      case "leaky-relu" -> 0; // one product, rounded alike on both sides
      case "tanh" -> 4 + 2;
      case "sigmoid" -> 4 + 2;
      case "silu" -> 5 + 4;
      case "softplus" -> 6 + 2;
      case "elu" -> 6 + 3;
      case "gelu" -> 16 + 8;
      case "softmax" -> 2 * (3 + cols * 0.5); // e^z, a quotient and a sum of cols numbers on each side
      default -> throw new AssertionError("no bound for " + a.name());
    };
  }

  private static double steepness(Activation a) {
    if (a instanceof LeakyRelu leaky) return Math.max(1, leaky.epsilon());
    if (a instanceof Elu elu) return Math.max(1, elu.alpha());
    return switch (a.name()) {
      case "sigmoid" -> 0.25;
      case "gelu" -> 1.13;
      case "silu" -> 1.1;
      default -> 1;
    };
  }

  /** Returns the bound for each output of one row, for bit-identical inputs. */
  static double[] bound(Network net, double[] x, int row) {
    int in = net.inputs();
    double[] a = Arrays.copyOfRange(x, row * in, (row + 1) * in), e = new double[in];
    double[] theta = net.parameters();
    for (Layer layer : net.layers()) {
      double[] z = a, ez = e;
      if (layer instanceof Dense d) {
        z = new double[d.outputs()];
        ez = new double[d.outputs()];
        double gamma = (d.inputs() + 2) * U;
        for (int j = 0; j < d.outputs(); j++) {
          double bias = theta[d.offset() + d.weights() + j], size = Math.abs(bias);
          z[j] = bias;
          for (int i = 0; i < d.inputs(); i++) {
            double w = theta[d.offset() + i * d.outputs() + j];
            z[j] += a[i] * w;
            size += Math.abs(a[i] * w);
            ez[j] += Math.abs(w) * e[i];
          }
          ez[j] += 2 * gamma * size;
        }
      }
      a = new double[z.length];
      layer.activation().forward(Kernels.best(), 1, z.length, z, a);
      e = activated(layer.activation(), z, ez, a);
    }
    return e;
  }

  private static double[] activated(Activation phi, double[] z, double[] ez, double[] a) {
    double[] e = new double[z.length];
    double widest = 0;
    for (double d : ez) widest = Math.max(widest, d);
    for (int j = 0; j < e.length; j++) {
      if (phi instanceof Step) {
        e[j] = Math.abs(z[j]) <= ez[j] && ez[j] > 0 ? 1 : 0;
        continue;
      }
      double moved = phi instanceof Softmax
          // ln a_j changes by at most 2·max E_z, and a_j by at most ½·max E_z
          ? Math.min(widest / 2, a[j] * Math.expm1(2 * widest)) : steepness(phi) * ez[j];
      e[j] = moved + units(phi, z.length) * 2 * U * Math.abs(a[j]) + FLOOR;
    }
    return e;
  }
}
