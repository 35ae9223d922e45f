// SPDX-License-Identifier: MIT
package chainrule.train;

/**
 * How the learning rate changes in the course of training: η_t = η · factor(t). A function of the step alone, so a
 * resumed run goes on as it would have.
 */
public interface Schedule {

  /** The name used in summaries, files and on the command line, with its parameters: {@code step:every=30,by=0.1}. */
  String name();

  /**
   * What the optimizer's rate η is multiplied by.
   *
   * @param t the number of the step, 1 for the first
   * @param stepsPerEpoch S, how many steps make an epoch
   * @param epochs E, the epochs that training is to take
   * @return 0 or more
   */
  double factor(long t, int stepsPerEpoch, int epochs);

  /** Whether E matters: then a run that is resumed to take more epochs is another run. True unless overridden. */
  default boolean dependsOnEpochs() {
    return true;
  }
}
