// SPDX-License-Identifier: MIT
/**
 * The gradient check: compares gradients with finite differences of the loss. {@code GradientCheck} is the API.
 * {@code SlopeCheck} decides about one slope of one function, and {@code UnitKinks} about units at kinks of their
 * activations. The gradients themselves come from {@code Backpropagation} in {@code nn}.
 */
package chainrule.check;
