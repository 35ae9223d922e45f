// SPDX-License-Identifier: MIT
/**
 * Specs: tests that compare Chainrule's formulas with independent witnesses. Every formula of the five documents has a
 * test here that names its id with {@link chainrule.spec.ledger.Proves}, and so has every formula beyond them. The
 * package also tests whole training runs: epochs, steps, allocation and golden bits.
 *
 * <p>Not here: unit tests of arguments, files and messages, which are next to the code in {@code kernels} and
 * {@code core}; the witnesses ({@link chainrule.spec.witness}); the ledger ({@link chainrule.spec.ledger}).
 *
 * <p>Class names: {@code FooSpec} tests the real implementation. {@code FooMuseumSpec} is its bug museum: it plants
 * bugs in copies of the code, and the spec must reject each of them. {@code Plain…} classes are simple
 * reimplementations in loops, in which bugs are planted.
 *
 * <p>Reading order:
 *
 * <ol>
 *   <li>{@code ActivationSpec} with {@code PrintedActivation}: one formula, its value in ulps, its derivative by two
 *       witnesses
 *   <li>{@code LossSpec} with {@code LossChecks}; {@code FusedLossSpec}
 *   <li>{@code ForwardSpec}, {@code BackpropagationSpec}: the formulas of layers, as printed
 *   <li>{@code NetworkGradientSpec} with {@code NetworkWitness}: every gradient of random networks
 *   <li>{@code OptimizerSpec}, {@code ScheduleSpec}, {@code ClippingSpec}, {@code RegularizationSpec},
 *       {@code DropoutSpec}
 *   <li>{@code TrainingStepSpec}, {@code EpochSpec}, {@code GoldenTrainingSpec}: training runs
 *   <li>{@code ElementarySpec}: a million points per elementary function
 * </ol>
 */
package chainrule.spec;
