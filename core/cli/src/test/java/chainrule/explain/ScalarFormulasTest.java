// SPDX-License-Identifier: MIT
package chainrule.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The functions of one variable agree with the library, and the printed forms of errata do not. */
class ScalarFormulasTest {
  private static final double[] POINTS = {0.3, 0.04, 0.5, 0.93};
  private static final List<String> POSITIVE = List.of("ŷ", "x");

  @Test
  void theFormulaAndBothWitnessesAgreeWithTheLibrary() {
    ScalarFormulas.all().forEach((id, f) -> {
      for (double at : POINTS) {
        for (double x : POSITIVE.contains(f.variable()) ? new double[] {at} : new double[] {at, -at, 4 * at, -9 * at}) {
          ScalarFormula.Point p = f.at(x);
          String where = id + " at " + x;
          assertEquals(p.value(), p.formulaValue(), 4e-15 * Math.max(1, Math.abs(x)), where);
          double scale = Math.max(1, Math.abs(p.automatic()));
          if (f.derivative() != null) assertEquals(p.derivative(), p.automatic(), 1e-13 * scale, where);
          assertEquals(p.automatic(), p.differences(), 1e-9 * scale, where);
          assertFalse(p.isKink(), where);
        }
      }
    });
  }

  @Test
  void eachFunctionBelongsToAFormulaAndThePrintedFormsToErrata() {
    FormulaSheet sheet = FormulaSheet.load();
    ScalarFormulas.all().forEach((id, f) -> {
      Formula formula = sheet.byId(id).orElseThrow();
      if (f.printed().isEmpty()) return;
      assertEquals("erratum", formula.field("verdict"), id);
      ScalarFormula.Point p = f.at(0.3);
      assertNotEquals(id.endsWith("-d") ? p.derivative() : p.value(), p.printed(), 0.1, id);
    });
  }

  @Test
  void kinksAreRecognized() {
    assertTrue(ScalarFormulas.byId("003-relu-d").orElseThrow().at(0).isKink());
    assertTrue(ScalarFormulas.byId("003-mae-d").orElseThrow().at(1).isKink());
    assertFalse(ScalarFormulas.byId("beyond-huber").orElseThrow().at(0).isKink());
  }

  @Test
  void differencesOfSmoothFunctionsAreAccurate() {
    assertEquals(Math.cos(2), FivePointDifference.of(Math::sin, 2), 1e-12);
    assertEquals(1e4, FivePointDifference.of(Math::log, 1e-4), 1e-6);
  }
}
