// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

/**
 * A rule that updates parameters θ from their gradient g. Optimizers are immutable: their state (such as Adam's means)
 * is an array that the training step owns and a checkpoint saves.
 *
 * <p>An implementation must update each parameter from its own θ, g and state only, so that any range of parameters can
 * be updated on any thread. Your own optimizer needs no registration: checkpoints store its state, not its class.
 */
public interface Optimizer {

  /** {@return the name in summaries, files and on the command line} */
  String name();

  /** {@return η, the learning rate} */
  double rate();

  /**
   * {@return the same rule with another learning rate}
   *
   * @param rate η, 0 &lt; η &lt; ∞
   */
  Optimizer withRate(double rate);

  /** {@return the number of state values per parameter: 0 for gradient descent, 2 for Adam} */
  int slots();

  /**
   * Updates a range of the parameters and their state. A step may be divided into ranges that run on several threads.
   *
   * @param t the number of the network's current step, counted from 1
   * @param rate η of this step, which replaces {@link #rate} when a schedule changes it
   * @param from the index of the first parameter of the range
   * @param to the index after the last one
   * @param theta parameters [n]
   * @param g gradients [n]; not changed
   * @param state the optimizer's state [slots][n], all 0 before step 1
   */
  void update(long t, double rate, int from, int to, double[] theta, double[] g, double[][] state);

  /**
   * {@return whether a step is exactly θ ← θ − η·g} Training may then add the gradient's terms straight into the
   * weights without calling {@link #update}. False unless overridden.
   */
  default boolean isPlainDescent() {
    return false;
  }

  /**
   * Updates all parameters and their state.
   *
   * @param t the number of the network's current step, counted from 1
   * @param rate η of this step, which replaces {@link #rate} when a schedule changes it
   * @param n the number of parameters
   * @param theta parameters [n]
   * @param g gradients [n]; not changed
   * @param state the optimizer's state [slots][n], all 0 before step 1
   */
  default void update(long t, double rate, int n, double[] theta, double[] g, double[][] state) {
    update(t, rate, 0, n, theta, g, state);
  }

  /**
   * Requires a finite number &gt; 0.
   *
   * @param name what the number is, for the message
   * @param value the number
   * @throws IllegalArgumentException unless 0 &lt; value &lt; ∞
   */
  static void requirePositive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + ": expected a finite number > 0, found " + value);
    }
  }

  /**
   * Requires a decay rate.
   *
   * @param name what the number is, for the message
   * @param value the number
   * @throws IllegalArgumentException unless 0 ≤ value &lt; 1
   */
  static void requireDecay(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + ": expected 0 ≤ value < 1, found " + value);
    }
  }
}
