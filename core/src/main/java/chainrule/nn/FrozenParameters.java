// SPDX-License-Identifier: MIT
package chainrule.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.StringJoiner;

/**
 * Parameters that training does not change: the weights or biases of some layers, by their index in
 * {@link Network#layers}, from 0.
 * <pre>{@code
 * Trainer.of(net).freeze(FrozenParameters.biases(0, 1));                              // Mazur's example
 * Trainer.of(net).freeze(FrozenParameters.layers(0).and(FrozenParameters.biases(1)));
 * }</pre>
 * Frozen parameters keep their bits with every optimizer: there is no update, no momentum and no weight decay, and
 * their entries of the optimizer's state stay 0. They do not count in the norm that {@link TrainingStep} clips. The
 * other parameters of a step move exactly as if nothing were frozen, except that clipping scales a shorter gradient.
 *
 * <p>Freezing does not change the loss or its gradient. Penalties include frozen weights, which add a constant, and
 * {@link Backpropagation#gradients}, {@link StepValues} and gradient checks have the derivative in every parameter.
 *
 * <p>Like the optimizer, this is a setting of a training run and is not stored in models or checkpoints: a resumed run
 * needs the same one. Immutable. Spec: FrozenParametersSpec.
 */
public final class FrozenParameters {
  /** Nothing is frozen. */
  public static final FrozenParameters NONE = new FrozenParameters(new BitSet(), new BitSet());

  private final BitSet weights; // [layers]
  private final BitSet biases; // [layers]

  private FrozenParameters(BitSet weights, BitSet biases) {
    this.weights = weights;
    this.biases = biases;
  }

  /**
   * {@return a setting that freezes the weights of these layers}
   *
   * @param layers the indices of dense layers, from 0
   * @throws IllegalArgumentException if an index is negative
   */
  public static FrozenParameters weights(int... layers) {
    return new FrozenParameters(set(layers), new BitSet());
  }

  /**
   * {@return a setting that freezes the biases of these layers}
   *
   * @param layers the indices of dense layers, from 0
   * @throws IllegalArgumentException if an index is negative
   */
  public static FrozenParameters biases(int... layers) {
    return new FrozenParameters(new BitSet(), set(layers));
  }

  /**
   * {@return a setting that freezes the weights and biases of these layers}
   *
   * @param layers the indices of dense layers, from 0
   * @throws IllegalArgumentException if an index is negative
   */
  public static FrozenParameters layers(int... layers) {
    return new FrozenParameters(set(layers), set(layers));
  }

  private static BitSet set(int[] layers) {
    BitSet set = new BitSet();
    for (int l : layers) {
      if (l < 0) throw new IllegalArgumentException("frozen: expected the index of a layer, ≥ 0, found " + l);
      set.set(l);
    }
    return set;
  }

  /**
   * {@return a setting that freezes these parameters and the other's}
   *
   * @param other parameters to freeze as well
   */
  public FrozenParameters and(FrozenParameters other) {
    BitSet w = (BitSet) weights.clone(), b = (BitSet) biases.clone();
    w.or(other.weights);
    b.or(other.biases);
    return new FrozenParameters(w, b);
  }

  boolean isNone() {
    return weights.isEmpty() && biases.isEmpty();
  }

  boolean hasWeights(int l) {
    return weights.get(l);
  }

  boolean hasBias(int l) {
    return biases.get(l);
  }

  /**
   * Returns the ranges {from, to} of all other parameters in the network's array, in ascending order.
   * @throws IllegalArgumentException if a frozen layer is not a dense layer of the network
   */
  int[][] free(Network network) {
    requireDense(network);
    List<int[]> ranges = new ArrayList<>();
    for (int l = 0; l < network.layers().size(); l++) {
      Layer layer = network.layers().get(l);
      int from = layer.offset(), bias = from + layer.weights(), to = from + layer.parameters();
      if (!hasWeights(l)) add(ranges, from, bias);
      if (!hasBias(l)) add(ranges, bias, to);
    }
    return ranges.toArray(new int[0][]);
  }

  private static void add(List<int[]> ranges, int from, int to) {
    int[] last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
    if (last != null && last[1] == from) last[1] = to;
    else if (from < to) ranges.add(new int[] {from, to});
  }

  private void requireDense(Network network) {
    BitSet all = (BitSet) weights.clone();
    all.or(biases);
    all.stream().forEach(network::dense);
  }

  /** Sets g [parameters] to 0 outside these ranges. */
  static void clearOutside(int[][] free, double[] g) {
    int from = 0;
    for (int[] range : free) {
      Arrays.fill(g, from, range[0], 0);
      from = range[1];
    }
    Arrays.fill(g, from, g.length, 0);
  }

  @Override public boolean equals(Object o) {
    return o instanceof FrozenParameters f && weights.equals(f.weights) && biases.equals(f.biases);
  }

  @Override public int hashCode() {
    return 31 * weights.hashCode() + biases.hashCode();
  }

  /** Returns the indices of the layers: {@code weights {0}, biases {0, 1}}. */
  @Override public String toString() {
    StringJoiner s = new StringJoiner(", ");
    if (!weights.isEmpty()) s.add("weights " + weights);
    if (!biases.isEmpty()) s.add("biases " + biases);
    return isNone() ? "nothing" : s.toString();
  }
}
