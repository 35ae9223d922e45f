// SPDX-License-Identifier: MIT
/**
 * Optimizers: the rules that update parameters from gradients, one formula per file. Start with {@code GradientDescent}
 * and {@code Momentum}, then {@code RmsProp}, then {@code Adam}, which combines both ideas. {@code Optimizers} creates
 * them from text. Learning-rate schedules are in {@code train}, penalties and clipping in {@code nn}.
 */
package chainrule.nn.optimizer;
