// SPDX-License-Identifier: MIT
/**
 * Networks and their gradients. Read first {@code spec-tests/OneStep.java}, one training step in plain loops in a file
 * that {@code java} runs. Then read {@code Network} (layers and the array of all parameters), {@code Dense} (one
 * layer's forward and backward formulas), {@code Backpropagation} (loss and gradient of a batch), and {@code
 * TrainingStep} (gradient to update) with its {@code GradientSink}. {@code GradientSum} and its {@code BlockTree} add
 * the gradients of blocks of rows, and {@code BlockwiseGradient} computes them. {@code StepValues} has every number of
 * a recorded step, {@code FrozenParameters} the parameters that do not move. Activations, losses and optimizers are one
 * formula per file in the packages below. The loop over epochs and batches is in {@code train}, data in {@code data},
 * files in {@code io}.
 *
 * <p><b>The gradient of a batch, to the bit.</b> A batch has the rows 0 … N − 1 with weights w_b (without weights, 1)
 * and losses ℓ_b. Without blocks, each element of dW and db is one chain of {@code fma} over the rows in order, from
 * +0: see {@link chainrule.kernels.Kernels}. With blocks of B rows ({@code Trainer.blocks}):
 * <ol>
 * <li>Block k has the rows k·B … min(N, k·B + B) − 1. There are K = ⌈N/B⌉ blocks.
 * <li>f is the factor of the whole batch: 1 for a loss that is a sum; for a mean 1/N, or 1/Σ_b w_b, where the weights
 *     of all N rows are added in order, and 0 if their sum is 0.
 * <li>G_k and ℓ_k are what {@code Backpropagation} computes from the rows of block k as one batch, with f in place of
 *     their own factor: each element of G_k is a chain of {@code fma} over the block's rows, from +0, and ℓ_k = Σ_b w_b
 *     ℓ_b without f. Row i of block k has the dropout masks of row k·B + i of the batch.
 * <li>S(k, 1) = G_k, and S(k, n) = S(k, m) + S(k + m, n − m) with m the largest power of two below n. Each + is one
 *     IEEE-754 addition per parameter, with the sum of the lower blocks on the left. The losses ℓ_k are added in the
 *     same tree.
 * <li>The gradient of the batch is S(0, K), and its loss L is f times the sum of the ℓ_k. Then, once per step, come
 *     the penalties, clipping and the optimizer.
 * </ol>
 * A batch of one block has the bits of a batch without blocks. The exception is gradient descent without penalties and
 * clipping, which adds to the weights if {@code blocks} is not set; this depends on the setting, not on N. If an ℓ_k is
 * NaN or infinite, L is too, G_k is undefined, and no parameter changes. NaN and ∞ in G_k propagate.
 *
 * <p>Why the order does not matter: {@code GradientSum} adds nothing but the two halves of a node of this tree, as soon
 * as both are known. So each node has one value, whoever computes it, and whenever. The bits depend on the rows, their
 * order, N and B. They do not depend on lanes, threads, processes, machines, retries or the order of arrival.
 * Spec: BlockSumSpec, TrainingMatrixSpec, GradientSourceTest.
 */
package chainrule.nn;
