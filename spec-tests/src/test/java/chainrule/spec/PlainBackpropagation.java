// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.nn.Layer;
import chainrule.nn.loss.Reduction;
import java.util.Arrays;
import java.util.List;

/**
 * Backpropagation in plain loops, for the squared error of dense layers with linear, relu, sigmoid or tanh. Each defect
 * of the museum can be switched on. Without a defect it is correct, and the museum tests that too. {@code OneStep} is
 * the form to read, for one network and without defects.
 */
final class PlainBackpropagation implements GradientSubject {

  /** The defects that can be switched on. */
  enum Defect {
    NONE,
    /** δ_l ⊙ φ'_{l+1}(z_l). */
    ACTIVATION_OF_THE_NEXT_LAYER,
    /** δ_l ⊙ φ'_l(z_{l−1}), with unit indices taken modulo the width. */
    ARGUMENT_OF_THE_PREVIOUS_LAYER,
    /** ReLU' is always 1 in hidden layers. */
    HIDDEN_RELU_MASK_IGNORED,
    /** ReLU' depends on the sign of the gradient instead of z. */
    RELU_MASK_OF_THE_GRADIENT,
    /** db is a mean over the rows, but dW a sum. */
    BIAS_AVERAGED,
    /** δ·W instead of δ·Wᵀ, which a square layer allows. */
    UNTRANSPOSED,
    /** Every gradient is negated. */
    SIGN_FLIPPED,
    /** 2λW of the last layer's first weights is added to δ_L instead of the gradient of any weight. */
    PENALTY_IN_OUTPUT_DELTA,
    /** The penalty's gradient is subtracted. */
    PENALTY_SUBTRACTED,
    /** The loss includes the penalty, but the gradient does not. */
    PENALTY_FORGOTTEN,
    /** δ_l is computed with W_l instead of W_{l+1}, as printed in 003-delta-hidden. */
    WEIGHTS_OF_THE_SAME_LAYER,
    /** Only the last row contributes to the gradients. */
    LAST_ROW_ONLY,
    /** Hidden layers omit ⊙ φ'. */
    SLOPE_FORGOTTEN,
    /** The output layer omits ⊙ φ'. */
    OUTPUT_SLOPE_FORGOTTEN,
    /** Gradients accumulate over calls. */
    NEVER_CLEARED,
    /** The loss is a mean, but its gradient that of a sum. */
    MEAN_FORGOTTEN,
    /** dW_l is computed from a_l instead of a_{l−1}, with unit indices taken modulo the width. */
    ACTIVATION_OF_THE_SAME_LAYER,
    /** ∂L/∂x omits the first layer's weights. */
    INPUT_GRADIENT_IS_DELTA
  }

  private final NetworkSample s;
  private final Defect defect;
  private final List<Layer> layers;
  private double[][][] z; // [layer][row][unit]
  private double[][][] a;
  /** The sum of the gradients of all calls. */
  private final double[] accumulated;

  PlainBackpropagation(NetworkSample sample, Defect defect) {
    this.s = sample;
    this.defect = defect;
    this.accumulated = new double[sample.theta().length];
    this.layers = sample.net().layers();
  }

  private double weight(int l, int i, int j) {
    return s.theta()[layers.get(l).offset() + i * layers.get(l).outputs() + j];
  }

  private double[] input(int l, int r) {
    int in = s.net().inputs();
    return l == 0 ? Arrays.copyOfRange(s.x(), r * in, (r + 1) * in) : a[l - 1][r];
  }

  @Override public double loss() {
    z = new double[layers.size()][s.rows()][];
    a = new double[layers.size()][s.rows()][];
    double loss = 0;
    for (int r = 0; r < s.rows(); r++) {
      for (int l = 0; l < layers.size(); l++) {
        double[] in = input(l, r);
        int out = layers.get(l).outputs();
        z[l][r] = new double[out];
        a[l][r] = new double[out];
        for (int j = 0; j < out; j++) {
          z[l][r][j] = s.theta()[layers.get(l).offset() + in.length * out + j];
          for (int i = 0; i < in.length; i++) z[l][r][j] += weight(l, i, j) * in[i];
          a[l][r][j] = value(l, z[l][r][j]);
        }
      }
      double[] yhat = a[layers.size() - 1][r];
      for (int j = 0; j < yhat.length; j++) loss += Math.pow(yhat[j] - s.y()[r * yhat.length + j], 2);
    }
    double penalty = 0;
    for (Layer layer : layers) {
      for (int i = layer.offset(); i < layer.offset() + layer.weights(); i++) {
        penalty += s.regularization().l2() * s.theta()[i] * s.theta()[i];
      }
    }
    return loss * factor() + penalty;
  }

  private double factor() {
    return s.loss().reduction() == Reduction.MEAN ? 1.0 / s.rows() : 1;
  }

  private double value(int l, double v) {
    return switch (layers.get(l).activation().name()) {
      case "linear" -> v;
      case "relu" -> Math.max(0, v);
      case "sigmoid" -> 1 / (1 + Math.exp(-v));
      case "tanh" -> Math.tanh(v);
      default -> throw new IllegalArgumentException("no plain form of " + layers.get(l).describe());
    };
  }

  /** φ'_l(v); {@code gradient} is ∂L/∂a. */
  private double slope(int l, double v, double gradient) {
    boolean hidden = l < layers.size() - 1;
    if (defect == Defect.SLOPE_FORGOTTEN && hidden || defect == Defect.OUTPUT_SLOPE_FORGOTTEN && !hidden) return 1;
    int of = defect == Defect.ACTIVATION_OF_THE_NEXT_LAYER && hidden ? l + 1 : l;
    double value = value(of, v);
    return switch (layers.get(of).activation().name()) {
      case "linear" -> 1;
      case "relu" -> {
        if (defect == Defect.HIDDEN_RELU_MASK_IGNORED && hidden) yield 1;
        yield (defect == Defect.RELU_MASK_OF_THE_GRADIENT ? gradient : v) > 0 ? 1 : 0;
      }
      case "sigmoid" -> value * (1 - value);
      default -> 1 - value * value;
    };
  }

  @Override public double lossAndGradients(double[] g, double[] dx) {
    double loss = loss();
    Arrays.fill(g, 0);
    int first = defect == Defect.LAST_ROW_ONLY ? s.rows() - 1 : 0;
    for (int r = first; r < s.rows(); r++) backward(r, g, dx);
    penalize(g);
    for (int i = 0; i < g.length; i++) {
      accumulated[i] += g[i];
      if (defect == Defect.NEVER_CLEARED) g[i] = accumulated[i];
    }
    if (defect == Defect.SIGN_FLIPPED) for (int i = 0; i < g.length; i++) g[i] = -g[i];
    return loss;
  }

  private void backward(int r, double[] g, double[] dx) {
    int last = layers.size() - 1;
    double[] yhat = a[last][r], delta = new double[yhat.length];
    double factor = defect == Defect.MEAN_FORGOTTEN ? 1 : factor();
    for (int j = 0; j < yhat.length; j++) {
      delta[j] = factor * 2 * (yhat[j] - s.y()[r * yhat.length + j]);
      delta[j] *= slope(last, z[last][r][j], delta[j]);
      if (defect == Defect.PENALTY_IN_OUTPUT_DELTA) delta[j] += 2 * s.regularization().l2() * weight(last, 0, j);
    }
    for (int l = last; l >= 0; l--) {
      double[] in = defect == Defect.ACTIVATION_OF_THE_SAME_LAYER ? a[l][r] : input(l, r);
      int inputs = layers.get(l).inputs(), out = delta.length;
      int offset = layers.get(l).offset();
      for (int i = 0; i < inputs; i++) {
        for (int j = 0; j < out; j++) g[offset + i * out + j] += in[i % in.length] * delta[j];
      }
      double share = defect == Defect.BIAS_AVERAGED ? 1.0 / s.rows() : 1;
      for (int j = 0; j < out; j++) g[offset + inputs * out + j] += delta[j] * share;
      double[] before = new double[inputs];
      for (int i = 0; i < inputs; i++) {
        for (int j = 0; j < out; j++) before[i] += delta[j] * backwardWeight(l, i, j);
        if (l > 0) before[i] *= slope(l - 1, argument(l - 1, r, i), before[i]);
        else if (defect == Defect.INPUT_GRADIENT_IS_DELTA) before[i] = delta[i % out];
        if (l == 0) dx[r * inputs + i] = before[i];
      }
      delta = before;
    }
  }

  /** The factor of δ_j of layer l in the gradient of input i of that layer. */
  private double backwardWeight(int l, int i, int j) {
    if (defect == Defect.UNTRANSPOSED) return weight(l, j, i);
    if (defect == Defect.WEIGHTS_OF_THE_SAME_LAYER && l > 0) return weight(l - 1, i, j);
    return weight(l, i, j);
  }

  private double argument(int l, int r, int i) {
    if (defect != Defect.ARGUMENT_OF_THE_PREVIOUS_LAYER || l == 0) return z[l][r][i];
    return z[l - 1][r][i % z[l - 1][r].length];
  }

  private void penalize(double[] g) {
    if (defect == Defect.PENALTY_IN_OUTPUT_DELTA || defect == Defect.PENALTY_FORGOTTEN) return;
    double sign = defect == Defect.PENALTY_SUBTRACTED ? -1 : 1;
    for (Layer layer : layers) {
      for (int i = layer.offset(); i < layer.offset() + layer.weights(); i++) {
        g[i] += sign * 2 * s.regularization().l2() * s.theta()[i];
      }
    }
  }
}
