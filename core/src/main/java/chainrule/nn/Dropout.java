// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.random.CounterRandom;
import chainrule.random.CounterRandom.StreamPurpose;
import chainrule.nn.activation.Linear;

/**
 * Inverted dropout with drop rate p: <pre>
 * training:   z = x ⊙ mask / (1 − p)        dx = δ ⊙ mask / (1 − p),        mask ~ Bernoulli(1 − p)
 * inference:  z = x
 * </pre>
 * The mask keeps a unit with probability 1 − p, so E[z] = x. (003 prints B(1, p), which would keep with p.) Each mask
 * element is a function of (seed, step, layer, row, unit). It is never stored, and is the same for any split of the
 * batch, any number of threads and a resumed run. Shapes: all [n × units]. A NaN or ∞ in a dropped unit gives NaN,
 * since it is multiplied by 0. Spec: DropoutSpec.
 */
public final class Dropout extends Layer {
  private final double rate;
  private final int number;

  /**
   * Creates a dropout layer.
   *
   * @param inputs the number of units
   * @param rate p, 0 ≤ p &lt; 1
   * @param number the index of this layer in the network, from 0
   * @throws IllegalArgumentException unless 0 ≤ rate &lt; 1
   */
  public Dropout(int inputs, double rate, int number) {
    super(inputs, inputs, new Linear());
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("dropout: expected a rate with 0 ≤ rate < 1, found " + rate);
    }
    this.rate = rate;
    this.number = number;
  }

  /** {@return p, the probability that a unit is dropped} */
  public double rate() {
    return rate;
  }

  @Override public String describe() {
    return "dropout " + rate;
  }

  /**
   * Applies the mask in training, and copies x at inference.
   * Formula: 003-dropout-inference. Spec: DropoutSpec#atInferenceDropoutIsTheIdentity.
   */
  @Override void forward(BatchContext batch, double[] x, int xo, double[] z) {
    if (batch.training) mask(batch, x, xo, z);
    else System.arraycopy(x, xo, z, 0, batch.rows * inputs());
  }

  /**
   * Computes dx = δ ⊙ mask / (1 − p), with the mask of the forward pass.
   * Formula: 003-dropout-d. Spec: DropoutSpec#bothPassesScaleKeptUnitsByOneOverOneMinusPWithTheSameMask.
   */
  @Override void inputGradient(BatchContext batch, double[] delta, double[] dx) {
    mask(batch, delta, 0, dx); // there is a backward pass only in training
  }

  /**
   * y = x ⊙ mask / (1 − p).
   * Formula: 003-dropout. Spec: DropoutSpec#bothPassesScaleKeptUnitsByOneOverOneMinusPWithTheSameMask.
   */
  private void mask(BatchContext batch, double[] x, int xo, double[] y) {
    long key = key(batch.seed, batch.step), first = (long) batch.firstRow * inputs();
    double scale = 1 / (1 - rate);
    for (int i = 0; i < batch.rows * inputs(); i++) {
      y[i] = x[xo + i] * (CounterRandom.uniform(key, 0, first + i) >= rate ? scale : 0);
    }
  }

  private long key(long seed, long step) {
    return CounterRandom.bits(seed, CounterRandom.stream(StreamPurpose.DROPOUT, number), step);
  }

  /**
   * {@return whether the mask of a step keeps a unit of a row}
   * Formula: 003-binomial. Spec: DropoutSpec#theNumberOfKeptUnitsIsBinomial.
   * Formula: 003-bernoulli. Spec: DropoutSpec#aUnitIsKeptWithProbability1MinusP.
   *
   * @param seed the seed of the masks
   * @param step the number of the step; training counts from 0
   * @param row the number of the row in the batch of the step, from 0
   * @param unit the unit, from 0
   */
  public boolean keeps(long seed, long step, int row, int unit) {
    return CounterRandom.uniform(key(seed, step), 0, (long) row * inputs() + unit) >= rate;
  }
}
