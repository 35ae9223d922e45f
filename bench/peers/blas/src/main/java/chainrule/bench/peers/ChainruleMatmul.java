// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.kernels.Kernels;

/** Chainrule's kernels. */
record ChainruleMatmul(Kernels kernels) implements MatmulEngine {
  @Override public String name() {
    return "chainrule " + kernels.name();
  }

  @Override public Product prepare(Form form, int m, int n, int k, double[] a, double[] b, double[] c) {
    return new Product() {
      @Override public void run() {
        switch (form) {
          case AB -> kernels.matmul(m, n, k, a, 0, k, b, 0, n, c, 0, n);
          case ATB -> kernels.matmulTransposedA(m, n, k, a, 0, m, b, 0, n, c, 0, n);
          case ABT -> kernels.matmulTransposedB(m, n, k, a, 0, k, b, 0, k, c, 0, n);
        }
      }

      @Override public double[] result() {
        return c;
      }
    };
  }
}
