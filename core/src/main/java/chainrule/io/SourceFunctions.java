// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The functions of an exported predictor, as source code in the notation of {@link SourceLanguage}. They repeat {@link
 * Kernels} and {@link Elementary} operation by operation, so that predictions have the same bits. Only the functions
 * that a model uses are written. {@code PredictorSourceTest} compiles them and compares the bits.
 */
final class SourceFunctions {
  private record Function(List<String> uses, String source) {}

  private static final Map<String, Function> FUNCTIONS = new LinkedHashMap<>();

  private final Map<String, String> used = new LinkedHashMap<>();

  /** Adds a function and those that it uses, each of them once and before its users. */
  void use(String name) {
    if (used.containsKey(name)) return;
    Function f = FUNCTIONS.get(name);
    f.uses.forEach(this::use);
    used.put(name, f.source);
  }

  /** Returns the functions that are used, each after those that it uses. */
  Iterable<String> sources() {
    return used.values();
  }

  /**
   * Returns the statement that computes a = φ(z) in place for {@code n} units of the array named {@code z}, empty for
   * none.
   *
   * @throws IllegalArgumentException if the activation is not built in; the message names it
   */
  String apply(Activation a, String z, int n) {
    ModelFormat.nameOf(a); // refuses another activation with a built-in name
    if (a instanceof Linear) return "";
    if (a instanceof Softmax) {
      use("softmax");
      return "  @softmax(" + n + ", " + z + ");\n";
    }
    String each = z + "[j]";
    String value;
    if (a instanceof Relu) value = each + " <= 0 ? 0 : " + each;
    else if (a instanceof LeakyRelu leaky) {
      value = each + " <= 0 ? " + SourceLanguage.hex(leaky.epsilon()) + " * " + each + " : " + each;
    } else if (a instanceof Step) value = each + " >= 0 ? 1 : " + each + " < 0 ? 0 : " + each;
    else if (a instanceof Elu elu) {
      value = each + " > 0 ? " + each + " : " + SourceLanguage.hex(elu.alpha()) + " * " + call("expm1", each);
    } else if (a instanceof Sigmoid) value = call("sigmoid", each);
    else if (a instanceof Tanh) value = call("tanh", each);
    else if (a instanceof Gelu) value = call("gelu", each);
    else if (a instanceof Silu) value = call("silu", each);
    else if (a instanceof Softplus) value = call("softplus", each);
    else {
      throw new IllegalArgumentException(
          "the activation " + a.name() + " has no source form; only built-in activations can be exported");
    }
    return "  for (int j = 0; j < " + n + "; j++) " + each + " = " + value + ";\n";
  }

  private String call(String function, String argument) {
    use(function);
    return "@" + function + "(" + argument + ")";
  }

  private static void define(String name, List<String> uses, String source) {
    FUNCTIONS.put(name, new Function(uses, source));
  }

  static {
    define("dense", List.of(), """
        /* z = b + x W, each sum in the order of p, with one rounding for each product. */
        @fn void @dense(int in, int out, @in w, @in b, @in x, @out z) {
          for (int j = 0; j < out; j++) z[j] = b[j];
          for (int p = 0; p < in; p++) {
            for (int j = 0; j < out; j++) z[j] = @fma(x[p], w[p * out + j], z[j]);
          }
        }
        """);
    define("exp_polynomial", List.of(), """
        @fn double @exp_polynomial(double r, double z) {
          double odd = 0x1.af38a9b0ec855p-26;
          odd = @fma(odd, z, 0x1.71de0dae63bb3p-19);
          odd = @fma(odd, z, 0x1.a01a01a7c41d5p-13);
          odd = @fma(odd, z, 0x1.11111111109b3p-7);
          odd = @fma(odd, z, 0x1.5555555555556p-3);
          double even = 0x1.1f66df7fca49fp-29;
          even = @fma(even, z, 0x1.27e4e1f48534fp-22);
          even = @fma(even, z, 0x1.a01a01a47b054p-16);
          even = @fma(even, z, 0x1.6c16c16c167e1p-10);
          even = @fma(even, z, 0x1.5555555555555p-5);
          even = @fma(even, z, 0.5);
          return @fma(odd, r, even);
        }
        """);
    define("exp_times", List.of("exp_polynomial"), """
        /* factor e^x for -1000 <= x <= 1000. */
        @fn double @exp_times(double x, double factor) {
          double k = @fma(x, 0x1.71547652b82fep0, 0x1.8p52) - 0x1.8p52;
          double r = @fma(-k, 0x1.62e42fefa3800p-1, x);
          r = @fma(-k, 0x1.ef35793c76730p-45, r);
          double z = r * r;
          double s = 1 + r;
          double p = s + @fma(z, @exp_polynomial(r, z), r - (s - 1));
          double t1 = @fma(k, 0.5, 0x1.8p52);
          double t2 = k - (t1 - 0x1.8p52) + 0x1.8p52;
          double half = @double_of((@bits_of(t1) << 52) + 0x3FF0000000000000L);
          return p * half * factor * @double_of((@bits_of(t2) << 52) + 0x3FF0000000000000L);
        }
        """);
    define("exp", List.of("exp_times"), """
        @fn double @exp(double x) {
          return @exp_times(x > 1000 ? 1000 : x < -1000 ? -1000 : x, 1);
        }
        """);
    define("expm1_of_reducible", List.of("exp_polynomial"), """
        /* e^x - 1 for -40 <= x <= 40. */
        @fn double @expm1_of_reducible(double x) {
          double t = @fma(x, 0x1.71547652b82fep0, 0x1.80000000003ffp52);
          double k = t - 0x1.80000000003ffp52;
          double h = @fma(-k, 0x1.62e42fefa3800p-1, x);
          double r = @fma(-k, 0x1.ef35793c76730p-45, h);
          double lost = @fma(-k, 0x1.ef35793c76730p-45, h - r);
          double z = r * r;
          double s = @double_of(@bits_of(t) << 52);
          double s1 = s - 1;
          double u = @fma(s, r, s1);
          double rest = @fma(s, r, s1 - u);
          return u + @fma(s, @fma(z, @exp_polynomial(r, z), lost), rest);
        }
        """);
    define("expm1", List.of("exp", "expm1_of_reducible"), """
        @fn double @expm1(double x) {
          if (x > 40) return @exp(x);
          return @copysign(@expm1_of_reducible(x < -40 ? -40 : x), x);
        }
        """);
    define("sigmoid", List.of("exp"), """
        @fn double @sigmoid(double x) {
          double z = @exp(-@abs(x));
          double d = 1 + z, lost = z - (d - 1);
          double inverse = 1 / d, numerator = x < 0 ? z : 1;
          double q = numerator * inverse;
          double rest = @fma(-q, lost, @fma(-q, d, numerator));
          return @fma(rest, inverse, q);
        }
        """);
    define("tanh", List.of("expm1_of_reducible"), """
        @fn double @tanh(double x) {
          double a = @abs(x);
          double e = @expm1_of_reducible(2 * (a > 20 ? 20 : a));
          double d = e + 2, lost = e - (d - 2);
          double inverse = 1 / d, q = e * inverse;
          double rest = @fma(-q, lost, @fma(-q, d, e));
          return @copysign(@fma(rest, inverse, q), x);
        }
        """);
    define("softplus", List.of("exp"), """
        @fn double @softplus(double x) {
          double f = @exp(-@abs(x));
          double s = f / (2 + f);
          double z = s * s;
          double p = 0x1.4b0a26c5f2aefp-3;
          p = @fma(p, z, 0x1.687a6e7c95176p-4);
          p = @fma(p, z, 0x1.eb905e8575054p-4);
          p = @fma(p, z, 0x1.10ac75dc602b1p-3);
          p = @fma(p, z, 0x1.3b18b294bebf9p-3);
          p = @fma(p, z, 0x1.745cf0b0e03bdp-3);
          p = @fma(p, z, 0x1.c71c727143318p-3);
          p = @fma(p, z, 0x1.24924923d44c6p-2);
          p = @fma(p, z, 0x1.999999999a3ddp-2);
          p = @fma(p, z, 0x1.5555555555555p-1);
          double half = 0.5 * f * f;
          return (x > 0 ? x : 0) + (f - @fma(-s, @fma(z, p, half), half));
        }
        """);
    define("silu", List.of("exp"), """
        @fn double @silu(double x) {
          if (x < -708) {
            double c = x < -1000 ? -1000 : x;
            return @exp_times(c, c);
          }
          double z = @exp(-@abs(x));
          return (x < 0 ? x * z : x) / (1 + z);
        }
        """);
    StringBuilder even = new StringBuilder(), odd = new StringBuilder();
    double[] c = Elementary.tailCoefficients();
    for (int i = c.length - 3; i >= 0; i--) {
      String variable = i % 2 == 0 ? "even" : "odd";
      (i % 2 == 0 ? even : odd).append("  ").append(variable).append(" = @fma(").append(variable).append(", square, ")
          .append(SourceLanguage.hex(c[i])).append(");\n");
    }
    define("gelu", List.of("exp"), """
        /* Q(a) e^(a a / 2), where Q is the upper tail of the normal distribution. */
        @fn double @tail_ratio(double a) {
          double t = 0x1.0f876ccdf6cdap2 / (0x1.0f876ccdf6cdap2 + a);
          double u = @fma(-35.0 / 29, a, 0x1.0f876ccdf6cdap2) / (0x1.0f876ccdf6cdap2 + a);
          double square = u * u;
        """ + "  double even = " + SourceLanguage.hex(c[c.length - 1])
        + ", odd = " + SourceLanguage.hex(c[c.length - 2]) + ";\n" + even + odd + """
          return 0.5 * (t * @fma(odd, u, even));
        }

        @fn double @gelu(double x) {
          double a = @abs(x);
          a = a > 40 ? 40 : a;
          double square = a * a;
          double lost = @fma(a, a, -square);
          if (x < -37) {
            double factor = -a * @tail_ratio(a);
            return @exp_times(-0.5 * square, @fma(factor, -0.5 * lost, factor));
          }
          double bell = @exp(-0.5 * square);
          double tail = @tail_ratio(a) * @fma(bell, -0.5 * lost, bell);
          return x * (x < 0 ? tail : 1 - tail);
        }
        """);
    define("softmax", List.of("exp"), """
        /* The sum runs in eight parts, which are added pairwise. */
        @fn void @softmax(int n, @out z) {
          double m = z[0];
          for (int j = 1; j < n; j++) if (z[j] > m || z[j] != z[j]) m = z[j];
          double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
          for (int j = 0; j < n; j++) {
            z[j] = @exp(z[j] - m);
            switch (j % 8) {
              case 0: s0 += z[j]; break;
              case 1: s1 += z[j]; break;
              case 2: s2 += z[j]; break;
              case 3: s3 += z[j]; break;
              case 4: s4 += z[j]; break;
              case 5: s5 += z[j]; break;
              case 6: s6 += z[j]; break;
              default: s7 += z[j];
            }
          }
          double sum = ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
          for (int j = 0; j < n; j++) z[j] = z[j] / sum;
        }
        """);
  }
}
