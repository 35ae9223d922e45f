// SPDX-License-Identifier: MIT
package chainrule.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NamedNumbersTest {

  @Test
  void parsesANameAndItsNumbers() {
    NamedNumbers n = NamedNumbers.parse("adam:beta1=0.8,epsilon=1e-7,k=3");
    assertEquals("adam", n.name());
    assertEquals(0.8, n.number("beta1", 0.9));
    assertEquals(0.999, n.number("beta2", 0.999), "not given");
    assertEquals(1e-7, n.number("epsilon", 1));
    assertEquals(3, n.wholeNumber("k", 7));
    assertEquals(7, n.wholeNumber("l", 7), "not given");
    n.refuseUnknown("none");
  }

  @Test
  void aNameAloneHasNoNumbers() {
    for (String spec : new String[] {"sgd", "sgd:"}) {
      NamedNumbers n = NamedNumbers.parse(spec);
      assertEquals("sgd", n.name());
      n.refuseUnknown("none");
    }
  }

  @Test
  void wholeNumbersRangeFromZeroToTheLargestInt() {
    NamedNumbers n = NamedNumbers.parse("x:a=0,b=2147483647,c=2147483648,d=1e99,e=NaN");
    assertEquals(0, n.wholeNumber("a", 1));
    assertEquals(Integer.MAX_VALUE, n.wholeNumber("b", 1));
    for (String key : new String[] {"c", "d", "e"}) {
      assertThrows(IllegalArgumentException.class, () -> n.wholeNumber(key, 1));
    }
    assertEquals("", NamedNumbers.parse(":a=1").name(), "the caller checks the name");
  }

  @Test
  void errorsQuoteTheInput() {
    refused("adam: expected name=value, found 'beta1'", () -> NamedNumbers.parse("adam:beta1"));
    refused("adam: expected name=value, found '=3'", () -> NamedNumbers.parse("adam:=3"));
    refused("adam: expected name=value, found ''", () -> NamedNumbers.parse("adam:beta1=0.9,"));
    refused("adam: expected a number after 'beta1=', found ''", () -> NamedNumbers.parse("adam:beta1="));
    refused("adam: expected a number after 'beta1=', found 'x'", () -> NamedNumbers.parse("adam:beta1=x"));
    refused("adam: 'beta1' is given twice; give it once", () -> NamedNumbers.parse("adam:beta1=1,beta1=1"));
    refused("sgd: no parameter 'gamma'; it has none but the rate",
        () -> NamedNumbers.parse("sgd:gamma=1").refuseUnknown("none but the rate"));
    NamedNumbers n = NamedNumbers.parse("x:b=1,c=2,n=-1,m=1.5");
    n.number("a", 0);
    n.number("b", 0);
    refused("x: expected a whole number ≥ 0 after 'n=', found -1.0", () -> n.wholeNumber("n", 0));
    refused("x: expected a whole number ≥ 0 after 'm=', found 1.5", () -> n.wholeNumber("m", 0));
    refused("x: no parameter 'c'; it has a, b, n, m", () -> n.refuseUnknown("none"));
  }

  private static void refused(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }
}
