// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the second table of TRUST.md, and compares its numbers with the catalogue and with a run. */
final class TrustTable {
  private TrustTable() {}

  private static final Pattern ROW = Pattern.compile(
      "\\| ((?:confirmed|convention|notation|erratum), [a-z ]+) \\| (\\d+) \\| ≥ ([\\d,]+) \\| ≥ ([\\d,]+) \\|.*");

  /**
   * A line of the table.
   *
   * @param rows the number of ledger rows of this kind
   * @param fewest a lower bound of the cases of each of these rows
   * @param all a lower bound of the cases of all of them together
   */
  record Kind(long rows, long fewest, long all) {}

  /** Returns the lines by kind, such as "erratum, value". */
  static Map<String, Kind> read(String trust) {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    for (String line : trust.split("\n")) {
      Matcher m = ROW.matcher(line);
      if (m.matches()) kinds.put(m.group(1), new Kind(number(m.group(2)), number(m.group(3)), number(m.group(4))));
    }
    return kinds;
  }

  static long number(String text) {
    return Long.parseLong(text.replace(",", ""));
  }

  static String kind(Catalogue.Formula f) {
    String verdict = f.verdict().word();
    if (!f.isOfTheDocuments()) return verdict + ", beyond the documents";
    boolean derivative = f.id().endsWith("-d") || f.section().equals("Backpropagation");
    return verdict + (derivative ? ", derivative" : ", value");
  }

  /** Counts the formulas of each kind in the catalogue. */
  static Map<String, Long> rows(Catalogue catalogue) {
    Map<String, Long> rows = new LinkedHashMap<>();
    for (Catalogue.Formula f : catalogue.formulas()) rows.merge(kind(f), 1L, Long::sum);
    return rows;
  }

  /**
   * Returns the lower bounds that a run misses, and those below an eighth of the run's number, which say too little.
   *
   * @param ledger ledger.json, as {@link Json} reads it
   * @param stated the lines of TRUST.md
   */
  static List<String> problems(Catalogue catalogue, Object ledger, Map<String, Kind> stated) {
    Map<String, Long> fewest = new LinkedHashMap<>(), all = new LinkedHashMap<>();
    for (Object o : (List<?>) ledger) {
      Map<?, ?> row = (Map<?, ?>) o;
      Catalogue.Formula f = catalogue.get((String) row.get("id"));
      if (f == null) continue;
      long cases = ((Double) row.get("cases")).longValue();
      fewest.merge(kind(f), cases, Math::min);
      all.merge(kind(f), cases, Long::sum);
    }
    List<String> problems = new ArrayList<>();
    stated.forEach((kind, k) -> {
      check(problems, kind + ", cases per row", k.fewest(), fewest.getOrDefault(kind, 0L));
      check(problems, kind + ", total cases", k.all(), all.getOrDefault(kind, 0L));
    });
    return problems;
  }

  private static void check(List<String> problems, String what, long floor, long found) {
    if (found < floor) problems.add(what + ": TRUST.md says ≥ " + floor + ", this run has " + found);
    if (found > 8 * floor) problems.add(what + ": TRUST.md says ≥ " + floor + ", this run has " + found + ": raise it");
  }
}
