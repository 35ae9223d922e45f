// SPDX-License-Identifier: MIT
/**
 * The gradient check: compares the gradients of a network with differences of its loss. {@code GradientCheck} is the
 * API; {@code SlopeCheck} judges one slope of one function, {@code UnitKinks} the units that stand at kinks.
 */
package chainrule.check;
