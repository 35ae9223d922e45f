// SPDX-License-Identifier: MIT
/**
 * Activations, one formula per file with its derivative. Start with {@code Activation} and {@code Elementwise}, then
 * {@code Sigmoid}, {@code Relu} and {@code Softmax}. {@code Activations} finds them by name and registers your own.
 */
package chainrule.nn.activation;
