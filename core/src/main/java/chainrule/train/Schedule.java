// SPDX-License-Identifier: MIT
package chainrule.train;

/**
 * A learning-rate schedule: η_t = η · factor(t), where η is the optimizer's rate. The factor is a function of the step
 * alone, so a resumed run continues with the same rates.
 */
public interface Schedule {

  /** {@return the name in summaries, files and on the command line, with parameters: {@code step:every=30,by=0.1}} */
  String name();

  /**
   * {@return the factor of the optimizer's rate η for one step, ≥ 0}
   *
   * @param t the number of the step, counted from 1
   * @param stepsPerEpoch S, the number of steps in an epoch
   * @param epochs E, the number of epochs to train
   */
  double factor(long t, int stepsPerEpoch, int epochs);

  /**
   * {@return whether the factor depends on E} If so, a run resumed with more epochs differs from one that had them from
   * the start. True unless overridden.
   */
  default boolean dependsOnEpochs() {
    return true;
  }
}
