// SPDX-License-Identifier: MIT
package chainrule.check;

import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Chooses the parameters and inputs that are checked. A random choice among all would miss most of a small layer after
 * a large one, so each layer's weights, its biases and the inputs get the same share.
 */
final class CheckSample {
  private static final int STREAM = 2; // 0 and 1 shift parameters and inputs

  private CheckSample() {}

  /** Returns at most this many indices in ascending order: of parameters, then of inputs. */
  static int[] of(Network network, int inputs, int most, long seed) {
    List<Integer> sizes = new ArrayList<>();
    for (Layer layer : network.layers()) {
      sizes.add(layer.weights());
      sizes.add(layer.parameters() - layer.weights());
    }
    sizes.add(inputs);
    return draw(sizes.stream().mapToInt(Integer::intValue).toArray(), most, seed);
  }

  /** Draws at most this many of the numbers 0 … Σ sizes − 1, the same number from each part or all of a smaller one. */
  static int[] draw(int[] sizes, int most, long seed) {
    int share = share(sizes, most);
    int[] chosen = new int[Arrays.stream(sizes).map(s -> Math.min(s, share)).sum()];
    int n = 0, first = 0;
    for (int size : sizes) {
      int wanted = Math.min(size, share);
      for (int i = 0; i < size && wanted > 0; i++) { // each set of this size is equally likely
        boolean taken = wanted == size - i || CounterRandom.below(size - i, seed, STREAM, first + i) < wanted;
        if (!taken) continue;
        chosen[n++] = first + i;
        wanted--;
      }
      first += size;
    }
    return chosen;
  }

  /** Returns the largest share s with Σ min(size, s) ≤ most, but at least 1. */
  private static int share(int[] sizes, int most) {
    int[] sorted = Arrays.stream(sizes).sorted().toArray();
    int left = most;
    for (int k = 0; k < sorted.length; k++) {
      int equal = left / (sorted.length - k);
      if (sorted[k] > equal) return Math.max(1, equal);
      left -= sorted[k];
    }
    return sorted[sorted.length - 1];
  }
}
