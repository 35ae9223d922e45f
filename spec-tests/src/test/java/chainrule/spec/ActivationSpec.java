package chainrule.spec;

import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Sigmoid;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Differences;
import chainrule.spec.witness.Dual;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** The activations of the five documents: values in ulps, derivatives against dual numbers and differences. */
class ActivationSpec {
  /** σ written as the page has it, in dual numbers. */
  static Dual sigmoid(Dual z) {
    return Dual.ONE.over(Dual.ONE.plus(z.negate().exp()));
  }

  @Property(tries = 500)
  @Proves(value = {"001-sigmoid", "001-sigmoid-d"}, by = "Sigmoid")
  void sigmoidIsOneOverOnePlusExpOfMinusZ(@ForAll @DoubleRange(min = -30, max = 30) double z) {
    sigmoidSpec(new Sigmoid(), z);
  }

  /** The spec of any implementation of σ: the museum gives it wrong ones. */
  static void sigmoidSpec(Elementwise phi, double z) {
    Dual exact = sigmoid(Dual.variable(z));
    double a = phi.value(z), d = phi.derivative(z, a);
    Ledger.of("001-sigmoid").ulps(a, exact.v(), 2, z);
    // 1 − a is exact, but a carries up to 2 ulps of its own: relative to 1 − a that is 2⁻⁵² · a / (1 − a).
    double condition = 1 + a / (1 - a);
    Ledger.of("001-sigmoid-d").dual(d, exact.derivative(), 4 * 0x1p-52 * condition, z);
    double numeric = Differences.fivePoint(phi::value, z);
    Ledger.of("001-sigmoid-d").check("finite-difference", Math.abs(d - numeric) / Math.max(Math.abs(d), 1e-3), 1e-9, z);
  }
}
