// SPDX-License-Identifier: MIT
package chainrule.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The formulas of an explanation are computed as an engineer reads them. */
class ExpressionTest {
  private static double value(String text) {
    return Expression.parse(text).value();
  }

  private static void assertSlope(double expected, String text, double z) {
    assertEquals(expected, Expression.parse(text).at(Map.of("z", Dual.variable(z))).slope(),
        1e-14 * (1 + Math.abs(expected)), text);
  }

  @Test
  void productsBindBeforeSumsAndPowersBeforeProducts() {
    assertEquals(14, value("2 + 3·4"));
    assertEquals(-5, value("1 − 2·3"));
    assertEquals(18, value("2·3²"));
    assertEquals(-9, value("−3²"));
    assertEquals(9, value("(−3)²"));
    assertEquals(1.5, value("12/4/2"));
    assertEquals(0.125, value("2^−3"));
    assertEquals(1e-8 + 3, value("1e-8 + √9"));
    assertEquals(2.5, value("½·|2 − 7|"));
    assertEquals(-6, value("2·(−3)"));
  }

  @Test
  void functionsHaveTheirUsualMeaning() {
    assertEquals(Math.log(5), value("ln(5)"), 1e-15);
    assertEquals(Math.exp(-2), value("e^−2"), 1e-15);
    assertEquals(1 / (1 + Math.exp(-0.3)), value("σ(0.3)"), 1e-15);
    assertEquals(0.975, value("Φ(1.959963984540054)"), 1e-15);
    assertEquals(-1, value("sign(−4)"));
    assertEquals(4, value("max(3, 4)") * value("min(1, 2)"));
    assertEquals(7, value("if(0, 5, 7)"));
  }

  @Test
  void slopesFollowTheRulesOfCalculus() {
    assertSlope(6 * 0.7, "3·z²", 0.7);
    assertSlope(Math.exp(0.7) + 1, "e^z + z", 0.7);
    assertSlope(-1 / 0.49, "1/z", 0.7);
    assertSlope(1 / 0.7, "ln(z)", 0.7);
    assertSlope(0.5 / Math.sqrt(0.7), "√z", 0.7);
    assertSlope(1 - Math.tanh(0.7) * Math.tanh(0.7), "tanh(z)", 0.7);
    assertSlope(-1, "|z|", -0.7);
    assertSlope(0, "max(0, z)", -0.7);
    assertSlope(3 * 0.49, "z^3", 0.7);
    assertSlope(Math.exp(-0.245) / Math.sqrt(2 * Math.PI), "Φ(z)", 0.7);
  }

  @Test
  void whatIsNotAFormulaIsRefused() {
    for (String text : new String[] {"", "1 +", "(1", "1)", "f(2)", "2 3", "#", "|1"}) {
      assertThrows(IllegalArgumentException.class, () -> value(text), text);
    }
    assertThrows(IllegalArgumentException.class, () -> value("x"));
  }
}
