// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import chainrule.spec.example.Examples;
import chainrule.spec.example.Plots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the results of a run: ledger.json for programs, ledger.html for readers, and LEDGER.md to be committed. */
final class LedgerWriter {
  private LedgerWriter() {}

  static void write(Path directory, Map<String, LedgerListener.Evidence> evidence, Map<String, Ledger.Entry> entries)
      throws IOException {
    Catalogue catalogue = Catalogue.load();
    List<LedgerRow> rows = LedgerRow.join(catalogue, Homes.load(catalogue), evidence, entries);
    Files.writeString(directory.resolve("ledger.json"), json(rows));
    Files.writeString(directory.resolve("ledger.html"),
        LedgerHtml.page(catalogue, Sheets.load(catalogue), Examples.all(), Plots.all(), rows));
    Files.writeString(directory.resolve("LEDGER.md"), LedgerMarkdown.page(catalogue, rows));
  }

  /** Returns an array with one object per line, so that line-oriented tools can read it too. */
  static String json(List<LedgerRow> rows) {
    StringBuilder s = new StringBuilder();
    for (LedgerRow row : rows) s.append(s.length() == 0 ? "[\n" : ",\n").append(Json.write(object(row)));
    return s.append(s.length() == 0 ? "[]\n" : "\n]\n").toString();
  }

  private static Map<String, Object> object(LedgerRow row) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("id", row.id());
    o.put("name", row.name());
    o.put("document", row.document());
    o.put("section", row.section());
    o.put("formula", row.formula() == null ? "" : row.formula().formula());
    o.put("verdict", row.verdict());
    o.put("implementation", String.join(", ", row.implementations()));
    o.put("test", String.join(", ", row.tests()));
    if (row.home() != null) {
      o.put("home", row.home().member());
      o.put("homeSource", row.home().file() + ":" + row.home().line());
      o.put("mainTest", row.home().test());
      o.put("mainTestSource", row.home().testFile() + ":" + row.home().testLine());
    }
    o.put("cases", row.cases());
    o.put("worst", row.worst());
    o.put("passed", row.passed());
    o.put("note", row.formula() == null ? "" : row.formula().note());
    // the key "mended" is part of the format of ledger.json
    if (row.formula() != null && !row.formula().corrected().isEmpty()) o.put("mended", row.formula().corrected());
    o.put("remarks", row.remarks());
    if (!row.published().isEmpty()) o.put("published", row.published());
    return o;
  }
}
