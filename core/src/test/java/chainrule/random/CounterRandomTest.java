// SPDX-License-Identifier: MIT
package chainrule.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.random.CounterRandom.StreamPurpose;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
  private static final int N = 200_000;

  @Test
  void aStreamIsASplitMix64Sequence() {
    // The JDK's SplittableRandom is SplitMix64 with the golden gamma: from the same key it gives the same sequence.
    long seed = 42, stream = 7, golden = 0x9E3779B97F4A7C15L;
    long key = splitMix(splitMix(seed + golden) + stream * golden);
    SplittableRandom witness = new SplittableRandom(key);
    for (int i = 0; i < 1000; i++) assertEquals(witness.nextLong(), CounterRandom.bits(seed, stream, i));
  }

  /** Returns SplitMix64's output for a state, again from the JDK, whose first number is mix(seed + golden). */
  private static long splitMix(long z) {
    return new SplittableRandom(z - 0x9E3779B97F4A7C15L).nextLong();
  }

  @Test
  void everyPurposeAndDetailHasItsOwnStream() {
    Set<Long> streams = new HashSet<>();
    for (StreamPurpose p : StreamPurpose.values()) {
      for (long detail : new long[] {0, 1, 2, 1000, (1L << 56) - 1}) {
        assertTrue(streams.add(CounterRandom.stream(p, detail)));
      }
    }
    assertEquals(5L << 56 | 7, CounterRandom.stream(StreamPurpose.DATA, 7) + (1L << 56),
        "the purpose is the upper byte");
  }

  /** Computes the formula of normal's Javadoc with java.lang.Math. Some indices need more than one attempt. */
  @Test
  void normalsFollowMarsagliasPolarMethod() {
    int rejected = 0;
    for (int i = 0; i < 1000; i++) {
      for (long attempt = CounterRandom.bits(3, 4, i); ; attempt++) {
        double u = 2 * CounterRandom.uniform(3, attempt, 0) - 1, v = 2 * CounterRandom.uniform(3, attempt, 1) - 1;
        double s = u * u + v * v;
        if (s >= 1) {
          rejected++;
          continue;
        }
        double expected = u * Math.sqrt(-2 * Math.log(s) / s);
        assertEquals(expected, CounterRandom.normal(3, 4, i), 8 * Math.ulp(expected));
        break;
      }
    }
    assertTrue(rejected > 100, "rejected attempts: " + rejected); // expected: a share of 1 − π/4
  }

  @Test
  void uniformsAreEvenlyDistributed() {
    int[] cells = new int[100];
    for (int i = 0; i < N; i++) cells[(int) (100 * CounterRandom.uniform(1, 2, i))]++;
    double chi2 = 0, expected = N / 100.0;
    for (int c : cells) chi2 += (c - expected) * (c - expected) / expected;
    // 99 degrees of freedom: mean 99, standard deviation 14.07. The bound is five standard deviations.
    assertEquals(99, chi2, 5 * 14.07);
  }

  @Test
  void normalsHaveTheMomentsOfTheNormalDistribution() {
    double m1 = 0, m2 = 0, m4 = 0;
    for (int i = 0; i < N; i++) {
      double x = CounterRandom.normal(3, 4, i);
      m1 += x / N;
      m2 += x * x / N;
      m4 += x * x * x * x / N;
    }
    // five standard deviations of the sample moments: 1/√N, √2/√N, √96/√N each
    double root = Math.sqrt(N);
    assertEquals(0, m1, 5 / root);
    assertEquals(1, m2, 5 * Math.sqrt(2) / root);
    assertEquals(3, m4, 5 * Math.sqrt(96) / root);
  }

  @Test
  void neighboringStreamsAndSeedsAreUncorrelated() {
    double streams = 0, seeds = 0, layers = 0;
    for (int i = 0; i < N; i++) {
      double x = CounterRandom.uniform(1, 2, i) - 0.5;
      streams += x * (CounterRandom.uniform(1, 3, i) - 0.5);
      seeds += x * (CounterRandom.uniform(2, 2, i) - 0.5);
      layers += x * (CounterRandom.uniform(1, CounterRandom.stream(StreamPurpose.DATA, 2), i) - 0.5);
    }
    double five = 5 * Math.sqrt(N) / 12; // 5σ of a sum of N products of two uniforms of variance 1/12
    assertEquals(0, streams, five);
    assertEquals(0, seeds, five);
    assertEquals(0, layers, five);
  }

  @Test
  void belowIsUniformAndStaysBelowItsBound() {
    int[] seen = new int[7];
    for (int i = 0; i < 70_000; i++) seen[CounterRandom.below(7, 5, 6, i)]++;
    for (int s : seen) assertEquals(10_000, s, 5 * Math.sqrt(70_000 * 6 / 49.0));
    assertEquals(0, CounterRandom.below(1, 5, 6, 7));
    assertTrue(CounterRandom.below(Integer.MAX_VALUE, 5, 6, 8) >= 0);
  }

  @Test
  void aShuffleIsAPermutationAndDependsOnItsStream() {
    int[] a = new int[1000], b = new int[1000];
    for (int i = 0; i < 1000; i++) a[i] = b[i] = i;
    CounterRandom.shuffle(a, 1, 1);
    CounterRandom.shuffle(b, 1, 2);
    assertNotEquals(a[0] + 1000L * a[1] + 1_000_000L * a[2], b[0] + 1000L * b[1] + 1_000_000L * b[2]);
    boolean[] found = new boolean[1000];
    for (int v : a) found[v] = true;
    for (boolean f : found) assertTrue(f);
  }

  @Test
  void seedsOfRunsDifferAndTheFirstIsTheSeedItself() {
    Set<Long> seeds = new HashSet<>();
    for (long seed = -3; seed <= 3; seed++) {
      assertEquals(seed, CounterRandom.seedOfRun(seed, 0));
      for (int run = 0; run < 100; run++) seeds.add(CounterRandom.seedOfRun(seed, run));
    }
    assertEquals(700, seeds.size(), "runs of neighboring seeds have no seed in common");
  }
}
