// SPDX-License-Identifier: MIT
package chainrule.kernels;

/**
 * Receives the rows of a product as they are completed, see {@link Kernels#matmulTransposedAInRowBlocks}. It is called
 * by the thread that computed them, while they are in that thread's cache.
 */
@FunctionalInterface
public interface RowBlockListener {
  /** Called when the elements {@code from} … {@code to} − 1 of the output array are final; {@code from < to}. */
  void complete(int from, int to);
}
