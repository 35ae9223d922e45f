package chainrule.nn;

import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.random.CounterRandom;
import chainrule.random.CounterRandom.Purpose;

/**
 * Inverted dropout with drop rate p: <pre>
 * training:   z = x ⊙ mask / (1 − p)        dx = δ ⊙ mask / (1 − p),        mask ~ Bernoulli(1 − p)
 * inference:  z = x
 * </pre>
 * The mask keeps a unit with probability 1 − p, so that E[z] = x; 003 prints B(1, p), which would keep with p. Mask
 * element (row, unit) is a function of (seed, step, layer, row, unit): it is never stored, and the same for any split
 * of the batch, any thread count and a resumed run. Shapes: all [n × units]. NaN or ∞ in a dropped
 * unit gives NaN, as x · 0 does.
 * Source: 003-dropout, 003-dropout-d, 003-dropout-inference. Spec: DropoutSpec.
 */
public final class Dropout extends Layer {
  private static final Activation NONE = new Linear();

  private final int inputs;
  private final double rate;
  private final int number;

  /**
   * @param inputs units
   * @param rate p, 0 ≤ p &lt; 1
   * @param number which layer of the network this is
   * @throws IllegalArgumentException unless 0 ≤ rate &lt; 1
   */
  public Dropout(int inputs, double rate, int number) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("dropout: expected a rate from 0 up to but not including 1, got " + rate);
    }
    this.inputs = inputs;
    this.rate = rate;
    this.number = number;
  }

  @Override public int inputs() {
    return inputs;
  }

  /** p. */
  public double rate() {
    return rate;
  }

  @Override public int outputs() {
    return inputs;
  }

  @Override public Activation activation() {
    return NONE;
  }

  @Override public String describe() {
    return "dropout " + rate;
  }

  @Override void forward(Pass pass, double[] x, int xo, double[] z) {
    if (pass.training) mask(pass, x, xo, z);
    else System.arraycopy(x, xo, z, 0, pass.rows * inputs);
  }

  @Override void backward(Pass pass, double[] delta, double[] dx) {
    mask(pass, delta, 0, dx); // only a pass of training goes back
  }

  /** y = x ⊙ mask / (1 − p). */
  private void mask(Pass pass, double[] x, int xo, double[] y) {
    long key = key(pass.seed, pass.step, number), first = (long) pass.firstRow * inputs;
    double scale = 1 / (1 - rate);
    for (int i = 0; i < pass.rows * inputs; i++) {
      y[i] = x[xo + i] * (CounterRandom.uniform(key, 0, first + i) >= rate ? scale : 0);
    }
  }

  private static long key(long seed, long step, int number) {
    return CounterRandom.bits(seed, CounterRandom.stream(Purpose.DROPOUT, number), step);
  }

  /** Whether the mask of this step keeps unit {@code unit} of row {@code row}. */
  public boolean keeps(long seed, long step, int row, int unit) {
    return CounterRandom.uniform(key(seed, step, number), 0, (long) row * inputs + unit) >= rate;
  }
}
