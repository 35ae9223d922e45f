// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes LEDGER.md: the ledger without a run's numbers, so that it changes only when formulas, code or tests do. */
final class LedgerMarkdown {
  private static final String INTRODUCTION = """
      The formulas by subject. [SHEETS.md](SHEETS.md) has them in the order of their documents, with line numbers and
      worked examples. The column "code" begins with the member that implements the formula, "tests" with its main
      test; the others touch the formula too. The tests compare the code with independent witnesses.
      [TRUST.md](TRUST.md) says what they show and what they assume. `mvn verify` writes this ledger, with the number
      of cases and the worst errors, to `spec-tests/target/ledger.html` and `ledger.json`. It fails if this file is
      stale, if a test fails, or if code named here does not exist.

      | verdict | the formula as printed |
      |---|---|
      | confirmed | It holds. |
      | convention | It holds under a choice on which the documents differ. The tests cover both choices. |
      | erratum | It is false or meaningless. The tests show a counterexample and confirm the corrected form. |
      | notation | It cannot be evaluated as it stands, or does not say when it holds: indices, brackets or shapes do \
      not fit. The tests state how it is read, and confirm that reading. |
      """;

  private LedgerMarkdown() {}

  static String page(Catalogue catalogue, List<LedgerRow> rows) {
    StringBuilder s = new StringBuilder("# The ledger\n\n" + catalogue.totals() + ".\n\n" + INTRODUCTION);
    String section = null;
    for (LedgerRow row : rows) {
      if (!row.section().equals(section)) {
        section = row.section();
        s.append("\n## ").append(section).append("\n\n| id | name | formula | verdict | code | tests | note |\n")
            .append("|---|---|---|---|---|---|---|\n");
      }
      s.append("| ").append(row.id()).append(" | ").append(cell(row.name())).append(" | ").append(formula(row))
          .append(" | ").append(row.verdict()).append(" | ").append(code(row)).append(" | ").append(tests(row))
          .append(" | ").append(note(row)).append(" |\n");
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

  /** Returns the home with a link, then the other code. */
  private static String code(LedgerRow row) {
    Homes.Home home = row.home();
    String others = row.implementations().stream().filter(n -> home == null || !n.equals(home.member()))
        .map(n -> "`" + n.replace("|", "\\|") + "`").collect(Collectors.joining(", "));
    if (home == null) return others;
    return link(home.member(), home.file()) + (others.isEmpty() ? "" : "<br>" + others);
  }

  /** Returns the main test with a link, then the others by class: "`ASpec`: `one`, `two`". */
  private static String tests(LedgerRow row) {
    Homes.Home home = row.home();
    Map<String, String> methods = new TreeMap<>();
    for (String test : row.tests()) {
      if (home != null && test.equals(home.test())) continue;
      String[] parts = test.split("#", 2);
      methods.merge(parts[0], "`" + parts[parts.length - 1] + "`", (a, b) -> a + ", " + b);
    }
    String others = methods.entrySet().stream().map(e -> "`" + e.getKey() + "`: " + e.getValue())
        .collect(Collectors.joining("<br>"));
    if (home == null) return others;
    return link(home.test(), home.testFile()) + (others.isEmpty() ? "" : "<br>" + others);
  }

  /** Returns a link from a page in spec-tests to a file, or to a line of it: {@code file#L7}. */
  static String link(String code, String file) {
    String here = "spec-tests/";
    return "[`" + code + "`](" + (file.startsWith(here) ? file.substring(here.length()) : "../" + file) + ")";
  }

  /** Returns text as a cell of a table shows it. */
  static String cell(String text) {
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
