// SPDX-License-Identifier: MIT
package chainrule.nn;

import java.util.List;
import java.util.Objects;

/**
 * Predicts without allocation, with buffers for a forward pass over a fixed number of rows at a time.
 * <pre>{@code
 * Predictor p = net.predictor(1);
 * p.predict(1, pixels, 0, probabilities, 0);             // [1 × 784] → [1 × 10]
 * }</pre>
 * A predictor of several networks returns the mean of their outputs, see {@link EnsembleMean}. For use by one thread at
 * a time. Several threads may each have a predictor of the same network.
 * Spec: AllocationSpec, NetworkTest, EnsemblePredictionTest.
 */
public final class Predictor {
  private final List<Network> networks;
  private final int capacity;
  private final Workspace[] w; // of each network
  private final double[][] outputs; // of each network: the last buffer of its workspace [capacity × out]

  Predictor(List<Network> networks, int capacity) {
    if (capacity < 1) throw new IllegalArgumentException("capacity: expected ≥ 1 rows, found " + capacity);
    this.networks = List.copyOf(networks);
    this.capacity = capacity;
    this.w = new Workspace[networks.size()];
    this.outputs = new double[networks.size()][];
    for (int m = 0; m < w.length; m++) {
      w[m] = new Workspace(networks.get(m), capacity, false);
      outputs[m] = w[m].a[w[m].a.length - 1];
    }
  }

  /**
   * {@return a predictor of the mean of the outputs of these networks, which it adds in their order} The mean of one
   * network has the bits of that network.
   *
   * @param networks the members of the ensemble, at least 1
   * @param capacity the number of rows at a time
   * @throws IllegalArgumentException for no networks, networks of different inputs or outputs, or if capacity &lt; 1
   */
  public static Predictor ofMean(List<Network> networks, int capacity) {
    requireSameShape(networks);
    return new Predictor(networks, capacity);
  }

  private static void requireSameShape(List<Network> networks) {
    if (networks.isEmpty()) throw new IllegalArgumentException("an ensemble has at least one network");
    Network first = networks.get(0);
    for (Network n : networks) {
      if (n.inputs() == first.inputs() && n.outputs() == first.outputs()) continue;
      throw new IllegalArgumentException("the networks of an ensemble have the same inputs and outputs, found " + first
          + " and " + n);
    }
  }

  /**
   * {@return ŷ [n × out], the mean of the outputs of these networks} See {@link #ofMean}.
   *
   * @param networks the members of the ensemble, at least 1
   * @param x the inputs of n ≥ 0 rows [n × in]
   * @throws IllegalArgumentException for no networks, networks of different inputs or outputs, or if the length of x is
   *     not a multiple of the number of inputs
   */
  public static double[] mean(List<Network> networks, double[] x) {
    requireSameShape(networks);
    int in = networks.get(0).inputs();
    if (x.length % in != 0) {
      throw new IllegalArgumentException("x: expected whole rows of " + in + " inputs, found " + x.length + " numbers");
    }
    int n = x.length / in;
    double[] y = new double[Math.multiplyExact(n, networks.get(0).outputs())];
    new Predictor(networks, Math.max(1, Math.min(n, Network.BLOCK))).predict(n, x, 0, y, 0);
    return y;
  }

  /**
   * Computes the outputs of any number of rows. The bits of a row do not depend on their number.
   *
   * @param rows n, ≥ 0; may exceed the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y receives the outputs ŷ [n × out]
   * @param yo the index of the first output
   * @throws IllegalArgumentException if rows &lt; 0
   * @throws IndexOutOfBoundsException if x or y is too short
   */
  public void predict(int rows, double[] x, int xo, double[] y, int yo) {
    int in = networks.get(0).inputs(), out = networks.get(0).outputs();
    if (rows < 0) throw new IllegalArgumentException("rows: expected ≥ 0, found " + rows);
    Objects.checkFromIndexSize(xo, Math.multiplyExact(rows, in), x.length);
    Objects.checkFromIndexSize(yo, Math.multiplyExact(rows, out), y.length);
    for (int from = 0; from < rows; from += capacity) {
      int n = Math.min(capacity, rows - from);
      for (int m = 0; m < w.length; m++) {
        networks.get(m).forward(w[m], x, xo + from * in, n);
        networks.get(m).activateOutput(w[m]);
      }
      if (w.length > 1) EnsembleMean.of(outputs, n * out, outputs[0]);
      System.arraycopy(outputs[0], 0, y, yo + from * out, n * out);
    }
  }
}
