// SPDX-License-Identifier: MIT
/**
 * Witnesses: independent computations that specs compare the code with. They share no code with {@code kernels} and
 * {@code core}, and each states its own error.
 *
 * <p>Not here: the formulas of the documents, which are in the specs ({@link chainrule.spec}) and use these numbers.
 *
 * <p>Reading order:
 *
 * <ol>
 *   <li>values: {@link chainrule.spec.witness.HighPrecision}, in 50 digits, and
 *       {@link chainrule.spec.witness.NormalDistribution}; {@link chainrule.spec.witness.FastFunctions} with
 *       {@link chainrule.spec.witness.DoubleDouble}, for millions of points
 *   <li>derivatives: {@link chainrule.spec.witness.Dual}, {@link chainrule.spec.witness.FiniteDifferences}
 *   <li>whole networks: {@link chainrule.spec.witness.Arithmetic}, a formula written once, computed exactly
 *       ({@link chainrule.spec.witness.ExactArithmetic}) and quickly with error bounds
 *       ({@link chainrule.spec.witness.NoisyArithmetic})
 *   <li>optimizers: {@link chainrule.spec.witness.Recurrence}, in {@link chainrule.spec.witness.Bounded} numbers
 * </ol>
 */
package chainrule.spec.witness;
