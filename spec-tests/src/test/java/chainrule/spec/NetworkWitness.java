// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Layer;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elu;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.loss.Huber;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Reduction;
import chainrule.spec.witness.Arithmetic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The training loss of a network in plain loops and any {@link Arithmetic}, such as dual numbers. */
final class NetworkWitness<N> {
  private final Arithmetic<N> k;
  private final NetworkSample s;
  /** The variable of differentiation: the index of a parameter, or of an input after the parameters, or −1 for none. */
  private final int variable;

  NetworkWitness(Arithmetic<N> arithmetic, NetworkSample sample, int variable) {
    this.k = arithmetic;
    this.s = sample;
    this.variable = variable;
  }

  private N theta(int i) {
    double value = s.theta()[i];
    return i == variable ? k.variable(value) : k.constant(value);
  }

  /** x of one row. */
  List<N> input(int row) {
    List<N> x = new ArrayList<>();
    for (int i = row * s.net().inputs(); i < (row + 1) * s.net().inputs(); i++) {
      x.add(i + s.theta().length == variable ? k.variable(s.x()[i]) : k.constant(s.x()[i]));
    }
    return x;
  }

  /** z of one row in one layer: z_j = Σ_i w_ij a_i + b_j, or a ⊙ mask / (1 − p), or a. */
  List<N> linearPart(Layer layer, int row, List<N> a) {
    List<N> z = new ArrayList<>();
    for (int j = 0; j < layer.outputs(); j++) {
      if (layer instanceof Dense) {
        List<N> terms = new ArrayList<>();
        for (int i = 0; i < layer.inputs(); i++) {
          terms.add(k.times(theta(layer.offset() + i * layer.outputs() + j), a.get(i)));
        }
        terms.add(theta(layer.offset() + layer.inputs() * layer.outputs() + j));
        z.add(k.sum(terms));
      } else if (layer instanceof Dropout dropout) {
        boolean kept = dropout.keeps(s.seed(), s.step(), s.firstRow() + row, j);
        z.add(kept ? k.over(a.get(j), k.minus(k.constant(1), k.constant(dropout.rate()))) : k.constant(0));
      } else {
        z.add(a.get(j));
      }
    }
    return z;
  }

  /** ŷ of one row. */
  List<N> output(int row) {
    List<N> a = input(row);
    for (Layer layer : s.net().layers()) a = activate(k, layer.activation(), linearPart(layer, row, a));
    return a;
  }

  /** The training loss: all rows with their weights, and the penalties. */
  N loss() {
    List<N> terms = new ArrayList<>();
    for (int row = 0; row < s.rows(); row++) {
      List<N> yhat = output(row);
      double[] y = Arrays.copyOfRange(s.y(), row * yhat.size(), (row + 1) * yhat.size());
      N loss = loss(k, s.loss(), yhat, y);
      terms.add(s.weights() == null ? loss : k.times(k.constant(s.weights()[row]), loss));
    }
    N data = k.sum(terms);
    if (s.loss().reduction() == Reduction.MEAN) data = k.over(data, weight());
    List<N> l1 = new ArrayList<>(), l2 = new ArrayList<>();
    for (Layer layer : s.net().layers()) {
      int penalized = s.regularization().biases() ? layer.parameters() : layer.weights();
      for (int i = layer.offset(); i < layer.offset() + penalized; i++) {
        if (s.regularization().l1() > 0) l1.add(abs(k, theta(i)));
        l2.add(k.times(theta(i), theta(i)));
      }
    }
    return k.sum(List.of(data, k.times(k.constant(s.regularization().l1()), k.sum(l1)),
        k.times(k.constant(s.regularization().l2()), k.sum(l2))));
  }

  /** The number of rows, or the sum of their weights. */
  private N weight() {
    if (s.weights() == null) return k.constant(s.rows());
    return k.sum(Arrays.stream(s.weights()).mapToObj(k::constant).toList());
  }

  /** φ of one row, as printed in the documents or, for formulas beyond them, in the papers. */
  static <N> List<N> activate(Arithmetic<N> k, Activation phi, List<N> z) {
    List<N> a = new ArrayList<>();
    if (phi.name().equals("softmax")) {
      z.forEach(k::bend);
      List<N> e = z.stream().map(k::exp).toList();
      N sum = k.sum(e);
      for (N one : e) a.add(k.over(one, sum));
    } else {
      for (N one : z) a.add(elementwise(k, phi, one));
    }
    return a;
  }

  static <N> N elementwise(Arithmetic<N> k, Activation phi, N z) {
    N one = k.constant(1), zero = k.constant(0);
    String name = phi.name().split(":")[0];
    boolean kinked = name.equals("relu") || name.equals("leaky-relu") || name.equals("elu");
    boolean positive = k.value(z) > 0;
    if (kinked) k.kink(z);
    if (!kinked && !name.equals("linear")) k.bend(z);
    switch (name) {
      case "linear":
        return z;
      case "relu":
        return positive ? z : zero;
      case "leaky-relu":
        return positive ? z : k.times(k.constant(((LeakyRelu) phi).epsilon()), z);
      case "elu":
        k.bend(z);
        return positive ? z : k.times(k.constant(((Elu) phi).alpha()), k.minus(k.exp(z), one));
      case "sigmoid":
        return sigmoid(k, z);
      case "tanh": { // a has up to 4 units of error, and d(1 − a²)/da = −2a
        N a = k.minus(k.over(k.constant(2), k.plus(one, k.exp(k.times(k.constant(-2), z)))), one);
        return k.derivedFromValue(a, z, 8 * k.value(a) * k.value(a));
      }
      case "gelu":
        return k.times(z, k.normalCdf(z));
      case "silu":
        return k.times(z, sigmoid(k, z));
      case "softplus":
        return k.log(k.plus(one, k.exp(z)));
      default:
        throw new IllegalArgumentException("no witness for " + phi.name());
    }
  }

  /** a has up to 4 units of error, and the derivative of a(1 − a) by a is 1 − 2a. */
  private static <N> N sigmoid(Arithmetic<N> k, N z) {
    N one = k.constant(1), a = k.over(one, k.plus(one, k.exp(k.times(k.constant(-1), z))));
    return k.derivedFromValue(a, z, 4 * k.value(a) * Math.abs(1 - 2 * k.value(a)));
  }

  /** ℓ of one row, as printed in the documents, with the parentheses of 000-2.2 corrected. */
  static <N> N loss(Arithmetic<N> k, Loss loss, List<N> yhat, double[] y) {
    if (loss instanceof UnfusedLoss u) return loss(k, u.loss(), yhat, y);
    String name = loss.name().replace("-sum", "");
    if (name.equals("softmax-cross-entropy")) yhat = activate(k, new chainrule.nn.activation.Softmax(), yhat);
    List<N> terms = new ArrayList<>();
    for (int j = 0; j < y.length; j++) terms.add(term(k, loss, name, yhat.get(j), y[j]));
    return k.sum(terms);
  }

  private static <N> N term(Arithmetic<N> k, Loss loss, String name, N yhat, double y) {
    N target = k.constant(y), e = k.minus(yhat, target);
    switch (name) {
      case "mse", "sse":
        return k.times(e, e);
      case "half-mse", "half-sse":
        return k.times(k.constant(0.5), k.times(e, e));
      case "mae":
        return abs(k, e);
      case "huber": {
        N delta = k.constant(((Huber) loss).delta()), size = abs(k, e), beyond = k.minus(size, delta);
        k.kink(beyond);
        return k.value(beyond) <= 0 ? k.times(k.constant(0.5), k.times(e, e))
            : k.times(delta, k.minus(size, k.times(k.constant(0.5), delta)));
      }
      case "sigmoid-cross-entropy":
        k.bend(yhat);
        return binary(k, sigmoid(k, yhat), target, y);
      case "bce":
        return binary(k, yhat, target, y);
      case "cce", "softmax-cross-entropy":
        return y == 0 ? k.constant(0) : k.times(k.constant(-y), k.log(yhat));
      case "cce-offset":
        return k.times(k.constant(-y), k.log(k.plus(yhat, k.constant(1e-100))));
      case "output":
        return yhat;
      default:
        throw new IllegalArgumentException("no witness for " + name);
    }
  }

  /** −(y ln ŷ + (1 − y) ln(1 − ŷ)), where a term of weight 0 is 0. */
  private static <N> N binary(Arithmetic<N> k, N yhat, N target, double y) {
    N one = k.constant(1), minusOne = k.constant(-1);
    N yes = y == 0 ? k.constant(0) : k.times(target, k.log(yhat));
    N no = y == 1 ? k.constant(0) : k.times(k.minus(one, target), k.log(k.minus(one, yhat)));
    return k.times(minusOne, k.plus(yes, no));
  }

  private static <N> N abs(Arithmetic<N> k, N x) {
    k.kink(x);
    return k.value(x) < 0 ? k.times(k.constant(-1), x) : x;
  }
}
