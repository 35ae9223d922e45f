// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.spec.example.Examples;
import chainrule.spec.example.WorkedExample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that each formula has a worked example, and each erratum an example in which the printed form is wrong. */
class WorkedExamplesTest {
  private static final Map<String, WorkedExample> EXAMPLES = Examples.all();

  @Test
  void everyFormulaHasAnExampleAndEveryErratumACounterexample() {
    Catalogue catalogue = Catalogue.load();
    List<String> missing = new ArrayList<>();
    for (Catalogue.Formula f : catalogue.formulas()) {
      WorkedExample example = EXAMPLES.get(f.id());
      if (example == null) missing.add(f.id() + " has no example in chainrule.spec.example");
      else if (f.verdict() == Verdict.ERRATUM && example.printed().isEmpty()) {
        missing.add(f.id() + " is an erratum; its example lacks printed(…)");
      } else if (f.verdict() == Verdict.CONFIRMED && !example.printed().isEmpty()) {
        missing.add(f.id() + " is confirmed, but its example shows another number as printed");
      }
    }
    assertEquals("", String.join("\n", missing));
    for (String id : EXAMPLES.keySet()) assertTrue(catalogue.get(id) != null, id + " is not in the catalogue");
  }

  @Test
  void examplesAreOneOrTwoLinesWithNumbers() {
    EXAMPLES.forEach((id, e) -> {
      assertFalse(e.text().contains("\n") || e.text().length() + e.printed().length() > 330, id + ": " + e.text());
      assertTrue(e.text().matches(".*\\d.*"), id + ": " + e.text());
    });
  }
}
