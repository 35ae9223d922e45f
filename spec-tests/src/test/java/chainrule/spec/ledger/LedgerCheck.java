// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what is wrong with a ledger, and says how to fix it. */
final class LedgerCheck {
  private LedgerCheck() {}

  /**
   * Returns the problems, one sentence each.
   *
   * @param ledger ledger.json, as {@link Json} reads it
   * @param code the classes and members that rows may name
   */
  static List<String> problems(Catalogue catalogue, Object ledger, LibraryCode code) {
    List<String> problems = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Object o : (List<?>) ledger) {
      Map<?, ?> row = (Map<?, ?>) o;
      String id = (String) row.get("id");
      Catalogue.Formula f = catalogue.get(id);
      boolean tested = !row.get("test").equals("");
      if (!seen.add(id)) problems.add(id + " is on the ledger twice");
      if (f == null) {
        problems.add(id + " is not in the catalogue, but "
            + (tested ? row.get("test") + " claims to test it" : "a test records cases for it")
            + ": correct the id, or add it to catalogue.txt");
        continue;
      }
      if (!tested) {
        problems.add(id + " has no test: annotate one with @Proves(\"" + id + "\")");
        continue;
      }
      if (((Double) row.get("cases")) == 0) {
        problems.add(id + " has no cases: " + row.get("test") + " must compare through Ledger.of(\"" + id + "\")");
      } else if (!Boolean.TRUE.equals(row.get("passed"))) {
        problems.add(id + " failed: see " + row.get("test"));
      }
      for (String name : ((String) row.get("implementation")).split(",\\s+(?![^(]*\\))")) {
        String missing = code.missing(name);
        if (!missing.isEmpty()) {
          problems.add(id + " names " + name + " as its implementation, but the library has " + missing);
        }
      }
      Map<?, ?> remarks = (Map<?, ?>) row.get("remarks");
      if (f.verdict() == Verdict.ERRATUM && !remarks.containsKey("counterexample")) {
        problems.add(id + " is an erratum, but no test calls Ledger.of(\"" + id + "\").counterexample(…)");
      }
      if ((f.verdict() == Verdict.CONVENTION || f.verdict() == Verdict.NOTATION) && !remarks.containsKey("remark")) {
        problems.add(id + " is a " + f.verdict().word() + ", but no test calls Ledger.of(\"" + id + "\").remark(…)");
      }
      if (f.verdict() == Verdict.CONFIRMED && remarks.containsKey("counterexample")) {
        problems.add(id + " is confirmed, but a test shows a counterexample: change the verdict or the test");
      }
    }
    for (Catalogue.Formula f : catalogue.formulas()) {
      if (!seen.contains(f.id())) problems.add(f.id() + " is missing from the ledger");
    }
    return problems;
  }
}
