// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/**
 * A run of 100 steps.
 *
 * @param theta the parameters [101][parameters], before the first step and after each, in Chainrule's layout
 * @param loss the loss of each step [100]; null where it is not compared
 */
public record RosettaRun(double[][] theta, double[] loss) {
  /**
   * Returns the largest difference of a parameter after any step, relative to the largest distance that a parameter has
   * moved by then: max_t ‖θ_t − θ'_t‖∞ / ‖θ_t − θ_0‖∞. Losses count with their relative difference.
   */
  public double difference(RosettaRun other) {
    double worst = 0;
    for (int t = 1; t < theta.length; t++) {
      double moved = 0, apart = 0;
      for (int i = 0; i < theta[t].length; i++) {
        moved = Math.max(moved, Math.abs(theta[t][i] - theta[0][i]));
        apart = Math.max(apart, Math.abs(theta[t][i] - other.theta[t][i])); // NaN stays NaN
      }
      worst = Math.max(worst, apart / moved);
      if (loss != null && other.loss != null) {
        worst = Math.max(worst, Math.abs(loss[t - 1] - other.loss[t - 1]) / Math.abs(loss[t - 1]));
      }
    }
    return worst;
  }
}
