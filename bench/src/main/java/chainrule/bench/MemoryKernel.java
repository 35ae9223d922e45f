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

/** Every kernel and optimizer that is bound by loads and stores, each with the yardstick of the same mixture. */
public enum MemoryKernel {
  FILL(Mixture.FILL, (k, b) -> k.fill(b.n, 1.5, b.y, 0)),
  REPEAT_ROW(Mixture.FILL, (k, b) -> k.repeatRow(b.rows, b.cols, b.row, 0, b.y, 0)),
  COLUMN_SUMS(Mixture.READ, (k, b) -> k.columnSums(b.rows, b.cols, b.x, 0, b.row, 0)),
  SUM(Mixture.READ, (k, b) -> b.result = k.sum(b.n, b.x, 0)),
  MAX(Mixture.READ, (k, b) -> b.result = k.max(b.n, b.x, 0)),
  DOT(Mixture.READ_TWO, (k, b) -> b.result = k.dot(b.n, b.x, 0, b.y, 0)),
  SCALE(Mixture.SCALE, (k, b) -> k.scale(b.n, -1, b.x, 0)),
  RELU(Mixture.COPY, (k, b) -> k.relu(b.n, b.x, 0, b.y, 0)),
  MULTIPLY(Mixture.TRIAD, (k, b) -> k.multiply(b.n, b.x, 0, b.y, 0, b.z, 0)),
  RELU_GRADIENT(Mixture.TRIAD, (k, b) -> k.reluGradient(b.n, b.x, 0, b.y, 0, b.z, 0)),
  AXPY(Mixture.UPDATE, (k, b) -> k.axpy(b.n, -1e-3, b.x, 0, b.y, 0)),
  SGD(Mixture.UPDATE, new GradientDescent(1e-3), 0, 0),
  MOMENTUM(Mixture.UPDATE_TWO, new Momentum(1e-3), 0, 0),
  NESTEROV(Mixture.UPDATE_TWO, new Nesterov(1e-3), 0, 0),
  ADAGRAD(Mixture.UPDATE_TWO, new AdaGrad(1e-3), 1, 1),
  RMSPROP(Mixture.UPDATE_TWO, new RmsProp(1e-3), 1, 1),
  ADADELTA(Mixture.UPDATE_THREE, new AdaDelta(), 1, 2),
  ADADELTA_ZEILER(Mixture.UPDATE_THREE, new AdaDeltaZeiler(), 1, 2),
  ADAM(Mixture.UPDATE_THREE, new Adam(1e-3), 3, 1),
  ADAMW(Mixture.UPDATE_THREE, new AdamW(1e-3), 3, 1);

  /** Loads and stores of one element, and a loop that makes them. */
  public enum Mixture {
    FILL("store", 1, 1, b -> Traffic.fill(b.n, 1.5, b.y)),
    READ("load", 1, 1, b -> b.result = Traffic.read(b.n, b.x)),
    READ_TWO("2 loads", 2, 2, b -> b.result = Traffic.readTwo(b.n, b.x, b.y)),
    SCALE("load, store in place", 1, 2, b -> Traffic.copy(b.n, b.x, b.x)),
    COPY("load, store", 2, 2, b -> Traffic.copy(b.n, b.x, b.y)),
    TRIAD("2 loads, store", 3, 3, b -> Traffic.triad(b.n, b.x, b.y, b.z)),
    UPDATE("2 loads, store in place", 2, 3, b -> Traffic.triad(b.n, b.x, b.y, b.y)),
    UPDATE_TWO("3 loads, 2 stores in place", 3, 5, b -> Traffic.updateTwo(b.n, b.x, b.y, b.z)),
    UPDATE_THREE("4 loads, 3 stores in place", 4, 7, b -> Traffic.updateThree(b.n, b.x, b.y, b.z, b.w));

    final String text;
    /** How many arrays of n elements take part. */
    final int arrays;
    /** Elements that the program loads or stores, for each of the n. */
    final int moves;
    final Yardstick yardstick;

    Mixture(String text, int arrays, int moves, Yardstick yardstick) {
      this.text = text;
      this.arrays = arrays;
      this.moves = moves;
      this.yardstick = yardstick;
    }

    double bytes(int n) {
      return 8.0 * moves * n;
    }
  }

  interface Yardstick {
    void on(Buffers b);
  }

  private interface Run {
    void on(Kernels k, Buffers b);
  }

  /** n elements, as rows × cols for the kernels that know rows. */
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

    /** Only the arrays that the mixture needs have elements. */
    Buffers(int n, Mixture mixture) {
      this.n = n;
      cols = n >= 1 << 20 ? 1024 : n % 128 == 0 ? 128 : 100;
      rows = n / cols;
      x = random(mixture == Mixture.FILL ? 0 : n, 1);
      y = random(mixture.arrays >= 2 || mixture == Mixture.FILL ? n : 0, 2);
      z = random(mixture.arrays >= 3 ? n : 0, 3);
      w = random(mixture.arrays >= 4 ? n : 0, 4);
      row = random(cols, 5);
      state = new double[][] {mixture.arrays == 4 ? w : z, z};
    }

    /** From −1 to 1, of no pattern that a processor could predict. */
    private static double[] random(int n, long seed) {
      double[] x = new double[n];
      for (int i = 0; i < n; i++) {
        seed = seed * 0x5851F42D4C957F2DL + 0x14057B7EF767814FL;
        x[i] = (seed >> 10) * 0x1p-53;
      }
      return x;
    }

    /** The memory of an optimizer is made of squares. */
    void squareState() {
      for (double[] s : state) {
        for (int i = 0; i < s.length; i++) s[i] = Math.abs(s[i]) + 1e-3;
      }
    }
  }

  final Mixture mixture;
  private final Run run;
  /** For kernels that are optimizers, else null. */
  final Optimizer optimizer;
  /** Divisions and square roots of one element. */
  final int divisions;
  final int roots;

  MemoryKernel(Mixture mixture, Run run) {
    this(mixture, run, null, 0, 0);
  }

  MemoryKernel(Mixture mixture, Optimizer optimizer, int divisions, int roots) {
    this(mixture, (k, b) -> optimizer.update(1000, 1e-3, b.n, b.y, b.x, b.state), optimizer, divisions, roots);
  }

  MemoryKernel(Mixture mixture, Run run, Optimizer optimizer, int divisions, int roots) {
    this.mixture = mixture;
    this.run = run;
    this.optimizer = optimizer;
    this.divisions = divisions;
    this.roots = roots;
  }

  Buffers buffers(int n) {
    Buffers b = new Buffers(n, mixture);
    if (optimizer != null) b.squareState();
    return b;
  }

  void run(Kernels k, Buffers b) {
    run.on(k, b);
  }

  /** Runs once and throws unless the bits are those of the reference: then there is nothing to time. */
  void check(Kernels k, int n) {
    Buffers actual = buffers(n), expected = buffers(n);
    run(k, actual);
    if (optimizer != null) {
      for (int i = 0; i < n; i += n / 50) requireAlone(i, expected, actual);
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
   * An optimizer does to element i among others what it does to it alone. (That its formula is right is proved in the
   * specs. Some elements only: many calls of one element would teach C2 that this loop is not worth its vectors.)
   */
  private void requireAlone(int i, Buffers before, Buffers after) {
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
        throw new IllegalStateException(this + " is wrong: element " + i + " of " + what + " is " + actual[i]
            + ", the reference has " + expected[i]);
      }
    }
  }
}
