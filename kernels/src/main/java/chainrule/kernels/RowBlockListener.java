// SPDX-License-Identifier: MIT
package chainrule.kernels;

/**
 * Receives the rows of a product as they are completed, see {@link Kernels#matmulTransposedAInRowBlocks}. It is called
 * by the thread that computed them, while they are in that thread's cache.
 */
@FunctionalInterface
public interface RowBlockListener {
  /**
   * Called when a range of elements of the output array is final.
   *
   * @param from the index of the first element
   * @param to the index after the last element, &gt; from
   */
  void complete(int from, int to);
}
