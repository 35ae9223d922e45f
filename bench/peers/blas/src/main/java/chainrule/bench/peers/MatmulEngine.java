// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/** An engine of matrix products C += op(A)·op(B), row-major with contiguous rows. */
interface MatmulEngine {
  String name();

  /** Which operand is transposed. */
  enum Form { AB, ATB, ABT }

  /** Copies the operands into the structures of this engine. */
  Product prepare(Form form, int m, int n, int k, double[] a, double[] b, double[] c);

  /** A product with prepared operands. */
  interface Product {
    void run();

    /** Returns the current C. */
    double[] result();
  }
}
