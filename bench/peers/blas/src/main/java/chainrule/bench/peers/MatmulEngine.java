// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/** A matrix product as an engine offers it: C += op(A)·op(B), row-major, tight rows, on data of its own kind. */
interface MatmulEngine {
  String name();

  /** Which operand is transposed. */
  enum Form { AB, ATB, ABT }

  /** Puts the operands where this engine wants them. */
  Product prepare(Form form, int m, int n, int k, double[] a, double[] b, double[] c);

  /** A product with its operands in place. */
  interface Product {
    void run();

    /** C as it is now. */
    double[] result();
  }
}
