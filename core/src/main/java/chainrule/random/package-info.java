// SPDX-License-Identifier: MIT
/**
 * Random numbers that are functions of (seed, stream, index): initial weights, shuffles, dropout masks, splits and
 * generated data. Nothing else in core draws random numbers.
 */
package chainrule.random;
