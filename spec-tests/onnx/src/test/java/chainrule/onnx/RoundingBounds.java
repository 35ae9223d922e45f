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
 * How far two computations of one network in double precision can be apart: a bound for each output, from the
 * arithmetic alone. With u = 2⁻⁵³ and E the bound of what comes in,
 * <pre>
 *   z = a·W + b    E_z[j] = Σ_i |W[i,j]|·E[i] + 2·γ·(Σ_i |a[i]·W[i,j]| + |b[j]|),   γ = (in + 2)·u
 *   a = φ(z)       E_a = L·E_z + c·2u·|φ(z)| + FLOOR
 * </pre>
 * Each side rounds each of in + 1 additions and in products by a factor of 1 ± u at most (γ, with one to spare for what
 * is second-order; whatever the order of the additions, and fused or not): so two sides, 2·γ. L is the largest |φ'|; c,
 * in units of 2⁻⁵², the error of φ on both sides together, as OnnxActivations and Elementary say. A step has no L: it
 * may jump where E_z reaches over 0. FLOOR is for numbers so small that they lose digits; some versions of ONNX Runtime
 * let e^z end at 5.6e-309 rather than at 0, and SiLU multiplies that by up to 800.
 */
final class RoundingBounds {
  static final double U = 0x1p-53;
  static final double FLOOR = 1e-305;

  private RoundingBounds() {}

  /** c: the two errors together, in units of 2⁻⁵². */
  static double units(Activation a, int cols) {
    return switch (a.name().replaceAll(":.*", "")) {
      case "linear", "relu", "step" -> 0;
      case "leaky-relu" -> 0; // one product, rounded the same on both sides
      case "tanh" -> 4 + 2;
      case "sigmoid" -> 4 + 2;
      case "silu" -> 5 + 4;
      case "softplus" -> 6 + 2;
      case "elu" -> 6 + 3;
      case "gelu" -> 16 + 8;
      case "softmax" -> 2 * (3 + cols * 0.5); // an e^z and a quotient, and a sum of cols numbers, on either side
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

  /** The bound for each output of one row, for inputs that are the same to the last bit. */
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
          // ln a_j moves by 2·max E_z at most, and a_j by ½·max E_z
          ? Math.min(widest / 2, a[j] * Math.expm1(2 * widest)) : steepness(phi) * ez[j];
      e[j] = moved + units(phi, z.length) * 2 * U * Math.abs(a[j]) + FLOOR;
    }
    return e;
  }
}
