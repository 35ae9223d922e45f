// SPDX-License-Identifier: MIT
package chainrule.nn;

import java.util.Objects;

/**
 * Predicts without allocation, with buffers for a forward pass over a fixed number of rows at a time.
 * <pre>{@code
 * Predictor p = net.predictor(1);
 * p.predict(1, pixels, 0, probabilities, 0);             // [1 × 784] → [1 × 10]
 * }</pre>
 * For use by one thread at a time. Several threads may each have a predictor of the same network.
 * Spec: AllocationSpec, NetworkTest.
 */
public final class Predictor {
  private final Network network;
  private final Workspace w;

  Predictor(Network network, int capacity) {
    this.network = network;
    this.w = new Workspace(network, capacity, false);
  }

  /**
   * Writes ŷ [n × out] for x [n × in], for any n. The bits of a row do not depend on n.
   *
   * @param rows n, ≥ 0; may exceed the capacity
   * @param x inputs, starting at xo
   * @param y receives the outputs, starting at yo
   * @throws IllegalArgumentException if rows &lt; 0
   * @throws IndexOutOfBoundsException if x or y is too short
   */
  public void predict(int rows, double[] x, int xo, double[] y, int yo) {
    int in = network.inputs(), out = network.outputs();
    if (rows < 0) throw new IllegalArgumentException("rows: expected ≥ 0, found " + rows);
    Objects.checkFromIndexSize(xo, Math.multiplyExact(rows, in), x.length);
    Objects.checkFromIndexSize(yo, Math.multiplyExact(rows, out), y.length);
    for (int from = 0; from < rows; from += w.capacity) {
      int n = Math.min(w.capacity, rows - from);
      network.forward(w, x, xo + from * in, n);
      network.activateOutput(w);
      System.arraycopy(w.a[w.a.length - 1], 0, y, yo + from * out, n * out);
    }
  }
}
