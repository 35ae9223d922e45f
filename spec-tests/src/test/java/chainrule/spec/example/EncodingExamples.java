// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import chainrule.data.PiecewiseLinear;

/** Worked examples of the encoding of inputs. */
final class EncodingExamples {
  private EncodingExamples() {}

  static void add(Examples e) {
    double[] rows = {0, 1, 2, 4}, pieces = new double[2];
    PiecewiseLinear.fit(rows, 2).encode(3, pieces, 0);
    double[] means = {(0 + 1 + 1 + 1) / 4.0, (0 + 0 + 1 / 3.0 + 1) / 4};
    e.of("beyond-piecewise-linear").in("training rows", rows).in("q", new double[] {0, 1, 4}).in("m", means)
        .in("v", 3).is("p", pieces, new double[] {0.7 * (1 - means[0]), 0.7 * ((3 - 1) / 3.0 - means[1])});
  }
}
