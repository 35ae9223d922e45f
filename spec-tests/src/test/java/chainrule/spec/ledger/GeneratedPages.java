// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import chainrule.spec.example.Examples;
import chainrule.spec.example.WorkedExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The generated files that follow from the catalogue, the annotations and the sources alone, without a run. */
final class GeneratedPages {
  private GeneratedPages() {}

  /** Returns the contents of each file by its path relative to the checkout. */
  static Map<Path, String> all() throws IOException {
    Catalogue catalogue = Catalogue.load();
    Homes homes = Homes.load(catalogue);
    Sheets sheets = Sheets.load(catalogue);
    Map<String, WorkedExample> examples = Examples.all();
    Map<Path, String> pages = new LinkedHashMap<>();
    pages.put(Path.of("spec-tests", "SHEETS.md"), SheetsMarkdown.page(catalogue, sheets, homes, examples));
    pages.put(Path.of("core", "cli", "src", "main", "resources", "chainrule", "cli", "formulas.txt"),
        FormulasText.page(catalogue, sheets, homes, examples));
    return pages;
  }
}
