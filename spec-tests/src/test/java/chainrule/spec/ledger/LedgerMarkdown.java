package chainrule.spec.ledger;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** LEDGER.md: the ledger without the figures of a run, so that it changes only when formulas, code or tests do. */
final class LedgerMarkdown {
  private LedgerMarkdown() {}

  static String page(Catalogue catalogue, List<LedgerRow> rows) {
    StringBuilder s = new StringBuilder("# The ledger\n\n" + catalogue.totals() + ".\n\n"
        + "Each is tested by the tests beside it, against independent witnesses; [TRUST.md](TRUST.md) says what\n"
        + "they show and what they assume. A run (`mvn verify`) writes the same with the number of cases and the worst\n"
        + "errors to `spec-tests/target/ledger.html` and `ledger.json`, and this file to\n"
        + "`spec-tests/target/LEDGER.md`; it fails when the committed one differs, when a test fails, and when an\n"
        + "implementation named here does not exist.\n\n"
        + "| verdict | of the formula as printed |\n|---|---|\n"
        + "| confirmed | it holds |\n"
        + "| convention | it holds under a choice on which the documents differ; the tests pin both sides |\n"
        + "| erratum | it is false, or has no meaning; the tests show a counterexample and confirm what is right |\n"
        + "| notation | it has no value as it stands, or does not say for which case it holds: indices, brackets or "
        + "shapes do not fit; the tests pin the reading taken |\n");
    String section = null;
    for (LedgerRow row : rows) {
      if (!row.section().equals(section)) {
        section = row.section();
        s.append("\n## ").append(section).append("\n\n| id | formula | verdict | implementation | test | note |\n")
            .append("|---|---|---|---|---|---|\n");
      }
      s.append("| ").append(row.id()).append(" | ").append(formula(row)).append(" | ").append(row.verdict())
          .append(" | ").append(code(row.implementations())).append(" | ").append(tests(row.tests())).append(" | ")
          .append(row.formula() == null ? "" : cell(row.formula().note())).append(" |\n");
    }
    return s.toString();
  }

  private static String formula(LedgerRow row) {
    Catalogue.Formula f = row.formula();
    if (f == null) return "";
    return cell(f.formula()) + (f.mended().isEmpty() ? "" : "<br>" + mendedWord(f.verdict()) + ": " + cell(f.mended()));
  }

  /** What the second form of a formula is to the first. */
  static String mendedWord(Verdict verdict) {
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

  /** "`ASpec`: `one`, `two`": the class is said once. */
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
