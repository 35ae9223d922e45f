// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import chainrule.spec.example.WorkedExample;
import java.util.Locale;
import java.util.Map;

/** Writes SHEETS.md: each document in its own order, with code, test and a worked example for each formula. */
final class SheetsMarkdown {
  private static final String INTRODUCTION = """
      # The formula sheets, line by line

      Each document in its own order and with its own headings: every formula as printed, its verdict, the line of code
      that computes it, its main test, and a worked example with numbers from the library. An id such as `003-mae-d`
      also stands in the Javadoc of its code, and in no other comment of the main sources, so a text search finds it.
      [README](README.md#verdicts) explains the verdicts, and [LEDGER.md](LEDGER.md) lists all other code and tests of a
      formula.

      """;

  private SheetsMarkdown() {}

  static String page(Catalogue catalogue, Sheets sheets, Homes homes, Map<String, WorkedExample> examples) {
    StringBuilder s = new StringBuilder(INTRODUCTION);
    for (Sheets.Sheet sheet : sheets.sheets()) {
      int n = sheet.sections().stream().mapToInt(x -> x.ids().size()).sum();
      s.append("- [").append(heading(sheet)).append("](#").append(anchor(heading(sheet))).append("), ").append(n)
          .append(" formulas\n");
    }
    for (Sheets.Sheet sheet : sheets.sheets()) {
      s.append("\n## ").append(heading(sheet)).append('\n');
      for (Sheets.Section section : sheet.sections()) {
        s.append("\n### ").append(section.title()).append("\n\n");
        for (String id : section.ids()) s.append(item(catalogue.get(id), homes.of(id), examples.get(id)));
      }
    }
    return s.append("\nWritten by `.ci/pages`.\n").toString();
  }

  private static String heading(Sheets.Sheet sheet) {
    return sheet.number().equals(Catalogue.BEYOND) ? sheet.title() : sheet.number() + ": " + sheet.title();
  }

  /** Returns the anchor that GitHub gives a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }

  private static String item(Catalogue.Formula f, Homes.Home home, WorkedExample example) {
    StringBuilder s = new StringBuilder("- **").append(f.id()).append("** ").append(LedgerMarkdown.cell(f.name()))
        .append(", *").append(f.verdict().word()).append("*: ").append(LedgerMarkdown.cell(f.formula()));
    if (!f.corrected().isEmpty()) {
      s.append("<br>\n  ").append(LedgerMarkdown.correctionLabel(f.verdict())).append(": ")
          .append(LedgerMarkdown.cell(f.corrected()));
    }
    if (home != null) {
      s.append("<br>\n  code ").append(LedgerMarkdown.link(home.member(), home.file() + "#L" + home.line()))
          .append(", test ").append(LedgerMarkdown.link(home.test(), home.testFile() + "#L" + home.testLine()));
    }
    if (example != null) {
      s.append("<br>\n  example: ").append(LedgerMarkdown.cell(example.text()));
      if (!example.printed().isEmpty()) s.append("; ").append(LedgerMarkdown.cell(example.printed()));
    }
    return s.append('\n').toString();
  }
}
