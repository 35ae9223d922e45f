// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelOrderTest {
  private static void assertOrder(String... labels) {
    List<String> expected = List.of(labels), shuffled = new ArrayList<>(expected);
    for (int seed = 0; seed < 10; seed++) {
      Collections.shuffle(shuffled, new Random(seed));
      assertEquals(expected, LabelOrder.sorted(shuffled));
    }
  }

  @Test
  void numbersAreSortedByValue() {
    assertOrder("-3", "-0.5", "0", "2", "2.5", "10", "1.0E20");
    assertOrder("9007199254740992", "9007199254740993", "9007199254740994", "9223372036854775807");
  }

  @Test
  void digitsInsideStringsCountAsWholeNumbers() {
    assertOrder("class 2", "class 10", "class 10b", "class 100");
    assertOrder("1", "2", "10", "x");
    assertOrder("v1.2.9", "v1.2.10", "v1.10.1");
    assertOrder("a", "a1", "ab", "b");
  }

  @Test
  void otherStringsAreSortedByTheirCharacters() {
    assertOrder("B", "a", "b", "ä");
    assertOrder("", "F", "T");
    assertOrder("false", "true");
    assertOrder("no", "yes");
  }

  @Test
  void stringsThatOnlyDifferInLeadingZerosHaveAFixedOrder() {
    assertOrder("01", "1", "002", "02", "2");
    assertOrder("a0", "a00", "a1", "a01x");
  }
}
