// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the sheets hold each formula of the catalogue once, in the documents' order. */
class SheetsOrderTest {
  private static final Catalogue SMALL = Catalogue.parse("# A\n000-1  confirmed\nname n\nformula  x\ntex x\n"
      + "beyond-b  confirmed\nname n\nformula  x\ntex x\n");

  @Test
  void eachFormulaStandsOnceAndTheDocumentsComeFirst() {
    Catalogue catalogue = Catalogue.load();
    List<Sheets.Sheet> sheets = Sheets.load(catalogue).sheets();
    assertEquals(List.of("000", "001", "002", "003", "004", "beyond"),
        sheets.stream().map(Sheets.Sheet::number).toList());
    List<String> ids = sheets.stream().flatMap(s -> s.sections().stream()).flatMap(s -> s.ids().stream()).toList();
    Set<String> all = new HashSet<>(catalogue.formulas().stream().map(Catalogue.Formula::id).toList());
    assertEquals(all, new HashSet<>(ids));
    assertEquals(all.size(), ids.size());
  }

  @Test
  void sectionsHaveTheirTitlesAndFormulasBeyondTheDocumentsTheirSubjects() {
    List<Sheets.Sheet> sheets = Sheets.parse("= 000  T t\n# 1 One\n\n// note\n## 1.1 Two\n000-1\n", SMALL).sheets();
    assertEquals(List.of(
        new Sheets.Sheet("000", "T t", List.of(new Sheets.Section("1 One › 1.1 Two", List.of("000-1")))),
        new Sheets.Sheet("beyond", "Beyond the documents", List.of(new Sheets.Section("A", List.of("beyond-b"))))),
        sheets);
  }

  @ParameterizedTest
  @ValueSource(strings = {"= 000  T\n# A\n", "# A\n000-1\n", "= 000  T\n000-1\n", "= 001  T\n# A\n000-1\n",
      "= 000  T\n# A\n000-1 000-1\n", "= 000  T\n# A\n000-1 000-2\n"})
  void missingDuplicateAndMisplacedIdsAreRejected(String text) {
    assertThrows(IllegalArgumentException.class, () -> Sheets.parse(text, SMALL));
  }
}
