// SPDX-License-Identifier: MIT
/**
 * Losses, one formula per file with its derivative. Start with {@code Loss} and {@code ElementwiseLoss}, then
 * {@code MeanSquaredError} and {@code BinaryCrossEntropy}. {@code SigmoidCrossEntropy} and {@code SoftmaxCrossEntropy}
 * are fused with the output's activation; training chooses them automatically. {@code Losses} finds losses by name and
 * knows the default for an output. {@code Reduction} is a sum or a mean over the rows, and {@code RowWeights} says how
 * weights of rows enter it. Penalties on parameters are {@code Regularization} in {@code nn}.
 */
package chainrule.nn.loss;
