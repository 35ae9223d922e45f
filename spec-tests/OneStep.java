// SPDX-License-Identifier: MIT
import java.util.Locale;

/**
 * One training step of a small network in plain loops: forward pass, loss, backward pass and update. Each line that
 * computes a formula has the formula's id; LEDGER.md lists the ids. Nothing else is needed to run this file:
 * <pre>
 * java spec-tests/OneStep.java
 * </pre>
 * The network has 2 inputs, 3 hidden units with sigmoid and 2 outputs with softmax. The loss is the cross-entropy, a
 * mean over the 2 rows of the batch, plus an L2 penalty on the weights. The update is gradient descent. OneStepSpec
 * compares every number with the library, whose sums have the same order but use fused multiply-add.
 */
final class OneStep {
  static final int ROWS = 2, IN = 2, HIDDEN = 3, OUT = 2;
  static final double LAMBDA = 0.01, RATE = 0.5;

  final double[][] x = {{0.05, 0.10}, {0.90, -0.40}};               // [rows][in] inputs
  final double[][] y = {{0, 1}, {1, 0}};                            // [rows][out] targets: one 1 in each row
  final double[][] w1 = {{0.15, 0.25, -0.35}, {0.20, 0.30, 0.10}};  // [in][hidden] from input i to hidden unit j
  final double[] b1 = {0.35, 0.35, 0.35};                           // [hidden]
  final double[][] w2 = {{0.40, 0.50}, {0.45, 0.55}, {-0.60, 0.30}}; // [hidden][out] from hidden unit i to output j
  final double[] b2 = {0.60, 0.60};                                 // [out]

  final double[][] z1 = new double[ROWS][HIDDEN], a1 = new double[ROWS][HIDDEN];
  final double[][] z2 = new double[ROWS][OUT], a2 = new double[ROWS][OUT];
  double loss, penalty;
  final double[][] delta2 = new double[ROWS][OUT], delta1 = new double[ROWS][HIDDEN]; // dLoss/dz of each layer
  final double[][] dw2 = new double[HIDDEN][OUT], dw1 = new double[IN][HIDDEN];
  final double[] db2 = new double[OUT], db1 = new double[HIDDEN];

  public static void main(String[] args) {
    OneStep step = new OneStep();
    step.printParameters("before the step");
    step.forward();
    step.loss();
    step.backward();
    step.printValues();
    step.update();
    step.printParameters("after the step");
    step.forward();
    step.loss();
    System.out.printf(Locale.ROOT, "loss and penalty after the step  %.12f%n", step.loss + step.penalty);
  }

  /** From the inputs to the outputs, layer by layer. */
  void forward() {
    for (int r = 0; r < ROWS; r++) {
      for (int j = 0; j < HIDDEN; j++) {
        z1[r][j] = b1[j];
        for (int i = 0; i < IN; i++) z1[r][j] += x[r][i] * w1[i][j];          // 003-dense-element
        a1[r][j] = 1 / (1 + Math.exp(-z1[r][j]));                             // 003-sigmoid
      }
      for (int j = 0; j < OUT; j++) {
        z2[r][j] = b2[j];
        for (int i = 0; i < HIDDEN; i++) z2[r][j] += a1[r][i] * w2[i][j];     // 003-preactivation-output
      }
      double sum = 0;
      for (int j = 0; j < OUT; j++) sum += Math.exp(z2[r][j]);
      for (int j = 0; j < OUT; j++) a2[r][j] = Math.exp(z2[r][j]) / sum;      // 003-softmax
    }
  }

  /** How far the outputs are from the targets, and the penalty on large weights. */
  void loss() {
    loss = 0;
    for (int r = 0; r < ROWS; r++) {
      for (int j = 0; j < OUT; j++) loss -= y[r][j] * Math.log(a2[r][j]) / ROWS; // 003-cce
    }
    penalty = 0;
    for (double[] row : w1) for (double w : row) penalty += LAMBDA * w * w;   // 003-l2
    for (double[] row : w2) for (double w : row) penalty += LAMBDA * w * w;   // 003-l2
  }

  /** The slopes of the loss: delta of each layer, last layer first, then the gradients of weights and biases. */
  void backward() {
    for (int r = 0; r < ROWS; r++) {
      for (int j = 0; j < OUT; j++) delta2[r][j] = (a2[r][j] - y[r][j]) / ROWS; // 003-softmax-cce-d
      for (int i = 0; i < HIDDEN; i++) {
        double sum = 0;
        for (int j = 0; j < OUT; j++) sum += delta2[r][j] * w2[i][j];         // back through the weights
        double slope = a1[r][i] * (1 - a1[r][i]);                             // 003-sigmoid-d
        delta1[r][i] = sum * slope;                                           // 003-delta-hidden
      }
    }
    gradients(a1, delta2, w2, dw2, db2);
    gradients(x, delta1, w1, dw1, db1);
  }

  /** The gradients of one layer, summed over the rows, from its inputs and its delta. */
  private static void gradients(double[][] input, double[][] delta, double[][] w, double[][] dw, double[] db) {
    for (int j = 0; j < db.length; j++) {
      for (int i = 0; i < dw.length; i++) {
        dw[i][j] = 0;
        for (int r = 0; r < ROWS; r++) dw[i][j] += input[r][i] * delta[r][j]; // 003-grad-w
        dw[i][j] += 2 * LAMBDA * w[i][j];                                     // 003-l2-d
      }
      db[j] = 0;
      for (int r = 0; r < ROWS; r++) db[j] += delta[r][j];                    // 003-grad-b
    }
  }

  /** A step downhill. */
  void update() {
    descend(w1, dw1, b1, db1);
    descend(w2, dw2, b2, db2);
  }

  private static void descend(double[][] w, double[][] dw, double[] b, double[] db) {
    for (int j = 0; j < b.length; j++) {
      for (int i = 0; i < w.length; i++) w[i][j] -= RATE * dw[i][j];          // 003-sgd
      b[j] -= RATE * db[j];                                                   // 003-sgd
    }
  }

  private void printParameters(String when) {
    System.out.println("parameters " + when);
    print("W1      [in x hidden]", w1);
    print("b1      [hidden]", b1);
    print("W2      [hidden x out]", w2);
    print("b2      [out]", b2);
  }

  private void printValues() {
    System.out.println("forward pass");
    print("x       [rows x in]", x);
    print("z1      [rows x hidden]", z1);
    print("a1      [rows x hidden]", a1);
    print("z2      [rows x out]", z2);
    print("a2      [rows x out]", a2);
    print("y       [rows x out]", y);
    System.out.printf(Locale.ROOT, "loss  %.12f   penalty  %.12f   together  %.12f%n", loss, penalty, loss + penalty);
    System.out.println("backward pass");
    print("delta2  [rows x out]", delta2);
    print("delta1  [rows x hidden]", delta1);
    print("dW2     [hidden x out]", dw2);
    print("db2     [out]", db2);
    print("dW1     [in x hidden]", dw1);
    print("db1     [hidden]", db1);
  }

  private static void print(String name, double[]... rows) {
    for (double[] row : rows) {
      System.out.printf("  %-24s", name);
      for (double v : row) System.out.printf(Locale.ROOT, " %16.12f", v);
      System.out.println();
      name = "";
    }
  }
}
