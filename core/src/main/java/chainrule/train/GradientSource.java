// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.nn.Network;
import chainrule.nn.loss.Loss;

/**
 * Computes the loss and the gradient of each batch of a training elsewhere, such as on other machines that have the
 * rows. {@link Trainer#fit(GradientSource, chainrule.data.Dataset, int)} does everything else: the order of the rows,
 * penalties, clipping, the optimizer, schedules, early stopping, checkpoints and history.
 *
 * <p>A source that adds the gradients of blocks with {@link chainrule.nn.GradientSum}, as {@link BlockWorker} computes
 * them, gives the bits of a training with {@link Trainer#blocks} on one machine.
 *
 * <p>If a method throws an exception, training ends with it. The receiver of {@link Trainer#checkpoint} has then been
 * called with the state before the failed step. Spec: GradientSourceTest.
 */
public interface GradientSource {

  /**
   * The settings that the gradients of a training depend on.
   *
   * @param network the network; its parameters change with each step
   * @param loss the loss, without penalties
   * @param batch the number of rows per step; the last step of an epoch may have fewer
   * @param block the number of rows of a block; 0 without blocks
   * @param seed of the order of the rows and of the dropout masks
   */
  record Setting(Network network, Loss loss, int batch, int block, long seed) {}

  /**
   * One batch.
   *
   * @param epoch the number of the epoch, from 1
   * @param stepOfEpoch the number of the step in the epoch, from 0
   * @param step the number of steps made before, on which dropout masks depend
   * @param order the order of all rows in this epoch [rows]; it must not be changed, and is valid during the epoch
   * @param from the batch has the rows {@code order[from]} … {@code order[from + rows − 1]}, in this order
   * @param rows the number of rows
   * @param factor the factor of the loss and its gradient: see {@link chainrule.nn.Backpropagation#batchFactor}
   */
  record Batch(int epoch, int stepOfEpoch, long step, int[] order, int from, int rows, double factor) {}

  /** {@return the number of training rows} */
  int rows();

  /** {@return the weights of the rows [rows]; null without weights} */
  double[] weights();

  /**
   * Is called once by each training, before the first batch.
   *
   * @param setting what the gradients of the training depend on
   * @throws IllegalArgumentException if this source cannot compute gradients with these settings
   */
  void begin(Setting setting);

  /**
   * Computes the loss L of a batch and its gradient ∂L/∂θ at the network's current parameters, without penalties.
   *
   * @param batch the batch
   * @param gradient receives ∂L/∂θ [parameters]; undefined if L is not finite
   * @return L
   */
  double lossAndGradient(Batch batch, double[] gradient);
}
