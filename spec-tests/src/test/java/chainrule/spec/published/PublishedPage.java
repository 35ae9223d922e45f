// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes PUBLISHED.md from the files of all sources. */
final class PublishedPage {
  private static final String SPECS = "src/test/java/chainrule/spec/published/";
  private static final String FILES = "src/test/resources/chainrule/spec/published/";

  private PublishedPage() {}

  static String page(List<PublishedSource> sources) {
    int numbers = sources.stream().mapToInt(PublishedSource::count).sum();
    List<String> rows = new ArrayList<>();
    for (PublishedSource s : sources) {
      rows.add("| [" + s.name() + "](#" + s.name() + ") | " + s.first("title") + " | " + s.count() + " | "
          + (s.wrong().isEmpty() ? "" : s.wrong().size()) + " | " + s.first("arithmetic") + " | [`" + s.first("spec")
          + "`](" + SPECS + s.first("spec") + ".java) |");
    }
    StringBuilder page = new StringBuilder(String.join("\n",
        "# Published numbers", "",
        String.format(Locale.ROOT, "%,d numbers that %d other sources have printed, computed with the public API. They",
            numbers, sources.size()) + " agree in every printed",
        "digit, or the tests prove that the printed number is wrong: they compute the correct digits, and show how the",
        "wrong ones come about. The ledger counts them for each formula under the witness “published”.", "",
        "A computed double agrees if it differs from the printed number by at most half a unit of the last digit. A",
        "number that ends in “...” was cut off by its source, and the computed one starts with its digits. The",
        "source's own arithmetic may add n roundings: “float32, 4 roundings” allows 4·2⁻²⁴ of the number in addition,",
        "and “double, 1000 roundings” 1000·2⁻⁵³, which leaves 12 of the 16 digits that PyTorch prints.", "",
        "The text files that the last section links have the numbers as they were printed. `PublishedSpec` writes",
        "this page to `target/PUBLISHED.md` and fails if the committed one differs.", "",
        "| name | source | numbers | wrong | arithmetic | test |", "|---|---|--:|--:|---|---|", ""));
    for (String row : rows) page.append(row).append('\n');
    page.append("\n## Numbers that are wrong\n\n"
        + "| source | number | printed | correct | why |\n|---|---|--:|--:|---|\n");
    for (PublishedSource s : sources) {
      for (PublishedSource.Wrong w : s.wrong()) {
        page.append("| ").append(s.name()).append(" | ").append(w.label()).append(" | ").append(w.printed())
            .append(" | ").append(w.correct()).append(" | ").append(w.why()).append(" |\n");
      }
    }
    page.append("\n## Settings\n");
    for (PublishedSource s : sources) page.append(section(s));
    return page.toString();
  }

  /** Returns a table, whose rows may be longer than 120 columns, and the settings. */
  private static String section(PublishedSource s) {
    StringBuilder text = new StringBuilder("\n### " + s.name() + "\n\n| " + s.count() + " numbers | [" + s.name()
        + ".txt](" + FILES + s.name() + ".txt) |\n|---|---|\n| what | " + s.first("what") + " |\n");
    for (String link : s.lines("link")) text.append("| source | <").append(link).append("> |\n");
    if (!s.lines("settings").isEmpty()) text.append('\n');
    for (String line : s.lines("settings")) text.append(line.replace("*", "\\*")).append('\n');
    return text.toString();
  }
}
