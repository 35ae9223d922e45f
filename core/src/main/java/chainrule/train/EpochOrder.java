// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.random.CounterRandom;
import chainrule.random.CounterRandom.StreamPurpose;
import java.util.Arrays;

/**
 * The order in which an epoch uses the rows: a function of (seed, epoch), so every machine that takes part in training
 * can compute it. Spec: TrainerTest, GradientSourceTest.
 */
public final class EpochOrder {
  private EpochOrder() {}

  /**
   * Writes the order of an epoch: a permutation of 0 … n − 1.
   *
   * @param order [n]; its contents do not matter
   * @param seed that of the training
   * @param epoch the number of the epoch, from 1
   */
  public static void write(int[] order, long seed, int epoch) {
    Arrays.setAll(order, i -> i);
    CounterRandom.shuffle(order, seed, CounterRandom.stream(StreamPurpose.SHUFFLE, epoch));
  }
}
