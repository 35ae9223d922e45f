// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Initialization;
import chainrule.nn.Network;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.SumOfSquaredErrors;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.spec.RandomCase.Draw;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/**
 * Algebraic laws of networks. Laws that the definition of arithmetic makes exact are compared bit by bit. Two orders of
 * a sum of n terms may differ by 2·γ_n Σ|terms|, where γ_n = n·u / (1 − n·u) and u = 2⁻⁵³ bound the error of n
 * successive roundings in each of them. Other tests use small integers, for which every operation is exact.
 */
class AlgebraSpec {
  private static final double U = 0x1p-53;

  private static double gamma(int n) {
    return n * U / (1 - n * U);
  }

  // ---------------------------------------------------------------- transposition

  /**
   * c[i,j] = fma(a[i,p], b[p,j], c[i,j]) for p = 0 … k−1: the product inside an fma commutes, and all forms use the
   * same order of p. So (A·B)ᵀ and Bᵀ·Aᵀ have the same bits, as do the kernels that read a transposed matrix in place.
   */
  @Property(tries = 200)
  void theTransposeOfAProductIsBitIdenticalToTheProductOfTheTransposes(
      @ForAll @IntRange(min = 1, max = 20) int m, @ForAll @IntRange(min = 1, max = 20) int n,
      @ForAll @IntRange(max = 20) int k, @ForAll @LongRange(min = 1) long seed) {
    Draw draw = new Draw(seed);
    double[] a = normals(draw, m * k), b = normals(draw, k * n), at = transpose(a, m, k), bt = transpose(b, k, n);
    for (Kernels kernels : new Kernels[] {Kernels.best(), ScalarKernels.INSTANCE}) {
      double[] c = new double[m * n], ct = new double[m * n], viaA = new double[m * n], viaB = new double[m * n];
      kernels.matmul(m, n, k, a, 0, k, b, 0, n, c, 0, n);
      kernels.matmul(n, m, k, bt, 0, k, at, 0, m, ct, 0, m);
      kernels.matmulTransposedA(m, n, k, at, 0, m, b, 0, n, viaA, 0, n);
      kernels.matmulTransposedB(m, n, k, a, 0, k, bt, 0, k, viaB, 0, n);
      assertBits(transpose(c, m, n), ct);
      assertBits(c, viaA);
      assertBits(c, viaB);
    }
  }

  /**
   * Compares our X·W + b with the column form W·x + b of 000 and 004 (their W is our Wᵀ), which starts from 0 and adds
   * b last.
   */
  @Property(tries = 200)
  void rowFormAndColumnFormAgree(
      @ForAll @IntRange(min = 1, max = 30) int in, @ForAll @IntRange(min = 1, max = 8) int out,
      @ForAll @LongRange(min = 1) long seed) {
    Network net = Network.input(in).dense(out, new Linear()).build(seed);
    Draw draw = new Draw(seed);
    double[] theta = net.parameters(), x = normals(draw, in);
    for (int j = 0; j < out; j++) theta[in * out + j] = draw.normal();
    double[] w = transpose(theta, in, out), row = net.predict(x);
    for (int j = 0; j < out; j++) {
      double z = 0, size = Math.abs(theta[in * out + j]);
      for (int i = 0; i < in; i++) {
        z += w[j * in + i] * x[i];
        size += Math.abs(w[j * in + i] * x[i]);
      }
      z += theta[in * out + j];
      assertEquals(z, row[j], 2 * gamma(in + 1) * size);
    }
  }

  // ---------------------------------------------------------------- batches

  /**
   * Rows are independent until their gradients are summed, so each row's gradient has the same bits in any batch, with
   * the same dropout masks. Only the order of n additions differs. The terms of a loss all have one sign.
   */
  @Property(tries = 300)
  void aBatchIsTheSumOfItsParts(@ForAll @LongRange(min = 1) long seed, @ForAll @IntRange(max = 5) int cut) {
    RandomCase c = RandomCase.summed(seed);
    int n = c.rows(), in = c.net().inputs(), out = c.net().outputs(), first = Math.min(cut, n);
    Backpropagation b = new Backpropagation(c.net(), c.loss(), n);
    b.setStep(seed, 3, 0);
    double whole = b.lossAndGradients(n, c.x(), 0, c.y(), 0);
    double[] gradients = b.gradients().clone(), dx = new double[n * in], part = new double[n * in];
    b.inputGradients(dx);

    double[] sum = new double[gradients.length], size = sizes(c, 3);
    double loss = b.lossAndGradients(first, c.x(), 0, c.y(), 0);
    add(sum, b.gradients());
    b.inputGradients(part);
    assertBits(Arrays.copyOf(dx, first * in), Arrays.copyOf(part, first * in));
    b.setStep(seed, 3, first);
    loss += b.lossAndGradients(n - first, c.x(), first * in, c.y(), first * out);
    add(sum, b.gradients());
    b.inputGradients(part);
    assertBits(Arrays.copyOfRange(dx, first * in, n * in), Arrays.copyOf(part, (n - first) * in));

    assertEquals(whole, loss, 2 * gamma(n * out + 1) * Math.abs(whole), c::toString);
    for (int i = 0; i < sum.length; i++) assertEquals(gradients[i], sum[i], 2 * gamma(n + 1) * size[i], c.toString());
  }

  @Property(tries = 200)
  void theOrderOfRowsAffectsOnlyTheOrderOfASum(@ForAll @LongRange(min = 1) long seed) {
    RandomCase c = RandomCase.summed(seed);
    if (c.hasDropout()) return; // a mask depends on the position in the batch
    int n = c.rows(), in = c.net().inputs(), out = c.net().outputs();
    Backpropagation b = new Backpropagation(c.net(), c.loss(), n);
    double loss = b.lossAndGradients(n, c.x(), 0, c.y(), 0);
    double[] gradients = b.gradients().clone(), size = sizes(c, 0);
    double backward = b.lossAndGradients(n, reversed(c.x(), in), 0, reversed(c.y(), out), 0);
    assertEquals(loss, backward, 2 * gamma(n * out) * Math.abs(loss), c::toString);
    for (int i = 0; i < size.length; i++) {
      assertEquals(gradients[i], b.gradients()[i], 2 * gamma(n) * size[i], c.toString());
    }
  }

  /** Returns Σ_rows |gradient of the row| for each parameter. */
  private static double[] sizes(RandomCase c, long step) {
    Backpropagation b = new Backpropagation(c.net(), c.loss(), 1);
    double[] size = new double[c.net().parameters().length];
    for (int r = 0; r < c.rows(); r++) {
      b.setStep(c.seed(), step, r);
      b.lossAndGradients(1, c.x(), r * c.net().inputs(), c.y(), r * c.net().outputs());
      for (int i = 0; i < size.length; i++) size[i] += Math.abs(b.gradients()[i]);
    }
    return size;
  }

  /**
   * On small integers every operation and every sum is exact, so a batch given twice has exactly twice the gradient.
   */
  @Property(tries = 100)
  void repeatingABatchDoublesASumAndKeepsAMean(
      @ForAll @LongRange(min = 1) long seed, @ForAll @IntRange(min = 1, max = 4) int n) {
    Network net = integers(seed, 3, 4, 3, 2);
    double[] x = integers(new Draw(seed), n * 3), y = integers(new Draw(seed + 1), n * 2);
    Backpropagation b = new Backpropagation(net, new SumOfSquaredErrors(), 2 * n);
    double once = b.lossAndGradients(n, x, 0, y, 0);
    double[] g = b.gradients().clone();
    assertEquals(2 * once, b.lossAndGradients(2 * n, twice(x), 0, twice(y), 0));
    for (int i = 0; i < g.length; i++) assertEquals(2 * g[i], b.gradients()[i], "parameter " + i);
    if (Integer.bitCount(n) > 1) return; // 1/n is exact only for powers of two
    Backpropagation mean = new Backpropagation(net, new MeanSquaredError(), 2 * n);
    mean.lossAndGradients(n, x, 0, y, 0);
    double[] m = mean.gradients().clone();
    mean.lossAndGradients(2 * n, twice(x), 0, twice(y), 0);
    for (int i = 0; i < m.length; i++) assertEquals(m[i], mean.gradients()[i], "mean, parameter " + i);
  }

  /**
   * Mean = sum / n. If n is a power of two, the factor is exact throughout, so the bits differ only by that factor.
   */
  @Property(tries = 100)
  void aSumIsNTimesAMean(@ForAll @LongRange(min = 1) long seed, @ForAll @IntRange(max = 4) int power) {
    int n = 1 << power;
    Draw draw = new Draw(seed);
    Network net = Network.input(3).dense(5, new Tanh()).dense(4, new LeakyRelu()).dense(2, new Linear()).build(seed);
    double[] x = normals(draw, 3 * n), y = normals(draw, 2 * n);
    Backpropagation sum = new Backpropagation(net, new HalfSquaredError(Reduction.SUM), n);
    Backpropagation mean = new Backpropagation(net, new HalfSquaredError(Reduction.MEAN), n);
    assertEquals(sum.lossAndGradients(n, x, 0, y, 0), n * mean.lossAndGradients(n, x, 0, y, 0));
    for (int i = 0; i < sum.gradients().length; i++) assertEquals(sum.gradients()[i], n * mean.gradients()[i]);
  }

  // ---------------------------------------------------------------- units and layers

  /** Permuting the columns of W_l, the elements of b_l and the rows of W_{l+1} gives the same network. */
  @Property(tries = 200)
  void permutingHiddenUnitsChangesNothing(
      @ForAll @LongRange(min = 1) long seed, @ForAll @IntRange(min = 1, max = 4) int n) {
    int in = 3, hidden = 5, out = 2;
    Network net = integers(seed, in, hidden, out), other = integers(seed, in, hidden, out);
    Draw draw = new Draw(seed);
    int[] to = {0, 1, 2, 3, 4};
    for (int i = 4; i > 0; i--) {
      int j = draw.below(i + 1), t = to[i];
      to[i] = to[j];
      to[j] = t;
    }
    double[] theta = net.parameters();
    System.arraycopy(permuted(theta, to, in, hidden, out), 0, other.parameters(), 0, theta.length);
    double[] x = integers(draw, n * in), y = integers(draw, n * out);
    assertBits(net.predict(x), other.predict(x));
    Backpropagation a = new Backpropagation(net, new SumOfSquaredErrors(), n);
    Backpropagation b = new Backpropagation(other, new SumOfSquaredErrors(), n);
    assertEquals(a.lossAndGradients(n, x, 0, y, 0), b.lossAndGradients(n, x, 0, y, 0));
    assertArrayEquals(permuted(a.gradients(), to, in, hidden, out), b.gradients());

    // On real numbers only one sum has another order; the hidden values are equal.
    for (int i = 0; i < theta.length; i++) theta[i] = draw.normal();
    System.arraycopy(permuted(theta, to, in, hidden, out), 0, other.parameters(), 0, theta.length);
    double[] real = normals(draw, in), p = net.predict(real), q = other.predict(real);
    double[] absolute = Arrays.stream(theta).map(Math::abs).toArray();
    double[] size = Arrays.stream(real).map(Math::abs).toArray();
    size = dense(dense(size, absolute, 0, in, hidden), absolute, in * hidden + hidden, hidden, out);
    for (int j = 0; j < out; j++) assertEquals(p[j], q[j], 2 * gamma(hidden + 2) * size[j]);
  }

  /** W [in × hidden], b [hidden], W [hidden × out], b [out], where unit j moves to position to[j]. */
  private static double[] permuted(double[] theta, int[] to, int in, int hidden, int out) {
    double[] p = theta.clone();
    int bias = in * hidden, next = bias + hidden;
    for (int j = 0; j < hidden; j++) {
      for (int i = 0; i < in; i++) p[i * hidden + to[j]] = theta[i * hidden + j];
      p[bias + to[j]] = theta[bias + j];
      System.arraycopy(theta, next + j * out, p, next + to[j] * out, out);
    }
    return p;
  }

  /** softmax(z + c) = softmax(z). The largest z is subtracted first, so the bits are equal if z + c is exact. */
  @Property(tries = 300)
  void softmaxIsInvariantUnderAShift(
      @ForAll @IntRange(min = 1, max = 20) int n, @ForAll @IntRange(min = -1000, max = 1000) int shift,
      @ForAll @LongRange(min = 1) long seed) {
    Draw draw = new Draw(seed);
    double[] z = new double[n], moved = new double[n], a = new double[n], b = new double[n];
    for (int i = 0; i < n; i++) {
      z[i] = draw.below(1 << 20) * 0x1p-16 - 8; // 20 bits, and 10 for the shift, so z + c is exact
      moved[i] = z[i] + shift;
    }
    for (Kernels kernels : new Kernels[] {Kernels.best(), ScalarKernels.INSTANCE}) {
      kernels.softmax(1, n, z, 0, a, 0);
      kernels.softmax(1, n, moved, 0, b, 0);
      assertBits(a, b);
    }
  }

  /**
   * ((x·W₁ + b₁)·W₂ + b₂) … = x·(W₁·W₂ …) + (…). Each side is a sum of products along all paths, with at most one
   * rounding for each of in + 1 additions and products per layer, so they differ by at most 2·γ·Σ|paths|.
   */
  @Property(tries = 200)
  void linearLayersCollapseIntoOne(
      @ForAll @IntRange(min = 1, max = 4) int depth, @ForAll @LongRange(min = 1) long seed) {
    Draw draw = new Draw(seed);
    int in = 1 + draw.below(5), width = in, roundings = 0, offset = 0;
    Network.Builder builder = Network.input(in);
    int[] widths = new int[depth + 1];
    widths[0] = in;
    for (int l = 1; l <= depth; l++) builder.dense(widths[l] = 1 + draw.below(5), new Linear());
    Network net = builder.build(seed);
    double[] theta = net.parameters(), x = normals(draw, in);
    for (int i = 0; i < theta.length; i++) theta[i] = draw.normal();

    double[][] w = new double[in + 1][]; // rows of the product weights, then the collapsed bias
    for (int i = 0; i < in; i++) w[i] = new double[in];
    for (int i = 0; i < in; i++) w[i][i] = 1;
    w[in] = new double[in];
    double[] size = Arrays.stream(x).map(Math::abs).toArray(), absolute = Arrays.stream(theta).map(Math::abs).toArray();
    for (int l = 1; l <= depth; l++) {
      int out = widths[l];
      double[] none = theta.clone();
      Arrays.fill(none, offset + width * out, offset + width * out + out, 0);
      for (int i = 0; i < in; i++) w[i] = dense(w[i], none, offset, width, out);
      w[in] = dense(w[in], theta, offset, width, out);
      size = dense(size, absolute, offset, width, out);
      offset += width * out + out;
      roundings += 2 * (width + 1);
      width = out;
    }
    double[] y = net.predict(x);
    for (int j = 0; j < width; j++) {
      double z = w[in][j];
      for (int i = 0; i < in; i++) z += x[i] * w[i][j];
      assertEquals(z, y[j], 2 * gamma(roundings + in + 1) * size[j]);
    }
  }

  /** a·W + b in plain loops. */
  private static double[] dense(double[] a, double[] theta, int offset, int in, int out) {
    double[] z = Arrays.copyOfRange(theta, offset + in * out, offset + in * out + out);
    for (int i = 0; i < in; i++) for (int j = 0; j < out; j++) z[j] += a[i] * theta[offset + i * out + j];
    return z;
  }

  /** Units with equal initial weights stay bit-identical forever, so weights must not be initialized to zero. */
  @Property(tries = 50)
  void unitsWithEqualInitialWeightsStayEqual(@ForAll @LongRange(min = 1) long seed) {
    int in = 3, hidden = 6;
    Network net = Network.input(in).dense(hidden, new Tanh(), Initialization.ZEROS)
        .dense(1, new Linear(), Initialization.ZEROS).build(seed);
    double[] theta = net.parameters();
    for (int j = 0; j < hidden; j++) theta[in * hidden + hidden + j] = 0.5; // equal, but not 0, so that gradients exist
    Draw draw = new Draw(seed);
    double[] x = normals(draw, 4 * in), y = normals(draw, 4);
    Backpropagation b = new Backpropagation(net, new MeanSquaredError(), 4);
    for (int t = 1; t <= 20; t++) {
      b.lossAndGradients(4, x, 0, y, 0);
      new GradientDescent(0.1).update(t, 0.1, theta.length, theta, b.gradients(), new double[0][]);
    }
    assertTrue(theta[0] != 0, "the weights have changed");
    for (int j = 1; j < hidden; j++) {
      for (int i = 0; i <= in; i++) assertEquals(theta[i * hidden], theta[i * hidden + j]);
      assertEquals(theta[in * hidden + hidden], theta[in * hidden + hidden + j]);
    }
  }

  // ---------------------------------------------------------------- helpers

  /** Returns a network with ReLU hidden layers, a linear output, and integer weights from −2 to 2. */
  private static Network integers(long seed, int in, int... widths) {
    Network.Builder builder = Network.input(in);
    for (int l = 0; l < widths.length - 1; l++) builder.dense(widths[l], new Relu());
    Network net = builder.dense(widths[widths.length - 1], new Linear()).build(seed);
    double[] theta = net.parameters(), drawn = integers(new Draw(seed + 7), theta.length);
    System.arraycopy(drawn, 0, theta, 0, theta.length);
    return net;
  }

  private static double[] integers(Draw draw, int n) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) v[i] = draw.below(5) - 2;
    return v;
  }

  private static double[] normals(Draw draw, int n) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) v[i] = draw.normal();
    return v;
  }

  private static double[] transpose(double[] a, int rows, int cols) {
    double[] t = new double[rows * cols];
    for (int i = 0; i < rows; i++) for (int j = 0; j < cols; j++) t[j * rows + i] = a[i * cols + j];
    return t;
  }

  private static double[] reversed(double[] v, int cols) {
    double[] r = new double[v.length];
    for (int i = 0; i < v.length; i += cols) System.arraycopy(v, v.length - cols - i, r, i, cols);
    return r;
  }

  private static double[] twice(double[] v) {
    double[] t = Arrays.copyOf(v, 2 * v.length);
    System.arraycopy(v, 0, t, v.length, v.length);
    return t;
  }

  private static void add(double[] sum, double[] v) {
    for (int i = 0; i < sum.length; i++) sum[i] += v[i];
  }

  static void assertBits(double[] expected, double[] actual) {
    assertArrayEquals(Arrays.stream(expected).mapToLong(Double::doubleToLongBits).toArray(),
        Arrays.stream(actual).mapToLong(Double::doubleToLongBits).toArray());
  }
}
