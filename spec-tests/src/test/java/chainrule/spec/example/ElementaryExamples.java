// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;
import chainrule.nn.activation.Softmax;

/** Worked examples of elementary functions, where a naive computation loses digits. */
final class ElementaryExamples {
  private ElementaryExamples() {}

  static double normalDensity(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** Returns ½ + ∫ from 0 to x of the density, by Simpson's rule. */
  static double normalCdf(double x) {
    int n = 2000;
    double h = x / n, sum = normalDensity(0) + normalDensity(x);
    for (int i = 1; i < n; i++) sum += (i % 2 == 1 ? 4 : 2) * normalDensity(i * h);
    return 0.5 + sum * h / 3;
  }

  static void add(Examples e) {
    e.of("beyond-exp").in("x", 1).is("e^x", Elementary.exp(1), Math.E);
    e.of("beyond-log").in("x", 10).is("ln x", Elementary.log(10), Math.log(10));
    e.of("beyond-sigmoid-kernel").in("x", -40).is("σ(x)", Elementary.sigmoid(-40), Math.exp(-40));
    e.of("beyond-tanh-kernel").in("x", 1e-9).is("tanh x", Elementary.tanh(1e-9), 1e-9);
    e.of("beyond-silu-kernel").in("x", -40).is("x·σ(x)", Elementary.silu(-40), -40 * Math.exp(-40));
    e.of("beyond-softplus-kernel").in("x", -40).is("ln(1 + e^x)", Elementary.softplus(-40), Math.exp(-40));
    e.of("beyond-expm1").in("x", 1e-9).is("e^x − 1", Elementary.expm1(1e-9), 1e-9 + 0.5e-18);
    e.of("beyond-normal-cdf").in("x", -1.5).is("Φ(x)", Elementary.normalCdf(-1.5), normalCdf(-1.5));
    e.of("beyond-normal-density").in("x", -1.5).is("φ(x)", Elementary.normalDensity(-1.5), normalDensity(-1.5));
    double[] a = ActivationExamples.forward(new Softmax(), 1, 2, 3);
    e.of("beyond-softmax-sum").in("x", new double[] {1, 2, 3}).is("softmax(x)", a, ActivationExamples.softmax(1, 2, 3))
        .is("Σ", Kernels.best().sum(3, a, 0), 1);
  }
}
