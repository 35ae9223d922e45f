// SPDX-License-Identifier: MIT
package chainrule.nn;

/**
 * The buffers of forward and backward passes over at most {@code capacity} rows: z, a and, for training, δ of each
 * layer, each [capacity × out]. Where an activation's derivative does not need z, a shares the array of z. For use by
 * one thread at a time.
 */
final class Workspace {
  final int capacity;
  final BatchContext batch;
  final double[][] z;
  final double[][] a;
  final double[][] delta;

  Workspace(Network network, int capacity, boolean training) {
    this.capacity = capacity;
    this.batch = new BatchContext(
        network.kernels().forProductsUpTo(largestProduct(network, capacity)), network.parameters());
    int layers = network.layers().size();
    z = new double[layers][];
    a = new double[layers][];
    delta = new double[layers][];
    for (int l = 0; l < layers; l++) {
      Layer layer = network.layers().get(l);
      z[l] = buffer(layer.outputs());
      a[l] = layer.activation().needsInput() ? buffer(layer.outputs()) : z[l];
      if (training) delta[l] = buffer(layer.outputs());
    }
  }

  /** Returns the multiplications of the largest product: each of a dense layer's three products has n · in · out. */
  private static long largestProduct(Network network, int rows) {
    return network.layers().stream().mapToLong(l -> (long) rows * l.weights()).max().orElse(0);
  }

  /** Gives each a an array of its own, so that z survives the forward pass. The values are the same. */
  void separateActivations() {
    for (int l = 0; l < a.length; l++) if (a[l] == z[l]) a[l] = new double[z[l].length];
  }

  private double[] buffer(int cols) {
    return new double[Math.multiplyExact(capacity, cols)];
  }
}
