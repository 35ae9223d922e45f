// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.kernels.Elementary;
import chainrule.random.CounterRandom;
import chainrule.random.CounterRandom.StreamPurpose;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings that a search draws {@link Candidate}s from. A candidate is a function of (seed, number):
 * <pre>
 * depth      1 to 3 hidden layers
 * widths     16, 32, 64, 128 or 256, none wider than the one before
 * dropout    0 for half of the candidates, else 0.1, 0.2, 0.3, 0.4 or 0.5
 * rate       log-uniform in [rate/10, rate·10], two significant digits
 * L2         0 for a quarter of the candidates, else log-uniform in [1e-6, 1e-1], two significant digits
 * batch      16, 32, 64, 128 or 256
 * </pre>
 * Spec: TuningTest.
 *
 * @param rate the middle of the learning rates, such as the optimizer's default
 */
public record SearchSpace(double rate) {
  private static final int DEEPEST = 3;
  private static final List<Integer> WIDTHS = List.of(16, 32, 64, 128, 256);
  private static final List<Integer> BATCHES = List.of(16, 32, 64, 128, 256);
  private static final double RATE_FACTOR = 10, LEAST_L2 = 1e-6, MOST_L2 = 1e-1;

  /**
   * Checks the rate.
   *
   * @param rate the middle of the learning rates
   * @throws IllegalArgumentException unless 0 &lt; rate &lt; ∞
   */
  public SearchSpace {
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("rate: expected a finite number > 0, found " + rate);
    }
  }

  /**
   * Draws a candidate.
   *
   * @param number the number of the candidate, from 1
   * @param seed the seed of the search
   * @return the candidate, a function of both
   */
  public Candidate candidate(int number, long seed) {
    long stream = CounterRandom.stream(StreamPurpose.SEARCH, number);
    int depth = 1 + CounterRandom.below(DEEPEST, seed, stream, 0);
    double dropout = CounterRandom.uniform(seed, stream, 1) < 0.5 ? 0
        : (1 + CounterRandom.below(5, seed, stream, 2)) / 10.0;
    double chosenRate = logUniform(rate / RATE_FACTOR, rate * RATE_FACTOR, CounterRandom.uniform(seed, stream, 3));
    double l2 = CounterRandom.uniform(seed, stream, 4) < 0.25 ? 0
        : logUniform(LEAST_L2, MOST_L2, CounterRandom.uniform(seed, stream, 5));
    int batch = BATCHES.get(CounterRandom.below(BATCHES.size(), seed, stream, 6));
    List<Integer> widths = new ArrayList<>();
    int choices = WIDTHS.size();
    for (int l = 0; l < depth; l++) {
      int chosen = CounterRandom.below(choices, seed, stream, 7 + l);
      widths.add(WIDTHS.get(chosen));
      choices = chosen + 1;
    }
    return new Candidate(number, widths, dropout, chosenRate, l2, batch);
  }

  /**
   * {@return some candidates, of which the first is given and the others are drawn}
   *
   * @param first the candidate with number 1, such as the default settings
   * @param count the number of candidates, ≥ 1
   * @param seed the seed of the search
   * @throws IllegalArgumentException if count &lt; 1 or the first does not have number 1
   */
  public List<Candidate> candidates(Candidate first, int count, long seed) {
    if (count < 1) throw new IllegalArgumentException("candidates: expected ≥ 1, found " + count);
    if (first.number() != 1) throw new IllegalArgumentException("expected candidate 1, found " + first);
    List<Candidate> candidates = new ArrayList<>(List.of(first));
    for (int n = 2; n <= count; n++) candidates.add(candidate(n, seed));
    return candidates;
  }

  /** Returns low·(high/low)^u, rounded to two significant digits. */
  private static double logUniform(double low, double high, double u) {
    double v = Elementary.exp(Elementary.log(low) + u * (Elementary.log(high) - Elementary.log(low)));
    return v > 0 && v < Double.POSITIVE_INFINITY ? new BigDecimal(v).round(new MathContext(2)).doubleValue() : low;
  }
}
