// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.witness.ExactArithmetic.EXACT;

import chainrule.nn.Layer;
import chainrule.nn.loss.Reduction;
import chainrule.spec.witness.Dual;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A small network of dense layers by the documents' formulas, in 50 digits: z and a of each layer for one row, the
 * slopes φ'(z) and ∂C/∂a by dual numbers, and the documents' formulas for δ. Layers count from 0.
 */
final class ExactNetwork {
  private final NetworkSample s;
  private final int row;
  final List<Layer> layers;
  final BigDecimal[][] z;
  final BigDecimal[][] a;

  ExactNetwork(NetworkSample sample, int row) {
    this.s = sample;
    this.row = row;
    this.layers = sample.net().layers();
    z = new BigDecimal[layers.size()][];
    a = new BigDecimal[layers.size()][];
    NetworkWitness<Dual> witness = new NetworkWitness<>(EXACT, sample, -1);
    List<Dual> in = witness.input(row);
    for (int l = 0; l < layers.size(); l++) {
      List<Dual> out = witness.linearPart(layers.get(l), row, in);
      z[l] = out.stream().map(Dual::v).toArray(BigDecimal[]::new);
      in = NetworkWitness.activate(EXACT, layers.get(l).activation(), out);
      a[l] = in.stream().map(Dual::v).toArray(BigDecimal[]::new);
    }
  }

  int last() {
    return layers.size() - 1;
  }

  /** w_ij of layer l: from unit i to unit j. */
  BigDecimal w(int l, int i, int j) {
    return new BigDecimal(s.theta()[weightIndex(l, i, j)]);
  }

  int weightIndex(int l, int i, int j) {
    return layers.get(l).offset() + i * layers.get(l).outputs() + j;
  }

  int biasIndex(int l, int j) {
    return layers.get(l).offset() + layers.get(l).weights() + j;
  }

  /** a of the previous layer, or x for the first layer. */
  BigDecimal before(int l, int i) {
    return l > 0 ? a[l - 1][i] : new BigDecimal(s.x()[row * s.net().inputs() + i]);
  }

  /** φ'(z_j) of layer l. */
  BigDecimal slope(int l, int j) {
    Dual variable = new Dual(z[l][j], BigDecimal.ONE);
    return NetworkWitness.elementwise(EXACT, layers.get(l).activation(), variable).d();
  }

  /** ∂C/∂a_j of this row, where C is the loss of the whole batch. */
  BigDecimal costSlope(int j) {
    int out = a[last()].length;
    double[] y = Arrays.copyOfRange(s.y(), row * out, (row + 1) * out);
    List<Dual> yhat = new ArrayList<>();
    for (int i = 0; i < out; i++) yhat.add(new Dual(a[last()][i], i == j ? BigDecimal.ONE : BigDecimal.ZERO));
    Dual cost = NetworkWitness.loss(EXACT, s.loss(), yhat, y);
    boolean mean = s.loss().reduction() == Reduction.MEAN;
    return (mean ? cost.over(Dual.constant(s.rows())) : cost).d();
  }

  /** δ_out = ∂C/∂a ⊙ φ'(z), as 000-5.1, 003 and 004 print it. */
  BigDecimal[] outputError() {
    BigDecimal[] delta = new BigDecimal[a[last()].length];
    for (int j = 0; j < delta.length; j++) delta[j] = costSlope(j).multiply(slope(last(), j));
    return delta;
  }

  /** W_l as a matrix [in][out]. */
  BigDecimal[][] weights(int l) {
    BigDecimal[][] w = new BigDecimal[layers.get(l).inputs()][layers.get(l).outputs()];
    for (int i = 0; i < w.length; i++) for (int j = 0; j < w[i].length; j++) w[i][j] = w(l, i, j);
    return w;
  }

  static BigDecimal[][] transpose(BigDecimal[][] w) {
    BigDecimal[][] t = new BigDecimal[w[0].length][w.length];
    for (int i = 0; i < w.length; i++) for (int j = 0; j < w[i].length; j++) t[j][i] = w[i][j];
    return t;
  }

  /** 000-5.2, a row times a matrix: δ_n = δ_{n+1} × (w_{n+1})ᵀ ⊙ φ'(z_n). */
  BigDecimal[] rowForm(int l, BigDecimal[] next) {
    BigDecimal[][] t = transpose(weights(l + 1)); // [out of l+1][out of l]
    BigDecimal[] delta = new BigDecimal[t[0].length];
    for (int c = 0; c < delta.length; c++) {
      BigDecimal sum = BigDecimal.ZERO;
      for (int r = 0; r < next.length; r++) sum = sum.add(next[r].multiply(t[r][c]));
      delta[c] = sum.multiply(slope(l, c));
    }
    return delta;
  }

  /** 001-backprop: δ_i = (Σ_j w_ij^(l+1) δ_j^(l+1)) · da_i/dz_i. */
  BigDecimal[] indexForm(int l, BigDecimal[] next) {
    BigDecimal[] delta = new BigDecimal[z[l].length];
    for (int i = 0; i < delta.length; i++) {
      BigDecimal sum = BigDecimal.ZERO;
      for (int j = 0; j < next.length; j++) sum = sum.add(w(l + 1, i, j).multiply(next[j]));
      delta[i] = sum.multiply(slope(l, i));
    }
    return delta;
  }

  /** 004-backprop-4 and 003-delta-hidden, a matrix times a column: ((w^m)ᵀ δ) ⊙ φ'(z^l), where w^m is [out × in]. */
  BigDecimal[] columnForm(int l, int m, BigDecimal[] next) {
    BigDecimal[][] w = transpose(weights(m)), t = transpose(w); // t [in of m][out of m]
    BigDecimal[] delta = new BigDecimal[z[l].length];
    for (int i = 0; i < delta.length; i++) {
      BigDecimal sum = BigDecimal.ZERO;
      for (int j = 0; j < next.length; j++) sum = sum.add(t[i][j].multiply(next[j]));
      delta[i] = sum.multiply(slope(l, i));
    }
    return delta;
  }

  /** δ of every layer, [layer][unit]. */
  BigDecimal[][] errors() {
    BigDecimal[][] delta = new BigDecimal[layers.size()][];
    delta[last()] = outputError();
    for (int l = last() - 1; l >= 0; l--) delta[l] = indexForm(l, delta[l + 1]);
    return delta;
  }
}
