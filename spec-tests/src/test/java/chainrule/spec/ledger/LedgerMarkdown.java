// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes LEDGER.md: the ledger without a run's numbers, so that it changes only when formulas, code or tests do. */
final class LedgerMarkdown {
  private LedgerMarkdown() {}

  static String page(Catalogue catalogue, List<LedgerRow> rows) {
    StringBuilder s = new StringBuilder("# The ledger\n\n" + catalogue.totals() + ".\n\n"
        + "The tests in each row compare the implementation with independent witnesses. [TRUST.md](TRUST.md) says\n"
        + "what they show and what they assume. `mvn verify` writes this ledger, with the number of cases and the\n"
        + "worst errors, to `spec-tests/target/ledger.html` and `ledger.json`, and this file to\n"
        + "`spec-tests/target/LEDGER.md`. It fails if the committed file differs, if a test fails, or if an\n"
        + "implementation named here does not exist.\n\n"
        + "| verdict | the formula as printed |\n|---|---|\n"
        + "| confirmed | It holds. |\n"
        + "| convention | It holds under a choice on which the documents differ. The tests cover both choices. |\n"
        + "| erratum | It is false or meaningless. The tests show a counterexample and confirm the corrected form. |\n"
        + "| notation | It cannot be evaluated as it stands, or does not say when it holds: indices, brackets or "
        + "shapes do not fit. The tests state how it is read, and confirm that reading. |\n");
    String section = null;
    for (LedgerRow row : rows) {
      if (!row.section().equals(section)) {
        section = row.section();
        s.append("\n## ").append(section).append("\n\n| id | formula | verdict | implementation | test | note |\n")
            .append("|---|---|---|---|---|---|\n");
      }
      s.append("| ").append(row.id()).append(" | ").append(formula(row)).append(" | ").append(row.verdict())
          .append(" | ").append(code(row.implementations())).append(" | ").append(tests(row.tests())).append(" | ")
          .append(note(row)).append(" |\n");
    }
    return s.toString();
  }

  private static String formula(LedgerRow row) {
    Catalogue.Formula f = row.formula();
    if (f == null) return "";
    return cell(f.formula())
        + (f.corrected().isEmpty() ? "" : "<br>" + correctionLabel(f.verdict()) + ": " + cell(f.corrected()));
  }

  /** Returns the catalogue's note, and how many published numbers of each source agree: "Published: keras 54." */
  private static String note(LedgerRow row) {
    String note = row.formula() == null ? "" : cell(row.formula().note());
    if (row.published().isEmpty()) return note;
    return note + (note.isEmpty() ? "" : " ") + "[Published](PUBLISHED.md): " + sources(row) + ".";
  }

  /** Returns the sources of a row's published numbers: "cs231n 40, keras 54". */
  static String sources(LedgerRow row) {
    return row.published().entrySet().stream().map(e -> e.getKey() + " " + e.getValue())
        .collect(Collectors.joining(", "));
  }

  /** Returns the label of a formula's second form. */
  static String correctionLabel(Verdict verdict) {
    return switch (verdict) {
      case CONFIRMED -> "in full";
      case CONVENTION -> "in general";
      case ERRATUM -> "correct";
      case NOTATION -> "read as";
    };
  }

  private static String code(List<String> names) {
    return names.stream().map(n -> "`" + n.replace("|", "\\|") + "`").collect(Collectors.joining("<br>"));
  }

  /** Groups tests by class: "`ASpec`: `one`, `two`". */
  private static String tests(List<String> tests) {
    Map<String, String> methods = new TreeMap<>();
    for (String test : tests) {
      String[] parts = test.split("#", 2);
      methods.merge(parts[0], "`" + parts[parts.length - 1] + "`", (a, b) -> a + ", " + b);
    }
    return methods.entrySet().stream().map(e -> "`" + e.getKey() + "`: " + e.getValue())
        .collect(Collectors.joining("<br>"));
  }

  private static String cell(String text) {
    StringBuilder s = new StringBuilder();
    for (char c : text.toCharArray()) {
      switch (c) {
        case '<' -> s.append("&lt;");
        case '>' -> s.append("&gt;");
        case '&' -> s.append("&amp;");
        case '|' -> s.append("&#124;");
        case '*', '_', '`', '[', ']', '~', '\\' -> s.append('\\').append(c);
        default -> s.append(c);
      }
    }
    return s.toString();
  }
}
