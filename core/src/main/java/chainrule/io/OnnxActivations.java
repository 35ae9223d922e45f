// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.kernels.Elementary;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elu;
import chainrule.nn.activation.Gelu;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Silu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Softplus;
import chainrule.nn.activation.Step;
import chainrule.nn.activation.Tanh;

/**
 * Expresses activations as ONNX nodes: each method takes the name of z and returns the name of φ(z).
 *
 * <p>ONNX has an operator for most activations, but ONNX Runtime computes LeakyRelu, Elu, Softplus, Erf and Gelu in
 * single precision only. Its Sigmoid loses the left tail: there it computes 1 − 1/(1 + e^z), which is 0 for z ≤ −37.
 * These activations are therefore composed of operators that it computes accurately in double precision (Exp, Log,
 * Tanh, arithmetic and selection). The stated errors are relative, in units of 2⁻⁵². They assume an error of at most 2
 * units for Exp and Log and 4 for Tanh, as in ONNX Runtime.
 *
 * <p>Every form is finite and accurate wherever Chainrule's own is: no e^|z|, no 1 − (nearly 1). Where computes both
 * branches; the branch that is not selected never causes an error. NaN gives NaN; ±∞ gives the limit.
 */
final class OnnxActivations {
  /** Beyond ±40, Φ is 0 or 1 to the last bit. */
  private static final double NORMAL_END = 40;
  /** Below this e^z is 0. Without the limit, −∞ · 0 would be NaN. */
  private static final double EXP_END = -800;

  private final OnnxGraph g;

  OnnxActivations(OnnxGraph g) {
    this.g = g;
  }

  /**
   * Adds φ(z) for z [N × units].
   *
   * @throws IllegalArgumentException if the activation is not built in; the message names it
   */
  String apply(Activation a, String z) {
    ModelFormat.nameOf(a); // refuses another activation with a built-in name
    if (a instanceof Linear) return z;
    if (a instanceof Relu) return relu(z);
    if (a instanceof LeakyRelu leaky) return leakyRelu(leaky.epsilon(), z);
    if (a instanceof Sigmoid) return sigmoid(z);
    if (a instanceof Tanh) return tanh(z);
    if (a instanceof Softmax) return softmax(z);
    if (a instanceof Step) return step(z);
    if (a instanceof Elu elu) return elu(elu.alpha(), z);
    if (a instanceof Gelu) return gelu(z);
    if (a instanceof Silu) return silu(z);
    if (a instanceof Softplus) return softplus(z);
    throw new IllegalArgumentException(
        "the activation " + a.name() + " has no ONNX form; only built-in activations can be exported");
  }

  /** <pre>max(0, z)</pre> */
  private String relu(String z) {
    return g.node("Relu", z);
  }

  /** <pre>ε·z for z ≤ 0, z otherwise</pre> */
  private String leakyRelu(double epsilon, String z) {
    return where(g.node("LessOrEqual", z, n(0)), times(n(epsilon), z), z);
  }

  /** <pre>e = e^−|z|;   1/(1 + e) for z ≥ 0,  e/(1 + e) for z &lt; 0</pre> Error at most 4. */
  private String sigmoid(String z) {
    String e = expOfMinusAbs(z);
    return over(where(negative(z), e, n(1)), plus(n(1), e));
  }

  /** <pre>tanh z</pre> */
  private String tanh(String z) {
    return g.node("Tanh", z);
  }

  /** <pre>e^(z_j − m) / Σ_k e^(z_k − m),   m the largest of the row</pre> This is also ONNX's definition. */
  private String softmax(String z) {
    return g.node("Softmax", "axis", 1, z);
  }

  /** <pre>1 for z ≥ 0, 0 for z &lt; 0</pre> NaN gives NaN. */
  private String step(String z) {
    return where(g.node("GreaterOrEqual", z, n(0)), n(1), where(negative(z), n(0), z));
  }

  /**
   * <pre>z for z &gt; 0,  α·(e^z − 1) otherwise;      e^z − 1 = 2t/(1 − t),  t = tanh(z/2)</pre>
   * For z ≤ 0, t ≤ 0, so nothing cancels. Computing e^z − 1 directly would lose every digit near 0. Error at most 6.
   */
  private String elu(double alpha, String z) {
    String t = g.node("Tanh", times(n(0.5), g.node("Min", z, n(0))));
    String expm1 = over(times(n(2), t), minus(n(1), t));
    return where(g.node("Greater", z, n(0)), z, times(n(alpha), expm1));
  }

  /**
   * Exact GELU, z·Φ(z), with the tail of {@link Elementary#normalCdf}:
   * <pre>
   *   a = min(|z|, 40);   Q = ½ · e^(−a²/2) · t·P(u),   t = 3√2/(3√2 + a),  u = (3√2 − 35a/29)/(3√2 + a)
   *   Φ = Q for z &lt; 0,  1 − Q otherwise
   * </pre>
   * P is a polynomial of degree 22 with an error of at most 5e-18. Rounding a² would cause a relative error of
   * a²/2 · 2⁻⁵³ in e^(−a²/2). So a is split into h + r, where h is a multiple of 1/16 whose square is exact:
   * <pre>e^(−a²/2) = e^(−h²/2) · e^(−r·(a + h)/2)</pre>
   * Error at most 16, most of it from the 22 steps of the polynomial.
   */
  private String gelu(String z) {
    String a = g.node("Min", g.node("Abs", z), n(NORMAL_END));
    String h = times(n(1.0 / 16), g.node("Floor", times(n(16), a)));
    String bell = times(g.node("Exp", times(n(-0.5), times(h, h))),
        g.node("Exp", times(n(-0.5), times(minus(a, h), plus(a, h)))));
    double root = Math.sqrt(18); // 3√2
    String d = plus(n(root), a);
    String u = over(minus(n(root), times(n(35.0 / 29), a)), d);
    double[] c = Elementary.tailCoefficients();
    String p = n(c[c.length - 1]);
    for (int i = c.length - 2; i >= 0; i--) p = plus(times(p, u), n(c[i]));
    String q = times(times(over(n(root / 2), d), p), bell); // ½·t = (3√2/2)/(3√2 + a)
    String phi = where(negative(z), q, minus(n(1), q));
    return times(g.node("Max", z, n(-NORMAL_END)), phi);
  }

  /** <pre>e = e^−|z|;   z/(1 + e) for z ≥ 0,  z·e/(1 + e) for z &lt; 0</pre> Error at most 5. */
  private String silu(String z) {
    String e = expOfMinusAbs(z);
    String c = g.node("Max", z, n(EXP_END));
    return over(where(negative(z), times(c, e), c), plus(n(1), e));
  }

  /**
   * <pre>
   *   max(z, 0) + ln(1 + e),  e = e^−|z|
   *   ln(1 + e) = e · ln(u)/(u − 1),  u = 1 + e rounded;  e if u = 1
   * </pre>
   * ln(u)/(u − 1) is so smooth that rounding u does not matter, and u − 1 is exact. Error at most 6.
   */
  private String softplus(String z) {
    String e = expOfMinusAbs(z);
    String u = plus(n(1), e);
    String log1p = where(g.node("Equal", u, n(1)), e, times(e, over(g.node("Log", u), minus(u, n(1)))));
    return plus(g.node("Max", z, n(0)), log1p);
  }

  // ---------------------------------------------------------------- building blocks

  private String expOfMinusAbs(String z) {
    return g.node("Exp", g.node("Neg", g.node("Abs", z)));
  }

  private String negative(String z) {
    return g.node("Less", z, n(0));
  }

  private String where(String condition, String yes, String no) {
    return g.node("Where", condition, yes, no);
  }

  private String n(double value) {
    return g.scalar(value);
  }

  private String plus(String a, String b) {
    return g.node("Add", a, b);
  }

  private String minus(String a, String b) {
    return g.node("Sub", a, b);
  }

  private String times(String a, String b) {
    return g.node("Mul", a, b);
  }

  private String over(String a, String b) {
    return g.node("Div", a, b);
  }
}
