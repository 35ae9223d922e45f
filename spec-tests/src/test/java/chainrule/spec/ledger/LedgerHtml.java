// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import chainrule.spec.example.Plot;
import chainrule.spec.example.WorkedExample;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes ledger.html: one self-contained page. Without JavaScript it lacks only search, filters and the order by
 * subject.
 */
final class LedgerHtml {
  /** The checkout, seen from {@code spec-tests/target}. {@code .ci/site} replaces it in the built documentation. */
  private static final String CHECKOUT = "../../";

  private LedgerHtml() {}

  private static final Map<String, String> UNITS = Map.of(
      Ledger.Entry.VALUE, "ulp", "sum", "ulp", Ledger.Entry.DUAL, "relative", Ledger.Entry.DIFFERENCE, "relative",
      Ledger.Entry.PUBLISHED, "last digits");
  /** A shape for each verdict, so that nothing depends on color alone. */
  private static final Map<String, String> MARKS = Map.of(
      "confirmed", "✓", "convention", "⇄", "erratum", "✗", "notation", "≈", "unknown", "?");

  /**
   * Returns the page. Its links to sources are relative to {@code spec-tests/target}.
   *
   * @param sheets the order of the rows; rows that are in none of them are last
   */
  static String page(
      Catalogue catalogue, Sheets sheets, Map<String, WorkedExample> examples, Map<String, Plot> plots,
      List<LedgerRow> rows) {
    long all = rows.stream().filter(r -> r.formula() != null).count();
    long passed = rows.stream().filter(r -> r.formula() != null && r.passed()).count();
    long cases = rows.stream().mapToLong(LedgerRow::cases).sum();
    long ofDocuments = catalogue.count(null);
    StringBuilder body = new StringBuilder(), totals = new StringBuilder(), bar = new StringBuilder();
    StringBuilder contents = new StringBuilder();
    for (Verdict v : Verdict.values()) {
      long n = catalogue.count(v);
      totals.append("<button type=button class=\"total ").append(v.word()).append("\" data-verdict=").append(v.word())
          .append(" aria-pressed=false><b>").append(n).append("</b> <span class=chip>").append(MARKS.get(v.word()))
          .append(' ').append(v.word()).append("</span></button>\n");
      bar.append("<i class=").append(v.word()).append(" style=\"flex-grow:").append(n).append("\"></i>");
    }
    Map<String, String> html = new LinkedHashMap<>(); // in the order by subject
    for (LedgerRow row : rows) {
      html.put(row.id(), row(row, html.size(), examples.get(row.id()), plots.get(row.id())));
    }
    for (Sheets.Sheet sheet : sheets.sheets()) {
      if (sheet.sections().isEmpty()) continue;
      String anchor = "sheet-" + sheet.number();
      String number = sheet.number().equals(Catalogue.BEYOND) ? "" : sheet.number() + ": ";
      contents.append("<li><a href=\"#").append(anchor).append("\">").append(number).append(escape(sheet.title()))
          .append("</a></li>\n");
      body.append("<section id=\"").append(anchor).append("\"><h2>").append(number).append(escape(sheet.title()))
          .append("</h2>\n");
      for (Sheets.Section section : sheet.sections()) {
        body.append("<section><h3>").append(escape(section.title())).append("</h3>\n");
        for (String id : section.ids()) body.append(html.remove(id));
        body.append("</section>\n");
      }
      body.append("</section>\n");
    }
    if (!html.isEmpty()) {
      body.append("<section><h2>Not in the catalogue</h2>\n").append(String.join("", html.values()))
          .append("</section>\n");
    }
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
        .replace("{{contents}}", contents)
        .replace("{{body}}", body);
  }

  private static String row(LedgerRow row, int place, WorkedExample example, Plot plot) {
    Catalogue.Formula f = row.formula();
    String verdict = row.verdict();
    StringBuilder s = new StringBuilder("<details id=\"" + escape(row.id()) + "\" class=\"row " + verdict
        + "\" data-verdict=" + verdict + " data-place=" + place + " data-section=\""
        + escape(row.section()) + "\"><summary><div class=id><b>"
        + escape(row.name()) + "</b> <code>" + escape(row.id()) + "</code></div><div class=formula>");
    if (f != null) {
      s.append("<div>").append(MathMl.render(f.tex())).append("</div>");
      if (!f.corrected().isEmpty()) {
        s.append("<div class=corrected><span>").append(LedgerMarkdown.correctionLabel(f.verdict()))
            .append("</span>").append(MathMl.render(f.correctedTex())).append("</div>");
      }
    }
    s.append("</div><span class=chip>").append(MARKS.get(verdict)).append(' ').append(verdict).append("</span>")
        .append(row.passed() ? "<span class=passed title=\"passed\">" + number(row.cases())
            + (row.cases() == 1 ? " case</span>" : " cases</span>")
            : "<span class=failed>failed</span>").append("</summary><dl>");
    entry(s, "Plot", plot == null ? "" : PlotSvg.figure(row.id(), plot));
    entry(s, "Example", example == null ? "" : escape(example.text())
        + (example.printed().isEmpty() ? "" : "; <b>" + escape(example.printed()) + "</b>"));
    entry(s, "As text", f == null ? "" : "<span class=plain>" + escape(f.formula()) + "</span>"
        + (f.corrected().isEmpty() ? "" : "<br><span class=plain>" + LedgerMarkdown.correctionLabel(f.verdict()) + ": "
            + escape(f.corrected()) + "</span>"));
    entry(s, "Note", f == null ? "" : escape(f.note()));
    row.remarks().forEach((word, text) -> entry(
        s, word.equals("counterexample") ? "Counterexample" : word.equals("remark") ? "Remark" : escape(word),
        escape(text)));
    entry(s, "Published numbers", published(row));
    Homes.Home home = row.home();
    entry(s, "Code", home == null ? codes("", "", row.implementations())
        : codes(home.member(), home.file() + "#L" + home.line(), row.implementations()));
    entry(s, "Tests", home == null ? codes("", "", row.tests())
        : codes(home.test(), home.testFile() + "#L" + home.testLine(), row.tests()));
    StringBuilder worst = new StringBuilder();
    row.worst().forEach((witness, error) -> worst.append("<tr><th scope=row>").append(escape(witness))
        .append("</th><td>").append(figure(error)).append("</td><td>").append(UNITS.getOrDefault(witness, ""))
        .append("</td></tr>"));
    entry(s, "Worst error", worst.length() == 0 ? "" : "<table>" + worst + "</table>");
    entry(s, "Link", "<a href=\"#" + escape(row.id()) + "\">#" + escape(row.id()) + "</a>");
    return s.append("</dl></details>\n").toString();
  }

  private static void entry(StringBuilder s, String term, String html) {
    if (!html.isEmpty()) s.append("<div><dt>").append(term).append("</dt><dd>").append(html).append("</dd></div>");
  }

  /** Returns how many numbers of each source agree, with links: "keras 54". */
  private static String published(LedgerRow row) {
    StringBuilder s = new StringBuilder();
    row.published().forEach((source, n) -> s.append(s.length() == 0 ? "" : ", ").append("<a href=\"").append(CHECKOUT)
        .append("spec-tests/PUBLISHED.md#").append(escape(source)).append("\">").append(escape(source)).append("</a> ")
        .append(n));
    return s.toString();
  }

  /** Returns one name per line, the main one first and with a link to its source. */
  private static String codes(String main, String source, List<String> names) {
    StringBuilder s = new StringBuilder();
    if (!source.startsWith("#") && !main.isEmpty()) {
      s.append("<a href=\"").append(CHECKOUT).append(escape(source)).append("\">").append(code(main)).append("</a>");
    }
    for (String name : names) {
      if (s.length() == 0 || !name.equals(main)) s.append(s.length() == 0 ? "" : "<br>").append(code(name));
    }
    return s.toString();
  }

  /** Returns a name with possible line breaks after # and before capitals. */
  private static String code(String name) {
    return "<code>" + escape(name).replaceAll("(?<=[a-z0-9)#.])(?=[A-Z])|(?<=#)", "<wbr>") + "</code>";
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
