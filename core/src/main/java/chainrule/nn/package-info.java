// SPDX-License-Identifier: MIT
/**
 * Networks and their gradients. Read first {@code spec-tests/OneStep.java}, one training step in plain loops in a file
 * that {@code java} runs. Then read {@code Network} (layers and the array of all
 * parameters), {@code Dense} (one layer's forward and backward formulas), {@code Backpropagation} (loss and gradient of
 * a batch), and {@code TrainingStep} (gradient to update) with its {@code GradientSink}. {@code StepValues} has every
 * number of a recorded step, {@code FrozenParameters} the parameters that do not move. Activations, losses and
 * optimizers are one formula per file in the packages below. The loop over epochs and batches is in {@code train}, data
 * in {@code data}, files in {@code io}.
 */
package chainrule.nn;
