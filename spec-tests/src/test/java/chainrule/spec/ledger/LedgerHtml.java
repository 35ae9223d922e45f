// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes ledger.html: one self-contained page. Without JavaScript it lacks only search, filters and grouping. */
final class LedgerHtml {
  private LedgerHtml() {}

  private static final Map<String, String> UNITS = Map.of(
      Ledger.Entry.VALUE, "ulp", "sum", "ulp", Ledger.Entry.DUAL, "relative", Ledger.Entry.DIFFERENCE, "relative",
      Ledger.Entry.PUBLISHED, "last digits");
  /** A shape for each verdict, so that nothing depends on color alone. */
  private static final Map<String, String> MARKS = Map.of(
      "confirmed", "✓", "convention", "⇄", "erratum", "✗", "notation", "≈", "unknown", "?");

  static String page(Catalogue catalogue, List<LedgerRow> rows) {
    long all = rows.stream().filter(r -> r.formula() != null).count();
    long passed = rows.stream().filter(r -> r.formula() != null && r.passed()).count();
    long cases = rows.stream().mapToLong(LedgerRow::cases).sum();
    long ofDocuments = catalogue.count(null);
    StringBuilder body = new StringBuilder(), totals = new StringBuilder(), bar = new StringBuilder();
    for (Verdict v : Verdict.values()) {
      long n = catalogue.count(v);
      totals.append("<button type=button class=\"total ").append(v.word()).append("\" data-verdict=").append(v.word())
          .append(" aria-pressed=false><b>").append(n).append("</b> <span class=chip>").append(MARKS.get(v.word()))
          .append(' ').append(v.word()).append("</span></button>\n");
      bar.append("<i class=").append(v.word()).append(" style=\"flex-grow:").append(n).append("\"></i>");
    }
    String section = null;
    for (LedgerRow row : rows) {
      if (!row.section().equals(section)) {
        if (section != null) body.append("</section>\n");
        section = row.section();
        body.append("<section><h2>").append(escape(section)).append("</h2>\n");
      }
      body.append(row(row));
    }
    body.append(section == null ? "" : "</section>\n");
    return template()
        .replace("{{state}}", passed == all ? "all" : "some")
        .replace("{{passed}}", passed == all
            ? "All " + all + " passed" : number(passed) + " of " + all + " passed")
        .replace("{{documents}}", number(ofDocuments))
        .replace("{{beyond}}", number(all - ofDocuments))
        .replace("{{cases}}", number(cases))
        .replace("{{java}}", escape(System.getProperty("java.version")))
        .replace("{{bar}}", bar)
        .replace("{{totals}}", totals)
        .replace("{{names}}", Json.write(Sheets.load(Catalogue.load()).titles()).replace("<", "\\u003c"))
        .replace("{{body}}", body);
  }

  private static String row(LedgerRow row) {
    Catalogue.Formula f = row.formula();
    String verdict = row.verdict();
    StringBuilder s = new StringBuilder("<details id=\"" + escape(row.id()) + "\" class=\"row " + verdict
        + "\" data-verdict=" + verdict + " data-document=\"" + escape(row.document()) + "\" data-section=\""
        + escape(row.section()) + "\"><summary><div class=id><code>" + escape(row.id()) + "</code> "
        + escape(row.name()) + "</div><div class=formula>");
    if (f != null) {
      s.append("<div>").append(MathMl.render(f.tex())).append("</div>");
      if (!f.corrected().isEmpty()) {
        s.append("<div class=corrected><span>").append(LedgerMarkdown.correctionLabel(f.verdict()))
            .append("</span>").append(MathMl.render(f.correctedTex())).append("</div>");
      }
    }
    s.append("</div><span class=chip>").append(MARKS.get(verdict)).append(' ').append(verdict).append("</span>")
        .append(row.passed() ? "<span class=passed title=\"passed\">" + number(row.cases()) + " cases</span>"
            : "<span class=failed>failed</span>").append("</summary><dl>");
    entry(s, "As text", f == null ? "" : "<span class=plain>" + escape(f.formula()) + "</span>"
        + (f.corrected().isEmpty() ? "" : "<br><span class=plain>" + LedgerMarkdown.correctionLabel(f.verdict()) + ": "
            + escape(f.corrected()) + "</span>"));
    entry(s, "Note", f == null ? "" : escape(f.note()));
    row.remarks().forEach((word, text) -> entry(
        s, word.equals("counterexample") ? "Counterexample" : word.equals("remark") ? "Remark" : escape(word),
        escape(text)));
    entry(s, "Published numbers", escape(LedgerMarkdown.sources(row)));
    entry(s, "Implementation", codes(row.implementations()));
    entry(s, "Tests", codes(row.tests()));
    StringBuilder worst = new StringBuilder();
    row.worst().forEach((witness, error) -> worst.append("<tr><th scope=row>").append(escape(witness))
        .append("</th><td>").append(figure(error)).append("</td><td>").append(UNITS.getOrDefault(witness, ""))
        .append("</td></tr>"));
    entry(s, "Worst error", worst.length() == 0 ? "" : "<table>" + worst + "</table>");
    return s.append("</dl></details>\n").toString();
  }

  private static void entry(StringBuilder s, String term, String html) {
    if (!html.isEmpty()) s.append("<div><dt>").append(term).append("</dt><dd>").append(html).append("</dd></div>");
  }

  /** Returns one name per line, with possible line breaks after # and before capitals. */
  private static String codes(List<String> names) {
    StringBuilder s = new StringBuilder();
    for (String name : names) {
      s.append(s.length() == 0 ? "" : "<br>").append("<code>")
          .append(escape(name).replaceAll("(?<=[a-z0-9)#.])(?=[A-Z])|(?<=#)", "<wbr>")).append("</code>");
    }
    return s.toString();
  }

  private static String figure(double error) {
    if (error == 0) return "0";
    return error >= 0.01 && error < 10_000 ? String.format(Locale.ROOT, "%.2f", error)
        : String.format(Locale.ROOT, "%.1e", error).replace("e-0", "e-").replace("e+0", "e").replace("e+", "e");
  }

  private static String number(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }

  private static String template() {
    try (InputStream in = LedgerHtml.class.getResourceAsStream("ledger-template.html")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
