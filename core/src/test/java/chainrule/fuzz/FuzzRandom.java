// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import chainrule.random.CounterRandom;

/** The random choices of one case: a function of (seed, case) only, so that a case can be repeated. */
final class FuzzRandom {
  private final long seed;
  private final long number;
  private long index;

  FuzzRandom(long seed, long number) {
    this.seed = seed;
    this.number = number;
  }

  /** Returns a number in 0 … n − 1. */
  int below(int n) {
    return CounterRandom.below(n, seed, number, index++);
  }

  long bits() {
    return CounterRandom.bits(seed, number, index++);
  }

  boolean oneIn(int n) {
    return below(n) == 0;
  }

  /** Returns a number in 0 … n − 1, mostly a small one. */
  int fewBelow(int n) {
    return below(1 + below(n));
  }

  @SafeVarargs
  final <T> T of(T... choices) {
    return choices[below(choices.length)];
  }

  byte[] bytes(int n) {
    byte[] b = new byte[n];
    for (int i = 0; i < n; i++) b[i] = (byte) bits();
    return b;
  }
}
