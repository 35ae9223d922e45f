// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.Locale;

/** A matrix product C += op(A)·op(B) of {@code MatmulTable}; C is m × n, and k is the length of the sums. */
record ProductShape(String form, int m, int n, int k) {
  static ProductShape square(int n) {
    return new ProductShape("AB", n, n, n);
  }

  /** Returns the name in the samples. */
  String key() {
    return form + " " + m + "x" + n + "x" + k;
  }

  /** Returns the name in the report. */
  String title() {
    String product = switch (form) {
      case "AB" -> "A·B";
      case "ATB" -> "Aᵀ·B";
      default -> "A·Bᵀ";
    };
    return String.format(Locale.ROOT, "%s %d × %d × %d", product, m, n, k);
  }

  double flops() {
    return 2.0 * m * n * k;
  }

  boolean isSquare() {
    return form.equals("AB") && m == n && n == k;
  }

  /** Returns the ratio of OpenBLAS's time to ours, turn by turn. */
  Spread ratio(TableSamples samples) throws NotMeasured {
    return Spread.ratio(samples.get(key() + " OpenBLAS"), samples.get(key() + " chainrule"));
  }
}
