// SPDX-License-Identifier: MIT
package chainrule.kernels;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** One matrix product with its data, in any form, with an offset and with gaps between rows. */
record MatmulCase(Form form, int m, int n, int k, int offset, int gap, boolean special, long seed) {
  enum Form {
    AB, ATB, ABT, ATB_IN_ROW_BLOCKS;

    boolean transposesA() {
      return this == ATB || this == ATB_IN_ROW_BLOCKS;
    }
  }

  /** Returns the array of C after the product, including margins. */
  double[] on(Kernels kernels) {
    return on(kernels, a(), b(), c());
  }

  /** Computes the product of the given data, which must be long enough. c is changed and returned. */
  double[] on(Kernels kernels, double[] a, double[] b, double[] c) {
    switch (form) {
      case AB -> kernels.matmul(m, n, k, a, offset, lda(), b, 2 * offset, ldb(), c, 3 * offset, ldc());
      case ATB -> kernels.matmulTransposedA(m, n, k, a, offset, lda(), b, 2 * offset, ldb(), c, 3 * offset, ldc());
      case ABT -> kernels.matmulTransposedB(m, n, k, a, offset, lda(), b, 2 * offset, ldb(), c, 3 * offset, ldc());
      case ATB_IN_ROW_BLOCKS -> {
        return inRowBlocks(kernels, a, b, c);
      }
    }
    return c;
  }

  /** Returns C as the listener read it. Each element of C must be reported exactly once, and nothing else. */
  private double[] inRowBlocks(Kernels kernels, double[] a, double[] b, double[] c) {
    double[] reported = c.clone();
    AtomicIntegerArray times = new AtomicIntegerArray(c.length);
    kernels.matmulTransposedAInRowBlocks(
        m, n, k, a, offset, lda(), b, 2 * offset, ldb(), c, 3 * offset, ldc(), (from, to) -> {
          for (int i = from; i < to; i++) {
            reported[i] = c[i];
            times.incrementAndGet(i);
          }
        });
    for (int i = 0; i < c.length; i++) {
      int inC = i - 3 * offset;
      int expected = n > 0 && inC >= 0 && inC / ldc() < m && inC % ldc() < n ? 1 : 0;
      if (times.get(i) != expected) {
        throw new AssertionError(
            this + ": element " + i + " was reported " + times.get(i) + " times, expected " + expected);
      }
    }
    return reported;
  }

  /** Computes the product from the index formula of the definition, as a witness for the scalar kernels. */
  double[] byIndexFormula() {
    double[] a = a(), b = b(), c = c();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        int cij = 3 * offset + i * ldc() + j;
        if (form == Form.ATB_IN_ROW_BLOCKS) c[cij] = 0;
        for (int p = 0; p < k; p++) {
          double aip = a[offset + (form.transposesA() ? p * lda() + i : i * lda() + p)];
          double bpj = b[2 * offset + (form == Form.ABT ? j * ldb() + p : p * ldb() + j)];
          c[cij] = Math.fma(aip, bpj, c[cij]);
        }
      }
    }
    return c;
  }

  private int lda() {
    return (form.transposesA() ? m : k) + gap;
  }

  private int ldb() {
    return (form == Form.ABT ? k : n) + 2 * gap;
  }

  private int ldc() {
    return n + gap;
  }

  private double[] a() {
    return TestArrays.random(offset + (form.transposesA() ? k : m) * lda() + 1, seed, special);
  }

  private double[] b() {
    return TestArrays.random(2 * offset + (form == Form.ABT ? n : k) * ldb() + 1, seed + 1, special);
  }

  private double[] c() {
    return TestArrays.random(3 * offset + m * ldc() + 1, seed + 2, special);
  }
}
