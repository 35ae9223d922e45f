// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the catalogue can be read, that every formula can be typeset, and that the README states its totals. */
class CatalogueTest {
  private static final Pattern TAG = Pattern.compile("<(/?)([a-z]+)[^>]*?(/?)>");

  @Test
  void everyFormulaBecomesWellFormedMathMl() {
    for (Catalogue.Formula f : Catalogue.load().formulas()) {
      wellFormed(f.id(), MathMl.render(f.tex()));
      if (!f.correctedTex().isEmpty()) wellFormed(f.id(), MathMl.render(f.correctedTex()));
    }
  }

  private static void wellFormed(String id, String mathMl) {
    ArrayDeque<String> open = new ArrayDeque<>();
    Matcher tag = TAG.matcher(mathMl);
    int end = 0;
    while (tag.find()) {
      assertFalse(mathMl.substring(end, tag.start()).matches(".*[<>\\\\{}^].*")
          && !mathMl.substring(end, tag.start()).matches("[{^]"), id + " has TeX left in " + mathMl);
      end = tag.end();
      if (!tag.group(3).isEmpty()) continue;
      if (tag.group(1).isEmpty()) open.push(tag.group(2));
      else assertEquals(open.pop(), tag.group(2), id + ": " + mathMl);
    }
    assertTrue(open.isEmpty() && end == mathMl.length(), id + ": " + mathMl);
  }

  @Test
  void fractionsScriptsSumsAndAccentsAreTypesetCorrectly() {
    assertEquals("<math displaystyle=\"true\"><mrow><mi>σ</mi><mo stretchy=\"false\" form=\"prefix\">(</mo><mi>z</mi>"
        + "<mo stretchy=\"false\" form=\"postfix\">)</mo><mo>=</mo><mfrac><mn>1</mn><mrow><mn>1</mn><mo>+</mo><msup>"
        + "<mi>e</mi><mrow><mo form=\"prefix\">−</mo><mi>z</mi></mrow></msup></mrow></mfrac></mrow></math>",
        MathMl.render("\\sigma(z) = \\frac{1}{1 + e^{-z}}"));
    assertEquals("<math displaystyle=\"true\"><mrow><munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover><msubsup>"
        + "<mi>w</mi><mi>i</mi><mi>l</mi></msubsup></mrow></math>", MathMl.render("\\sum_i^n w_i^l"));
    assertEquals("<math displaystyle=\"true\"><mover accent=\"true\"><mi>y</mi><mo stretchy=\"false\">^</mo></mover>"
        + "</math>", MathMl.render("\\hat{y}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\fraq{1}{2}", "\\frac{1}", "{x", "x}", "\\begin{cases} x", "\\left( x", "\\text{x", "\\",
      "#"})
  void texOutsideTheSubsetIsRejected(String tex) {
    assertThrows(IllegalArgumentException.class, () -> MathMl.render(tex));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "000-1  confirmed\nname n\nformula  x\ntex x\n", "# A\n000-1  perhaps\nname n\nformula  x\ntex x\n",
      "# A\n000-1  confirmed\nname n\ntex x\n",
      "# A\n000-1  erratum\nname n\nformula  x\ntex x\nnote n\n", "# A\n000-1  notation\nname n\nformula  x\ntex x\n",
      "# A\n0-1  confirmed\nname n\nformula  x\ntex x\n",
      "# A\n000-1  confirmed\nname n\nformula  x\nformula  y\ntex x\n",
      "# A\n000-1  confirmed\nformula  x\ntex x\n",
      "# A\n000-1  confirmed\nname n\nformula  x\ntex x\n000-1  confirmed\nname n\nformula  x\ntex x\n"})
  void aCatalogueWithMissingOrDuplicateFieldsIsRejected(String text) {
    assertThrows(IllegalArgumentException.class, () -> Catalogue.parse(text));
  }

  @Test
  void theReadmeStatesTheTotalsOfTheCatalogue() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md")).replaceAll("\\s+", " ");
    String totals = Catalogue.load().totals();
    assertTrue(readme.contains(totals), "README.md must contain: " + totals);
  }
}
