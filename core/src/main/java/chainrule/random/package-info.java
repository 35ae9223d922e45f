// SPDX-License-Identifier: MIT
/**
 * Random numbers as functions of (seed, stream, index): initial weights, the order of rows, dropout masks, splits and
 * generated data. All random numbers of core come from {@code CounterRandom}.
 */
package chainrule.random;
