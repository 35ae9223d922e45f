package chainrule.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NamedNumbersTest {

  @Test
  void aNameAndItsNumbers() {
    NamedNumbers n = NamedNumbers.parse("adam:beta1=0.8,epsilon=1e-7,k=3");
    assertEquals("adam", n.name());
    assertEquals(0.8, n.take("beta1", 0.9));
    assertEquals(0.999, n.take("beta2", 0.999), "not given");
    assertEquals(1e-7, n.take("epsilon", 1));
    assertEquals(3, n.takeWhole("k", 7));
    assertEquals(7, n.takeWhole("l", 7), "not given");
    n.refuseRest("none");
  }

  @Test
  void aNameAloneHasNone() {
    for (String spec : new String[] {"sgd", "sgd:"}) {
      NamedNumbers n = NamedNumbers.parse(spec);
      assertEquals("sgd", n.name());
      n.refuseRest("none");
    }
  }

  @Test
  void wholeNumbersGoFromZeroToTheLargestThereIs() {
    NamedNumbers n = NamedNumbers.parse("x:a=0,b=2147483647,c=2147483648,d=1e99,e=NaN");
    assertEquals(0, n.takeWhole("a", 1));
    assertEquals(Integer.MAX_VALUE, n.takeWhole("b", 1));
    for (String key : new String[] {"c", "d", "e"}) assertThrows(IllegalArgumentException.class, () -> n.takeWhole(key, 1));
    assertEquals("", NamedNumbers.parse(":a=1").name(), "a name is for others to know");
  }

  @Test
  void whatIsNotUnderstoodIsSaid() {
    refused("adam: expected name=value, got 'beta1'", () -> NamedNumbers.parse("adam:beta1"));
    refused("adam: expected name=value, got '=3'", () -> NamedNumbers.parse("adam:=3"));
    refused("adam: expected name=value, got ''", () -> NamedNumbers.parse("adam:beta1=0.9,"));
    refused("adam: expected a number after 'beta1=', got ''", () -> NamedNumbers.parse("adam:beta1="));
    refused("adam: expected a number after 'beta1=', got 'x'", () -> NamedNumbers.parse("adam:beta1=x"));
    refused("adam: 'beta1' is given twice; give it once", () -> NamedNumbers.parse("adam:beta1=1,beta1=1"));
    refused("sgd: no parameter 'gamma'; it has none but the rate",
        () -> NamedNumbers.parse("sgd:gamma=1").refuseRest("none but the rate"));
    NamedNumbers n = NamedNumbers.parse("x:b=1,c=2,n=-1,m=1.5");
    n.take("a", 0);
    n.take("b", 0);
    refused("x: expected a whole number from 0 on after 'n=', got -1.0", () -> n.takeWhole("n", 0));
    refused("x: expected a whole number from 0 on after 'm=', got 1.5", () -> n.takeWhole("m", 0));
    refused("x: no parameter 'c'; it has a, b, n, m", () -> n.refuseRest("none"));
  }

  private static void refused(String message, Executable parsed) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, parsed).getMessage());
  }
}
