// SPDX-License-Identifier: MIT
/**
 * Arithmetic on flat {@code double[]} arrays, defined to the last bit: matrix products, element-wise operations,
 * elementary functions, reductions and softmax.
 *
 * <p>This package knows no layers, networks or training ({@code chainrule.nn}, {@code chainrule.train}), and no data
 * or files ({@code chainrule.data}, {@code chainrule.io}). It depends on the JDK alone. Between calls it keeps only
 * scratch arrays, one set per thread, and it allocates nothing once these have grown.
 *
 * <p><b>Reading order.</b>
 * <ol>
 * <li>{@link chainrule.kernels.Kernels}, the definition of every operation, and {@link chainrule.kernels.Elementary},
 *     that of the functions of one number.
 * <li>{@link chainrule.kernels.ScalarKernels}, the definition as plain Java, and {@code Check}, the argument checks.
 * <li>{@link chainrule.kernels.Selection} and {@code Lanes}: which kernels a process uses, and how wide its vectors
 *     are.
 * <li>{@code VectorKernels} and {@code MaskedVectorKernels}, which dispatch to {@code VectorMatmul}, {@code
 *     VectorElementary}, {@code VectorActivations}, {@code VectorReductions} and {@code VectorSoftmax}.
 * <li>{@code ThreadedKernels} and {@code Workers}, which share matrix products between threads.
 * </ol>
 *
 * <pre>
 *                        Kernels
 *          ┌────────────────┴───────────────┐
 *    ScalarKernels ◀── base ── ForwardingKernels
 *                          ┌────────────────┼────────────────────────────────┐
 *                    VectorKernels ◀─ base ─ StartingKernels ◀─ base ─ ThreadedKernels ──▶ Workers
 *                          │
 *                 MaskedVectorKernels
 * </pre>
 *
 * <p><b>Which kernel computes a product</b> C [m × n] += A·B with a sum over k. The first row that applies is taken
 * ({@code VectorMatmul.route}); L is the number of lanes, 8, 4 or 2. The tests check the examples.
 *
 * <pre>
 *   route      form           shape                         kernel                            example, m×n×k
 *   SCALAR     any            m·n·k &lt; 128                    ScalarKernels                     AB 5×5×5
 *   COLUMN     AB, ABᵀ        n = 1; B, C contiguous        RowKernels.dots                   AB 64×1×32
 *   COLUMNS    AB             n = 2 or 3, n &lt; L               ColumnKernels                     AB 32×3×16
 *   DOTS       ABᵀ            m ≤ 3                         RowKernels.dots                   ABᵀ 3×64×32
 *   ROW_SUMS   AB, AᵀB        m ≤ 3, n ≥ L                  RowKernels.sum                    AB 1×128×784
 *   OUTER      AB, AᵀB        k ≤ 2, n ≥ L                  RowKernels.outer                  AᵀB 16×64×2
 *   NARROW     AᵀB            m ≥ L; n &lt; L, or n ≤ 12       NarrowKernels                     AᵀB 784×10×64
 *                             and m·k ≥ 2048, k ≥ 32
 *   TRANSPOSED AᵀB            m ≥ 4, n ≥ L, k·n ≤ 4096,     TransposedMicroKernels            AᵀB 16×16×32
 *                             32 registers
 *   GATHERED   ABᵀ, or AB     m ≥ 4, n ≤ 16, k ≤ 8192       Panels.copyB or transposeB, then  ABᵀ 64×10×128
 *              with n &lt; L                                   HalfPacked- or DirectMicroKernels
 *   PACKED     AᵀB, ABᵀ, or   all that are left             Panels, then PackedMicroKernels   AᵀB 784×128×64
 *              AB with n &lt; L
 *   PACKED     AB             m·n/(m + n) ≥ 40 (24 with     Panels, then PackedMicroKernels   AB 256×256×256
 *                             16 registers), or ≥ 20
 *                             if k·n &gt; 131072
 *   DIRECT     AB             all that are left             DirectMicroKernels; two vectors,  AB 40×40×40
 *                             32 registers and m ≥ 32:      HalfPackedMicroKernels
 * </pre>
 *
 * The README of the module has the same for the other operations, and a drawing of the panels.
 */
package chainrule.kernels;
