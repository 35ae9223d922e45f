// SPDX-License-Identifier: MIT
package chainrule.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Formulas are found by their ids and by the names that people use. */
class FormulaSheetTest {
  private final FormulaSheet sheet = FormulaSheet.load();

  private List<String> find(String word) {
    return sheet.find(word).stream().map(Formula::id).toList();
  }

  @Test
  void anIdFindsOneFormulaInAnyCase() {
    assertEquals(List.of("003-mae-d"), find("003-mae-d"));
    assertEquals(List.of("beyond-gelu"), find("Beyond-GELU"));
  }

  @Test
  void aNameFindsTheFormulasWithThisNameBeforeThoseThatContainIt() {
    assertEquals(List.of("003-adam"), find("Adam"));
    assertEquals(List.of("000-5.2", "001-backprop", "003-delta-hidden"), find("hidden delta"));
    assertEquals(find("sigmoid′"), find("sigmoid'"));
    assertTrue(find("dropout, back").contains("003-dropout-d"));
    assertEquals(List.of(), find("perceptrons of Rosenblatt"));
    assertEquals(List.of(), find(" "));
  }

  @Test
  void everyFormulaHasTheFieldsThatAreAlwaysSet() {
    assertTrue(sheet.formulas().size() > 180);
    for (Formula f : sheet.formulas()) {
      for (String key : List.of("id", "name", "sheet", "section", "verdict", "formula", "home", "source", "test")) {
        assertTrue(!f.field(key).isEmpty(), f.id() + " " + key);
      }
      assertTrue(!f.field("verdict").equals("erratum") || !f.field("counterexample").isEmpty(), f.id());
    }
  }
}
