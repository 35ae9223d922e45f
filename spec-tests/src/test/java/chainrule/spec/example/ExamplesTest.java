// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Tests that an example cannot state a number that its formula does not give. */
class ExamplesTest {
  @Test
  void aResultThatTheFormulaDoesNotGiveIsRejected() {
    assertThrows(AssertionError.class, () -> Examples.scratch("x").in("x", 1).is("f(x)", 2, 2.00001));
    assertThrows(AssertionError.class, () -> Examples.scratch("x").in("x", 1).is("f(x)", 2, Double.NaN));
    assertThrows(AssertionError.class,
        () -> Examples.scratch("x").is("f", new double[] {1, 2}, new double[] {1, 2, 3}));
    assertThrows(AssertionError.class,
        () -> Examples.scratch("x").is("f", new double[][] {{1, 2}}, new double[][] {{1, 3}}));
    Examples.scratch("x").in("x", 1).is("f(x)", 2, 2 + 1e-14).is("g(x)", 2, 2.1, 0.1);
  }

  @Test
  void aPrintedFormThatIsRightIsNoCounterexample() {
    assertThrows(AssertionError.class, () -> Examples.scratch("x").in("x", 1).is("f(x)", 2, 2).printed(2));
    Examples.scratch("x").in("x", 1).is("f(x)", 2, 2).printed(-2);
    Examples.scratch("x").in("x", 1).is("f(x)", 2, 2).printed(Double.NaN);
  }

  @Test
  void numbersAreShownWithSixDigits() {
    assertEquals("0", Examples.show(-0.0));
    assertEquals("−1.5", Examples.show(-1.5));
    assertEquals("0.333333", Examples.show(1 / 3.0));
    assertEquals("1234570", Examples.show(1234567));
    assertEquals("1e−100", Examples.show(1e-100));
    assertEquals("−2.5e12", Examples.show(-2.5e12));
    assertEquals("NaN", Examples.show(Double.NaN));
    assertEquals("−∞", Examples.show(Double.NEGATIVE_INFINITY));
    assertEquals("(1, 0.5)", Examples.show(new double[] {1, 0.5}));
    assertEquals("(1, 2; 3, 4)", Examples.show(new double[][] {{1, 2}, {3, 4}}));
    assertEquals("tanh", Examples.show("tanh"));
  }
}
