// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

/**
 * Gradient descent: <pre>θ ← θ − η·g</pre>
 * computed as fma(−η, g, θ). The trainer's batch size makes it batch, mini-batch or stochastic gradient descent.
 * Training without penalties and clipping adds the gradient's terms to θ one by one instead ({@code Layer#descend}),
 * which rounds differently. A NaN gradient makes its own parameter NaN and no other. Spec: OptimizerSpec.
 *
 * @param rate η
 */
public record GradientDescent(double rate) implements Optimizer {
  /**
   * Creates the optimizer with these parameters.
   *
   * @param rate η
   * @throws IllegalArgumentException unless 0 &lt; rate &lt; ∞
   */
  public GradientDescent {
    Optimizer.requirePositive("rate", rate);
  }

  @Override public String name() {
    return "sgd";
  }

  @Override public Optimizer withRate(double newRate) {
    return new GradientDescent(newRate);
  }

  @Override public int slots() {
    return 0;
  }

  @Override public boolean isPlainDescent() {
    return true;
  }

  /**
   * Computes θ ← θ − η·g.
   * Formula: 004-cookbook-5. Spec: MiniBatchSpec#theCookbookAppliedSampleBySampleGivesTheUpdateOfTheBatch.
   * Formula: 000-3.3, 000-3.4. Spec: TrainerUpdateSpec#theSumOfDeltasOverTheBatchIsSubtractedFromWeightsAndBiases.
   * Formula: 001-gd. Spec: TrainerUpdateSpec#weightsAndBiasesMoveAgainstTheirOwnGradients.
   * Formula: 002-gd. Spec: OptimizerMinimumSpec#gradientDescentStopsWhereTheGradientIsZero.
   * Formula: 002-gd-unit-rate. Spec: DefinitionSpec#theUpdateWithoutARateIsGradientDescentWithRateOne.
   * Formula: 002-minimum. Spec: OptimizerMinimumSpec#everyOptimizerFindsTheMinimumOfXSquaredMinusTen.
   * Formula: 003-sgd. Spec: OptimizerSpec#gradientDescentSubtractsEtaTimesTheGradientWithOneRounding.
   */
  @Override public void update(
      long t, double rate, int from, int to, double[] theta, double[] g, double[][] state) {
    double step = -rate;
    for (int i = from; i < to; i++) theta[i] = Math.fma(step, g[i], theta[i]);
  }
}
