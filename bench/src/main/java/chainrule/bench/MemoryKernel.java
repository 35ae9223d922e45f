// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.optimizer.AdaDelta;
import chainrule.nn.optimizer.AdaDeltaZeiler;
import chainrule.nn.optimizer.AdaGrad;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.AdamW;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Momentum;
import chainrule.nn.optimizer.Nesterov;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.RmsProp;

/** The memory-bound kernels and optimizers, each with the pattern of its loads and stores. */
public enum MemoryKernel {
  FILL(AccessPattern.FILL, (k, b) -> k.fill(b.n, 1.5, b.y, 0)),
  REPEAT_ROW(AccessPattern.FILL, (k, b) -> k.repeatRow(b.rows, b.cols, b.row, 0, b.y, 0)),
  COLUMN_SUMS(AccessPattern.READ, (k, b) -> k.columnSums(b.rows, b.cols, b.x, 0, b.row, 0)),
  SUM(AccessPattern.READ, (k, b) -> b.result = k.sum(b.n, b.x, 0)),
  MAX(AccessPattern.READ, (k, b) -> b.result = k.max(b.n, b.x, 0)),
  DOT(AccessPattern.READ_TWO, (k, b) -> b.result = k.dot(b.n, b.x, 0, b.y, 0)),
  SCALE(AccessPattern.SCALE, (k, b) -> k.scale(b.n, -1, b.x, 0)),
  RELU(AccessPattern.COPY, (k, b) -> k.relu(b.n, b.x, 0, b.y, 0)),
  MULTIPLY(AccessPattern.TRIAD, (k, b) -> k.multiply(b.n, b.x, 0, b.y, 0, b.z, 0)),
  RELU_GRADIENT(AccessPattern.TRIAD, (k, b) -> k.reluGradient(b.n, b.x, 0, b.y, 0, b.z, 0)),
  AXPY(AccessPattern.UPDATE, (k, b) -> k.axpy(b.n, -1e-3, b.x, 0, b.y, 0)),
  SGD(AccessPattern.UPDATE, new GradientDescent(1e-3), 0, 0),
  MOMENTUM(AccessPattern.UPDATE_TWO, new Momentum(1e-3), 0, 0),
  NESTEROV(AccessPattern.UPDATE_TWO, new Nesterov(1e-3), 0, 0),
  ADAGRAD(AccessPattern.UPDATE_TWO, new AdaGrad(1e-3), 1, 1),
  RMSPROP(AccessPattern.UPDATE_TWO, new RmsProp(1e-3), 1, 1),
  ADADELTA(AccessPattern.UPDATE_THREE, new AdaDelta(), 1, 2),
  ADADELTA_ZEILER(AccessPattern.UPDATE_THREE, new AdaDeltaZeiler(), 1, 2),
  ADAM(AccessPattern.UPDATE_THREE, new Adam(1e-3), 1, 1),
  ADAMW(AccessPattern.UPDATE_THREE, new AdamW(1e-3), 1, 1);

  /** A pattern of loads and stores per element, and a loop that does nothing else. */
  public enum AccessPattern {
    FILL("store", 1, 1, b -> MemoryLoops.fill(b.n, 1.5, b.y)),
    READ("load", 1, 1, b -> b.result = MemoryLoops.read(b.n, b.x)),
    READ_TWO("2 loads", 2, 2, b -> b.result = MemoryLoops.readTwo(b.n, b.x, b.y)),
    SCALE("load, store in place", 1, 2, b -> MemoryLoops.copy(b.n, b.x, b.x)),
    COPY("load, store", 2, 2, b -> MemoryLoops.copy(b.n, b.x, b.y)),
    TRIAD("2 loads, store", 3, 3, b -> MemoryLoops.triad(b.n, b.x, b.y, b.z)),
    UPDATE("2 loads, store in place", 2, 3, b -> MemoryLoops.triad(b.n, b.x, b.y, b.y)),
    UPDATE_TWO("3 loads, 2 stores in place", 3, 5, b -> MemoryLoops.updateTwo(b.n, b.x, b.y, b.z)),
    UPDATE_THREE("4 loads, 3 stores in place", 4, 7, b -> MemoryLoops.updateThree(b.n, b.x, b.y, b.z, b.w));

    final String text;
    /** The number of arrays of n elements. */
    final int arrays;
    /** Loads and stores per element. */
    final int moves;
    final BaselineLoop baseline;

    AccessPattern(String text, int arrays, int moves, BaselineLoop baseline) {
      this.text = text;
      this.arrays = arrays;
      this.moves = moves;
      this.baseline = baseline;
    }

    double bytes(int n) {
      return 8.0 * moves * n;
    }
  }

  interface BaselineLoop {
    void on(Buffers b);
  }

  private interface Run {
    void on(Kernels k, Buffers b);
  }

  /** Arrays of n elements, which are rows × cols for kernels on matrices. */
  static final class Buffers {
    final int n;
    final int rows;
    final int cols;
    final double[] x;
    final double[] y;
    final double[] z;
    final double[] w;
    final double[] row;
    final double[][] state;
    double result;

    /** Arrays that the pattern does not use are empty. */
    Buffers(int n, AccessPattern pattern) {
      this.n = n;
      cols = n >= 1 << 20 ? 1024 : n % 128 == 0 ? 128 : 100;
      rows = n / cols;
      x = random(pattern == AccessPattern.FILL ? 0 : n, 1);
      y = random(pattern.arrays >= 2 || pattern == AccessPattern.FILL ? n : 0, 2);
      z = random(pattern.arrays >= 3 ? n : 0, 3);
      w = random(pattern.arrays >= 4 ? n : 0, 4);
      row = random(cols, 5);
      state = new double[][] {pattern.arrays == 4 ? w : z, z};
    }

    /** Returns pseudorandom numbers in [−1, 1), which a processor cannot predict. */
    private static double[] random(int n, long seed) {
      double[] x = new double[n];
      for (int i = 0; i < n; i++) {
        seed = seed * 0x5851F42D4C957F2DL + 0x14057B7EF767814FL;
        x[i] = (seed >> 10) * 0x1p-53;
      }
      return x;
    }

    /** Makes the state positive, as the mean squares of an optimizer are. */
    void makeStatePositive() {
      for (double[] s : state) {
        for (int i = 0; i < s.length; i++) s[i] = Math.abs(s[i]) + 1e-3;
      }
    }
  }

  final AccessPattern pattern;
  private final Run run;
  /** The optimizer, or null for a kernel. */
  final Optimizer optimizer;
  /** Divisions per element. */
  final int divisions;
  /** Square roots per element. */
  final int roots;

  MemoryKernel(AccessPattern pattern, Run run) {
    this(pattern, run, null, 0, 0);
  }

  MemoryKernel(AccessPattern pattern, Optimizer optimizer, int divisions, int roots) {
    this(pattern, (k, b) -> optimizer.update(1000, 1e-3, b.n, b.y, b.x, b.state), optimizer, divisions, roots);
  }

  MemoryKernel(AccessPattern pattern, Run run, Optimizer optimizer, int divisions, int roots) {
    this.pattern = pattern;
    this.run = run;
    this.optimizer = optimizer;
    this.divisions = divisions;
    this.roots = roots;
  }

  Buffers buffers(int n) {
    Buffers b = new Buffers(n, pattern);
    if (optimizer != null) b.makeStatePositive();
    return b;
  }

  void run(Kernels k, Buffers b) {
    run.on(k, b);
  }

  /** Runs once, and throws unless the result has the bits of the scalar kernels. */
  void check(Kernels k, int n) {
    Buffers actual = buffers(n), expected = buffers(n);
    run(k, actual);
    if (optimizer != null) {
      for (int i = 0; i < n; i += n / 50) requireSameAsAlone(i, expected, actual);
      return;
    }
    run(ScalarKernels.INSTANCE, expected);
    require("y", expected.y, actual.y);
    require("z", expected.z, actual.z);
    require("x", expected.x, actual.x);
    require("row", expected.row, actual.row);
    require("the result", new double[] {expected.result}, new double[] {actual.result});
  }

  /**
   * Checks that an optimizer updates element i among others as it would alone. (The specs prove its formula.) It is
   * called for few elements: many calls with one element would make C2 expect short loops, and not vectorize them.
   */
  private void requireSameAsAlone(int i, Buffers before, Buffers after) {
    double[] theta = {before.y[i]}, g = {before.x[i]};
    double[][] state = new double[optimizer.slots()][1];
    for (int s = 0; s < state.length; s++) state[s][0] = before.state[s][i];
    optimizer.update(1000, 1e-3, 1, theta, g, state);
    require("θ[" + i + "]", theta, new double[] {after.y[i]});
    for (int s = 0; s < state.length; s++) require("state of " + i, state[s], new double[] {after.state[s][i]});
  }

  private void require(String what, double[] expected, double[] actual) {
    for (int i = 0; i < expected.length; i++) {
      if (Double.doubleToLongBits(expected[i]) != Double.doubleToLongBits(actual[i])) {
        throw new IllegalStateException(this + ": element " + i + " of " + what + " is " + actual[i]
            + ", expected " + expected[i]);
      }
    }
  }
}
