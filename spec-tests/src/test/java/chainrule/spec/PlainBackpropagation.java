package chainrule.spec;

import chainrule.nn.Layer;
import chainrule.nn.loss.Reduction;
import java.util.Arrays;
import java.util.List;

/**
 * Backpropagation in plain loops, for dense layers of linear, relu, sigmoid or tanh under a squared error, with a
 * switch for each defect of the museum. Without a defect it is right, and the museum shows that too.
 */
final class PlainBackpropagation implements GradientSubject {

  /** What can be wrong with it. */
  enum Defect {
    NONE,
    /** δ_l ⊙ φ'_{l+1}(z_l). */
    ACTIVATION_OF_THE_NEXT_LAYER,
    /** δ_l ⊙ φ'_l(z_{l−1}), units taken in turn. */
    ARGUMENT_OF_THE_LAYER_BEFORE,
    /** ReLU' taken as 1 in hidden layers. */
    HIDDEN_RELU_MASK_IGNORED,
    /** ReLU' taken from the gradient's sign instead of z's. */
    RELU_MASK_OF_THE_GRADIENT,
    /** db a mean over the rows, dW a sum. */
    BIAS_AVERAGED,
    /** δ·W for δ·Wᵀ: fits in a square layer only. */
    UNTRANSPOSED,
    /** The opposite of every gradient. */
    SIGN_FLIPPED,
    /** 2λW of the last layer's first weights added to δ_L, and to no weight. */
    PENALTY_IN_OUTPUT_DELTA,
    /** The penalty's gradient with its sign turned. */
    PENALTY_SUBTRACTED,
    /** A penalty in the loss that never reaches the gradient. */
    PENALTY_FORGOTTEN,
    /** δ_l through W_l instead of W_{l+1}, as 003-delta-hidden is printed. */
    WEIGHTS_OF_THE_SAME_LAYER,
    /** Gradients of the last row instead of the sum over rows. */
    LAST_ROW_ONLY,
    /** ⊙ φ' left out of the hidden layers. */
    SLOPE_FORGOTTEN,
    /** ⊙ φ' left out of the output layer. */
    OUTPUT_SLOPE_FORGOTTEN,
    /** Gradients added to those of the call before. */
    NEVER_CLEARED,
    /** A mean loss with the gradient of a sum. */
    MEAN_FORGOTTEN,
    /** dW_l from a_l instead of a_{l−1}, units taken in turn. */
    ACTIVATION_OF_THE_SAME_LAYER,
    /** ∂L/∂x without the first layer's weights. */
    INPUT_GRADIENT_IS_DELTA
  }

  private final NetworkSample s;
  private final Defect defect;
  private final List<Layer> layers;
  private double[][][] z; // [layer][row][unit]
  private double[][][] a;
  /** The gradients of all calls together. */
  private final double[] before;

  PlainBackpropagation(NetworkSample sample, Defect defect) {
    this.s = sample;
    this.defect = defect;
    this.before = new double[sample.theta().length];
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
      default -> throw new IllegalArgumentException("not for " + layers.get(l).describe());
    };
  }

  /** φ'_l(v), given the gradient that meets it. */
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
    penalise(g);
    for (int i = 0; i < g.length; i++) {
      before[i] += g[i];
      if (defect == Defect.NEVER_CLEARED) g[i] = before[i];
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
        for (int j = 0; j < out; j++) before[i] += delta[j] * wayBack(l, i, j);
        if (l > 0) before[i] *= slope(l - 1, argument(l - 1, r, i), before[i]);
        else if (defect == Defect.INPUT_GRADIENT_IS_DELTA) before[i] = delta[i % out];
        if (l == 0) dx[r * inputs + i] = before[i];
      }
      delta = before;
    }
  }

  /** What δ_j of layer l is multiplied by on its way to unit i of the layer before. */
  private double wayBack(int l, int i, int j) {
    if (defect == Defect.UNTRANSPOSED) return weight(l, j, i);
    if (defect == Defect.WEIGHTS_OF_THE_SAME_LAYER && l > 0) return weight(l - 1, i, j);
    return weight(l, i, j);
  }

  private double argument(int l, int r, int i) {
    if (defect != Defect.ARGUMENT_OF_THE_LAYER_BEFORE || l == 0) return z[l][r][i];
    return z[l - 1][r][i % z[l - 1][r].length];
  }

  private void penalise(double[] g) {
    if (defect == Defect.PENALTY_IN_OUTPUT_DELTA || defect == Defect.PENALTY_FORGOTTEN) return;
    double sign = defect == Defect.PENALTY_SUBTRACTED ? -1 : 1;
    for (Layer layer : layers) {
      for (int i = layer.offset(); i < layer.offset() + layer.weights(); i++) {
        g[i] += sign * 2 * s.regularization().l2() * s.theta()[i];
      }
    }
  }
}
