// SPDX-License-Identifier: MIT
package chainrule.nn;

import java.util.Objects;

/**
 * Predictions without allocation: the buffers of a forward pass over up to {@code capacity} rows at a time, allocated
 * once.
 * <pre>{@code
 * Predictor p = net.predictor(1);
 * p.predict(1, pixels, 0, probabilities, 0);             // [1 × 784] → [1 × 10]
 * }</pre>
 * One thread at a time; each thread may have its own, on the same network. Spec: AllocationSpec, NetworkTest.
 */
public final class Predictor {
  private final Network network;
  private final Workspace w;

  Predictor(Network network, int capacity) {
    this.network = network;
    this.w = new Workspace(network, capacity, false);
  }

  /**
   * ŷ [n × out] for n rows of x [n × in], however many; x begins at xo, ŷ at yo. Element for element the same bits as
   * for any other number of rows.
   *
   * @throws IndexOutOfBoundsException if x or y is too short
   */
  public void predict(int rows, double[] x, int xo, double[] y, int yo) {
    int in = network.inputs(), out = network.outputs();
    if (rows < 0) throw new IllegalArgumentException("rows: expected 0 or more, got " + rows);
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
