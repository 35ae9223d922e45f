// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A row of the ledger: a formula and the results of its tests in this run.
 *
 * @param formula the catalogue's formula; null if the catalogue does not contain the id
 * @param home where the formula is implemented; null if there is no such place
 * @param implementations sorted
 * @param tests sorted
 * @param worst the worst error against each witness
 * @param published how many published numbers of each source were reproduced
 * @param passed whether at least one test ran, all of them succeeded, and at least one case was compared
 */
record LedgerRow(
    String id, Catalogue.Formula formula, Homes.Home home, List<String> implementations, List<String> tests,
    long cases, Map<String, Double> worst, Map<String, String> remarks, Map<String, Long> published,
    boolean passed) {

  /** Returns a row for each formula, in the catalogue's order, then a row for each unknown id that a test uses. */
  static List<LedgerRow> join(
      Catalogue catalogue, Homes homes, Map<String, LedgerListener.Evidence> evidence,
      Map<String, Ledger.Entry> entries) {
    List<LedgerRow> rows = new ArrayList<>();
    for (Catalogue.Formula f : catalogue.formulas()) {
      rows.add(of(f.id(), f, homes.of(f.id()), evidence.get(f.id()), entries.get(f.id())));
    }
    TreeSet<String> others = new TreeSet<>(evidence.keySet());
    others.addAll(entries.keySet());
    for (String id : others) {
      if (catalogue.get(id) == null) rows.add(of(id, null, null, evidence.get(id), entries.get(id)));
    }
    return rows;
  }

  private static LedgerRow of(
      String id, Catalogue.Formula f, Homes.Home home, LedgerListener.Evidence found, Ledger.Entry entry) {
    long cases = entry == null ? 0 : entry.cases();
    return new LedgerRow(
        id, f, home, found == null ? List.of() : split(found.implementations),
        found == null ? List.of() : List.copyOf(new TreeSet<>(found.tests)), cases,
        entry == null ? Map.of() : entry.worst(), entry == null ? Map.of() : entry.remarks(),
        entry == null ? Map.of() : entry.published(),
        found != null && found.passed && cases > 0);
  }

  /** Splits lists of names: "A, B" and "A" become A and B. */
  private static List<String> split(Iterable<String> implementations) {
    TreeSet<String> names = new TreeSet<>();
    for (String several : implementations) names.addAll(List.of(several.split(",\\s+(?![^(]*\\))")));
    return List.copyOf(names);
  }

  String name() {
    return formula != null ? formula.name() : "";
  }

  String document() {
    return formula != null ? formula.document() : "";
  }

  String section() {
    return formula != null ? formula.section() : "Not in the catalogue";
  }

  String verdict() {
    return formula != null ? formula.verdict().word() : "unknown";
  }
}
